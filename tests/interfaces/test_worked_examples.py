"""The worked examples of a contract are its tests: `check` works them, and says where one does not hold."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


Change = Callable[[Path, Mapping[str, str]], None]
VALUES, EDGES = "examples/schedule-3.yaml", "examples/edges.yaml"


def test_every_example_of_the_shipped_contract_holds(muniment: Muniment, texts_only: Path) -> None:
    ran = muniment("check", texts_only)
    assert (ran.exit, ran.out) == (0, f"{texts_only}: no problems.\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "points: [2, 12, 0]",
            "points: [2, 6, 0]",
            "schedule-3.yaml:10:75: 2019-09: expected points 6, computed 12 - correct the example",
        ),
        (
            "status: [below_target, below_minimum, met_target], points: [2, 12, 0]",
            "status: [below_target, below_target, met_target], points: [2, 12, 0]",
            "2019-09: expected status below_target, computed below_minimum",
        ),
        ("points: [2, 12, 0]", "points: [2, 12]", "3 values are given, and 'expect: points' has 2"),
        ("2019-09: 13.28%", "2019-09: 13.28", "CSC_KPI_04 is given in percent, and this is '13.28' - write 13.28%"),
        ("2019-09: 13.28%", "2019-09: 13.284%", "'13.284%' has more decimals than CSC_KPI_04 is rounded to"),
        ("2019-09: 13.28%, ", "", "2019-10 does not follow 2019-08, and points depend on what went before"),
        ("kpi: CSC_KPI_04", "kpi: CSC_KPI_4", "there is no KPI 'CSC_KPI_4' in force in August 2019 - did you mean"),
        ("given: {2019-08: 9.24%", "given: {2014-08: 9.24%", "2014-08-01 is outside the term"),
        ("given: {2019-08: 9.24%", "given: {August: 9.24%", "'August' is not a month - write it as 2019-11"),
        ("given: {2019-08: 9.24%", "givn: {2019-08: 9.24%", "did you mean 'given'?"),
        (
            "status: [below_target, below_minimum",
            "status: [below_target, below_minimm",
            "did you mean 'below_minimum'?",
        ),
        ("expect: {status: [below_minimum], points: [0]}", "expect: {}", "the example expects nothing"),
        ("points: [2, 12, 0]", "point: [2, 12, 0]", "did you mean 'points'?"),
    ],
)
def test_an_example_of_values_that_does_not_hold_is_a_problem_with_its_place(
    muniment: Muniment, texts_only: Path, change: Change, old: str, new: str, said: str
) -> None:
    change(texts_only / VALUES, {old: new})
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    assert said in ran.out
    assert all(line.startswith(f"{VALUES}:") for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("numerator: 25", "numerator: 26", "expected numerator 26, computed 25"),
        ("denominator: 500", "denominator: 499", "expected denominator 499, computed 500"),
        ("value: 5.00%", "value: 5.01%", "expected value 5.01%, computed 5.00%"),
        (
            "value: 5.00%, status: met_target",
            "value: 5%, status: below_target",
            "expected status below_target, computed",
        ),
        ("test calls: 1, ", "", "expected left out as 'test calls' 0, computed 1"),
        ("test calls: 1", "test call: 1", "no left-out rule 'test call' - did you mean 'test calls'?"),
        ("edge-calls.csv", "edge-call.csv", "did you mean 'examples/edge-calls.csv'?"),
        ("rows: {calls:", "rows: {call:", "there is no evidence table 'call' - did you mean"),
        ("rows: {calls: examples/edge-calls.csv}", "rows: {calls: ../calls.csv}", "there is no file '../calls.csv'"),
        ("kpi: CSC_KPI_04", "kpi: F_KPI_01", "F_KPI_01 is measured from 'invoices', and no rows of it are given"),
        ("kpi: CSC_KPI_04", "kpi: CSC_KPI_11", "CSC_KPI_11 is measured for October to December 2019, so October 2019"),
        ("  period: 2019-10\n", "", "a worked example with 'rows:' needs 'period'"),
        ("period: 2019-10\n", "period: 2019-10\n  given: {2019-10: 5.00%}\n", "has either 'given:'"),
    ],
)
def test_an_example_of_rows_that_does_not_hold_is_a_problem_with_its_place(
    muniment: Muniment, texts_only: Path, change: Change, old: str, new: str, said: str
) -> None:
    change(texts_only / EDGES, {old: new})
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    assert said in ran.out
    assert all(line.startswith(f"{EDGES}:") for line in ran.out.splitlines())


def test_a_value_may_be_written_with_fewer_decimals(muniment: Muniment, texts_only: Path, change: Change) -> None:
    change(texts_only / EDGES, {"value: 5.00%": "value: 5%"})
    assert muniment("check", texts_only).exit == 0


def test_an_examples_rows_are_ingested_like_any_evidence(muniment: Muniment, texts_only: Path, change: Change) -> None:
    change(
        texts_only / "examples/edge-calls.csv",
        {"2019-10-01 08:00:30,,2019-10-01 08:00:36": "soon,,2019-10-01 08:00:36"},
    )
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    assert "examples/edge-calls.csv:4:15: offered_at 'soon' is not" in ran.out


def test_a_changed_level_breaks_the_examples_that_rest_on_it(
    muniment: Muniment, texts_only: Path, change: Change
) -> None:
    """What examples are for: whoever edits the schedule learns at once what else changes."""
    change(texts_only / "changes/CCN-031.yaml", {"set: {target: at most 5%": "set: {target: at most 4%"})
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    assert "2019-10: expected status met_target, computed below_target" in ran.out
    assert "expected status met_target, computed below_target" in ran.out


def test_examples_of_different_files_are_all_worked(muniment: Muniment, texts_only: Path, change: Change) -> None:
    shutil.copy(texts_only / VALUES, texts_only / "examples/more.yaml")
    change(texts_only / VALUES, {"points: [1, 0, 1]": "points: [1, 0, 2]"})
    change(texts_only / "examples/more.yaml", {"points: [1, 0, 1]": "points: [1, 1, 1]"})
    ran = muniment("check", texts_only)
    assert "more.yaml:5:74: 2019-05: expected points 1, computed 0" in ran.out
    assert "schedule-3.yaml:5:77: 2019-06: expected points 2, computed 1" in ran.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("example: not a list\n", "holds no '- key: value' lines"),
        ("- only a text\n", "this is not a worked example"),
        ("- example: neither\n  kpi: CSC_KPI_04\n  expect: {points: [1]}\n", "has either 'given:'"),
    ],
)
def test_a_file_that_holds_no_examples_is_a_problem(muniment: Muniment, texts_only: Path, text: str, said: str) -> None:
    (texts_only / VALUES).write_text(text, encoding="utf-8")
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    assert said in ran.out

"""Working a contract's examples: each says what it is about, and is held to that and to nothing else."""

from pathlib import Path

import pytest

from muniment.domain.assessment.example_text import GivenText, RowsText, read_examples
from muniment.domain.assessment.worked_examples import given_problems, rows_problems
from muniment.domain.evidence.measurement import Tally
from muniment.domain.kernel.problem import Problem
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from tests.domain.assessment.conftest import make_kpi

GOOD = Path(__file__).parents[1] / "regime" / "good"
VALUES = "{2019-04: 9.0%, 2019-05: 10.1%, 2019-06: 7.0%}"


def read(**changes: str) -> AgreedText:
    files = {path.relative_to(GOOD).as_posix(): path.read_text(encoding="utf-8") for path in GOOD.rglob("*.yaml")}
    for before, after in changes.items():
        files["regime.yaml"] = files["regime.yaml"].replace(f"measure: {before}\n", f"measure: {before}\n    {after}\n")
    text, problems = read_agreed_text(files)
    assert problems == ()
    assert text is not None
    return text


def worked(text: AgreedText, written: str) -> tuple[Problem, ...]:
    """What is wrong with the one example that is written, given as values."""
    (example,), problems = read_examples(text=written, file="examples/one.yaml")
    assert problems == ()
    assert isinstance(example.text, GivenText)
    return given_problems(example=example, given=example.text, text=text)


@pytest.fixture(scope="module")
def library() -> AgreedText:
    """The library's contract: at most 7 %, 1 point beyond it; at most 10 %, 3 points beyond it, twice in a repeat."""
    return read()


@pytest.fixture(scope="module")
def quarterly() -> AgreedText:
    """The same, with the long waits measured by the quarter."""
    return read(long_waits="period: quarter")


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{status: [below_target, below_minimum, met_target]}", []),
        ("{points: [1, 6, 0]}", []),
        ("{status: [below_target, below_minimum, met_target], points: [1, 6, 0]}", []),
        ("{points: [1, 3, 0]}", ["2019-05: expected points 3, computed 6"]),
        ("{points: [1, 6]}", ["3 values are given, and 'expect: points' has 2"]),
        ("{status: []}", ["3 values are given, and 'expect: status' has 0"]),
    ],
)
def test_an_example_is_held_to_the_statuses_or_the_points_that_it_gives(
    library: AgreedText, expect: str, said: list[str]
) -> None:
    written = f"- example: three months\n  kpi: ABANDONED\n  given: {VALUES}\n  expect: {expect}\n"
    assert [problem.what for problem in worked(library, written)] == said


@pytest.mark.parametrize(
    ("kpi", "given", "line", "code", "said"),
    [
        ("NOBODY", "2019-04: 7.0%", 2, "W010", "there is no KPI 'NOBODY' in force in April 2019"),
        ("LONG_WAITS", "2019-05: 1", 4, "W011", "so May 2019 has no value of its own"),
        ("ABANDONED", "2019-04: 7.0", 4, "W012", "ABANDONED is given in percent, and this is '7.0'"),
        ("LONG_WAITS", "2019-06: 1%", 4, "W012", "and this is '1%'"),
        ("ABANDONED", "2019-04: 7.05%", 4, "W013", "'7.05%' has more decimals than ABANDONED is rounded to"),
        ("ABANDONED", "2019-04: 7.0%, 2019-06: 7.0%", 4, "W014", "2019-06 does not follow 2019-04"),
    ],
)
def test_a_value_is_of_a_kpi_in_force_for_a_period_of_its_own_in_its_unit_and_in_order(
    quarterly: AgreedText, kpi: str, given: str, line: int, code: str, said: str
) -> None:
    values = given.replace(", ", "\n    ")
    written = f"- example: some months\n  kpi: {kpi}\n  given:\n    {values}\n  expect: {{points: []}}\n"
    found = [problem for problem in worked(quarterly, written) if problem.code != "W015"]
    assert [(problem.code, said in problem.what) for problem in found] == [(code, True)]
    assert found[0].place.line == line + given.count(",")


def test_a_month_before_the_contract_has_no_kpi_and_the_problem_stands_at_the_month(library: AgreedText) -> None:
    written = "- example: too early\n  kpi: ABANDONED\n  given:\n    2018-04: 7.0%\n  expect: {points: [0]}\n"
    assert {problem.place.line for problem in worked(library, written)} == {4}


@pytest.mark.parametrize(
    ("expect", "left_out", "said"),
    [
        ("{value: 95.00%}", (), []),
        ("{value: 95%}", (), []),
        ("{numerator: 95, denominator: 100, value: 95.00%, status: below_minimum}", (), []),
        ("{status: met_target}", (), ["expected status met_target, computed below_minimum - correct the example"]),
        ("{numerator: 94}", (), ["expected numerator 94, computed 95 - correct the example"]),
        ("{value: 95.01%}", (), ["expected value 95.01%, computed 95.00% - correct the example"]),
        ("{left_out: {}}", (), []),
        ("{left_out: {abroad: 2}}", ("abroad",), []),
        ("{left_out: {}}", ("abroad",), ["expected left out as 'abroad' 0, computed 2 - correct the example"]),
        ("{left_out: {lost: 0}}", (), ["the measure 'm' has no left-out rule 'lost' - it leaves out nothing"]),
        (
            "{left_out: {abroad: 2, lost: 0}}",
            ("abroad",),
            ["the measure 'm' has no left-out rule 'lost' - it has abroad"],
        ),
    ],
)
def test_an_example_of_rows_is_held_to_the_figures_that_it_gives(
    expect: str, left_out: tuple[str, ...], said: list[str]
) -> None:
    written = (
        "- example: a hundred calls\n  kpi: CSC_KPI_04\n  period: 2019-04\n"
        f"  rows: {{calls: calls.csv}}\n  expect: {expect}\n"
    )
    (example,), problems = read_examples(text=written, file="examples/one.yaml")
    assert problems == ()
    assert isinstance(example.text, RowsText)
    tally = Tally(0, (2,) * len(left_out), 5, 95)
    found = rows_problems(example=example, rows=example.text, kpi=make_kpi(left_out=left_out), tally=tally)
    told = [f"{problem.what} - {problem.remedy}" for problem in found]
    assert len(told) == len(said)
    assert all(line.startswith(start) for line, start in zip(told, said, strict=True))


def test_an_example_that_expects_a_value_where_there_is_none_says_so() -> None:
    written = (
        "- example: a closed month\n  kpi: CSC_KPI_04\n  period: 2019-04\n"
        "  rows: {calls: calls.csv}\n  expect: {value: 95.00%}\n"
    )
    (example,), _ = read_examples(text=written, file="examples/one.yaml")
    assert isinstance(example.text, RowsText)
    (problem,) = rows_problems(example=example, rows=example.text, kpi=make_kpi(), tally=Tally(0, (), 0, 0))
    assert (problem.code, problem.what) == ("W020", "expected value 95.00%, computed none")

"""Working a contract's examples: each says what it is about, and is held to that and to nothing else."""

from pathlib import Path

import pytest

from muniment.domain.assessment.example_text import GivenText, RowsText, read_examples
from muniment.domain.assessment.worked_examples import given_problems, rows_problems
from muniment.domain.evidence.measurement import Tally
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from tests.domain.assessment.conftest import make_kpi

GOOD = Path(__file__).parents[1] / "regime" / "good"
VALUES = "{2019-04: 9.0%, 2019-05: 10.1%, 2019-06: 7.0%}"


@pytest.fixture(scope="module")
def library() -> AgreedText:
    """The library's contract: at most 7 %, 1 point beyond it; at most 10 %, 3 points beyond it, twice in a repeat."""
    files = {path.relative_to(GOOD).as_posix(): path.read_text(encoding="utf-8") for path in GOOD.rglob("*.yaml")}
    text, problems = read_agreed_text(files)
    assert problems == ()
    assert text is not None
    return text


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
    (example,), problems = read_examples(text=written, file="examples/one.yaml")
    assert problems == ()
    assert isinstance(example.text, GivenText)
    found = given_problems(example=example, given=example.text, text=library)
    assert [problem.what for problem in found] == said


@pytest.mark.parametrize(
    ("expect", "left_out", "said"),
    [
        ("{value: 95.00%}", (), []),
        ("{value: 95%}", (), []),
        ("{numerator: 95, denominator: 100, value: 95.00%, status: below_minimum}", (), []),
        ("{status: met_target}", (), ["expected status met_target, computed below_minimum - correct the example"]),
        ("{numerator: 94}", (), ["expected numerator 94, computed 95 - correct the example"]),
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

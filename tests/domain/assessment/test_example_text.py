"""A worked example gives values or rows, not both and not neither; what it may not hold is named."""

import pytest

from muniment.domain.assessment.example_text import read_examples

GIVEN, ROWS = "given: {2019-10: 5.00%}", "rows: {calls: calls.csv}"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), [("W002", "add one of the two")]),
        ((GIVEN, ROWS), [("W002", "keep one of the two")]),
        (("givn: {2019-10: 5.00%}",), [("R001", "did you mean 'given'?")]),
        ((GIVEN, ROWS, "notee: x"), [("R001", ""), ("W002", "keep one of the two")]),
    ],
)
def test_an_example_has_either_values_or_rows(lines: tuple[str, ...], said: list[tuple[str, str]]) -> None:
    text = "\n  ".join(("- example: a quiet month", "kpi: CSC_KPI_04", *lines, "expect: {points: [1]}"))
    examples, problems = read_examples(text=f"{text}\n", file="examples/one.yaml")
    assert examples == ()
    assert [problem.code for problem in problems] == [code for code, _ in said]
    assert all(remedy in problem.remedy for problem, (_, remedy) in zip(problems, said, strict=True))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- just a text\n", "W001", 1),
        ("- example: a\n  kpi: K\n  given: {2019-10: 5.00%}\n  expect: {}\n", "W003", 1),
        ("- example: a\n  kpi: K\n  given: {2019-10: often}\n  expect: {points: [1]}\n", "R005", 3),
    ],
)
def test_what_is_no_example_is_named_and_the_others_are_read(text: str, code: str, line: int) -> None:
    good = "- example: good\n  kpi: K\n  given: {2019-10: 5.00%}\n  expect: {points: [1]}\n"
    examples, problems = read_examples(text=f"{text}{good}", file="examples/one.yaml")
    assert [example.text.example for example in examples] == ["good"]
    assert [(problem.code, problem.place.line) for problem in problems] == [(code, line)]

"""Schema of examples/*.yaml, and reading it: the contract's worked examples, given as values or as rows of evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, get_args

from pydantic import Field, PlainValidator

from muniment.domain.assessment.status import Status
from muniment.domain.kernel.problem import Problem, suggestion
from muniment.domain.kernel.quantity import parse_decimal
from muniment.domain.regime import nodes
from muniment.domain.regime.scalars import MonthText, NameText, TextText, WholeText
from muniment.domain.regime.schema import fit
from muniment.domain.regime.text import TextModel

_STATUSES: tuple[Status, ...] = get_args(Status)
_GIVEN, _ROWS = "given", "rows"


@dataclass(frozen=True)
class ExampleValue:
    """9.24% or 3, as an example writes it."""

    number: Decimal
    is_percent: bool

    def __str__(self) -> str:
        return f"{self.number:f}{'%' if self.is_percent else ''}"


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("this must be one text - write it on the same line as its key")
    return value


def _value(value: object) -> ExampleValue:
    text = _text_of(value)
    try:
        return ExampleValue(parse_decimal(text.removesuffix("%")), text.endswith("%"))
    except ValueError:
        raise ValueError(f"'{text}' is not a value - write it as 9.24% or 3") from None


def _number(value: object) -> Decimal:
    text = _text_of(value)
    try:
        return parse_decimal(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a number - write it in digits, as 500") from None


def _status(value: object) -> Status:
    text = _text_of(value)
    for status in _STATUSES:
        if status == text:
            return status
    remedy = suggestion(text, _STATUSES, f"write one of {', '.join(_STATUSES)}")
    raise ValueError(f"'{text}' is not a status - {remedy}")


ValueText = Annotated[ExampleValue, PlainValidator(_value)]
NumberText = Annotated[Decimal, PlainValidator(_number)]
StatusText = Annotated[Status, PlainValidator(_status)]


class ExpectedOfValues(TextModel):
    """A status and points for each value given, in their order."""

    CALLED: ClassVar[str] = "what an example with 'given:' expects"
    status: list[StatusText] = Field(default_factory=list)
    points: list[WholeText] = Field(default_factory=list)


class GivenText(TextModel):
    """Values by month. They are taken as measured, so small-volume rules say nothing about them."""

    CALLED: ClassVar[str] = "a worked example with 'given:'"
    example: TextText
    kpi: NameText
    given: dict[MonthText, ValueText]
    expect: ExpectedOfValues


class ExpectedOfRows(TextModel):
    """What measuring the rows gives. A left-out rule that is not named under `left_out` takes no row."""

    CALLED: ClassVar[str] = "what an example with 'rows:' expects"
    numerator: NumberText | None = None
    denominator: NumberText | None = None
    left_out: dict[TextText, WholeText] | None = None
    value: ValueText | None = None
    status: StatusText | None = None


class RowsText(TextModel):
    """Table -> a CSV file beside the agreed text, measured for the period that ends with the month `period`."""

    CALLED: ClassVar[str] = "a worked example with 'rows:'"
    example: TextText
    kpi: NameText
    period: MonthText
    rows: dict[NameText, TextText]
    expect: ExpectedOfRows


@dataclass(frozen=True)
class WorkedExample:
    """An example as read, with its node for the places of what it says."""

    text: GivenText | RowsText
    node: nodes.MappingNode


def read_examples(*, text: str, file: str) -> tuple[tuple[WorkedExample, ...], tuple[Problem, ...]]:
    """The examples of one file that can be worked, and everything wrong with the others."""
    listing, problems = nodes.read_listing(text=text, file=file)
    found: list[WorkedExample] = []
    error = [*problems]
    for item in listing.items:
        example, misfits = _example(item)
        error += misfits
        if example is not None:
            found.append(example)
    return tuple(found), tuple(error)


def _example(item: nodes.Node) -> tuple[WorkedExample | None, tuple[Problem, ...]]:
    if not isinstance(item, nodes.MappingNode):
        problem = Problem(item.place, "W001", "this is not a worked example", "write '- example: ...' and what it says")
        return None, (problem,)
    forms = [name for name in (_GIVEN, _ROWS) if item.get(name) is not None]
    if len(forms) != 1:
        return None, tuple(_formless(item, both=bool(forms)))
    text, problems = fit(GivenText, item) if forms == [_GIVEN] else fit(RowsText, item)
    if text is None:
        return None, problems
    if text.expect.model_fields_set:
        return WorkedExample(text, item), ()
    return None, (Problem(item.place, "W003", "the example expects nothing", "say under 'expect:' what comes out"),)


def _formless(item: nodes.MappingNode, *, both: bool) -> Iterator[Problem]:
    known = tuple(dict.fromkeys((*GivenText.model_fields, *RowsText.model_fields)))
    unknown = [entry.key for entry in item if entry.key.text not in known]
    for key in unknown:
        what = f"'{key.text}' is not something a worked example can have"
        yield Problem(key.place, "R001", what, suggestion(key.text, known, f"it can have {', '.join(known)}"))
    if both or not unknown:
        what = "a worked example has either 'given:' (values by month) or 'rows:' (files)"
        yield Problem(item.place, "W002", what, "keep one of the two" if both else "add one of the two")

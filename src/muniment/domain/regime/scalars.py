"""The typed scalars of the agreed text: each reads one text, or says what is wrong with it and what to write."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import PlainValidator, WithJsonSchema

from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.quantity import Rounding, parse_decimal
from muniment.domain.regime.levels import Level

_T = TypeVar("_T")
Anything = Literal["anything worse"]


def _reads(parse: Callable[[str], _T]) -> PlainValidator:
    def read(value: object) -> _T:
        if not isinstance(value, str):
            raise ValueError("this must be one text - write it on the same line as its key")
        return parse(value)

    return PlainValidator(read)


def _schema(*, examples: list[str], says: str, pattern: str | None = None) -> WithJsonSchema:
    schema: dict[str, object] = {"type": "string", "examples": examples, "description": says}
    if pattern:
        schema["pattern"] = pattern
    return WithJsonSchema(schema)


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("this is empty - write a text")
    return value


def _name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value):
        raise ValueError(f"'{value}' is not a name - use letters, digits, '_' and '-', beginning with a letter")
    return value


def _day(value: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"'{value}' is not a date - write it as 2019-10-01") from None


def _whole(value: str) -> int:
    if not re.fullmatch(r"\d{1,9}", value, flags=re.ASCII):
        raise ValueError(f"'{value}' is not a whole number - write it in digits, as 3")
    return int(value)


def _positive(value: str) -> int:
    number = _whole(value)
    if number < 1:
        raise ValueError("this must be at least 1 - write a whole number from 1")
    return number


def _percent(value: str) -> Decimal:
    if not value.endswith("%"):
        raise ValueError(f"'{value}' is not a percentage - write it as '0.5%'")
    try:
        return parse_decimal(value[:-1])
    except ValueError:
        raise ValueError(f"'{value}' is not a percentage - write it as '0.5%'") from None


def _band(value: str) -> Level | Anything:
    return "anything worse" if value == "anything worse" else Level.parse(value)


def _yes(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"'{value}' is neither true nor false - write true or false")
    return value == "true"


def _due(value: str) -> int:
    match = re.fullmatch(r"(\d{1,3}) business days after period end", value)
    if match is None:
        raise ValueError(f"'{value}' is not a due date - write it as '5 business days after period end'")
    return int(match[1])


_PARTS = r"\d{1,3} (business days|days|months)|before the period"


def _within(value: str) -> str:
    if not re.fullmatch(_PARTS, value):
        raise ValueError(f"'{value}' is not a time limit - write '5 business days', '6 months' or 'before the period'")
    return value


def _limit(value: str) -> str:
    if not re.fullmatch(r"\d{1,3} (business days|days|months)", value):
        raise ValueError(f"'{value}' is not a time limit - write '10 business days', '14 days' or '2 months'")
    return value


def _rate(value: str) -> Decimal:
    number = _percent(value)
    if not 0 <= number <= 100:
        raise ValueError(f"'{value}' is outside 0% to 100% - correct it")
    return number


TextText = Annotated[str, _reads(_text), _schema(examples=["Customer Service Centre"], says="A text.")]
NameText = Annotated[
    str, _reads(_name), _schema(examples=["csc_hours"], says="A name.", pattern="^[A-Za-z][A-Za-z0-9_-]*$")
]
DayText = Annotated[
    date, _reads(_day), _schema(examples=["2019-10-01"], says="A date.", pattern=r"^\d{4}-\d{2}-\d{2}$")
]
MonthText = Annotated[
    Month, _reads(Month.parse), _schema(examples=["2019-04"], says="A month.", pattern=r"^\d{4}-\d{2}$")
]
WholeText = Annotated[int, _reads(_whole), _schema(examples=["3"], says="A whole number from 0.", pattern=r"^\d+$")]
PositiveText = Annotated[
    int, _reads(_positive), _schema(examples=["2"], says="A whole number from 1.", pattern=r"^\d+$")
]
RateText = Annotated[Decimal, _reads(_rate), _schema(examples=["0.5%"], says="A percentage from 0% to 100%.")]
MoneyText = Annotated[Money, _reads(Money.parse), _schema(examples=["£210000.00"], says="Pounds and pence.")]
LevelText = Annotated[
    Level,
    _reads(Level.parse),
    _schema(examples=["at most 5%", "at least 99.50%", "exactly 0"], says="A service level."),
]
EdgeText = Annotated[
    Level | Anything, _reads(_band), _schema(examples=["at least 98%", "anything worse"], says="The edge of a band.")
]
RoundingText = Annotated[
    Rounding, _reads(Rounding.parse), _schema(examples=["2 dp half up"], says="Decimal places and the way of rounding.")
]
YesText = Annotated[bool, _reads(_yes), _schema(examples=["true"], says="true or false.")]
DueText = Annotated[
    int, _reads(_due), _schema(examples=["5 business days after period end"], says="When the evidence is due.")
]
WithinText = Annotated[str, _reads(_within), _schema(examples=["5 business days"], says="A time limit.")]
LimitText = Annotated[str, _reads(_limit), _schema(examples=["2 months"], says="A time limit that runs from a day.")]
ConditionText = Annotated[str, _reads(_text), _schema(examples=["priority = 1"], says="A condition on one row.")]

"""The typed tree of a condition. Every node was checked when it was built: engines trust it.

Amounts are numbers (exact Decimals and whole durations), texts, days, moments or yes/no cells.
Conditions are true or false, never unknown: a column that may be missing is guarded before it is used.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from muniment.domain.language.columns import ColumnType

ComparisonOperator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class NumberConstant:
    value: Decimal


@dataclass(frozen=True)
class TextConstant:
    value: str


@dataclass(frozen=True)
class DayConstant:
    """A date written in the condition: 2019-10-01."""

    value: date


@dataclass(frozen=True)
class ColumnValue:
    """The row's value in a column."""

    column: str
    type: ColumnType


@dataclass(frozen=True)
class LoweredText:
    """lower(text): A to Z become a to z; nothing else changes, in any engine."""

    text: "ColumnValue | TextConstant"


@dataclass(frozen=True)
class Duration:
    """seconds(a, b) and minutes(a, b): elapsed time between two moments, in that unit, exact (not rounded)."""

    unit: Literal["seconds", "minutes"]
    start: ColumnValue
    end: ColumnValue


@dataclass(frozen=True)
class DayCount:
    """days(a, b) and months(a, b) over dates or moments (their local day).

    days: calendar days in (a, b]. months: completed months; from the 31st a month completes on its last day.
    Both are negative when b is before a.
    """

    unit: Literal["days", "months"]
    start: ColumnValue | DayConstant
    end: ColumnValue | DayConstant


@dataclass(frozen=True)
class BusinessDayCount:
    """business_days(a, b): Business Days in (a, b] by the contract's calendar named `calendar`."""

    start: ColumnValue | DayConstant
    end: ColumnValue | DayConstant
    calendar: str


@dataclass(frozen=True)
class OpenHours:
    """open_hours(a, b, calendar): service time between two moments, in hours, exact (whole service seconds / 3600)."""

    start: ColumnValue
    end: ColumnValue
    calendar: str


@dataclass(frozen=True)
class Sum:
    """left + right or left - right; both are numbers."""

    operator: Literal["+", "-"]
    left: "Amount"
    right: "Amount"


Amount = (
    NumberConstant
    | TextConstant
    | DayConstant
    | ColumnValue
    | LoweredText
    | Duration
    | DayCount
    | BusinessDayCount
    | OpenHours
    | Sum
)


@dataclass(frozen=True)
class ComparisonCondition:
    """Both sides are of one type. Texts are compared with = and != only."""

    operator: ComparisonOperator
    left: Amount
    right: Amount


@dataclass(frozen=True)
class IsOneOf:
    item: Amount
    options: tuple[Amount, ...]


@dataclass(frozen=True)
class IsPresent:
    column: str


@dataclass(frozen=True)
class IsYes:
    """A yes/no column used as a condition."""

    column: str


@dataclass(frozen=True)
class IsOpen:
    """open(t, calendar): the moment falls within service hours, open <= t < close."""

    at: ColumnValue
    calendar: str


@dataclass(frozen=True)
class StartsWith:
    text: ColumnValue | LoweredText
    prefix: str


@dataclass(frozen=True)
class Both:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Either:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class Always:
    """Every row: what `count_all: true` says."""


Condition = ComparisonCondition | IsOneOf | IsPresent | IsYes | IsOpen | StartsWith | Both | Either | Not | Always

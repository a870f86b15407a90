"""Evaluates a condition on one row in Python, exactly; the SQL engines must give the same answers."""

import operator
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.period import Moment
from muniment.domain.language.columns import Value
from muniment.domain.language.tree import (
    Always,
    Amount,
    Both,
    BusinessDayCount,
    ColumnValue,
    ComparisonCondition,
    ComparisonOperator,
    Condition,
    DayConstant,
    DayCount,
    Duration,
    Either,
    IsOneOf,
    IsOpen,
    IsPresent,
    IsYes,
    LoweredText,
    Not,
    NumberConstant,
    OpenHours,
    StartsWith,
    Sum,
    TextConstant,
)

_Cells = Mapping[str, Value | None]

_OPERATORS: Mapping[ComparisonOperator, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CAPITALS_FOLDED = {ord(capital): ord(capital) + 32 for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


class UnreadableCellError(ValueError):
    """A cell that a condition needs is missing, or is not of its column's type. Names the column."""

    def __init__(self, *, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column


class MissingValueError(UnreadableCellError):
    """A missing value was compared. A checked condition never does this, so the row or the check is at fault."""

    def __init__(self, *, column: str) -> None:
        super().__init__(column=column, what=f"compared a missing value of '{column}' - add `{column} is present and`")


def holds(condition: Condition, row: _Cells, calendars: Mapping[str, Calendar]) -> bool:
    """Whether a row meets a condition: yes or no, never unknown.

    Raises MissingValueError where a missing value is used."""
    match condition:
        case Always():
            return True
        case Both():
            return all(holds(part, row, calendars) for part in condition.parts)
        case Either():
            return any(holds(part, row, calendars) for part in condition.parts)
        case Not():
            return not holds(condition.part, row, calendars)
        case _:
            return _test_holds(condition, row, calendars)


def _test_holds(
    condition: IsPresent | IsYes | IsOpen | StartsWith | IsOneOf | ComparisonCondition,
    row: _Cells,
    calendars: Mapping[str, Calendar],
) -> bool:
    match condition:
        case IsPresent():
            return row.get(condition.column) is not None
        case IsYes():
            return yes_or_no(row, condition.column)
        case IsOpen():
            return _hours(calendars, condition.calendar).is_open(_moment(condition.at, row))
        case StartsWith():
            return _text(condition.text, row).startswith(condition.prefix)
        case IsOneOf():
            item = _worth(condition.item, row, calendars)
            return any(item == _worth(option, row, calendars) for option in condition.options)
        case ComparisonCondition():
            return _compares(condition, row, calendars)


def number_in(row: _Cells, column: str) -> Decimal:
    """The number in a column of a row. Raises MissingValueError where there is none."""
    value = _value(row, column)
    if not isinstance(value, Decimal):
        raise UnreadableCellError(column=column, what=f"'{column}' should hold a number")
    return value


def yes_or_no(row: _Cells, column: str) -> bool:
    """The answer in a yes/no column of a row. Raises MissingValueError where there is none."""
    value = _value(row, column)
    if not isinstance(value, bool):
        raise UnreadableCellError(column=column, what=f"'{column}' should hold yes or no")
    return value


def completed_months(a: date, b: date) -> int:
    """Months completed from a to b; from the 31st a month completes on its last day. Negative when b is before a."""
    if b < a:
        return -completed_months(b, a)
    completes_on = min(a.day, monthrange(b.year, b.month)[1])
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < completes_on)


def _compares(condition: ComparisonCondition, row: _Cells, calendars: Mapping[str, Calendar]) -> bool:
    left, right = _worth(condition.left, row, calendars), _worth(condition.right, row, calendars)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _OPERATORS[condition.operator](left, right)
    return (left == right) == (condition.operator == "=")


def _worth(amount: Amount, row: _Cells, calendars: Mapping[str, Calendar]) -> Fraction | str:
    """What is compared: a text, or a number. A date counts as its day's number, a moment as its instant."""
    match amount:
        case TextConstant() | LoweredText() | ColumnValue(_, "text"):
            return _text(amount, row)
        case DayConstant() | ColumnValue(_, "date"):
            return Fraction(_day(amount, row).toordinal())
        case ColumnValue(_, "datetime"):
            return Fraction(_moment(amount, row).instant)
        case _:
            return _number(amount, row, calendars)


def _number(amount: Amount, row: _Cells, calendars: Mapping[str, Calendar]) -> Fraction:
    match amount:
        case NumberConstant():
            return Fraction(amount.value)
        case ColumnValue():
            return Fraction(number_in(row, amount.column))
        case Duration():
            seconds = _moment(amount.end, row).instant - _moment(amount.start, row).instant
            return Fraction(seconds, 1 if amount.unit == "seconds" else 60)
        case DayCount():
            start, end = _day(amount.start, row), _day(amount.end, row)
            return Fraction((end - start).days if amount.unit == "days" else completed_months(start, end))
        case BusinessDayCount():
            days = _days(calendars, amount.calendar)
            return Fraction(days.between(_day(amount.start, row), _day(amount.end, row)))
        case OpenHours():
            hours = _hours(calendars, amount.calendar)
            return Fraction(hours.seconds_between(_moment(amount.start, row), _moment(amount.end, row)), 3600)
        case Sum():
            left, right = _number(amount.left, row, calendars), _number(amount.right, row, calendars)
            return left + right if amount.operator == "+" else left - right
        case TextConstant() | DayConstant() | LoweredText():
            raise TypeError(f"{amount} is not a number: the condition was never checked")


def _value(row: _Cells, column: str) -> Value:
    value = row.get(column)
    if value is None:
        raise MissingValueError(column=column)
    return value


def _text(amount: TextConstant | LoweredText | ColumnValue, row: _Cells) -> str:
    if isinstance(amount, TextConstant):
        return amount.value
    if isinstance(amount, LoweredText):
        return _text(amount.text, row).translate(CAPITALS_FOLDED)
    value = _value(row, amount.column)
    if not isinstance(value, str):
        raise UnreadableCellError(column=amount.column, what=f"'{amount.column}' should hold a text")
    return value


def _day(amount: ColumnValue | DayConstant, row: _Cells) -> date:
    """The date; of a moment, the day that the contract's zone shows."""
    if isinstance(amount, DayConstant):
        return amount.value
    value = _value(row, amount.column)
    if isinstance(value, Moment):
        return value.day
    if not isinstance(value, date):
        raise UnreadableCellError(column=amount.column, what=f"'{amount.column}' should hold a date")
    return value


def _moment(cell: ColumnValue, row: _Cells) -> Moment:
    value = _value(row, cell.column)
    if not isinstance(value, Moment):
        raise UnreadableCellError(column=cell.column, what=f"'{cell.column}' should hold a datetime")
    return value


def _hours(calendars: Mapping[str, Calendar], name: str) -> OpeningHours:
    calendar = calendars[name]
    if not isinstance(calendar, OpeningHours):
        raise TypeError(f"the calendar '{name}' has no opening hours: the condition was never checked")
    return calendar


def _days(calendars: Mapping[str, Calendar], name: str) -> BusinessDays:
    calendar = calendars[name]
    if not isinstance(calendar, BusinessDays):
        raise TypeError(f"the calendar '{name}' has no Business Days: the condition was never checked")
    return calendar

"""The layout of normalised evidence: columns and SQL types, columns derived from calendars, and calendar tables.

A text is VARCHAR, a number DECIMAL(18,6), a date INTEGER days since 1970-01-01, a yes/no BOOLEAN, each under its own
name. A datetime is three columns. Names that are not declared columns hold a colon, which no declared name can.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.fingerprint import Json, fingerprint, short
from muniment.domain.kernel.period import Moment
from muniment.domain.language.columns import Column, ColumnType
from muniment.domain.language.tree import (
    Amount,
    Both,
    BusinessDayCount,
    ColumnValue,
    ComparisonCondition,
    Condition,
    Either,
    IsOneOf,
    IsOpen,
    Not,
    OpenHours,
    Sum,
)
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure

LAYOUT = "1"
"""Raised whenever the same file would be normalised differently: cached stores of another layout are not read."""
EPOCH = date(1970, 1, 1)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days outside are refused on ingestion: a year 9999 stands for "never" and belongs in an empty cell."""
WHOLE_DIGITS, DECIMALS = 12, 6

ROW_ID, ROW_DAY, ROW_MONTH = "row:id", "row:day", "row:month"
"""The key as text, the local day of `dated_by` (days since 1970-01-01), and its month (year * 12 + month - 1)."""

SqlType = Literal["VARCHAR", "DECIMAL(18,6)", "INTEGER", "BIGINT", "BOOLEAN"]
ClockColumnKind = Literal["service_seconds", "is_open", "business_days"]
PLAIN_TYPES: dict[ColumnType, SqlType] = {
    "text": "VARCHAR", "number": "DECIMAL(18,6)", "date": "INTEGER", "yes_no": "BOOLEAN",
}  # fmt: skip
CLOCK_TYPES: dict[ClockColumnKind, SqlType] = {
    "service_seconds": "BIGINT", "is_open": "BOOLEAN", "business_days": "INTEGER",
}  # fmt: skip


@dataclass(frozen=True, order=True)
class ClockColumn:
    """A column derived from a calendar at ingest, so that time between two cells is one subtraction.

    service_seconds: W(t), the service seconds from 1970-01-01 to t. is_open: open <= t < close.
    business_days: the Business Days from 1970-01-01 (not counted) to the local day (counted).
    """

    kind: ClockColumnKind
    column: str
    calendar: str


@dataclass(frozen=True)
class Field:
    """A column of the store."""

    name: str
    type: SqlType


@dataclass(frozen=True)
class ServiceDay:
    """One day of a calendar of service hours: W(t) on that day is before + clamp(second, opens, closes) - opens."""

    day: int
    before: int
    opens: int
    closes: int


@dataclass(frozen=True)
class BusinessDay:
    """One day of a calendar of Business Days, with the count up to and including it."""

    day: int
    count: int


def name_of(declared: str) -> str:
    """The declared name of a column or calendar, with '^' before each capital: SQL ignores case, contracts do not."""
    return "".join(f"^{letter}" if letter.isupper() else letter for letter in declared)


def instant_of(column: str) -> str:
    """BIGINT: seconds since 1970-01-01T00:00Z."""
    return f"{name_of(column)}:instant"


def day_column_of(column: str, kind: ColumnType) -> str:
    """INTEGER: the day since 1970-01-01 that a date holds, or that the clock on the wall showed at a datetime."""
    return f"{name_of(column)}:day" if kind == "datetime" else name_of(column)


def second_of(column: str) -> str:
    """INTEGER: seconds after local midnight by the clock on the wall."""
    return f"{name_of(column)}:second"


def clock_field(clock: ClockColumn, calendar: Calendar) -> Field:
    """The derived column. Its name carries the calendar's content: with other holidays it is another column."""
    digest = short(calendar_fingerprint(calendar))
    return Field(f"{name_of(clock.column)}:{clock.kind}:{name_of(clock.calendar)}@{digest}", CLOCK_TYPES[clock.kind])


def fields_of(*, table: Table, clocks: Iterable[ClockColumn], calendars: Mapping[str, Calendar]) -> tuple[Field, ...]:
    """Every column of the table's store, in order."""
    declared = (field for column in table.columns for field in _fields_of_column(column))
    derived = (clock_field(clock, calendars[clock.calendar]) for clock in sorted(clocks))
    row = (Field(ROW_ID, "VARCHAR"), Field(ROW_DAY, "INTEGER"), Field(ROW_MONTH, "INTEGER"))
    return (*row, *declared, *derived)


def layout_fingerprint(
    *, table: Table, zone: str, clocks: Iterable[ClockColumn], calendars: Mapping[str, Calendar]
) -> str:
    """sha256 over everything but the file that decides what its store holds: half of a cache key."""
    columns: list[Json] = [
        [column.name, column.type, column.may_be_missing, list(column.one_of), column.name_in_file, column.format]
        for column in table.columns
    ]
    fields: list[Json] = [
        [field.name, field.type] for field in fields_of(table=table, clocks=clocks, calendars=calendars)
    ]
    return fingerprint([LAYOUT, zone, table.name, list(table.key), table.dated_by, columns, fields])


def calendar_fingerprint(calendar: Calendar) -> str:
    """sha256 over the days or hours and the holidays."""
    holidays: list[Json] = [day.isoformat() for day in sorted(calendar.holidays)]
    if isinstance(calendar, BusinessDays):
        return fingerprint(["business days", [*sorted(calendar.weekdays)], holidays])
    return fingerprint(["opening hours", [list(hours) for hours in calendar.hours], holidays])


def month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_from(number: int) -> date:
    return EPOCH + timedelta(days=number)


def service_days(*, calendar: OpeningHours, first: date, last: date) -> Iterator[ServiceDay]:
    """The calendar's rows from first to last, both included."""
    before = _service_seconds_before(calendar, first)
    for number in range(day_number(first), day_number(last) + 1):
        opens, closes = calendar.on(day_from(number)) or (0, 0)
        yield ServiceDay(day=number, before=before, opens=opens, closes=closes)
        before += closes - opens


def business_days(*, calendar: BusinessDays, first: date, last: date) -> Iterator[BusinessDay]:
    """The calendar's rows from first to last, both included."""
    count = business_days_up_to(calendar, first - timedelta(days=1))
    for number in range(day_number(first), day_number(last) + 1):
        count += calendar.includes(day_from(number))
        yield BusinessDay(day=number, count=count)


@cache
def business_days_up_to(calendar: BusinessDays, day: date) -> int:
    """Business Days after 1970-01-01 up to and including the day; negative before it."""
    start = _counted_from(day)
    before = 0 if start == EPOCH else business_days_up_to(calendar, start)
    return before + calendar.between(start, day)


@cache
def _service_seconds_before(calendar: OpeningHours, day: date) -> int:
    start = _counted_from(day)
    before = 0 if start == EPOCH else _service_seconds_before(calendar, start)
    return before + calendar.seconds_between(Moment(0, start, 0), Moment(0, day, 0))


def _counted_from(day: date) -> date:
    """The last New Year before the day: what lies before that is counted once for all days of its year."""
    if day <= EPOCH:
        return EPOCH
    is_new_year = (day.month, day.day) == (1, 1)
    return max(EPOCH, date(day.year - is_new_year, 1, 1))


def clocks_of(measures: Iterable[Measure]) -> frozenset[ClockColumn]:
    """The derived columns that measures over one table need."""
    return frozenset(
        clock for measure in measures for condition in _conditions_of(measure) for clock in clocks_in(condition)
    )


def _conditions_of(measure: Measure) -> tuple[Condition, ...]:
    return (measure.scope, *(rule.when for rule in measure.left_out), measure.counted)


def clocks_in(condition: Condition) -> Iterator[ClockColumn]:
    """The derived columns that one condition needs, with repeats."""
    match condition:
        case Both(parts) | Either(parts):
            for part in parts:
                yield from clocks_in(part)
        case Not(part):
            yield from clocks_in(part)
        case IsOpen(at, calendar):
            yield ClockColumn("is_open", at.column, calendar)
        case ComparisonCondition(_, left, right):
            yield from _clocks_in_amounts(left, right)
        case IsOneOf(item, options):
            yield from _clocks_in_amounts(item, *options)
        case _:
            return


def _clocks_in_amounts(*amounts: Amount) -> Iterator[ClockColumn]:
    for amount in amounts:
        match amount:
            case Sum(_, left, right):
                yield from _clocks_in_amounts(left, right)
            case OpenHours(start, end, calendar):
                yield ClockColumn("service_seconds", start.column, calendar)
                yield ClockColumn("service_seconds", end.column, calendar)
            case BusinessDayCount(start, end, calendar):
                for cell in (start, end):
                    if isinstance(cell, ColumnValue):
                        yield ClockColumn("business_days", cell.column, calendar)


def _fields_of_column(column: Column) -> tuple[Field, ...]:
    if column.type != "datetime":
        return (Field(name_of(column.name), PLAIN_TYPES[column.type]),)
    return (
        Field(instant_of(column.name), "BIGINT"),
        Field(day_column_of(column.name, "datetime"), "INTEGER"),
        Field(second_of(column.name), "INTEGER"),
    )

"""Columns of the normalised store as sqlglot expressions, a fresh node each time: a node has one parent."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from muniment.domain.evidence.normalised import (
    ClockColumn,
    ClockColumnKind,
    clock_field,
    day_column_of,
    instant_of,
    name_of,
)
from muniment.domain.kernel.calendars import BusinessDays, Calendar
from muniment.domain.language.tree import ColumnValue
from muniment.domain.regime.contract import Table


def column(name: str) -> exp.Expr:
    """A column by its name in the store."""
    return exp.column(name, quoted=True)


def cell(declared: str) -> exp.Expr:
    """The value of a number, text, date or yes/no column."""
    return column(name_of(declared))


def whole(value: int) -> exp.Expr:
    return exp.Literal.number(value)


@dataclass(frozen=True)
class Columns:
    """Names the columns of one table's store."""

    table: Table
    calendars: Mapping[str, Calendar]

    def sameness(self, name: str) -> exp.Expr:
        """The column by which two cells of a declared column are compared: of datetimes, the instant."""
        return column(instant_of(name) if self.table.column(name).type == "datetime" else name_of(name))

    def day(self, cell: ColumnValue) -> exp.Expr:
        return column(day_column_of(cell.column, cell.type))

    def clock(self, kind: ClockColumnKind, *, cell: ColumnValue, calendar: str) -> exp.Expr:
        clock = ClockColumn(kind=kind, column=cell.column, calendar=calendar)
        return column(clock_field(clock, self.calendars[calendar]).name)

    def business_days(self, name: str) -> BusinessDays:
        """The calendar of that name. Raises TypeError where it counts hours: the condition was never checked."""
        calendar = self.calendars[name]
        if not isinstance(calendar, BusinessDays):
            raise TypeError(f"the calendar '{name}' has no Business Days: the condition was never checked")
        return calendar

"""Calendars as small tables in DuckDB, joined to the days of a column to derive clock columns."""

from collections.abc import Iterable, Mapping

from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.placing import Extent, day_column, number_of
from muniment.adapters.ingestion.sqltext import name
from muniment.adapters.ingestion.zone import DAY_SECONDS
from muniment.domain.evidence.normalised import ClockColumn, business_days, day_from, name_of, service_days
from muniment.domain.kernel.calendars import BusinessDays, Calendar
from muniment.domain.regime.contract import Table

MARGIN = 2
"""Days beyond those a file speaks of, because an offset can move a time to another day."""


def load_calendars(
    *,
    connection: DuckDBPyConnection,
    clocks: Iterable[ClockColumn],
    calendars: Mapping[str, Calendar],
    extent: Extent,
) -> None:
    """Make a table for each calendar that a clock needs, with a row for every day the file speaks of."""
    for calendar in sorted({clock.calendar for clock in clocks}):
        _load(connection, named=calendar, calendar=calendars[calendar], extent=extent)


def _load(connection: DuckDBPyConnection, *, named: str, calendar: Calendar, extent: Extent) -> None:
    names, rows = _days(calendar, extent)
    columns = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, kind in names.items())
    values = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"CREATE TEMP TABLE {_table(named)} AS SELECT {columns}", values)


def calendar_script(*, clocks: Iterable[ClockColumn], calendars: Mapping[str, Calendar], extent: Extent) -> str:
    """The same tables as statements with all their rows in them."""
    statements = []
    for named in sorted({clock.calendar for clock in clocks}):
        names, rows = _days(calendars[named], extent)
        columns = ", ".join(f"{column} {kind}" for column, kind in names.items())
        values = ",\n".join(f"({', '.join(str(value) for value in row)})" for row in rows)
        statements.append(
            f"CREATE TEMP TABLE {_table(named)} ({columns});\nINSERT INTO {_table(named)} VALUES\n{values};"
        )
    return "\n".join(statements)


def _days(calendar: Calendar, extent: Extent) -> tuple[dict[str, str], list[tuple[int, ...]]]:
    """The columns of a calendar's table, and its rows."""
    first, last = day_from(extent.first // DAY_SECONDS - MARGIN), day_from(extent.last // DAY_SECONDS + MARGIN)
    if isinstance(calendar, BusinessDays):
        counted = business_days(calendar=calendar, first=first, last=last)
        return {"day": "INTEGER", "up_to": "INTEGER"}, [(day.day, day.count) for day in counted]
    days = service_days(calendar=calendar, first=first, last=last)
    names = {"day": "INTEGER", "before": "BIGINT", "opens": "INTEGER", "closes": "INTEGER"}
    return names, [(day.day, day.before, day.opens, day.closes) for day in days]


def joins_for(*, table: Table, clocks: Iterable[ClockColumn]) -> tuple[str, ...]:
    """A join to a calendar for each column and calendar that meet in a clock."""
    pairs = sorted({(clock.calendar, clock.column) for clock in clocks})
    return tuple(
        f"LEFT JOIN {_table(calendar)} AS {_alias(table, calendar, column)} "
        f"ON {_alias(table, calendar, column)}.day = {day_column(table, column)}"
        for calendar, column in pairs
    )


def derived(*, table: Table, clock: ClockColumn) -> str:
    """The clock's column, as SQL over `placed` and its joins; NULL where the cell is empty."""
    days, second = _alias(table, clock.calendar, clock.column), f"s{number_of(table, clock.column)}"
    if clock.kind == "business_days":
        return f"{days}.up_to"
    if clock.kind == "is_open":
        return f"{second} >= {days}.opens AND {second} < {days}.closes"
    return f"{days}.before + greatest({days}.opens, least({second}, {days}.closes)) - {days}.opens"


def _table(calendar: str) -> str:
    return name(f"calendar {name_of(calendar)}")


def _alias(table: Table, calendar: str, column: str) -> str:
    return name(f"{name_of(calendar)} at {number_of(table, column)}")

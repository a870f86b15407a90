"""Joins calendar tables to normalised evidence in DuckDB, for derived columns that the stored files lack."""

from collections.abc import Collection, Mapping
from dataclasses import astuple
from datetime import date

from duckdb import DuckDBPyConnection
from sqlglot import exp, select

from muniment.adapters.engines.columns import column
from muniment.domain.evidence.normalised import (
    ClockColumn,
    business_days,
    clock_field,
    day_column_of,
    day_from,
    second_of,
    service_days,
)
from muniment.domain.kernel.calendars import BusinessDays, Calendar
from muniment.domain.regime.contract import Table


def create_joined_view(
    connection: DuckDBPyConnection,
    *,
    name: str,
    source: str,
    table: Table,
    clocks: Collection[ClockColumn],
    calendars: Mapping[str, Calendar],
) -> None:
    """A view with the columns of `source` and one for each clock."""
    pairs = sorted({(clock.calendar, clock.column) for clock in clocks})
    query = select("stored.*").from_(exp.to_table(source).as_("stored"))
    for number, (calendar, of_column) in enumerate(pairs):
        days = f"{name}_days{number}"
        day = day_column_of(of_column, table.column(of_column).type)
        span = _span(connection, source=source, day=day)
        _load_days(connection, name=days, calendar=calendars[calendar], span=span)
        is_same_day = exp.EQ(this=_of(days, "day"), expression=_of("stored", day))
        query = query.join(exp.to_table(days), on=is_same_day, join_type="left")
        for clock in sorted(clock for clock in clocks if (clock.calendar, clock.column) == (calendar, of_column)):
            field = clock_field(clock, calendars[calendar])
            query = query.select(exp.alias_(_derived(clock, days), field.name, quoted=True))
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    view = exp.Create(this=exp.to_table(name), kind="VIEW", expression=query, properties=temporary)
    connection.execute(view.sql("duckdb"))


def _span(connection: DuckDBPyConnection, *, source: str, day: str) -> tuple[date, date]:
    query = select(exp.Min(this=column(day)), exp.Max(this=column(day))).from_(source)
    first, last = connection.execute(query.sql("duckdb")).fetchall()[0]
    return day_from(first or 0), day_from(last or 0)


def _load_days(connection: DuckDBPyConnection, *, name: str, calendar: Calendar, span: tuple[date, date]) -> None:
    first, last = span
    if isinstance(calendar, BusinessDays):
        rows = [astuple(day) for day in business_days(calendar=calendar, first=first, last=last)]
        names = {"day": "INTEGER", "up_to": "INTEGER"}
    else:
        rows = [astuple(day) for day in service_days(calendar=calendar, first=first, last=last)]
        names = {"day": "INTEGER", "before": "BIGINT", "opens": "INTEGER", "closes": "INTEGER"}
    columns = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in names.items())
    connection.execute(
        f"CREATE TEMP TABLE {name} AS SELECT {columns}", [list(values) for values in zip(*rows, strict=True)]
    )


def _derived(clock: ClockColumn, days: str) -> exp.Expr:
    second = _of("stored", second_of(clock.column))
    opens, closes = _of(days, "opens"), _of(days, "closes")
    if clock.kind == "business_days":
        return _of(days, "up_to")
    if clock.kind == "is_open":
        return exp.and_(exp.GTE(this=second, expression=opens), exp.LT(this=second.copy(), expression=closes))
    inside = _call("greatest", opens, _call("least", second, closes))
    return exp.Sub(this=exp.Add(this=_of(days, "before"), expression=inside), expression=opens.copy())


def _call(function: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=function, expressions=list(arguments))


def _of(relation: str, name: str) -> exp.Expr:
    return exp.column(name, table=relation, quoted=True)

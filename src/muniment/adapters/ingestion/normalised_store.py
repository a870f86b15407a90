"""Writes a file's normalised store with DuckDB: its columns, derived columns and row ids; and counts rows by month."""

from collections.abc import Collection, Mapping
from pathlib import Path
from secrets import token_hex

from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.calendar_tables import derived, joins_for, load_calendars
from muniment.adapters.ingestion.placing import Extent, day_column, number_of
from muniment.adapters.ingestion.sqltext import name, select, text
from muniment.adapters.ingestion.zone import DAY_SECONDS
from muniment.domain.evidence.normalised import ROW_DAY, ROW_ID, ClockColumn, Field, fields_of
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Month
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table


def write_store(
    *,
    connection: DuckDBPyConnection,
    table: Table,
    extent: Extent,
    clocks: Collection[ClockColumn],
    calendars: Mapping[str, Calendar],
    target: Path,
) -> None:
    """Write `placed` with its derived columns to the target, in order of day and row id.

    The target appears whole or not at all. Shuffled rows make the same store."""
    load_calendars(connection=connection, clocks=clocks, calendars=calendars, extent=extent)
    query = stored_query(table=table, clocks=clocks, calendars=calendars)
    partial = target.with_name(f"{target.name}.{token_hex(4)}.partial")
    try:
        connection.execute(f"COPY ({query}) TO {text(str(partial.resolve()))} (FORMAT parquet, COMPRESSION zstd)")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def stored_query(*, table: Table, clocks: Collection[ClockColumn], calendars: Mapping[str, Calendar]) -> str:
    """The query behind a store, over `placed` and the tables of the calendars."""
    cells = [cell for number, column in enumerate(table.columns) for cell in _stored(number, column)]
    clock_columns = [derived(table=table, clock=clock) for clock in sorted(clocks)]
    fields = fields_of(table=table, clocks=clocks, calendars=calendars)
    parts = [row_id(table), *_dating(table), *cells, *clock_columns]
    return select(
        [_as_field(part, field) for part, field in zip(parts, fields, strict=True)],
        source="\n".join(["placed", *joins_for(table=table, clocks=clocks)]),
        order=f"{name(ROW_DAY)}, {name(ROW_ID)}",
    )


def count_by_month(*, connection: DuckDBPyConnection, table: Table) -> Mapping[Month, int]:
    """The rows of `placed` in each month."""
    query = select([f"{_month(table)} AS month", "count(*)"], source="placed") + "\nGROUP BY month ORDER BY month"
    months = connection.execute(query).fetchall()
    return {Month(index // 12, index % 12 + 1): rows for index, rows in months}


def row_id(table: Table) -> str:
    """The key as text: numbers plain, dates in ISO, datetimes as the clock on the wall showed them."""
    return f"concat_ws('/', {', '.join(_key_text(table, key) for key in table.key)})"


def _key_text(table: Table, key: str) -> str:
    column, number = table.column(key), number_of(table, key)
    value = f"v{number}"
    if column.type == "number":
        return f"rtrim(rtrim(CAST({value} AS VARCHAR), '0'), '.')"
    if column.type == "date":
        return f"CAST(DATE '1970-01-01' + {value} AS VARCHAR)"
    if column.type == "datetime":
        micros = f"(d{number}::BIGINT * {DAY_SECONDS} + s{number}) * 1000000"
        return f"strftime(make_timestamp({micros}), '%Y-%m-%d %H:%M:%S')"
    return value if column.type == "text" else f"CASE WHEN {value} THEN 'yes' ELSE 'no' END"


def _dating(table: Table) -> tuple[str, str]:
    return day_column(table, table.dated_by), _month(table)


def _month(table: Table) -> str:
    date = f"(DATE '1970-01-01' + {day_column(table, table.dated_by)})"
    return f"(year({date}) * 12 + month({date}) - 1)"


def _stored(number: int, column: Column) -> tuple[str, ...]:
    return (f"i{number}", f"d{number}", f"s{number}") if column.type == "datetime" else (f"v{number}",)


def _as_field(part: str, field: Field) -> str:
    return f"CAST({part} AS {field.type}) AS {name(field.name)}"

"""DuckDB tables of typed cells, with local datetimes turned into instants; and tests for faults of whole rows.

`parsed` holds the cells as values (see cells.py). `placed`, a view on it, has for a datetime column number n the
instant `i<n>` (NULL where the local time never happened or happened twice), the local day `d<n>` and second `s<n>`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.cells import is_faulty, values_of
from muniment.adapters.ingestion.sqltext import any_of, select
from muniment.adapters.ingestion.zone import DAY_SECONDS, Offsets, offsets_between
from muniment.domain.evidence.normalised import day_number
from muniment.domain.kernel.period import Period
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

SHIFT = 1_000_000
"""Days added before a division, because SQL divides towards zero."""


@dataclass(frozen=True)
class Extent:
    """How many rows were parsed, how many hold a faulty cell, and the first and last second they speak of."""

    rows: int
    faulty: int
    first: int
    last: int


def parse_source(*, connection: DuckDBPyConnection, source: str, table: Table, keep_raw: bool) -> None:
    """Make `parsed` from a source of `record`, `line` and the raw columns."""
    connection.execute(f"CREATE TEMP TABLE parsed AS {parsed_query(source=source, table=table, keep_raw=keep_raw)}")


def parsed_query(*, source: str, table: Table, keep_raw: bool) -> str:
    """The query behind `parsed`."""
    raw = [f"r{number}" for number in range(len(table.columns))]
    values = [value for number, column in enumerate(table.columns) for value in values_of(number, column)]
    inner = select(["record", "line", *raw, *values], source=source)
    kept = "*" if keep_raw else f"* EXCLUDE ({', '.join(raw)})"
    return select([kept, f"{is_faulty(table)} AS faulty"], source=f"({inner})")


def extent_of(*, connection: DuckDBPyConnection, table: Table) -> Extent:
    """Count the rows of `parsed`, and find the days they speak of."""
    seconds = [
        f"{edge}(v{number})" if column.type == "datetime" else f"{edge}(v{number})::BIGINT * {DAY_SECONDS}"
        for number, column in enumerate(table.columns)
        if column.type in ("date", "datetime")
        for edge in ("min", "max")
    ]
    query = select(["count(*)", "count_if(faulty)", *seconds], source="parsed")
    rows, faulty, *edges = connection.execute(query).fetchall()[0]
    known = [edge for edge in edges if edge is not None] or [0]
    return Extent(rows=rows, faulty=faulty, first=min(known), last=max(known))


def put_in_place(*, connection: DuckDBPyConnection, table: Table, zone: str, extent: Extent) -> Offsets:
    """Make `placed`. Returns the offsets of the zone over the extent."""
    offsets = offsets_between(zone=zone, first=extent.first, last=extent.last)
    connection.execute(f"CREATE TEMP VIEW placed AS {placed_query(table=table, offsets=offsets)}")
    return offsets


def placed_query(*, table: Table, offsets: Offsets) -> str:
    """The query behind `placed`, over `parsed`."""
    moments = [number for number, column in enumerate(table.columns) if column.type == "datetime"]
    inner = select(["*", *(part for number in moments for part in _on_the_line(number, offsets))], source="parsed")
    return select(["*", *(part for number in moments for part in _by_the_wall(number))], source=f"({inner})")


def _on_the_line(number: int, offsets: Offsets) -> Iterator[str]:
    written, given = f"v{number}", f"z{number}"
    local = f"{written} - ({offsets.from_wall(written)})"
    yield f"CASE WHEN {given} IS NULL THEN {local} ELSE {written} - {given} END AS i{number}"
    wall = f"{written} - {given} + ({offsets.from_utc(f'({written} - {given})')})"
    yield f"CASE WHEN {given} IS NULL THEN {written} ELSE {wall} END AS w{number}"


def _by_the_wall(number: int) -> Iterator[str]:
    day = f"((w{number} + {SHIFT * DAY_SECONDS}) // {DAY_SECONDS} - {SHIFT})"
    yield f"CAST({day} AS INTEGER) AS d{number}"
    yield f"CAST(w{number} - {day} * {DAY_SECONDS} AS INTEGER) AS s{number}"


def number_of(table: Table, column: str) -> int:
    """The number that a declared column goes by in `parsed` and `placed`."""
    return [declared.name for declared in table.columns].index(column)


def day_column(table: Table, column: str) -> str:
    """The column of `placed` with the local day of a date or datetime."""
    return f"{'d' if _is_moment(table, column) else 'v'}{number_of(table, column)}"


def same_column(table: Table, column: str) -> str:
    """The column of `placed` by which two cells are the same: of datetimes, the instant."""
    return f"{'i' if _is_moment(table, column) else 'v'}{number_of(table, column)}"


def _is_moment(table: Table, column: str) -> bool:
    return table.column(column).type == "datetime"


def is_unplaced(number: int, column: Column) -> str:
    """The local time never happened or happened twice."""
    return f"v{number} IS NOT NULL AND i{number} IS NULL" if column.type == "datetime" else "FALSE"


def is_outside(table: Table, expected: Period | None) -> str:
    """The row's local day is not in the period that the file is for."""
    if expected is None:
        return "FALSE"
    first, last = day_number(expected.first_day), day_number(expected.last_day)
    return f"{day_column(table, table.dated_by)} NOT BETWEEN {first} AND {last}"


def has_row_faults(*, connection: DuckDBPyConnection, table: Table, expected: Period | None) -> bool:
    """Any row without an instant, outside the period, or with the key of another."""
    unplaced = [is_unplaced(number, column) for number, column in enumerate(table.columns)]
    keys = select([f"DISTINCT {', '.join(same_column(table, key) for key in table.key)}"], source="placed")
    columns = [f"count_if({any_of([*unplaced, is_outside(table, expected)])})", "count(*)"]
    faults, rows = connection.execute(select(columns, source="placed")).fetchall()[0]
    distinct = connection.execute(select(["count(*)"], source=f"({keys})")).fetchall()[0][0]
    return bool(faults) or rows != distinct

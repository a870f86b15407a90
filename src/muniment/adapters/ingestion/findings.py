"""What is wrong with the cells and rows of a file, found by SQL over `placed` with its raw text."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.cells import is_empty, is_other, is_present, is_totals_row, is_wrong
from muniment.adapters.ingestion.normalised_store import row_id
from muniment.adapters.ingestion.placing import is_outside, is_unplaced, number_of, same_column
from muniment.adapters.ingestion.sqltext import any_of, select, text
from muniment.domain.kernel.period import Period
from muniment.domain.language.columns import ColumnType
from muniment.domain.regime.contract import Table

MOST_LISTED = 20
"""How many problems of a kind are listed for one file."""
WRONG_TYPE: dict[ColumnType, str] = {
    "number": "E110", "date": "E111", "datetime": "E112", "yes_no": "E113",
}  # fmt: skip
NOT_LISTED, EMPTY, EMPTY_ROW, DUPLICATE, OUTSIDE, CLOCK_CHANGE, TOTALS = (
    "E115", "E116", "E117", "E118", "E119", "E120", "E123",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """`column`: its number in the table. `key`: the row's key as the file has it. `value`: the raw text, or the row id
    of a duplicate. `detail`: the line where the key was first, or an unclear time in seconds since 1970-01-01 00:00.
    `rank` counts within the kind from 1; `of` is how many of the kind there are in all."""

    code: str
    record: int
    line: int
    column: int
    key: str
    value: str
    detail: int
    rank: int
    of: int


def findings_in(
    *, connection: DuckDBPyConnection, table: Table, expected: Period | None, listed: int
) -> tuple[Finding, ...]:
    """The first findings of each kind, and one more of each that stands for the rest; in file order. Makes `found`."""
    found = "\nUNION ALL\n".join([*_cell_faults(table), *_row_faults(table, expected)])
    connection.execute(f"CREATE TEMP TABLE found AS {found}")
    ranked = select(
        [
            "*",
            "row_number() OVER (PARTITION BY code ORDER BY record, number) AS rank",
            "count(*) OVER (PARTITION BY code) AS of_all",
        ],
        source="found",
    )
    query = select(["*"], source=f"({ranked})", where=f"rank <= {listed + 1}", order="record, number, code")
    return tuple(
        Finding(code, record, line, column, key or "", value or "", detail or 0, rank, of)
        for code, record, line, column, key, value, detail, rank, of in connection.execute(query).fetchall()
    )


def faulty_rows(*, connection: DuckDBPyConnection, also: Collection[int]) -> int:
    """How many rows are in `found`, or among the others by their record."""
    query = "SELECT count(*) FROM (SELECT record FROM found UNION SELECT unnest(?::BIGINT[]))"
    return int(connection.execute(query, [sorted(also)]).fetchall()[0][0])


def _cell_faults(table: Table) -> Iterator[str]:
    some = any_of(is_present(number) for number in range(len(table.columns)))
    total = is_totals_row(table)
    for number, column in enumerate(table.columns):
        tests = (
            (WRONG_TYPE.get(column.type, ""), is_wrong(number, column)),  # any cell can be a text
            (NOT_LISTED, is_other(number, column)),
            (EMPTY, is_empty(number, column, table)),
            (CLOCK_CHANGE, is_unplaced(number, column)),
        )
        for code, test in tests:
            if test != "FALSE":
                detail = f"v{number}" if code == CLOCK_CHANGE else "NULL"
                where = f"({test}) AND ({some}) AND NOT ({total})"
                yield _finding(table, code, number=number, value=f"r{number}", where=where, detail=detail)
    yield _finding(table, EMPTY_ROW, number=0, value="NULL", where=f"NOT ({some})")
    yield _finding(table, TOTALS, number=0, value="NULL", where=total)


def _row_faults(table: Table, expected: Period | None) -> Iterator[str]:
    dated_by = number_of(table, table.dated_by)
    yield _finding(table, OUTSIDE, number=dated_by, value=f"r{dated_by}", where=is_outside(table, expected))
    keys = [same_column(table, key) for key in table.key]
    window = f"first_value(line) OVER (PARTITION BY {', '.join(keys)} ORDER BY record) AS first_line"
    rank = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY record) AS turn"
    complete = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    rows = select(["*", window, rank], source="placed", where=complete)
    first = number_of(table, table.key[0])
    yield _finding(
        table, DUPLICATE, number=first, value=row_id(table), where="turn > 1", source=f"({rows})", detail="first_line"
    )


def _finding(
    table: Table, code: str, *, number: int, value: str, where: str, source: str = "placed", detail: str = "NULL"
) -> str:
    key = ", ".join(f"trim(r{number_of(table, column)})" for column in table.key)
    columns = [
        f"{text(code)} AS code", "record", "line", f"{number} AS number", f"concat_ws('/', {key}) AS key",
        f"{value} AS value", f"{detail} AS detail",
    ]  # fmt: skip
    return select(columns, source=source, where=where)

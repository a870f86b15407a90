"""Reads CSV and Parquet as raw text: SQL that yields `record`, `line` and a column for each declared one, in order."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

from muniment.adapters.ingestion.header import Header
from muniment.adapters.ingestion.records import Record
from muniment.adapters.ingestion.sqltext import name, select, text
from muniment.domain.language.columns import Column

_BATCH = 50_000
READABLE = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT",
    "FLOAT", "DOUBLE", "DECIMAL", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "ENUM",
)  # fmt: skip


def csv_source(*, file: Path | str, header: Header) -> str:
    """The quick reader of CSV. It knows no positions, and raises duckdb.Error for anything irregular.

    A path given as text is used as it stands, to be found from wherever the query runs."""
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(header.width))
    options = f"auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}}"
    read = f"read_csv({text(_path(file))}, {options})"
    raw = [f"c{position} AS r{number}" for number, position in enumerate(header.positions)]
    return f"({select(['0 AS record', '0 AS line', *raw], source=read)})"


def load_records(*, connection: DuckDBPyConnection, records: Iterable[Record], header: Header) -> str:
    """The thorough reader of CSV: what Python read, with the line of each record, in a table of its own."""
    raw = [f"r{number}" for number in range(len(header.positions))]
    columns = ", ".join(f"{column} VARCHAR" for column in raw)
    connection.execute(f"CREATE TEMP TABLE located (record BIGINT, line BIGINT, {columns})")
    lists = ", ".join(["unnest(?::BIGINT[])", "unnest(?::BIGINT[])", *("unnest(?::VARCHAR[])" for _ in raw)])
    for batch in _batches(records):
        values: list[list[int] | list[str]] = [[record.number for record in batch], [record.line for record in batch]]
        values.extend([record.cells[position] for record in batch] for position in header.positions)
        connection.execute(f"INSERT INTO located SELECT {lists}", values)
    return "located"


def _batches(records: Iterable[Record]) -> Iterator[Sequence[Record]]:
    waiting = iter(records)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def parquet_columns(*, connection: DuckDBPyConnection, file: Path) -> dict[str, str]:
    """The columns of a Parquet file and their types. Raises duckdb.Error when it is none."""
    described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file.resolve())]).fetchall()
    return {row[0]: row[1] for row in described}


def is_readable(kind: str) -> bool:
    """The type of a Parquet column can be written as the text of a cell."""
    return kind.split("(", maxsplit=1)[0].split(" ", maxsplit=1)[0] in READABLE and not kind.endswith("]")


def parquet_source(*, file: Path | str, columns: Sequence[Column], types: dict[str, str]) -> str:
    """Every cell as the text that a CSV file would hold. Lines are rows, counted from 1."""
    read = f"read_parquet({text(_path(file))}, file_row_number = true)"
    raw = [f"{_as_text(column, types[column.name_in_file])} AS r{number}" for number, column in enumerate(columns)]
    return f"({select(['file_row_number + 1 AS record', 'file_row_number + 1 AS line', *raw], source=read)})"


def _path(file: Path | str) -> str:
    return file if isinstance(file, str) else str(file.resolve())


def _as_text(column: Column, kind: str) -> str:
    cell = name(column.name_in_file)
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        written = f"CAST(make_timestamp(epoch_us({cell})) AS VARCHAR) || 'Z'" if kind.endswith("ZONE") else cell
        if column.format is not None:
            return f"strftime({cell}, {text(column.format)})"
        return f"CAST({written} AS VARCHAR)"
    return f"CAST({cell} AS VARCHAR)"


def can_read(connection: DuckDBPyConnection, *, form: str) -> bool:
    """The format of a date means something to the engine."""
    try:
        connection.execute(f"SELECT TRY_STRPTIME('', {text(form)})")
    except Error:
        return False
    return True

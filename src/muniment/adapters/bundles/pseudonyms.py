"""Replaces keys in rows of CSV and Parquet files by pseudonyms, and empties texts that no measure reads.

Every measure gives the same for the new rows, and no case number is in them.

A pseudonym is an HMAC of the cell under a salt that the authority keeps. Columns that no table declares are left out,
and optional texts that no measure reads are emptied: nothing is known of them, so they may name people.
"""

import csv
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path

from muniment.domain.language.columns import Column
from muniment.domain.language.tree import ColumnValue
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure

PSEUDONYM_LENGTH = 16
"""Hex digits of a pseudonym: two of a million keys share one with a chance of 1 in 37 million."""

BLOCK = 64
"""Bytes of a block of SHA-256, to which HMAC fills its key up."""


@dataclass(frozen=True)
class HiddenColumns:
    """What is hidden of a table: columns that become pseudonyms, and columns that are emptied."""

    pseudonyms: tuple[str, ...]
    emptied: tuple[str, ...]


def hidden_columns_of(*, table: Table, measures: Iterable[Measure]) -> HiddenColumns:
    """Texts that no measure reads and that have no list of values: keys get pseudonyms, optional ones are emptied."""
    read = {name for measure in measures if measure.table == table.name for name in columns_read(measure)}
    free = [column for column in table.columns if column.type == "text" and not column.one_of]
    unread = [column for column in free if column.name not in read]
    return HiddenColumns(
        pseudonyms=tuple(column.name for column in unread if column.name in table.key),
        emptied=tuple(column.name for column in unread if column.name not in table.key and column.may_be_missing),
    )


def columns_read(measure: Measure) -> frozenset[str]:
    """Every column that the measure's conditions and sums name."""
    sums = {name for name in (measure.sum_all, measure.sum_counted) if name is not None}
    conditions = (measure.scope, measure.counted, *(rule.when for rule in measure.left_out))
    return frozenset(sums | {cell.column for condition in conditions for cell in _cells_in(condition)})


def _cells_in(node: object) -> Iterable[ColumnValue]:
    if isinstance(node, ColumnValue):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _cells_in(item)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _cells_in(getattr(node, part.name))


def pseudonymised(content: bytes, *, table: Table, hiding: HiddenColumns, salt: bytes) -> bytes:
    """A CSV file with its declared columns only, hidden as told. Of Parquet: see pseudonymised_parquet."""
    records = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    heading = [name.strip() for name in next(records)]
    kept = [(heading.index(column.name_in_file), column.name) for column in table.columns]
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name_in_file for column in table.columns])
    for record in records:
        if len(record) > 1 or any(cell.strip() for cell in record):
            writer.writerow([_hidden(record[place], name, table, hiding, salt) for place, name in kept])
    return out.getvalue().encode()


def _hidden(cell: str, column: str, table: Table, hiding: HiddenColumns, salt: bytes) -> str:
    if column in hiding.pseudonyms:
        return _pseudonym(cell, spoken_of(table, column), salt)
    return "" if column in hiding.emptied else cell


def spoken_of(table: Table, column: str) -> str:
    """What goes before a cell into its pseudonym, so that two tables cannot be joined by their keys."""
    return f"{table.name}.{column}\n"


def _pseudonym(cell: str, column: str, salt: bytes) -> str:
    """Of the cell in its column. An empty cell stays empty."""
    return hmac.new(salt, f"{column}{cell}".encode(), sha256).hexdigest()[:PSEUDONYM_LENGTH] if cell.strip() else cell


def pseudonymised_parquet(*, file: Path, into: Path, table: Table, hiding: HiddenColumns, salt: bytes) -> None:
    """Write the file anew with its declared columns only, hidden as told: the same rows in the same order, and the
    same bytes whenever the same version of the engine writes them. Every other column keeps its type.
    """
    from muniment.adapters.fence import fenced_database

    columns = ", ".join(
        f"{_hidden_parquet(column, table, hiding, salt)} AS {_name(column)}" for column in table.columns
    )
    with fenced_database(folders={path.resolve().parent for path in (file, into)}, threads=1) as connection:
        rows = f"SELECT {columns} FROM read_parquet({_text(str(file.resolve()))})"  # noqa: S608  # the agreed names
        connection.execute(f"COPY ({rows}) TO {_text(str(into.resolve()))} (FORMAT parquet, COMPRESSION zstd)")


def _hidden_parquet(column: Column, table: Table, hiding: HiddenColumns, salt: bytes) -> str:
    if column.name in hiding.pseudonyms:
        return _pseudonym_sql(f"{_text(spoken_of(table, column.name))} || CAST({_name(column)} AS VARCHAR)", salt)
    return "CAST(NULL AS VARCHAR)" if column.name in hiding.emptied else _name(column)


def _pseudonym_sql(words: str, salt: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) as SQL; of a missing cell, nothing."""
    key = (salt if len(salt) <= BLOCK else sha256(salt).digest()).ljust(BLOCK, b"\0")
    inner, outer = (f"unhex('{bytes(byte ^ pad for byte in key).hex()}')" for pad in (0x36, 0x5C))
    return f"substr(sha256({outer} || unhex(sha256({inner} || encode({words})))), 1, {PSEUDONYM_LENGTH})"


def _name(column: Column) -> str:
    return '"' + column.name_in_file.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

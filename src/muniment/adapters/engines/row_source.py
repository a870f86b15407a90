"""Streams the normalised store as rows, for the reference engine."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from muniment.adapters.fence import fenced_connection
from muniment.domain.evidence.engine import Row
from muniment.domain.evidence.normalised import ROW_DAY, ROW_ID, day_column_of, day_from, instant_of, name_of, second_of
from muniment.domain.kernel.period import Moment
from muniment.domain.language.columns import Column, Value
from muniment.domain.regime.contract import Table

_BATCH = 10_000
Stored = str | int | bool | Decimal | None


def rows_of(*, parts: Sequence[Path], table: Table) -> Iterator[Row]:
    """Every row of the parts, in the order of the parts. Holds a batch at a time in memory."""
    for part in parts:
        with fenced_connection(folders=[part.parent], spill=part.parent) as connection:
            sql = f"SELECT {_stored_columns(table)} FROM read_parquet($part)"  # noqa: S608  # names of our own
            stored = connection.execute(sql, {"part": str(part.resolve())})
            while batch := stored.fetchmany(_BATCH):
                for values in batch:
                    yield _row(values, table)


def _stored_columns(table: Table) -> str:
    names = [ROW_ID, ROW_DAY, *(name for column in table.columns for name in _names(column))]
    return ", ".join(f'"{name}"' for name in names)


def _names(column: Column) -> tuple[str, ...]:
    if column.type != "datetime":
        return (name_of(column.name),)
    return instant_of(column.name), day_column_of(column.name, column.type), second_of(column.name)


def _row(values: Sequence[Stored], table: Table) -> Row:
    cells: dict[str, Value | None] = {}
    start = 2
    for column in table.columns:
        width = 3 if column.type == "datetime" else 1  # as many as _names has; asked a million times
        cells[column.name] = _value(column, values[start : start + width])
        start += width
    return Row(id=str(values[0]), day=_day(values[1]), cells=cells)


def _value(column: Column, stored: Sequence[Stored]) -> Value | None:
    value = stored[0]
    if value is None:
        return None
    if column.type == "date":
        return _day(value)
    if column.type == "datetime":
        instant, day, second = stored
        return Moment(_whole(instant), _day(day), _whole(second))
    if column.type == "text":
        return str(value)
    return bool(value) if column.type == "yes_no" else Decimal(value)


def _day(stored: Stored) -> date:
    return day_from(_whole(stored))


def _whole(stored: Stored) -> int:
    if not isinstance(stored, int):
        raise TypeError(f"{stored!r} should be a whole number: the store was made by another version")
    return stored

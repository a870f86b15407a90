"""Two normalised stores of a table: which rows were added, removed and changed, by key."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from duckdb import DuckDBPyConnection

from muniment.adapters.fence import fenced_connection
from muniment.adapters.ingestion.sqltext import any_of, name, select, text
from muniment.domain.evidence.normalised import ROW_ID, day_column_of, fields_of, instant_of, name_of, second_of
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

ChangeKind = Literal["added", "gone", "changed"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
_BATCH = 10_000
_FIRST_DAY = "DATE '1970-01-01'"


@dataclass(frozen=True)
class ChangedIds:
    """How many rows, and the ids of the first of them in ascending order."""

    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """Rows that only the later store has, that only the earlier one has, and that both have with other cells."""

    added: ChangedIds
    removed: ChangedIds
    changed: ChangedIds


def row_differences(*, table: Table, before: Path, after: Path, listed: int) -> Differences:
    """What changed from one store to the other; derived columns are left aside. At most `listed` ids of a kind."""
    earlier, later = (f"read_parquet({text(str(store.resolve()))})" for store in (before, after))
    cells = [name(field.name) for field in fields_of(table=table, clocks=(), calendars={})]
    key = name(ROW_ID)
    kind = (
        f"CASE WHEN b.{key} IS NULL THEN 'added' WHEN a.{key} IS NULL THEN 'removed'"
        f" WHEN {any_of(f'a.{cell} IS DISTINCT FROM b.{cell}' for cell in cells)} THEN 'changed' END AS kind"
    )
    both = f"{earlier} AS b FULL OUTER JOIN {later} AS a ON a.{key} = b.{key}"
    compared = select([f"coalesce(a.{key}, b.{key}) AS id", kind], source=both)
    query = select(["kind", "count(*)", f"min(id, {listed})"], source=f"({compared})", where="kind IS NOT NULL")
    with fenced_connection(folders={before.resolve().parent, after.resolve().parent}, spill=after.parent) as connection:
        found = {
            kind: ChangedIds(count, tuple(ids))
            for kind, count, ids in connection.execute(f"{query} GROUP BY kind").fetchall()
        }
    none = ChangedIds(0, ())
    return Differences(found.get("added", none), found.get("removed", none), found.get("changed", none))


@dataclass(frozen=True)
class ChangedRow:
    """`before` and `after`: a text for each column of the table, in its order; blank where a cell is empty. An added
    row has blanks before, a row that is gone has blanks after."""

    kind: ChangeKind
    id: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def columns_changed(self) -> tuple[int, ...]:
        """The places of the columns that say something else."""
        pairs = enumerate(zip(self.before, self.after, strict=True))
        return tuple(place for place, (before, after) in pairs if before != after)


def changed_rows(*, table: Table, before: Path, after: Path, listed: int | None = None) -> Iterator[ChangedRow]:
    """Every row that is added, gone or changed, in that order and by id; of each kind the first `listed`. Holds a batch
    at a time in memory."""
    columns = [*_texts(table, "b"), *_texts(table, "a")]
    query = select(["id", "kind", *columns], source=f"({_compared(table, before, after)})", where="kind IS NOT NULL")
    if listed is not None:
        query += f" QUALIFY row_number() OVER (PARTITION BY kind ORDER BY id) <= {listed}"
    width = len(table.columns)
    with _reaching(before, after) as connection:
        found = connection.execute(f"{query} ORDER BY list_position({list(CHANGE_KINDS)}, kind), id")
        while batch := found.fetchmany(_BATCH):
            for id_, kind, *cells in batch:
                yield ChangedRow(kind, id_, tuple(cells[:width]), tuple(cells[width:]))


def changes_by_column(*, table: Table, before: Path, after: Path) -> tuple[tuple[str, int], ...]:
    """Column -> in how many of the rows that both stores have it says something else; columns without any left out."""
    counts = [f"count_if({_differs(column)})" for column in table.columns]
    rows = f"({_compared(table, before, after)})"
    with _reaching(before, after) as connection:
        found = connection.execute(select(counts, source=rows, where="kind = 'changed'")).fetchone()
    assert found is not None, "a count is always a row"
    named = zip((column.name for column in table.columns), found, strict=True)
    return tuple((column, count) for column, count in named if count)


def _reaching(before: Path, after: Path) -> DuckDBPyConnection:
    return fenced_connection(folders={before.resolve().parent, after.resolve().parent}, spill=after.parent)


def _compared(table: Table, before: Path, after: Path) -> str:
    """Every row of either with its id, its kind (NULL: the same in both) and its cells under b_... and a_... ."""
    earlier, later = (f"read_parquet({text(str(store.resolve()))})" for store in (before, after))
    key = name(ROW_ID)
    stored = [stored for column in table.columns for stored in _stored(column)]
    changed = any_of(f"a.{name(cell)} IS DISTINCT FROM b.{name(cell)}" for cell in stored)
    kind = (
        f"CASE WHEN b.{key} IS NULL THEN 'added' WHEN a.{key} IS NULL THEN 'gone' WHEN {changed} THEN 'changed' END"
        " AS kind"
    )
    cells = [f"{side}.{name(cell)} AS {name(f'{side}:{cell}')}" for side in "ba" for cell in stored]
    both = f"{earlier} AS b FULL OUTER JOIN {later} AS a ON a.{key} = b.{key}"
    return select([f"coalesce(a.{key}, b.{key}) AS id", kind, *cells], source=both)


def _stored(column: Column) -> tuple[str, ...]:
    if column.type != "datetime":
        return (name_of(column.name),)
    return instant_of(column.name), day_column_of(column.name, column.type), second_of(column.name)


def _differs(column: Column) -> str:
    return any_of(f"{name(f'a:{cell}')} IS DISTINCT FROM {name(f'b:{cell}')}" for cell in _stored(column))


def _texts(table: Table, side: str) -> Iterator[str]:
    """Each cell as a person writes it: 12.5, 2019-10-31, 2019-10-31 14:30:00 as the clock on the wall showed it."""
    for column in table.columns:
        cells = [name(f"{side}:{cell}") for cell in _stored(column)]
        yield f"coalesce({_text(column, cells)}, '')"


def _text(column: Column, cells: list[str]) -> str:
    match column.type:
        case "number":
            return f"rtrim(rtrim(CAST({cells[0]} AS VARCHAR), '0'), '.')"
        case "date":
            return f"strftime({_FIRST_DAY} + {cells[0]}, '%Y-%m-%d')"
        case "datetime":
            _, day, second = cells
            return f"strftime({_FIRST_DAY} + {day} + to_seconds({second}), '%Y-%m-%d %H:%M:%S')"
        case "yes_no":
            return f"CASE {cells[0]} WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END"
        case "text":
            return cells[0]

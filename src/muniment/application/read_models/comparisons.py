"""Two submissions of a table and month beside one another, as a page shows them, the API answers and a job keeps."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from muniment.adapters.ingestion.differences import ChangedRow, ChangeKind
from muniment.application.comparison import ComparedSubmissions


@dataclass(frozen=True)
class CellChange:
    """A cell; of a row that came or went, one side is empty."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """A row that came, went or changed."""

    id: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class RowsOfAKind:
    """The first rows of each kind; the file that a job makes has all of them."""

    added: tuple[RowChange, ...]
    gone: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]


@dataclass(frozen=True)
class ColumnChanges:
    """A column, as the file names it, and in how many of the changed rows it says something else."""

    column: str
    rows: int


def _named(pair: object) -> object:
    """Version 0.1.0 kept (column, rows)."""
    match pair:
        case [column, rows]:
            return {"column": column, "rows": rows}
        case _:
            return pair


@dataclass(frozen=True)
class Comparison:
    """How many rows came, went, changed and stayed. `shares_no_key`: every key is another, as where keys became
    pseudonyms."""

    earlier: str
    later: str
    rows_before: int
    rows_after: int
    added: int
    gone: int
    changed: int
    same: int
    shares_no_key: bool
    by_column: tuple[Annotated[ColumnChanges, BeforeValidator(_named)], ...]
    sample: RowsOfAKind


def comparison_shown(found: ComparedSubmissions) -> Comparison:
    """The comparison with the rows of its sample by kind, and of each the cells that say something."""
    return Comparison(
        earlier=found.earlier,
        later=found.later,
        rows_before=found.rows_before,
        rows_after=found.rows_after,
        added=found.added,
        gone=found.gone,
        changed=found.changed,
        same=found.same,
        shares_no_key=found.shares_no_key,
        by_column=tuple(ColumnChanges(column, count) for column, count in found.by_column),
        sample=RowsOfAKind(_rows(found, "added"), _rows(found, "gone"), _rows(found, "changed")),
    )


def _rows(found: ComparedSubmissions, kind: ChangeKind) -> tuple[RowChange, ...]:
    return tuple(RowChange(row.id, _cells(found, row)) for row in found.sample if row.kind == kind)


def _cells(found: ComparedSubmissions, row: ChangedRow) -> tuple[CellChange, ...]:
    """Of a changed row what changed; of another row what is not blank."""
    return tuple(CellChange(found.columns[place], row.before[place], row.after[place]) for place in row.columns_changed)

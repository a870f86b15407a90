"""Finds rows with the same key in two normalised stores of a table: a row may be in one file only."""

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from muniment.adapters.fence import fenced_connection
from muniment.adapters.ingestion.findings import MOST_LISTED
from muniment.adapters.ingestion.messages import name_in_file, quoted
from muniment.adapters.ingestion.sqltext import name, select, text
from muniment.domain.evidence.normalised import ROW_ID, instant_of, name_of
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.regime.contract import Table

Part = tuple[str, Path]
"""The name under which a file is shown, and its normalised store."""


def duplicates_across(*, table: Table, parts: Sequence[Part], listed: int = MOST_LISTED) -> tuple[Problem, ...]:
    """A problem for each row of a part whose key is in an earlier part.

    At most `listed` (twenty) are listed for a part, in order of row id, and then one that says how many more."""
    if len(parts) < 2:
        return ()
    keys = ", ".join(_keys(table))
    twice = f"{select(['1'], source=f'({_union(table, parts)})')} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
    with _reaching(parts) as connection:
        if not connection.execute(twice).fetchall():
            return ()
    later = (duplicates_in(parts[at], earlier=parts[:at], table=table, listed=listed) for at in range(1, len(parts)))
    return tuple(problem for found in later for problem in found)


def duplicates_in(
    part: Part, *, earlier: Sequence[Part], table: Table, listed: int = MOST_LISTED
) -> tuple[Problem, ...]:
    """The same of one part against those before it: its rows alone are held in memory."""
    if not earlier:
        return ()
    keys = " AND ".join(f"new.{key} IS NOT DISTINCT FROM old.{key}" for key in _keys(table))
    met = f"({_union(table, [part])}) AS new JOIN ({_union(table, earlier)}) AS old ON {keys}"
    each = f"{select(['new.id', 'min(old.part) AS part'], source=met)} GROUP BY new.id"
    query = select(["*", "count(*) OVER ()"], source=f"({each})", order="id") + f" LIMIT {listed + 1}"
    shown_as = part[0]
    with _reaching([part, *earlier]) as connection:
        found = connection.execute(query).fetchall()
    return tuple(
        _problem(
            table, row=row, shown_as=shown_as, earlier=earlier[at][0], more=of_all - listed if rank >= listed else 0
        )
        for rank, (row, at, of_all) in enumerate(found)
    )


def _keys(table: Table) -> list[str]:
    return [f"k{number}" for number in range(len(table.key))]


def _union(table: Table, parts: Sequence[Part]) -> str:
    """The keys of all rows, each with the number of its part and its id."""
    columns = [f"{name(ROW_ID)} AS id", *(f"{_same(table, key)} AS k{n}" for n, key in enumerate(table.key))]
    return " UNION ALL ".join(
        select([f"{number} AS part", *columns], source=f"read_parquet({text(str(store.resolve()))})")
        for number, (_, store) in enumerate(parts)
    )


def _reaching(parts: Sequence[Part]) -> DuckDBPyConnection:
    return fenced_connection(folders={store.parent for _, store in parts}, spill=parts[0][1].parent)


def _same(table: Table, key: str) -> str:
    return name(instant_of(key) if table.column(key).type == "datetime" else name_of(key))


def _problem(table: Table, *, row: str, shown_as: str, earlier: str, more: int) -> Problem:
    if more:
        what, remedy = f"{more:,} more rows are in an earlier file too", "send each row once"
        return Problem(Place(shown_as), "E122", what, remedy)
    columns = ", ".join(name_in_file(table, key) for key in table.key)
    what = f"the row with the key ({columns}) {quoted(row)} is in {earlier} too"
    return Problem(Place(shown_as), "E122", what, f"keep it in one of the two: a row is {table.row_is}")

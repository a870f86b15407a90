"""Finds rows with the same key in two normalised stores of a table: a row may be in one file only."""

from collections.abc import Sequence
from pathlib import Path

from muniment.adapters.ingestion.fence import ingestion_connection
from muniment.adapters.ingestion.findings import MOST_LISTED
from muniment.adapters.ingestion.messages import name_in_file, quoted
from muniment.adapters.ingestion.sqltext import name, select, text
from muniment.domain.evidence.normalised import ROW_ID, instant_of, name_of
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.regime.contract import Table


def duplicates_across(
    *, table: Table, parts: Sequence[tuple[str, Path]], listed: int = MOST_LISTED
) -> tuple[Problem, ...]:
    """A problem for each row of a part whose key is in an earlier part. A part is (name shown, normalised store).

    At most `listed` (twenty) are listed for a part, in order of row id, and then one that says how many more."""
    if len(parts) < 2:
        return ()
    stores = (
        select(
            [f"{number} AS part", name(ROW_ID), *(f"{_same(table, key)} AS k{n}" for n, key in enumerate(table.key))],
            source=f"read_parquet({text(str(store.resolve()))})",
        )
        for number, (_, store) in enumerate(parts)
    )
    keys = ", ".join(f"k{number}" for number in range(len(table.key)))
    first = select(["*", f"min(part) OVER (PARTITION BY {keys}) AS first"], source=f"({' UNION ALL '.join(stores)})")
    later = select(
        [
            f"part, first, {name(ROW_ID)} AS id",
            f"row_number() OVER (PARTITION BY part ORDER BY {name(ROW_ID)}) AS rank",
            "count(*) OVER (PARTITION BY part) AS of_all",
        ],
        source=f"({first})",
        where="part > first",
    )
    query = select(["*"], source=f"({later})", where=f"rank <= {listed + 1}", order="part, rank")
    folders = {store.resolve().parent for _, store in parts}
    with ingestion_connection(folders=folders, spill=parts[0][1].parent) as connection:
        found = connection.execute(query).fetchall()
    return tuple(
        _problem(
            table, row=row, shown_as=parts[part][0], earlier=parts[earlier][0], more=of - listed if rank > listed else 0
        )
        for part, earlier, row, rank, of in found
    )


def _same(table: Table, key: str) -> str:
    return name(instant_of(key) if table.column(key).type == "datetime" else name_of(key))


def _problem(table: Table, *, row: str, shown_as: str, earlier: str, more: int) -> Problem:
    if more:
        what, remedy = f"{more:,} more rows are in an earlier file too", "send each row once"
        return Problem(Place(shown_as), "E122", what, remedy)
    columns = ", ".join(name_in_file(table, key) for key in table.key)
    what = f"the row with the key ({columns}) {quoted(row)} is in {earlier} too"
    return Problem(Place(shown_as), "E122", what, f"keep it in one of the two: a row is {table.row_is}")

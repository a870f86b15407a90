"""Two normalised stores of a table: which rows were added, removed and changed, by key."""

from dataclasses import dataclass
from pathlib import Path

from muniment.adapters.door.fence import fenced
from muniment.adapters.door.sqltext import any_of, name, select, text
from muniment.domain.evidence.normalised import ROW_ID, fields_of
from muniment.domain.regime.tables import Table


@dataclass(frozen=True)
class Rows:
    """How many rows, and the ids of the first of them in ascending order."""

    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """Rows that only the later store has, that only the earlier one has, and that both have with other cells."""

    added: Rows
    removed: Rows
    changed: Rows


def differences(*, table: Table, before: Path, after: Path, listed: int) -> Differences:
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
    with fenced(folders={before.resolve().parent, after.resolve().parent}, spill=after.parent) as connection:
        found = {
            kind: Rows(count, tuple(ids))
            for kind, count, ids in connection.execute(f"{query} GROUP BY kind").fetchall()
        }
    none = Rows(0, ())
    return Differences(found.get("added", none), found.get("removed", none), found.get("changed", none))

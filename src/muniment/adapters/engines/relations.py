"""The parts of each table as one relation in a fenced DuckDB, with the clock columns that a measure needs.

A clock that was not derived at ingest is derived here, by a join to a calendar table: slower, the same values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from duckdb import DuckDBPyConnection, Error

from muniment.adapters.fence import fenced_database
from muniment.domain.evidence.normalised import ClockColumn, clock_field
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.regime.contract import Table


@dataclass
class Relations:
    """`parts`: for each table, the normalised stores that hold its rows. A table may have none."""

    parts: Mapping[str, Sequence[Path]]
    tables: Mapping[str, Table]
    calendars: Mapping[str, Calendar]
    threads: int
    _named: dict[tuple[str, frozenset[ClockColumn]], str] = field(default_factory=dict)
    _stored: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def connection(self) -> DuckDBPyConnection:
        folders = {path.resolve().parent for paths in self.parts.values() for path in paths}
        return fenced_database(folders=folders, threads=self.threads)

    def has_rows(self, table: str) -> bool:
        return bool(self.parts.get(table))

    def named(self, *, table: str, clocks: Iterable[ClockColumn] = ()) -> str:
        """The name of a view on the table's parts in which every one of the clocks is a column."""
        stored = self._columns_in_every_part(table)
        lacking = frozenset(
            clock for clock in clocks if clock_field(clock, self.calendars[clock.calendar]).name not in stored
        )
        key = (table, lacking)
        if key not in self._named:
            self._named[key] = self._view(table, lacking)
        return self._named[key]

    def _view(self, table: str, lacking: frozenset[ClockColumn]) -> str:
        if not lacking:
            name = f"rows{len(self._named)}"
            paths = [str(path.resolve()) for path in self.parts[table]]
            rows = self.connection.read_parquet(paths, union_by_name=True)
            shared = [column for column in rows.columns if column in self._columns_in_every_part(table)]
            rows.project(", ".join(f'"{column}"' for column in shared)).create_view(name)
            return name
        from muniment.adapters.engines.calendar_joins import create_joined_view

        source = self.named(table=table)
        name = f"rows{len(self._named)}"
        create_joined_view(
            self.connection,
            name=name,
            source=source,
            table=self.tables[table],
            clocks=lacking,
            calendars=self.calendars,
        )
        return name

    def _columns_in_every_part(self, table: str) -> frozenset[str]:
        """A column that some parts lack would read as missing there: it is derived afresh for all of them."""
        if table not in self._stored:
            paths = [str(path.resolve()) for path in self.parts[table]]
            try:
                columns = self.connection.execute("SELECT file_name, name FROM parquet_schema(?)", [paths]).fetchall()
            except Error as error:
                raise ProblemsFoundError([_damaged(self.parts[table][0].parent)]) from error
            by_part: dict[str, set[str]] = {}
            for part, name in columns:
                by_part.setdefault(part, set()).add(name)
            self._stored[table] = frozenset(set[str].intersection(*by_part.values()))
        return self._stored[table]


def _damaged(folder: Path) -> Problem:
    what = "a file of normalised evidence in this folder is damaged, or cannot be read"
    return Problem(Place(str(folder)), "F110", what, "delete the folder: it is made again from the evidence")

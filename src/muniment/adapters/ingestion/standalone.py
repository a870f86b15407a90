"""Writes an SQL script for DuckDB alone: it reads submitted files and ends with a table in the normalised layout."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.adapters.fence import fenced_connection
from muniment.adapters.ingestion.calendar_tables import calendar_script
from muniment.adapters.ingestion.header import Heading, read_header
from muniment.adapters.ingestion.normalised_store import stored_query
from muniment.adapters.ingestion.placing import Extent, extent_of, parse_source, parsed_query, placed_query
from muniment.adapters.ingestion.records import records_of
from muniment.adapters.ingestion.sources import csv_source, parquet_columns, parquet_source
from muniment.adapters.ingestion.sqltext import name, select
from muniment.adapters.ingestion.zone import offsets_between
from muniment.domain.evidence.normalised import ClockColumn
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.problem import Place, raise_if_errors
from muniment.domain.regime.contract import Table


@dataclass(frozen=True)
class ScriptedFile:
    """A file that was taken in without a problem. `path`: where it is now. `called`: its path for the script."""

    path: Path
    called: str


def normalising_script(
    *,
    files: Sequence[ScriptedFile],
    table: Table,
    zone: str,
    clocks: Collection[ClockColumn],
    calendars: Mapping[str, Calendar],
    relation: str,
) -> str:
    """Statements that end with the table `relation`, in the layout of the store. Files are read by their relative
    paths; changes of the clocks and the days of the calendars are written out.

    A file so untidy that only the thorough reader takes it is read otherwise, or not at all, by the script.
    """
    extent = _extent(files, table)
    offsets = offsets_between(zone=zone, first=extent.first, last=extent.last)
    parsed = parsed_query(source=_union(_sources(files, table)), table=table, keep_raw=False)
    return "\n".join(
        [
            "-- every cell as a value; dates are days since 1970-01-01",
            f"CREATE TEMP TABLE parsed AS {parsed};",
            f"-- every time on the line of instants, and as the clock on the wall in {zone} showed it",
            f"CREATE TEMP VIEW placed AS {placed_query(table=table, offsets=offsets)};",
            calendar_script(clocks=clocks, calendars=calendars, extent=extent),
            f"CREATE TEMP TABLE {name(relation)} AS {stored_query(table=table, clocks=clocks, calendars=calendars)};",
        ]
    )


def _union(sources: Iterable[str]) -> str:
    return "(" + "\nUNION ALL\n".join(select(["*"], source=source) for source in sources) + ")"


def _extent(files: Sequence[ScriptedFile], table: Table) -> Extent:
    folders = {file.path.parent for file in files}
    with fenced_connection(folders=folders, spill=files[0].path.parent) as connection:
        source = _union(_sources([ScriptedFile(file.path, str(file.path.resolve())) for file in files], table))
        parse_source(connection=connection, source=source, table=table, keep_raw=False)
        return extent_of(connection=connection, table=table)


def _sources(files: Iterable[ScriptedFile], table: Table) -> list[str]:
    return [_source(file, table) for file in files]


def _source(file: ScriptedFile, table: Table) -> str:
    if file.path.suffix == ".parquet":
        with fenced_connection(folders=(file.path.parent,), spill=file.path.parent) as connection:
            types = parquet_columns(connection=connection, file=file.path)
        return parquet_source(file=file.called, columns=table.columns, types=types)
    heading = next(records_of(file=file.path, shown_as=file.called))
    header = read_header(headings=[Heading(cell, Place(file.called)) for cell in heading.cells], table=table)
    raise_if_errors(header.problems)
    return csv_source(file=file.called, header=header)

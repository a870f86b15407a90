"""A file to be ingested, with its table and period; the quick reading of a sound file; the outcome of a reading."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from muniment.adapters.fence import fenced_connection
from muniment.adapters.ingestion.explain import RowFindings, find_row_problems
from muniment.adapters.ingestion.findings import MOST_LISTED
from muniment.adapters.ingestion.intake import Flaw, Intake
from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.ingestion.normalised_store import count_by_month, write_store
from muniment.adapters.ingestion.placing import Extent, extent_of, has_row_faults, parse_source, put_in_place
from muniment.adapters.ingestion.records import edge_warnings, no_rows
from muniment.adapters.ingestion.sources import can_read
from muniment.domain.evidence.normalised import ClockColumn
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

DeliveryKind = Literal["csv", "parquet", "xlsx"]


@dataclass(frozen=True)
class Delivery:
    """A file to be taken in, and what it is held against.

    `shown_as`: its name in problems. `zone`: the contract's, for times without an offset. `expected`: the period that
    every row must fall in; None takes any. `into`: where its normalised store is to be. `listed`: how many problems of
    a kind are listed. `as_csv`: where to write what a workbook's sheet says, when nothing is wrong. `limits`: what
    reading may take; None for a file that was taken in before (see `take_in_apart`). `within`: a folder above its
    own, in which many others lie too: they share one database. `is_nil`: it may hold no rows, because somebody said
    that there was nothing."""

    file: Path
    kind: DeliveryKind
    shown_as: str
    table: Table
    zone: str
    expected: Period | None
    clocks: Collection[ClockColumn]
    calendars: Mapping[str, Calendar]
    into: Path
    listed: int = MOST_LISTED
    as_csv: Path | None = None
    limits: ReadingLimits | None = None
    within: Path | None = None
    is_nil: bool = False

    def connection(self, *also: Path) -> duckdb.DuckDBPyConnection:
        folders = (self.within or self.file.parent, self.into.parent, *also)
        spill, limits = self.into.parent, self.limits
        if limits is None:
            return fenced_connection(folders=folders, spill=spill)
        return fenced_connection(
            folders=folders, spill=spill, memory=f"{limits.memory // MB}MiB", disk=f"{limits.disk // MB}MiB"
        )


@dataclass(frozen=True)
class FileFindings:
    """What the thorough reading found. `rest`: problems that stand for others, or for the file. `rows` were read."""

    flaws: Sequence[Flaw]
    rest: Sequence[Problem]
    counts: Mapping[str, int]
    faulty_rows: int
    rows: int


def bad_formats(delivery: Delivery, places: Iterable[Place]) -> tuple[Problem, ...]:
    """A format of the contract that means nothing is found here, and only once."""
    columns = [(column, place) for column, place in zip(delivery.table.columns, places, strict=True) if column.format]
    if not columns:
        return ()
    with delivery.connection() as connection:
        return tuple(
            _bad_format(column, place)
            for column, place in columns
            if not can_read(connection, form=column.format or "")
        )


def _bad_format(column: Column, place: Place) -> Problem:
    what = f"the contract gives '{column.format}' as the format of '{column.name}', and it cannot be read"
    return Problem(place, "E121", what, "correct the table's format, such as %d/%m/%Y")


def quickly(delivery: Delivery, source: str, *also: Path) -> Intake | None:
    """The store of a file in which nothing is wrong; None as soon as anything may be. `also`: folders to read from."""
    with delivery.connection(*also) as connection:
        try:
            parse_source(connection=connection, source=source, table=delivery.table, keep_raw=False)
        except duckdb.OutOfMemoryException:
            raise  # the thorough reading would need more still
        except duckdb.Error:
            return None
        extent = extent_of(connection=connection, table=delivery.table)
        if extent.rows == 0 or extent.faulty:
            return None
        put_in_place(connection=connection, table=delivery.table, zone=delivery.zone, extent=extent)
        if has_row_faults(connection=connection, table=delivery.table, expected=delivery.expected):
            return None
        return _written(delivery, connection, extent)


def explained_from(
    delivery: Delivery, connection: duckdb.DuckDBPyConnection, source: str, *, also_faulty: Collection[int] = ()
) -> RowFindings:
    return find_row_problems(
        connection=connection, source=source, table=delivery.table, zone=delivery.zone, expected=delivery.expected,
        listed=delivery.listed, also_faulty=also_faulty,
    )  # fmt: skip


def concluded(
    delivery: Delivery, connection: duckdb.DuckDBPyConnection, extent: Extent, *, found: FileFindings
) -> Intake:
    """The store, or every problem that there is."""
    problems = {*found.rest, *(flaw.problem for flaw in found.flaws)}
    if not problems:
        if found.rows == 0 and not delivery.is_nil:
            return Intake(None, 0, problems=(no_rows(delivery.shown_as),))
        return _written(delivery, connection, extent)
    return Intake(
        None,
        found.rows,
        problems=tuple(sorted(problems)),
        flaws=tuple(sorted(found.flaws, key=lambda flaw: flaw.problem)),
        counts=found.counts,
        faulty_rows=found.faulty_rows,
        warnings=edge_warnings(delivery.shown_as, found.rows),
    )


def _written(delivery: Delivery, connection: duckdb.DuckDBPyConnection, extent: Extent) -> Intake:
    write_store(
        connection=connection, table=delivery.table, extent=extent, clocks=delivery.clocks,
        calendars=delivery.calendars, target=delivery.into,
    )  # fmt: skip
    months = count_by_month(connection=connection, table=delivery.table)
    warnings = edge_warnings(delivery.shown_as, extent.rows)
    return Intake(delivery.into, extent.rows, rows_by_month=months, warnings=warnings)

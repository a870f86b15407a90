"""Takes in one evidence file: strictly, whole or not at all, with every problem in it reported at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb

from muniment.adapters.door.encoding import inspect_encoding
from muniment.adapters.door.explain import Explained, explain
from muniment.adapters.door.fence import fenced
from muniment.adapters.door.header import Header, Heading, read_header
from muniment.adapters.door.intake import Intake
from muniment.adapters.door.placing import Extent, extent_of, has_row_faults, parse, put_in_place
from muniment.adapters.door.records import BrokenQuoting, Record, records_of
from muniment.adapters.door.shape import Sound, no_rows
from muniment.adapters.door.sources import (
    can_read,
    csv_source,
    is_readable,
    load_records,
    parquet_columns,
    parquet_source,
)
from muniment.adapters.door.store import count_by_month, write
from muniment.domain.evidence.normalised import Clock
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.language.columns import Column
from muniment.domain.regime.tables import Table

FileKind = Literal["csv", "parquet"]


@dataclass(frozen=True)
class _Delivery:
    """What `take_in` was asked."""

    file: Path
    shown_as: str
    table: Table
    zone: str
    expected: Period | None
    clocks: Collection[Clock]
    calendars: Mapping[str, Calendar]
    into: Path

    def connection(self) -> duckdb.DuckDBPyConnection:
        return fenced(folders=(self.file.parent, self.into.parent), spill=self.into.parent)


def take_in(
    *,
    file: Path,
    kind: FileKind,
    shown_as: str,
    table: Table,
    zone: str,
    expected: Period | None,
    clocks: Collection[Clock],
    calendars: Mapping[str, Calendar],
    into: Path,
) -> Intake:
    """Read a file, and write its normalised store to the path `into` unless an error is found.

    `shown_as` is the file's name in problems. `zone` is the contract's, for times without an offset. `expected` is the
    period that every row must fall in; None takes any. A CSV file is in UTF-8, with commas. In a Parquet file a
    problem's line is the row, counted from 1."""
    into.parent.mkdir(parents=True, exist_ok=True)
    delivery = _Delivery(
        file=file, shown_as=shown_as, table=table, zone=zone, expected=expected,
        clocks=clocks, calendars=calendars, into=into,
    )  # fmt: skip
    return _take_in_csv(delivery) if kind == "csv" else _take_in_parquet(delivery)


def _take_in_csv(delivery: _Delivery) -> Intake:
    file, shown_as = delivery.file, delivery.shown_as
    encoding = inspect_encoding(file=file, shown_as=shown_as)
    if encoding.problem is not None:
        return Intake(None, 0, problems=(encoding.problem,))
    try:
        heading = next(records_of(file=file, shown_as=shown_as), None)
    except BrokenQuoting as broken:
        return Intake(None, 0, problems=(broken.problem,))
    if heading is None:
        return Intake(None, 0, problems=(no_rows(shown_as),))
    headings = _headings(heading, shown_as)
    header = read_header(headings=headings, table=delivery.table)
    problems = header.problems or _bad_formats(delivery, [headings[position].place for position in header.positions])
    if problems:
        return Intake(None, 0, problems=problems, ignored=header.ignored)
    intake = None
    if encoding.is_tidy and heading.line == 1:
        intake = _quickly(delivery, csv_source(file=file, header=header))
    return replace(intake or _thoroughly_from_csv(delivery, header), ignored=header.ignored)


def _headings(record: Record, shown_as: str) -> tuple[Heading, ...]:
    return tuple(Heading(cell, record.place_of(number, shown_as=shown_as)) for number, cell in enumerate(record.cells))


def _take_in_parquet(delivery: _Delivery) -> Intake:
    place = Place(delivery.shown_as)
    with delivery.connection() as connection:
        try:
            types = parquet_columns(connection=connection, file=delivery.file)
        except duckdb.Error:
            problem = Problem(place, "E107", "this is not a Parquet file, or it is damaged", "export it again")
            return Intake(None, 0, problems=(problem,))
    header = read_header(headings=[Heading(name, place) for name in types], table=delivery.table)
    unreadable = (
        Problem(place, "E107", f"the column '{name}' is of the type {types[name]}", "export it as text or a plain type")
        for name in (column.name_in_file for column in delivery.table.columns)
        if name in types and not is_readable(types[name])
    )
    problems = (*header.problems, *unreadable) or _bad_formats(delivery, [place] * len(header.positions))
    if problems:
        return Intake(None, 0, problems=problems, ignored=header.ignored)
    source = parquet_source(file=delivery.file, columns=delivery.table.columns, types=types)
    return replace(_quickly(delivery, source) or _thoroughly_from_parquet(delivery, source), ignored=header.ignored)


def _bad_formats(delivery: _Delivery, places: Iterable[Place]) -> tuple[Problem, ...]:
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


def _quickly(delivery: _Delivery, source: str) -> Intake | None:
    """The store of a file in which nothing is wrong; None as soon as anything may be."""
    with delivery.connection() as connection:
        try:
            parse(connection=connection, source=source, table=delivery.table, keep_raw=False)
        except duckdb.Error:
            return None
        extent = extent_of(connection=connection, table=delivery.table)
        if extent.rows == 0 or extent.faulty:
            return None
        put_in_place(connection=connection, table=delivery.table, zone=delivery.zone, extent=extent)
        if has_row_faults(connection=connection, table=delivery.table, expected=delivery.expected):
            return None
        return _written(delivery, connection, extent)


def _thoroughly_from_csv(delivery: _Delivery, header: Header) -> Intake:
    file, shown_as = delivery.file, delivery.shown_as
    with delivery.connection() as connection:
        sound = Sound(records=records_of(file=file, shown_as=shown_as), width=header.width, shown_as=shown_as)
        source = load_records(connection=connection, records=sound.rows(), header=header)
        explained = _explain(delivery, connection, source)
        found = explained.problems_in_csv(file=file, shown_as=shown_as, positions=header.positions)
        return _concluded(delivery, connection, explained.extent, problems=(*sound.problems(), *found), rows=sound.read)


def _thoroughly_from_parquet(delivery: _Delivery, source: str) -> Intake:
    with delivery.connection() as connection:
        explained = _explain(delivery, connection, source)
        found = explained.problems_by_row(shown_as=delivery.shown_as)
        return _concluded(delivery, connection, explained.extent, problems=found, rows=explained.extent.rows)


def _explain(delivery: _Delivery, connection: duckdb.DuckDBPyConnection, source: str) -> Explained:
    return explain(
        connection=connection, source=source, table=delivery.table, zone=delivery.zone, expected=delivery.expected
    )


def _concluded(
    delivery: _Delivery,
    connection: duckdb.DuckDBPyConnection,
    extent: Extent,
    *,
    problems: tuple[Problem, ...],
    rows: int,
) -> Intake:
    if rows == 0 and not problems:
        return Intake(None, 0, problems=(no_rows(delivery.shown_as),))
    if problems:
        return Intake(None, rows, problems=tuple(sorted(set(problems))))
    return _written(delivery, connection, extent)


def _written(delivery: _Delivery, connection: duckdb.DuckDBPyConnection, extent: Extent) -> Intake:
    write(
        connection=connection, table=delivery.table, extent=extent, clocks=delivery.clocks,
        calendars=delivery.calendars, target=delivery.into,
    )  # fmt: skip
    months = count_by_month(connection=connection, table=delivery.table)
    return Intake(delivery.into, extent.rows, rows_by_month=months)

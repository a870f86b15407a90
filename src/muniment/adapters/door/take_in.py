"""Takes in one evidence file: strictly, whole or not at all, with every problem in it reported at once."""

from dataclasses import replace

import duckdb

from muniment.adapters.door.delivery import Delivery, Found, bad_formats, concluded, explained_from, quickly
from muniment.adapters.door.encoding import inspect_encoding
from muniment.adapters.door.header import Header, Heading, read_header
from muniment.adapters.door.intake import Intake
from muniment.adapters.door.parquet_footer import too_much_in
from muniment.adapters.door.records import BrokenQuoting, Record, records_of
from muniment.adapters.door.shape import Sound, no_rows
from muniment.adapters.door.sources import (
    csv_source,
    is_readable,
    load_records,
    parquet_columns,
    parquet_source,
)
from muniment.adapters.door.take_in_workbook import take_in_workbook
from muniment.domain.kernel.problem import Place, Problem


def take_in(delivery: Delivery) -> Intake:
    """Read a file, and write its normalised store unless an error is found.

    A CSV file is in UTF-8, with commas. In a Parquet file a problem's line is the row, counted from 1; in a workbook
    line and column are those of the cell."""
    delivery.into.parent.mkdir(parents=True, exist_ok=True)
    if delivery.kind == "xlsx":
        return take_in_workbook(delivery)
    return _take_in_csv(delivery) if delivery.kind == "csv" else _take_in_parquet(delivery)


def _take_in_csv(delivery: Delivery) -> Intake:
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
    problems = header.problems or bad_formats(delivery, [headings[position].place for position in header.positions])
    if problems:
        return Intake(None, 0, problems=problems, ignored=header.ignored)
    intake = None
    if encoding.is_tidy and heading.line == 1:
        intake = quickly(delivery, csv_source(file=file, header=header))
    return replace(intake or _thoroughly_from_csv(delivery, header), ignored=header.ignored)


def _headings(record: Record, shown_as: str) -> tuple[Heading, ...]:
    places = record.places(shown_as=shown_as)
    return tuple(Heading(cell, place) for cell, place in zip(record.cells, places, strict=True))


def _take_in_parquet(delivery: Delivery) -> Intake:
    place = Place(delivery.shown_as)
    with delivery.connection() as connection:
        too_much = None
        try:
            if delivery.limits is not None:
                too_much = too_much_in(
                    connection=connection, file=delivery.file, limits=delivery.limits, shown_as=delivery.shown_as
                )
            types = parquet_columns(connection=connection, file=delivery.file)
        except duckdb.Error:
            problem = Problem(place, "E107", "this is not a Parquet file, or it is damaged", "export it again")
            return Intake(None, 0, problems=(problem,))
    if too_much is not None:
        return Intake(None, 0, problems=(too_much,))
    header = read_header(headings=[Heading(name, place) for name in types], table=delivery.table)
    unreadable = (
        Problem(place, "E107", f"the column '{name}' is of the type {types[name]}", "export it as text or a plain type")
        for name in (column.name_in_file for column in delivery.table.columns)
        if name in types and not is_readable(types[name])
    )
    problems = (*header.problems, *unreadable) or bad_formats(delivery, [place] * len(header.positions))
    if problems:
        return Intake(None, 0, problems=problems, ignored=header.ignored)
    source = parquet_source(file=delivery.file, columns=delivery.table.columns, types=types)
    return replace(quickly(delivery, source) or _thoroughly_from_parquet(delivery, source), ignored=header.ignored)


def _thoroughly_from_csv(delivery: Delivery, header: Header) -> Intake:
    file, shown_as = delivery.file, delivery.shown_as
    with delivery.connection() as connection:
        sound = Sound(
            records=records_of(file=file, shown_as=shown_as), width=header.width, shown_as=shown_as,
            listed=delivery.listed,
        )  # fmt: skip
        source = load_records(connection=connection, records=sound.rows(), header=header)
        explained = explained_from(delivery, connection, source)
        flaws, rest = explained.flaws_in_csv(file=file, shown_as=shown_as, positions=header.positions)
        ragged, others = sound.flaws()
        found = Found(
            flaws=(*ragged, *flaws),
            rest=(*others, *rest),
            counts=explained.counts | ({"E105": sound.ragged} if sound.ragged else {}),
            faulty_rows=explained.faulty_rows + sound.ragged,
            rows=sound.read,
        )
        return concluded(delivery, connection, explained.extent, found=found)


def _thoroughly_from_parquet(delivery: Delivery, source: str) -> Intake:
    with delivery.connection() as connection:
        explained = explained_from(delivery, connection, source)
        flaws, rest = explained.flaws_by_row(shown_as=delivery.shown_as)
        rows = explained.extent.rows
        found = Found(flaws, rest, explained.counts, explained.faulty_rows, rows)
        return concluded(delivery, connection, explained.extent, found=found)

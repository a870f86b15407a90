"""Ingests one evidence file (CSV, Parquet or workbook), whole or not at all, with all its problems reported at once."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.delivery import Delivery, FileFindings, bad_formats, concluded, explained_from, quickly
from muniment.adapters.ingestion.encoding import inspect_encoding
from muniment.adapters.ingestion.header import Header, Heading, read_header
from muniment.adapters.ingestion.intake import Flaw, Intake
from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.ingestion.records import QuotingError, Record, RowFilter, no_rows, records_of
from muniment.adapters.ingestion.sources import csv_source, is_readable, load_records, parquet_columns, parquet_source
from muniment.adapters.ingestion.workbook import (
    OddCells,
    Sheet,
    flaws_of_sheet,
    in_cell,
    read_workbook,
    sheet_source,
    write_csv,
)
from muniment.domain.kernel.problem import Place, Problem


def take_in_workbook(delivery: Delivery) -> Intake:
    """As `take_in`. Formulas, errors and merged cells of a column that the table reads are problems."""
    with TemporaryDirectory(prefix="muniment-sheet-") as folder:
        sheet = read_workbook(
            file=delivery.file, shown_as=delivery.shown_as, table=delivery.table.name, folder=Path(folder)
        )
        if isinstance(sheet, Problem):
            return Intake(None, 0, problems=(sheet,))
        return _take_in_sheet(delivery, sheet)


def _take_in_sheet(delivery: Delivery, sheet: Sheet) -> Intake:
    if not sheet.headings:
        return Intake(None, 0, problems=(no_rows(sheet.shown_as(delivery.shown_as)),))
    headings = tuple(sheet.places(delivery.shown_as))
    header = read_header(headings=headings, table=delivery.table)
    problems = header.problems or bad_formats(delivery, [headings[position].place for position in header.positions])
    if problems:
        return Intake(None, 0, problems=problems, ignored=header.ignored)
    source = sheet_source(sheet=sheet, header=header, columns=delivery.table.columns)
    odd = flaws_of_sheet(sheet=sheet, header=header, shown_as=delivery.shown_as, listed=delivery.listed)
    intake = None if odd.counts else quickly(delivery, source, sheet.cells.parent)
    if intake is None:
        intake = _thoroughly(delivery, sheet, header, source, odd)
    if intake.parquet is not None and delivery.as_csv is not None:
        with delivery.connection(sheet.cells.parent, delivery.as_csv.parent) as connection:
            write_csv(connection=connection, source=source, columns=delivery.table.columns, target=delivery.as_csv)
    return replace(intake, ignored=header.ignored)


def _thoroughly(delivery: Delivery, sheet: Sheet, header: Header, source: str, odd: OddCells) -> Intake:
    with delivery.connection(sheet.cells.parent) as connection:
        explained = explained_from(delivery, connection, source, also_faulty=odd.rows)
        flaws, rest = explained.flaws_in_sheet(shown_as=sheet.shown_as(delivery.shown_as), positions=header.positions)
        cells = {flaw.problem.place for flaw in odd.flaws}
        kept = [_named(flaw) for flaw in flaws if flaw.problem.place not in cells]
        said_already = Counter(flaw.problem.code for flaw in flaws if flaw.problem.place in cells)
        found = FileFindings(
            flaws=(*odd.flaws, *kept),
            rest=(*odd.rest, *rest),
            counts=+(Counter(explained.counts) - said_already + Counter(odd.counts)),
            faulty_rows=explained.faulty_rows,
            rows=explained.extent.rows,
        )
        return concluded(delivery, connection, explained.extent, found=found)


def _named(flaw: Flaw) -> Flaw:
    return replace(flaw, problem=in_cell(flaw.problem))


def too_much_in(*, connection: DuckDBPyConnection, file: Path, limits: ReadingLimits, shown_as: str) -> Problem | None:
    """Raises duckdb.Error where the file is no Parquet file."""
    groups = (
        "SELECT max(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS size FROM parquet_metadata(?)"
        " GROUP BY row_group_id"
    )
    counts = f"SELECT coalesce(sum(rows), 0), coalesce(sum(size), 0) FROM ({groups})"  # noqa: S608  # two literals
    path = str(file.resolve())
    in_groups, size = connection.execute(counts, [path]).fetchall()[0]
    ((told,),) = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [path]).fetchall()
    rows = max(in_groups, told)
    if rows > limits.rows:
        what = f"the file holds {rows:,} rows, and at most {limits.rows:,} are taken in"
    elif size > limits.unpacked:
        what = f"the file unpacks to {size // MB:,} MB, and at most {limits.unpacked // MB:,} MB are taken in"
    else:
        return None
    remedy = "send the rows of this month alone, or ask whoever runs the site for a higher limit"
    return Problem(Place(shown_as), "E139", what, remedy)


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
    except QuotingError as broken:
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
        sound = RowFilter(
            records=records_of(file=file, shown_as=shown_as), width=header.width, shown_as=shown_as,
            listed=delivery.listed,
        )  # fmt: skip
        source = load_records(connection=connection, records=sound.rows(), header=header)
        explained = explained_from(delivery, connection, source)
        flaws, rest = explained.flaws_in_csv(file=file, shown_as=shown_as, positions=header.positions)
        ragged, others = sound.flaws()
        found = FileFindings(
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
        found = FileFindings(flaws, rest, explained.counts, explained.faulty_rows, rows)
        return concluded(delivery, connection, explained.extent, found=found)

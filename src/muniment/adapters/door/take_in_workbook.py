"""Takes in a workbook: its sheet becomes the text that a CSV file would have held, and goes the same way from there."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.adapters.door.delivery import Delivery, Found, bad_formats, concluded, explained_from, quickly
from muniment.adapters.door.header import Header, read_header
from muniment.adapters.door.intake import Flaw, Intake
from muniment.adapters.door.shape import no_rows
from muniment.adapters.door.sheet_problems import OddCells, flaws_of_sheet, in_cell
from muniment.adapters.door.workbook import Sheet, read_workbook, sheet_source, write_csv
from muniment.domain.kernel.problem import Problem


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
        found = Found(
            flaws=(*odd.flaws, *kept),
            rest=(*odd.rest, *rest),
            counts=+(Counter(explained.counts) - said_already + Counter(odd.counts)),
            faulty_rows=explained.faulty_rows,
            rows=explained.extent.rows,
        )
        return concluded(delivery, connection, explained.extent, found=found)


def _named(flaw: Flaw) -> Flaw:
    return replace(flaw, problem=in_cell(flaw.problem))

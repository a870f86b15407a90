"""The audit workbook: rows with their dispositions, and every figure a live formula over them.

A spreadsheet program alone must bring the figures out, so formulas carry no stored results: what is shown was computed
by the program that shows it. The same content makes the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from muniment.adapters.documents.workbook_formulas import RowsAt, disposition_words
from muniment.adapters.documents.workbook_kpis import write_kpis
from muniment.domain.assessment.result import Result
from muniment.domain.evidence.engine import OUT_OF_SCOPE, Row
from muniment.domain.kernel.period import Moment, Month
from muniment.domain.language.columns import Value
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure

CREATED = datetime(2000, 1, 1)  # some date, always the same
LONGEST_TEXT = 32_767
"""Characters that a cell can hold."""
LONGEST_NAME = 31
ROWS_ON_A_SHEET = 1_000_000
"""Excel holds 1,048,576; a table with more rows goes on another sheet."""
DAY_ZERO = date(1899, 12, 30)
FIRST_SAFE_DAY = date(1900, 3, 1)
"""Excel believes in a 29 February 1900; earlier days are written as text."""
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TAKEN_NAMES = ("kpis", "about", "history")


@dataclass(frozen=True)
class AuditTable:
    """The rows of one table that the month's KPIs read. `dispositions`: for each measure, row id -> code; a row that is
    not there is out of scope."""

    table: Table
    rows: Iterable[Row]
    dispositions: Mapping[Measure, Mapping[str, int]]


@dataclass(frozen=True)
class Audit:
    """`about`: lines of label and text for the first sheet. `results`: of the month, in the order of the text."""

    title: str
    about: Sequence[tuple[str, str]]
    results: Sequence[Result]
    tables: Sequence[AuditTable]


@dataclass(frozen=True)
class Styles:
    """The few formats of the workbook."""

    title: Format
    heading: Format
    wrapped: Format
    day: Format
    moment: Format
    harmless: Format


def workbook(audit: Audit) -> bytes:
    """The workbook as an .xlsx file: 'About', 'KPIs', then a sheet for each table."""
    stream = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(stream, options)
    book.set_properties({"title": audit.title, "created": CREATED})
    book.set_calc_mode("auto")
    styles = _styles(book)
    about, kpis = book.add_worksheet("About"), book.add_worksheet("KPIs")
    _write_about(about, audit, styles)
    names = set(TAKEN_NAMES)
    placed: dict[Measure, list[RowsAt]] = {}
    for table in audit.tables:
        _write_table(book, table, styles=styles, names=names, placed=placed)
    write_kpis(kpis, title=audit.title, results=audit.results, placed=placed, heading=styles.heading, bold=styles.title)
    book.close()
    return stream.getvalue()


def _styles(book: Workbook) -> Styles:
    return Styles(
        title=book.add_format({"bold": True, "font_size": 14}),
        heading=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        harmless=book.add_format({"quote_prefix": True}),
    )


def _write_about(sheet: Worksheet, audit: Audit, styles: Styles) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, audit.title, styles.title)
    for number, (label, words) in enumerate(audit.about, start=2):
        sheet.write_string(number, 0, label, styles.wrapped)
        sheet.write_string(number, 1, words, styles.wrapped)


def _write_table(
    book: Workbook, table: AuditTable, *, styles: Styles, names: set[str], placed: dict[Measure, list[RowsAt]]
) -> None:
    """The table's rows, on as many sheets as they need; notes in `placed` where each measure's rows are."""
    declared = [column.name for column in table.table.columns]
    headings = ["Row", "Month", *declared, *_measure_headings(table.dispositions)]
    sheet, written = _new_sheet(book, table.table.name, headings, styles, names), 0
    for row in table.rows:
        if written == ROWS_ON_A_SHEET:
            _note_place(table, sheet, written, placed)
            sheet, written = _new_sheet(book, table.table.name, headings, styles, names), 0
        written += 1
        _write_row(sheet, written, row, table, styles)
    _note_place(table, sheet, written, placed)


def _new_sheet(book: Workbook, table: str, headings: Sequence[str], styles: Styles, names: set[str]) -> Worksheet:
    sheet = book.add_worksheet(_sheet_name(table, names))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(headings) - 1, 18)
    for number, heading in enumerate(headings):
        sheet.write_string(0, number, heading, styles.heading)
    return sheet


def _sheet_name(table: str, names: set[str]) -> str:
    """A name that Excel takes: short, without its reserved marks, and not another sheet's in any case of letters."""
    plain = "".join("_" if letter in "[]:*?/\\'" else letter for letter in table)
    name, number = plain[:LONGEST_NAME], 1
    while name.casefold() in names:
        number += 1
        tail = f" ({number})"
        name = plain[: LONGEST_NAME - len(tail)] + tail
    names.add(name.casefold())
    return name


def _measure_headings(measures: Iterable[Measure]) -> list[str]:
    """The measures' names; a measure that was amended within a quarter is there in both its forms."""
    headings: list[str] = []
    for measure in measures:
        number = sum(heading.split(" (")[0] == measure.name for heading in headings) + 1
        headings.append(measure.name if number == 1 else f"{measure.name} ({number})")
    return headings


def _note_place(table: AuditTable, sheet: Worksheet, rows: int, placed: dict[Measure, list[RowsAt]]) -> None:
    columns = {column.name: number for number, column in enumerate(table.table.columns, start=2)}
    first = 2 + len(table.table.columns)
    for number, measure in enumerate(table.dispositions, start=first):
        place = RowsAt(sheet=str(sheet.name), rows=rows, disposition=number, columns=columns)
        placed.setdefault(measure, []).append(place)


def _write_row(sheet: Worksheet, number: int, row: Row, table: AuditTable, styles: Styles) -> None:
    _write_text(sheet, number, 0, row.id, styles)
    month = Month.of(row.day)
    sheet.write_number(number, 1, month.year * 100 + month.number)
    for position, column in enumerate(table.table.columns, start=2):
        _write_cell(sheet, number, position, row.cells[column.name], styles)
    for position, (measure, codes) in enumerate(table.dispositions.items(), start=2 + len(table.table.columns)):
        sheet.write_string(number, position, disposition_words(measure, codes.get(row.id, OUT_OF_SCOPE)))


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value | None, styles: Styles) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_string(row, column, "yes" if value else "no")
        case Decimal():
            sheet.write_number(row, column, float(value))
        case Moment():
            if value.day < FIRST_SAFE_DAY:
                sheet.write_string(
                    row, column, f"{value.day} {value.second // 3600:02d}:{value.second % 3600 // 60:02d}"
                )
            else:
                sheet.write_number(row, column, (value.day - DAY_ZERO).days + value.second / 86_400, styles.moment)
        case date():
            if value < FIRST_SAFE_DAY:
                sheet.write_string(row, column, value.isoformat())
            else:
                sheet.write_number(row, column, (value - DAY_ZERO).days, styles.day)
        case _:
            _write_text(sheet, row, column, value, styles)


def _write_text(sheet: Worksheet, row: int, column: int, value: str, styles: Styles) -> None:
    """As text, marked as such where a program that saves it as CSV would hand on a formula."""
    runs = value.startswith(_RUNS_AS_FORMULA)
    sheet.write_string(row, column, value[:LONGEST_TEXT], styles.harmless if runs else None)

"""Workbooks for tests: written by a real program, or by hand where no program would write such a thing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

HEADING = ("call_id", "offered_at", "ended_by", "test_call", "cost", "paid_on")
AT, ON = datetime(2019, 10, 1, 9), date(2019, 10, 2)
GOOD: tuple[object, ...] = ("C1", AT, "agent", False, 1.5, ON)
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Iterable[Sequence[object]], *, sheet: str = "Sheet1", others: Sequence[str] = ()) -> bytes:
    """A workbook with the rows. A cell that is a pair is a number and its format; `others`: sheets before this one."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    for other in others:
        book.add_worksheet(other).write_string(0, 0, "not this one")
    page = book.add_worksheet(sheet)
    moment, day = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}), book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                page.write_datetime(number, column, cell, moment)
            elif isinstance(cell, date):
                page.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, tuple):
                page.write_number(number, column, cell[0], book.add_format({"num_format": cell[1]}))
            elif isinstance(cell, str) and not cell.startswith("="):
                page.write_string(number, column, cell)
            else:
                page.write(number, column, cell)
    book.close()
    return out.getvalue()


def changed(content: bytes, *, members: Mapping[str, bytes]) -> bytes:
    """The workbook with members replaced or added."""
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed([*{**parts, **members}.items()])


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def member(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


def cells(xml: str) -> bytes:
    """A good workbook whose sheet has these rows instead of its own."""
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{xml}</sheetData></worksheet>"
    )
    return changed(workbook([HEADING, GOOD]), members={SHEET: sheet.encode()})

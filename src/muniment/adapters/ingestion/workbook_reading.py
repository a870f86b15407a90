"""Reads a workbook, in a child process of its own: the zip first, the sheet, then the values as text.

What is found: cells.csv (the row's number, then its cells as text) and found.json, or that with a refusal.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.adapters.ingestion.workbook_scan import PERCENT, CellNotes, scan, sheet_of
from muniment.adapters.ingestion.workbook_zip import UnreadableWorkbookError, not_a_workbook, open_checked
from muniment.domain.kernel.problem import Place

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_Value = int | float | str | bool | time | date | datetime | timedelta
DAY_MARK = "\x01"
"""Before a date or time that the workbook holds as such, not as text. No text of a workbook may hold it."""
SURE_DIGITS = 15
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class WorkbookErrand:
    """A workbook, the table whose sheet is wanted, and the folder for what is found: what the child process does."""

    file: Path
    shown_as: str
    table: str
    folder: Path

    def done(self) -> None:
        found: dict[str, object]
        try:
            found = read(file=self.file, shown_as=self.shown_as, table=self.table, folder=self.folder)
        except UnreadableWorkbookError as refused:
            problem = refused.problem
            found = {"refused": [problem.place.file, problem.code, problem.what, problem.remedy]}
        (self.folder / "found.json").write_text(json.dumps(found), encoding="utf-8")


@dataclass
class _Writing:
    """Cells become text, row by row. `with_times`: columns in which some date has a time of day."""

    noted: CellNotes
    with_times: set[int] = field(default_factory=set)

    def text(self, value: _Value, row: int, column: int) -> str:
        if isinstance(value, str):
            return self._words(value, row, column)
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return self._number(value, row, column)
        if isinstance(value, datetime):
            moment = _whole_second(value)
            self.with_times.add(column)
            return f"{DAY_MARK}{moment.isoformat(sep=' ')}"
        return f"{DAY_MARK}{value.isoformat()}" if isinstance(value, date) else str(value)

    def _words(self, value: str, row: int, column: int) -> str:
        if "_x" in value:
            value = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        if NOT_TEXT.search(value):
            self.noted.note("control", row, column)
            return NOT_TEXT.sub("?", value)
        return value

    def _number(self, value: int | float, row: int, column: int) -> str:
        if not isfinite(value) or abs(value) >= 10**SURE_DIGITS:
            self.noted.note("unsure", row, column)
            return ""
        exact = Decimal(f"{value:.{SURE_DIGITS}g}")
        shown = self.noted.shown.get((row, column), "")
        if shown == PERCENT:
            return f"{_plain(exact * 100)}%"
        plain = _plain(exact)
        return plain.zfill(len(shown)) if shown and plain.isdigit() else plain


def _plain(number: Decimal) -> str:
    written = format(number, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _whole_second(value: datetime) -> datetime:
    """A workbook counts in days, so that a second is off by a millionth: the nearest one is meant."""
    nearest = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return nearest if abs(nearest - value) <= MOMENT else value


def read(*, file: Path, shown_as: str, table: str, folder: Path) -> dict[str, object]:
    """Read the sheet into folder/cells.csv, and tell what was found. Raises UnreadableWorkbookError."""
    place = Place(shown_as)
    with open_checked(file=file, shown_as=shown_as) as archive:
        part = sheet_of(archive, table=table, place=place)
        noted = scan(archive, part, place=place)
    writing = _Writing(noted)
    rows = _rows(_opened(file, part.name, place))
    heading_row, headings = next(rows, (0, []))
    shown = [writing.text(cell, heading_row, number).lstrip(DAY_MARK) for number, cell in enumerate(headings, start=1)]
    with (folder / "cells.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(_lines(rows, writing))
    return {
        **{kind: [list(cell) for cell in cells] for kind, cells in noted.cells.items()},
        "counts": dict(noted.counts),
        "sheet": part.name,
        "heading_row": heading_row,
        "headings": shown,
        "merged": [list(area) for area in noted.merged],
        "with_times": [[column] for column in sorted(writing.with_times)],
    }


def _opened(file: Path, sheet: str, place: Place) -> "CalamineSheet":
    from python_calamine import CalamineError, load_workbook

    try:
        return load_workbook(str(file)).get_sheet_by_name(sheet)
    except (CalamineError, OSError, ValueError):
        raise not_a_workbook(place) from None


def _rows(sheet: "CalamineSheet") -> Iterator[tuple[int, list[_Value]]]:
    """Every row that holds anything, with its number from 1. Cells begin with column A."""
    if sheet.start is None:
        return
    before: list[_Value] = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" and not (isinstance(cell, str) and not cell.strip()) for cell in row):
            yield number, [*before, *row]


def _lines(rows: Iterable[tuple[int, list[_Value]]], writing: _Writing) -> Iterator[list[str]]:
    for number, row in rows:
        yield [str(number), *(writing.text(cell, number, column) for column, cell in enumerate(row, start=1))]

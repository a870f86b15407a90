"""Scans a sheet's XML for what its text does not show: formulas, errors, cells given twice, merged cells, formats.

Read from the sheet's own XML, before its values are.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from muniment.adapters.ingestion.workbook_zip import SAVE_AS_CSV, UnreadableWorkbookError, not_a_workbook
from muniment.domain.kernel.problem import Place, Problem

_ROWS, _COLUMNS = 200_000, 200
_NOTED = 1_000
"""How many cells of a kind are named; the others are counted."""
Attributes = dict[str, str]
PERCENT = "%"
BUILT_IN = {"9": PERCENT, "10": PERCENT}


@dataclass(frozen=True)
class SheetMember:
    """A worksheet: its name, and its member of the zip."""

    name: str
    member: str


@dataclass
class CellNotes:
    """Cells (row, column, from 1) by kind. `shown`: a number's cell -> '%', or the zeros it is filled up with."""

    cells: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)

    def note(self, kind: str, row: int, column: int) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= _NOTED:
            self.cells.setdefault(kind, []).append((row, column))


def sheet_of(archive: ZipFile, *, table: str, place: Place) -> SheetMember:
    """The sheet that has the table's name, else the first that people can see. Raises UnreadableWorkbookError."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, bool]] = []

    def relation(name: str, given: Attributes) -> None:
        if name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            targets[given.get("Id", "")] = given.get("Target", "")

    def sheet(name: str, given: Attributes) -> None:
        if name == "sheet":
            called = next((value for key, value in given.items() if _local(key) == "id"), "")
            sheets.append((given.get("name", ""), called, given.get("state", "visible") == "visible"))

    _walk(archive, "xl/_rels/workbook.xml.rels", relation, place)
    _walk(archive, "xl/workbook.xml", sheet, place)
    found = [(name, targets[called], is_seen) for name, called, is_seen in sheets if called in targets]
    named = [item for item in found if item[0].strip().casefold() == table.casefold()]
    seen = [item for item in found if item[2]]
    for name, target, _ in named or seen or found:
        return SheetMember(name, target.lstrip("/") if target.startswith("/") else normpath(join("xl", target)))
    raise not_a_workbook(place)


def scan(archive: ZipFile, part: SheetMember, *, place: Place) -> CellNotes:
    """Go through the sheet's cells once. Raises UnreadableWorkbookError where it is too large or contradicts itself."""
    sheet = _Sheet(Place(f"{place.file} ({part.name})"), _formats(archive, place))
    _walk(archive, part.member, sheet.start, place)
    return sheet.noted


class _Sheet:
    """Follows the elements of a worksheet."""

    def __init__(self, place: Place, formats: Mapping[str, str]) -> None:
        self.noted = CellNotes()
        self._place = place
        self._formats = formats
        self._row = self._column = 0
        self._columns: list[int] = []
        self._given: Attributes = {}

    def start(self, name: str, given: Attributes) -> None:
        if name == "c":
            self._cell(given)
        elif name == "v":
            self._value()
        elif name == "row":
            self._begin_row(given)
        elif name == "f":
            self.noted.note("formula", self._row, self._column)
        elif name == "dimension":
            self._dimension(given.get("ref", ""))
        elif name == "mergeCell":
            self._merged(given.get("ref", ""))

    def _begin_row(self, given: Attributes) -> None:
        row = int(given.get("r", self._row + 1))
        if row <= self._row:
            raise self._contradicts(f"the row {row} is given twice, or comes after a later one")
        self._row, self._column = row, 0
        self._columns.clear()

    def _cell(self, given: Attributes) -> None:
        named = given.get("r")
        column = self._column + 1
        if named is not None:
            letters = named.rstrip("0123456789")
            column = column_number(letters)
            if int(named[len(letters) :]) != self._row:
                raise self._contradicts(f"the cell {named} stands in row {self._row}")
        if column <= self._column and column in self._columns:
            raise self._contradicts(f"the cell {column_letters(column)}{self._row} is given twice")
        self._columns.append(column)
        self._column, self._given = column, given
        if given.get("t") == "e":
            self.noted.note("error", self._row, column)

    def _value(self) -> None:
        if self._row > _ROWS or self._column > _COLUMNS:
            raise self._too_wide(f"{max(self._row, _ROWS):,} rows and {max(self._column, _COLUMNS):,} columns or more")
        given = self._given
        if given.get("s") in self._formats and given.get("t", "n") == "n":
            self.noted.shown[self._row, self._column] = self._formats[given["s"]]

    def _dimension(self, written: str) -> None:
        area = _area(written)
        if area is not None and (area[2] > _ROWS or area[3] > _COLUMNS):
            raise self._too_wide(f"{area[2]:,} rows and {area[3]:,} columns")

    def _merged(self, written: str) -> None:
        area = _area(written)
        if area is not None and len(self.noted.merged) < _NOTED:
            self.noted.merged.append(area)

    def _too_wide(self, size: str) -> UnreadableWorkbookError:
        what = f"the sheet says that it has {size}; at most {_ROWS:,} rows and {_COLUMNS} columns are read"
        remedy = f"delete the empty rows and columns after the data, or {SAVE_AS_CSV}"
        return UnreadableWorkbookError(Problem(self._place, "E131", what, remedy))

    def _contradicts(self, what: str) -> UnreadableWorkbookError:
        return UnreadableWorkbookError(
            Problem(self._place, "E134", what, "open it, save it again, and look at that row")
        )


def _formats(archive: ZipFile, place: Place) -> Mapping[str, str]:
    """Number of a cell style -> how it shows a number, where that is not what the cell holds."""
    codes: dict[str, str] = dict(BUILT_IN)
    styles: dict[str, str] = {}
    within: list[str] = []

    def style(name: str, given: Attributes) -> None:
        if name in ("cellXfs", "cellStyleXfs", "dxfs", "numFmts"):
            within[:] = [name]
        elif name == "numFmt" and within == ["numFmts"] and (said := _said(given.get("formatCode", ""))):
            codes[given.get("numFmtId", "")] = said
        elif name == "xf" and within == ["cellXfs"]:
            number.append(given.get("numFmtId", "0"))

    number: list[str] = []
    if "xl/styles.xml" in archive.namelist():
        _walk(archive, "xl/styles.xml", style, place)
    for position, used in enumerate(number):
        if used in codes:
            styles[str(position)] = codes[used]
    return styles


def _said(code: str) -> str:
    plain = re.sub(r'"[^"]*"|\\.', "", code)
    if PERCENT in plain:
        return PERCENT
    return plain if re.fullmatch("0{2,40}", plain) else ""


def _walk(archive: ZipFile, member: str, start: Callable[[str, Attributes], None], place: Place) -> None:
    """Call `start` for every element, by its name without its namespace. Raises UnreadableWorkbookError."""
    parser = expat.ParserCreate(namespace_separator=" ")
    names: dict[str, str] = {}

    def begun(name: str, given: Attributes) -> None:
        if (local := names.get(name)) is None:
            local = names[name] = _local(name)
        start(local, given)

    def declared(*_: object) -> None:
        raise not_a_workbook(place)

    parser.StartElementHandler = begun
    parser.StartDoctypeDeclHandler = declared
    try:
        stream: IO[bytes] = archive.open(_actual(archive, member))
        with stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, KeyError, ValueError):
        raise not_a_workbook(place) from None


def _actual(archive: ZipFile, member: str) -> str:
    """The member by its name in whatever case: readers of spreadsheets do not mind."""
    return next((name for name in archive.namelist() if name.casefold() == member.casefold()), member)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _area(written: str) -> tuple[int, int, int, int] | None:
    """A1:C9 as first row, first column, last row, last column."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,9})(?::\$?([A-Za-z]{1,3})\$?(\d{1,9}))?", written)
    if found is None:
        return None
    first, row, last, end = found.groups()
    return int(row), column_number(first), int(end or row), column_number(last or first)


@lru_cache(maxsize=1_024)
def column_number(letters: str) -> int:
    """A -> 1, AB -> 28. Raises ValueError."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= 1 << 20:
        raise ValueError(letters)
    return number


def column_letters(number: int) -> str:
    """1 -> A, 28 -> AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

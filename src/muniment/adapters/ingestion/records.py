"""Reads a CSV file strictly into records with positions; reports rows of the wrong length, and files cut short."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from muniment.adapters.ingestion.intake import Flaw
from muniment.adapters.ingestion.messages import more_words
from muniment.domain.kernel.problem import Place, Problem

LINE_BREAK = re.compile(r"\r\n|\r|\n")

EDGES = (65_536, 1_048_576)
"""How many rows a sheet of an old and of a new spreadsheet program can have."""


@dataclass(frozen=True)
class Record:
    """`number` counts from 0, the heading row. `line` is where it starts. `text` is as the file has it."""

    number: int
    line: int
    cells: tuple[str, ...]
    text: str

    def place_of(self, cell: int, *, shown_as: str) -> Place:
        """Line and character of the cell with that number (from 0)."""
        offset = _offset_of(self.text, cell)
        lines = self.text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return Place(shown_as, self.line + len(lines) - 1, len(lines[-1]) + 1)

    def places(self, *, shown_as: str) -> Iterator[Place]:
        """The place of every cell, in order: a heading may have thousands."""
        line, begins, offset = self.line, 0, 0
        for _ in self.cells:
            yield Place(shown_as, line, offset - begins + 1)
            after = _after_cell(self.text, offset)
            breaks = [*LINE_BREAK.finditer(self.text, offset, after)]
            if breaks:
                line, begins = line + len(breaks), breaks[-1].end()
            offset = after + 1


class QuotingError(Exception):
    """The file cannot be divided into records from this place on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass
class _Lines:
    """Hands lines to the reader, and keeps those that the record at hand has used."""

    lines: Iterable[str]
    taken: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.taken.append(line)
            yield line


def records_of(*, file: Path, shown_as: str) -> Iterator[Record]:
    """Every record that is not blank, the heading row first. The file is known to be UTF-8.

    Raises QuotingError where a quotation mark stands in the wrong place."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = _Lines(stream)
        reader = csv.reader(lines, strict=True)
        number = 0
        while True:
            line = reader.line_num + 1
            lines.taken.clear()
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise QuotingError(_quoting(error, Place(shown_as, line), lines.taken)) from None
            if cells is None:
                return
            if not any(cell.strip() for cell in cells) and len(cells) < 2:
                continue
            yield Record(number=number, line=line, cells=tuple(cells), text="".join(lines.taken))
            number += 1


def _quoting(error: csv.Error, place: Place, taken: list[str]) -> Problem:
    words = str(error)
    if "expected after" in words:
        what = "a quotation mark in this row closes before the cell ends"
        return Problem(place, "E106", what, 'write a quotation mark inside a quoted cell twice: ""')
    if "field larger" in words:
        what = "a cell that starts in this row holds more than 131,072 characters"
        return Problem(place, "E106", what, "look for a quotation mark that is opened and never closed")
    what = "a quotation mark is opened in this row and never closed"
    remedy = f"close it, or remove it; the row was read to line {place.line + len(taken) - 1}"
    return Problem(place, "E106", what, remedy)


def _offset_of(text: str, cell: int) -> int:
    offset = 0
    for _ in range(cell):
        offset = _after_cell(text, offset) + 1
    return offset


def _after_cell(text: str, start: int) -> int:
    """The offset of the comma or line end after the cell that starts here."""
    at = start
    if text.startswith('"', start):
        at = start + 1
        while text.startswith('""', at) or not text.startswith('"', at):
            at += 2 if text.startswith('""', at) else 1
        at += 1
    while at < len(text) and text[at] not in ",\r\n":
        at += 1
    return at


def no_rows(shown_as: str) -> Problem:
    return Problem(Place(shown_as), "E101", "the file holds no rows", "export it again with its rows")


def edge_warnings(shown_as: str, rows: int) -> tuple[Problem, ...]:
    """A file that ends at the very row where spreadsheets end may have been cut off there."""
    if rows + 1 not in EDGES and rows not in EDGES:
        return ()
    what = f"the file ends at row {rows + 1:,}, where a spreadsheet ends, and rows after it may have been cut off"
    remedy = "compare the number of rows with its source; export it as CSV straight from there"
    return (Problem(Place(shown_as, rows + 1), "E138", what, remedy, "warning"),)


@dataclass
class RowFilter:
    """Lets through the rows with `width` cells, and remembers what was wrong with the others.

    Empty cells beyond the heading, which spreadsheets like to leave, are no cells."""

    records: Iterator[Record]
    width: int
    shown_as: str
    listed: int
    read: int = 0
    _ragged: list[Flaw] = field(default_factory=list)
    _unlisted: list[Place] = field(default_factory=list)
    _broken: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[Record]:
        """The sound rows, without the heading. To be walked once."""
        try:
            for record in self.records:
                if record.number == 0:
                    continue
                self.read += 1
                if len(record.cells) >= self.width and not any(record.cells[self.width :]):
                    yield record
                else:
                    self._note(record)
        except QuotingError as broken:
            self._broken.append(broken.problem)

    @property
    def ragged(self) -> int:
        """After the walk: how many rows had another number of cells."""
        return len(self._ragged) + len(self._unlisted)

    def flaws(self) -> tuple[tuple[Flaw, ...], tuple[Problem, ...]]:
        """After the walk: the rows that are listed; one problem for those that are not, and where the file broke."""
        rest: list[Problem] = []
        if self._unlisted:
            words = more_words(code="E105", count=len(self._unlisted), listed=self.listed)
            rest.append(Problem(self._unlisted[0], "E105", *words))
        return tuple(self._ragged), (*rest, *self._broken)

    def _note(self, record: Record) -> None:
        place = Place(self.shown_as, record.line)
        if len(self._ragged) == self.listed:
            self._unlisted.append(place)
            return
        cells = len(record.cells)
        if cells > self.width:
            remedy = "put a cell that holds a comma in quotation marks"
        else:
            remedy = "put the missing commas, or a quotation mark round a cell that holds a line break"
        what = f"this row has {cells} {'cell' if cells == 1 else 'cells'}, the heading has {self.width}"
        self._ragged.append(Flaw(Problem(place, "E105", what, remedy), "", ""))

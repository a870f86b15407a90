"""The shape of a CSV file: rows, each with as many cells as the heading."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from muniment.adapters.door.intake import Flaw
from muniment.adapters.door.messages import more_words
from muniment.adapters.door.records import BrokenQuoting, Record
from muniment.domain.kernel.problem import Place, Problem

EDGES = (65_536, 1_048_576)
"""How many rows a sheet of an old and of a new spreadsheet program can have."""


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
class Sound:
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
        except BrokenQuoting as broken:
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

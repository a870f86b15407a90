"""The shape of a CSV file: rows, each with as many cells as the heading."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from muniment.adapters.door.findings import LISTED
from muniment.adapters.door.messages import more_words
from muniment.adapters.door.records import BrokenQuoting, Record
from muniment.domain.kernel.problem import Place, Problem


def no_rows(shown_as: str) -> Problem:
    return Problem(Place(shown_as), "E101", "the file holds no rows", "export it again with its rows")


@dataclass
class Sound:
    """Lets through the rows with `width` cells, and remembers what was wrong with the others.

    Empty cells beyond the heading, which spreadsheets like to leave, are no cells."""

    records: Iterator[Record]
    width: int
    shown_as: str
    read: int = 0
    _ragged: list[Problem] = field(default_factory=list)
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

    def problems(self) -> tuple[Problem, ...]:
        """After the walk: what was wrong, at most twenty of a kind and one more for the rest."""
        rest: list[Problem] = []
        if self._unlisted:
            rest.append(Problem(self._unlisted[0], "E105", *more_words(code="E105", count=len(self._unlisted))))
        return (*self._ragged, *rest, *self._broken)

    def _note(self, record: Record) -> None:
        place = Place(self.shown_as, record.line)
        if len(self._ragged) == LISTED:
            self._unlisted.append(place)
            return
        cells = len(record.cells)
        if cells > self.width:
            remedy = "put a cell that holds a comma in quotation marks"
        else:
            remedy = "put the missing commas, or a quotation mark round a cell that holds a line break"
        what = f"this row has {cells} {'cell' if cells == 1 else 'cells'}, the heading has {self.width}"
        self._ragged.append(Problem(place, "E105", what, remedy))

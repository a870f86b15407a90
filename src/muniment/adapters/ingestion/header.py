"""The heading row of a file against the columns that its table must have."""

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.domain.kernel.problem import Place, Problem, nearest
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table


@dataclass(frozen=True)
class Heading:
    """A cell of the heading row."""

    name: str
    place: Place


@dataclass(frozen=True)
class Header:
    """`positions`: for each declared column, in order, which column of the file it is (from 0)."""

    width: int
    positions: tuple[int, ...]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def read_header(*, headings: Sequence[Heading], table: Table) -> Header:
    """Find every declared column in the file. Columns that nobody asked for are ignored, and named."""
    names = [heading.name.strip() for heading in headings]
    wanted = {column.name_in_file for column in table.columns}
    ignored = tuple(dict.fromkeys(name for name in names if name and name not in wanted))
    if other := _other_delimiter(headings, table):
        return Header(width=len(names), positions=(), ignored=(), problems=(other,))
    missing = [_missing(column, headings, ignored) for column in table.columns if column.name_in_file not in names]
    first = {name: number for number, name in reversed(list(enumerate(names)))}
    twice = [
        Problem(heading.place, "E104", f"the column '{name}' is here twice", "keep one of the two, and name it so")
        for number, (name, heading) in enumerate(zip(names, headings, strict=True))
        if name in wanted and first[name] < number
    ]
    if missing or twice:
        return Header(width=len(names), positions=(), ignored=ignored, problems=(*missing, *twice))
    positions = tuple(names.index(column.name_in_file) for column in table.columns)
    return Header(width=len(names), positions=positions, ignored=ignored)


def _missing(column: Column, headings: Sequence[Heading], ignored: Sequence[str]) -> Problem:
    name = column.name_in_file
    folded = {other.casefold(): other for other in ignored}
    near = nearest(name.casefold(), folded)
    remedy = (
        f"did you mean '{folded[near]}'? Rename it to '{name}'" if near else f"add a column with the heading '{name}'"
    )
    found = next((heading for heading in headings if near and heading.name.strip() == folded[near]), headings[0])
    return Problem(found.place, "E103", f"there is no column '{name}'", remedy)


def _other_delimiter(headings: Sequence[Heading], table: Table) -> Problem | None:
    if len(headings) > 1 or len(table.columns) == 1:
        return None
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if mark in headings[0].name:
            remedy = "save it as CSV with commas between the columns"
            return Problem(headings[0].place, "E105", f"the columns are separated by {word}", remedy)
    return None

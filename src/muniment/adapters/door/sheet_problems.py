"""What is odd about the cells of a sheet: what a spreadsheet shows and what it holds may be two things."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from muniment.adapters.door.header import Header
from muniment.adapters.door.intake import Flaw
from muniment.adapters.door.workbook import Sheet
from muniment.adapters.door.workbook_scan import column_letters
from muniment.domain.kernel.problem import Place, Problem

MORE = {"formula": "formulas", "error": "cells with an error", "unsure": "such numbers", "control": "such cells"}


@dataclass(frozen=True)
class OddCells:
    """`rest`: for each kind of which there are more than are listed, one problem that says how many more."""

    flaws: tuple[Flaw, ...]
    rest: tuple[Problem, ...]
    counts: Mapping[str, int]
    rows: frozenset[int]


def flaws_of_sheet(*, sheet: Sheet, header: Header, shown_as: str, listed: int) -> OddCells:
    """Cells of the declared columns, and of their headings, that are not what they show."""
    file = sheet.shown_as(shown_as)
    used = {position + 1 for position in header.positions}
    flaws: list[Flaw] = []
    rest: list[Problem] = []
    counts: dict[str, int] = {}
    rows: set[int] = set()
    for kind, cells in sheet.noted.items():
        of_kind = [(row, column) for row, column in cells if column in used and row >= sheet.heading_row]
        flaws += [_flaw(kind, sheet, Place(file, row, column)) for row, column in of_kind[:listed]]
        if of_kind:
            counts[_flawed(kind, Place(file)).code] = len(of_kind)
            rows.update(row for row, _ in of_kind if row > sheet.heading_row)
        more = len(of_kind) - listed
        if more > 0:
            place = Place(file, *of_kind[listed])
            remedy = f"mend the {listed} listed, and look for the same cause below"
            what = f"{more:,} more {MORE[kind]}, from here on"
            rest.append(replace(_flawed(kind, place), what=what, remedy=remedy))
    merged = list(_merged(sheet, used, file))
    if merged:
        counts["E135"] = len(merged)
        rows.update(flaw.problem.place.line for flaw in merged if flaw.problem.place.line > sheet.heading_row)
    return OddCells((*flaws, *merged[:listed]), tuple(rest), counts, frozenset(rows))


def _flaw(kind: str, sheet: Sheet, place: Place) -> Flaw:
    return Flaw(in_cell(_flawed(kind, place)), sheet.headings[place.column - 1], "")


def _flawed(kind: str, place: Place) -> Problem:
    if kind == "formula":
        what = "a formula: what it shows was worked out by the spreadsheet and may be out of date"
        return Problem(place, "E132", what, "copy the column and paste it as values")
    if kind == "error":
        return Problem(place, "E133", "an error of the spreadsheet, no value", "correct it, or leave the cell empty")
    if kind == "control":
        return Problem(place, "E136", "the cell holds a character that is not text", "delete it and type it again")
    what = "the number has more than 15 digits, of which a spreadsheet keeps the first 15"
    return Problem(place, "E137", what, "format the column as text and enter it again")


def _merged(sheet: Sheet, used: set[int], file: str) -> Iterator[Flaw]:
    for row, column, last_row, last_column in sheet.merged:
        if last_row >= sheet.heading_row and used & set(range(column, last_column + 1)):
            area = f"{column_letters(column)}{row}:{column_letters(last_column)}{last_row}"
            what = f"the cells {area} are merged, and only the first of them holds the value"
            place = Place(file, row, column)
            yield Flaw(Problem(place, "E135", what, "unmerge them, and write the value in each"), "", "")


def in_cell(problem: Problem) -> Problem:
    """The problem with its cell named: D2: cost 'x' is not a number."""
    where = f"{column_letters(problem.place.column)}{problem.place.line}"
    return replace(problem, what=f"{where}: {problem.what}")

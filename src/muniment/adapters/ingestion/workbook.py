"""Reads a sheet of a workbook as text in a child process; lists its doubtful cells, and writes it as CSV."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.apart import Bounds, Ending, do_apart
from muniment.adapters.ingestion.cells import has_offset
from muniment.adapters.ingestion.header import Header, Heading
from muniment.adapters.ingestion.intake import Flaw
from muniment.adapters.ingestion.sqltext import name, select, text
from muniment.adapters.ingestion.workbook_reading import WorkbookErrand
from muniment.adapters.ingestion.workbook_scan import column_letters
from muniment.adapters.ingestion.workbook_zip import SAVE_AS_CSV
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.language.columns import Column

WORKBOOK_MEMORY = 1 << 30
WORKBOOK_SECONDS, WORKBOOK_SECONDS_PER_MB = 5, 3
"""How long a processor may work at it: five seconds, and three more for each megabyte of the file."""
LONGEST_ROW = 40_000_000
"""Bytes: a cell has at most 32,767 characters, a row 200 cells."""

_MORE = {"formula": "formulas", "error": "cells with an error", "unsure": "such numbers", "control": "such cells"}


@dataclass(frozen=True)
class Sheet:
    """A sheet as text. `cells`: a CSV file without a heading, the number of the row first. `headings` begin with
    column A. `noted`: kind -> cells (row, column, from 1), `counts` how many there are in all. `with_times`: columns in
    which some date has a time of day."""

    name: str
    cells: Path
    heading_row: int
    headings: tuple[str, ...]
    noted: Mapping[str, Sequence[tuple[int, int]]]
    counts: Mapping[str, int]
    merged: tuple[tuple[int, int, int, int], ...]
    with_times: frozenset[int]

    def shown_as(self, file: str) -> str:
        """calls.xlsx (October)"""
        return f"{file} ({self.name})"

    def places(self, file: str) -> Iterator[Heading]:
        for column, heading in enumerate(self.headings, start=1):
            yield Heading(heading, Place(self.shown_as(file), self.heading_row, column))


def read_workbook(*, file: Path, shown_as: str, table: str, folder: Path) -> Sheet | Problem:
    """Read the sheet that has the table's name, else the first, into `folder`. A problem where that cannot be done."""
    seconds = WORKBOOK_SECONDS + WORKBOOK_SECONDS_PER_MB * (file.stat().st_size >> 20)
    errand = WorkbookErrand(file.resolve(), shown_as, table, folder.resolve())
    bounds = Bounds(seconds, memory=WORKBOOK_MEMORY, written=WORKBOOK_MEMORY)
    ending = do_apart(errand, bounds=bounds, temporary=folder.resolve(), is_heard=False)
    if ending != "done":
        return _ended(ending, Place(shown_as), seconds)
    return _sheet(json.loads((folder / "found.json").read_text(encoding="utf-8")), folder)


def _ended(ending: Ending, place: Place, seconds: int) -> Problem:
    if ending == "too long":
        what = f"reading the workbook takes longer than {seconds} seconds"
    elif ending == "too large":
        what = f"reading the workbook takes more than {WORKBOOK_MEMORY >> 20:,} MB of memory, or it is damaged"
    else:
        what = "this workbook cannot be read: it is damaged, or made to do harm"
    return Problem(place, "E131", what, SAVE_AS_CSV)


def _sheet(found: Mapping[str, Json], folder: Path) -> Sheet | Problem:
    """What the child wrote: our own format, whose shape is known."""
    match found:
        case {"refused": [str(file), str(code), str(what), str(remedy)]}:
            return Problem(Place(file), code, what, remedy)
        case {"sheet": str(sheet), "heading_row": int(heading_row), "headings": list(headings), "counts": dict(counts)}:
            return Sheet(
                name=sheet,
                cells=folder / "cells.csv",
                heading_row=heading_row,
                headings=tuple(str(heading) for heading in headings),
                noted={kind: [(row, column) for row, column in _lists(found.get(kind))] for kind in counts},
                counts={kind: count for kind, count in counts.items() if isinstance(count, int)},
                merged=tuple((a, b, c, d) for a, b, c, d in _lists(found.get("merged"))),
                with_times=frozenset(column for (column,) in _lists(found.get("with_times"))),
            )
    raise ValueError("the reader of workbooks is of another version")


def _lists(value: Json) -> Iterator[tuple[int, ...]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, list):
            yield tuple(number for number in item if isinstance(number, int))


def sheet_source(*, sheet: Sheet, header: Header, columns: Sequence[Column]) -> str:
    """SQL for the raw text of the declared columns. Record and line are the number of the row."""
    width = len(sheet.headings) + 1
    types = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    options = f"auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', columns = {{{types}}}"
    read = f"read_csv({text(str(sheet.cells.resolve()))}, {options}, max_line_size = {LONGEST_ROW}, new_line = '\\n')"
    raw = [
        f"{_as_text(f'c{position + 1}', column, position + 1 in sheet.with_times)} AS r{number}"
        for number, (position, column) in enumerate(zip(header.positions, columns, strict=True))
    ]
    return f"({select(['CAST(c0 AS BIGINT) AS record', 'CAST(c0 AS BIGINT) AS line', *raw], source=read)})"


def _as_text(cell: str, column: Column, has_times: bool) -> str:
    """A cell that the workbook holds as a date, as the file of the contract would write it; any other as it is."""
    day = f"{cell}[2:]"
    if column.format is not None and not has_offset(column.format):
        day = f"strftime(CAST({day} AS TIMESTAMP), {text(column.format)})"
    elif column.type == "datetime" and has_times:
        day = f"CASE WHEN length({day}) = 10 THEN {day} || ' 00:00:00' ELSE {day} END"
    return f"CASE WHEN {cell}[1] = chr(1) THEN {day} ELSE {cell} END"


def write_csv(*, connection: DuckDBPyConnection, source: str, columns: Sequence[Column], target: Path) -> None:
    """The declared columns as the CSV file that the supplier might have sent: the same bytes for the same cells."""
    cells = [f"nullif(r{number}, '') AS {name(column.name_in_file)}" for number, column in enumerate(columns)]
    query = select(cells, source=source, order="record")
    connection.execute(f"COPY ({query}) TO {text(str(target.resolve()))} (FORMAT csv, HEADER true, FORCE_QUOTE *)")


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
            what = f"{more:,} more {_MORE[kind]}, from here on"
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

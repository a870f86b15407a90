"""Files about evidence for people to open in a spreadsheet: problems, rows that failed or were left out, templates."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice

from muniment.adapters.engines.row_source import rows_of
from muniment.application.dry_run import UploadLook
from muniment.application.evidence import IngestedEvidence
from muniment.commands.queries.reading import Reading
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, REJECTED
from muniment.domain.kernel.period import Moment, Month, Period
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.kernel.quantity import plain
from muniment.domain.language.columns import Column, Value
from muniment.domain.regime.agreed import REGIME_FILE
from muniment.domain.regime.contract import Contract, Table
from muniment.domain.regime.kpis import Kpi

_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PORTION = 1_000
_SAMPLE = datetime(2019, 10, 31, 14, 30, tzinfo=UTC)
_TYPES = {"number": "number", "text": "text", "date": "date", "datetime": "date and time", "yes_no": "yes or no"}


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it. A negative number runs nothing."""
    return f"'{text}" if text.startswith(_RUNS_AS_FORMULA) and not _NUMBER.fullmatch(text) else text


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    return b"".join(csv_lines(rows))


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A file in portions, so that it need not stand in memory; with the mark that lets Excel see that it is UTF-8."""
    yield BOM_UTF8
    for portion in _portions(rows):
        out = StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in portion)
        yield out.getvalue().encode()


def _portions(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    waiting = iter(rows)
    while portion := list(islice(waiting, _PORTION)):
        yield portion


def problems_csv(look: UploadLook) -> bytes:
    """Every problem that the look shows, and a last line that says how many more there are."""
    heading = ("row", "column", "key", "what is wrong", "what to do", "code")
    rows = [
        ("" if found.row is None else str(found.row), found.column, found.key, found.what, found.remedy, found.code)
        for found in look.problems
    ]
    more = [("", "", "", f"{look.more_problems:,} more problems", "mend these first", "")] if look.more_problems else []
    return _csv([heading, *rows, *more])


def left_out_csv(*, reading: Reading, table: str, month: Month, kpi: str | None = None) -> bytes:
    """Every row that failed, was left out or was rejected, once for each KPI, with its columns.

    `kpi`: of that KPI alone, over its own period. `reading`: see load.read_contract. Raises ProblemsFoundError."""
    found = {
        code: (each, period)
        for code, (each, period) in reading.text.kpis_in_force(month=month, known=reading.known).items()
        if each.measure.table == table and kpi in (None, code)
    }
    if not found:
        in_force = reading.text.kpis_in_force(month=month, known=reading.known)
        remedy = suggestion(kpi or table, in_force, f"ask for one of {', '.join(in_force)}")
        what = f"there is no KPI '{kpi}' over {table} in {month}" if kpi else f"no KPI of {month} is over '{table}'"
        raise ProblemsFoundError([Problem(Place(REGIME_FILE), "Q003", what, remedy)])
    columns = reading.contract.tables[table]
    heading = ["KPI", "what became of the row", "row", *(column.name_in_file for column in columns.columns)]
    named = {
        code: _named(reading, each, period if kpi else Period(month, month)) for code, (each, period) in found.items()
    }
    wanted = {row for words in named.values() for row in words}
    cells = _cells(reading, columns, wanted)
    rows = ([code, words[row], row, *cells[row]] for code, words in named.items() for row in words)
    return _csv([heading, *rows])


def _named(reading: Reading, kpi: Kpi, period: Period) -> Mapping[str, str]:
    """Row -> what became of it."""
    measure = kpi.measure
    failing = COUNTED if kpi.target.lower_is_better or measure.form == "number_of_rows" else IN_TOTAL
    words = {failing: "failed", **{n: f"left out: {rule.name}" for n, rule in enumerate(measure.left_out, start=1)}}
    reasons = {found.row: found.reason for found in reading.rejections if found.table == measure.table}
    found = reading.engine.dispositions(
        measure=measure, period=period, codes=(*words, REJECTED), set_aside=reading.set_aside
    )
    return {row: words[code] if code in words else f"rejected: {reasons[row]}" for row, code in found.items()}


def _cells(reading: Reading, table: Table, wanted: set[str]) -> Mapping[str, list[str]]:
    received = reading.received
    parts = received.parts[table.name] if isinstance(received, IngestedEvidence) else ()
    return {
        row.id: [_shown(row.cells[column.name]) for column in table.columns]
        for row in rows_of(parts=parts, table=table)
        if row.id in wanted
    }


def _shown(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return plain(value)
        case Moment():
            return str(value)
        case date():
            return value.isoformat()
    return value


@dataclass(frozen=True)
class ColumnNote:
    """What a column of a template must hold, for people. `format` and `example` are as the file writes them."""

    heading: str
    type: str
    meaning: str
    format: str
    example: str


def template_csv(contract: Contract, table: str) -> bytes:
    """An empty file for the table: its heading row, in the names that the supplier's file uses. Raises KeyError."""
    return _csv([[column.name_in_file for column in contract.tables[table].columns]])


def template_notes(contract: Contract, table: str) -> tuple[ColumnNote, ...]:
    """A note for every column of the table, in its order. Raises KeyError."""
    found = contract.tables[table]
    return tuple(
        ColumnNote(
            heading=column.name_in_file,
            type=_TYPES[column.type],
            meaning=". ".join(_meaning(found, column)),
            format=_format(column),
            example=_example(column),
        )
        for column in found.columns
    )


def _meaning(table: Table, column: Column) -> Iterator[str]:
    if column.name in table.key:
        others = [table.column(key).name_in_file for key in table.key if key != column.name]
        yield f"Names the row, together with {', '.join(others)}" if others else "Names the row: no two may share it"
    if column.name == table.dated_by:
        yield "Decides the month of the row"
    if column.one_of:
        yield f"One of: {', '.join(column.one_of)}"
    may_be_empty = column.may_be_missing and column.name not in (*table.key, table.dated_by)
    yield "May be empty" if may_be_empty else "Must be given"


def _format(column: Column) -> str:
    if column.format is not None:
        return _SAMPLE.strftime(column.format)
    return {
        "number": "digits and at most one decimal point, no thousand separators, no sign of a unit",
        "text": "as it is; spreadsheets must hold it as text",
        "date": "year-month-day",
        "datetime": "year-month-day hours:minutes:seconds, as the clock on the wall showed it",
        "yes_no": "yes or no",
    }[column.type]


def _example(column: Column) -> str:
    if column.one_of:
        return column.one_of[0]
    if column.format is not None:
        return _SAMPLE.strftime(column.format)
    return {
        "number": "1234.5",
        "text": "A-00123",
        "date": _SAMPLE.strftime("%Y-%m-%d"),
        "datetime": _SAMPLE.strftime("%Y-%m-%d %H:%M:%S"),
        "yes_no": "yes",
    }[column.type]

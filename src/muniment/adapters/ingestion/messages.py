"""Words for each problem in a cell or row: what is wrong with it, and what to do about it."""

import re
from datetime import UTC, date, datetime, timedelta

from muniment.adapters.ingestion.findings import (
    CLOCK_CHANGE,
    DUPLICATE,
    EMPTY,
    EMPTY_ROW,
    NOT_LISTED,
    OUTSIDE,
    TOTALS,
    Finding,
)
from muniment.adapters.ingestion.zone import OffsetChange
from muniment.domain.evidence.normalised import DECIMALS, EARLIEST, LATEST, WHOLE_DIGITS
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import suggestion
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

_Words = tuple[str, str]
"""What is wrong, and what to do."""
_LONGEST = 40
_SAMPLE = datetime(2019, 10, 31, 14, 30, tzinfo=UTC)
_MORE = {
    "E105": "rows with another number of cells",
    "E110": "cells that are not numbers",
    "E111": "cells that are not dates",
    "E112": "cells that are not a date and time",
    "E113": "cells that are neither yes nor no",
    NOT_LISTED: "cells with a value that the table does not list",
    EMPTY: "empty cells",
    EMPTY_ROW: "empty rows",
    DUPLICATE: "rows with a key that was given before",
    OUTSIDE: "rows outside the period",
    TOTALS: "rows of totals",
    CLOCK_CHANGE: "times that the change of the clocks makes unclear",
}


def words_for(
    finding: Finding, *, table: Table, expected: Period | None, change: OffsetChange | None, zone: str
) -> _Words:
    """`change`: the change of the clocks that a CLOCK_CHANGE finding fell into."""
    column = table.columns[finding.column]
    cell = f"{column.name_in_file} {quoted(finding.value)}"
    if finding.code == EMPTY:
        return f"{column.name_in_file} is empty", "give its value: this column may not be missing"
    if finding.code == EMPTY_ROW:
        return "the row is empty", "delete it"
    if finding.code == TOTALS:
        return "the row is a total of others, no row of its own", "delete it: the rows are counted here"
    if finding.code == NOT_LISTED:
        options = ", ".join(column.one_of)
        return f"{cell} is not one of the values of this column", _did_you_mean(finding.value, column, options)
    if finding.code == DUPLICATE:
        key = ", ".join(name_in_file(table, name) for name in table.key)
        what = f"the key ({key}) {quoted(finding.value)} was already given in line {finding.detail}"
        return what, f"keep one of the two: a row is {table.row_is}"
    if finding.code == OUTSIDE and expected is not None:
        what = f"{cell} is outside {expected.name}, the period of this file"
        return what, "move the row to the file of its own period, or correct the date"
    if finding.code == CLOCK_CHANGE and change is not None:
        return _clock_words(cell, finding.value.strip(), change, zone)
    return _type_words(cell, finding.value.strip(), column)


def more_words(*, code: str, count: int, listed: int) -> _Words:
    return (
        f"{count:,} more {_MORE[code]}, from here on",
        f"mend the {listed:,} listed, and look for the same cause below",
    )


def name_in_file(table: Table, column: str) -> str:
    return table.column(column).name_in_file


def quoted(value: str) -> str:
    """The value in quotes on one line, cut where it is long."""
    line = " ".join(value.split("\n")).strip("\r")
    return f"'{line}'" if len(line) <= _LONGEST else f"'{line[:_LONGEST]}...'"


def _did_you_mean(value: str, column: Column, options: str) -> str:
    folded = {option.casefold(): option for option in column.one_of}
    exact = folded.get(value.strip().casefold())
    return f"did you mean '{exact}'?" if exact else suggestion(value, column.one_of, f"write one of: {options}")


def _type_words(cell: str, value: str, column: Column) -> _Words:
    if column.type == "number":
        return _number_words(cell, value, column)
    if column.type == "yes_no":
        return f"{cell} is neither yes nor no", "write yes or no (true or false, y or n, 1 or 0)"
    return _date_words(cell, value, column)


def _number_words(cell: str, value: str, column: Column) -> _Words:
    if re.fullmatch(r"[+-]?\d{1,3}([, '\u00a0\u202f]\d{3})+(\.\d*)?", value):
        plain = re.sub(r"[, '\u00a0\u202f]", "", value)
        return f"{cell} has thousand separators", f"write it as {plain}"
    if re.fullmatch(r"[+-]?\d+,\d+", value):
        return f"{cell} has a decimal comma", f"write it as {value.replace(',', '.')}"
    if value.casefold().strip("+-") in ("nan", "inf", "infinity", "#n/a", "#div/0!", "#value!", "null", "none", "-"):
        remedy = "leave the cell empty where there is no value" if column.may_be_missing else "give its value"
        return f"{cell} is not a number", remedy
    if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", value, flags=re.ASCII):
        return _size_words(cell, value)
    if re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", value):
        return f"{cell} is written with an exponent", "write all its digits (in Excel, format the column as a number)"
    bare = re.fullmatch(r"[£$€]\s*([+-]?[\d.]+)|([+-]?[\d.]+)\s*%", value)
    if bare is not None:
        return f"{cell} carries a sign of its unit", f"write it as {bare[1] or bare[2]}"
    return f"{cell} is not a number", "write digits and at most one decimal point, such as 1234.5"


def _size_words(cell: str, value: str) -> _Words:
    if len(value.partition(".")[2].rstrip("0")) > DECIMALS:
        return f"{cell} has more than {DECIMALS} decimals", f"round it at its source to at most {DECIMALS} decimals"
    return f"{cell} has more than {WHOLE_DIGITS} digits before the point", "correct it: no evidence is that large"


def _date_words(cell: str, value: str, column: Column) -> _Words:
    kind = "a date" if column.type == "date" else "a date and time"
    year = re.match(r"(\d{4})-\d{2}-\d{2}", value, flags=re.ASCII)
    if column.format is None and year and not EARLIEST.year <= int(year[1]) <= LATEST.year:
        remedy = "leave the cell empty where there is no date" if column.may_be_missing else "correct it"
        return f"{cell} is outside the years {EARLIEST.year} to {LATEST.year}", remedy
    if column.type == "datetime" and re.search(r":\d{2}[.,]\d+", value):
        return f"{cell} has fractions of a second", f"write whole seconds: {re.sub(r'[.,][0-9]+', '', value)}"
    if column.format is not None:
        return f"{cell} is not {kind} in the form {column.format}", f"write it like {_SAMPLE.strftime(column.format)}"
    return f"{cell} is not {kind}", _date_remedy(value, column)


def _date_remedy(value: str, column: Column) -> str:
    sample = "2019-10-31" if column.type == "date" else "2019-10-31 14:30:00"
    if re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", value):
        return f"write it like {sample}, or have the contract state the column's format"
    if column.type == "datetime" and _is_day(value):
        return f"add the time, like {sample}"
    return f"write it like {sample}"


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _clock_words(cell: str, value: str, change: OffsetChange, zone: str) -> _Words:
    if change.after > change.before:
        return f"{cell} never happened: the clocks went forward ({zone})", "correct it, or write it with its offset"
    first, second = (f"{value}{_offset(seconds)}" for seconds in (change.before, change.after))
    return f"{cell} happened twice: the clocks went back ({zone})", f"write which: {first} or {second}"


def _offset(seconds: int) -> str:
    span = timedelta(seconds=abs(seconds))
    hours, minutes = divmod(span.seconds // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}"

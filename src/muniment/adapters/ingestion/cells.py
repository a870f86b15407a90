"""SQL over the raw text of cells: typed values; tests for cells wrong, empty or not listed, and for totals rows.

Column number n of the table is `r<n>` as the file has it, `v<n>` as a value. A datetime is `v<n>`, the seconds from
1970-01-01 00:00 as written, and `z<n>`, the offset from UTC written beside it (seconds, or NULL for local time).
A value is NULL where the cell is empty or cannot be read; a cell of blanks is empty.
"""

from collections.abc import Iterator
from decimal import Decimal

from muniment.adapters.ingestion.sqltext import any_of, text, when
from muniment.domain.evidence.normalised import EARLIEST, LATEST, day_number
from muniment.domain.kernel.quantity import parse_decimal
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

_NUMBER = r"[+-]?([0-9]+(\.[0-9]{0,6}0*)?|\.[0-9]{1,6}0*)"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
OFFSET = r"(0[0-9]|1[0-4]):[0-5][0-9]"
DATETIME = rf"{DATE}[ T]{TIME}(Z|[+-]{OFFSET})?"
BLANK = r"[\s\x{a0}]*"
_TOTALS = ("total", "totals", "total:", "totals:", "grand total", "subtotal", "sub-total", "sub total")
YES, NO = ("yes", "true", "y", "1"), ("no", "false", "n", "0")
FIRST_SECOND, LAST_SECOND = day_number(EARLIEST) * 86_400, (day_number(LATEST) + 1) * 86_400 - 1


def values_of(number: int, column: Column) -> Iterator[str]:
    """The typed columns of one declared column, as SQL over `r<number>`."""
    raw, value = f"r{number}", f"v{number}"
    cell = f"trim({raw})"
    if column.type == "text":
        yield f"CASE WHEN {is_present(number)} THEN {raw} END AS {value}"
    elif column.type == "number":
        yield f"CASE WHEN {_looks(cell, _NUMBER)} THEN TRY_CAST({cell} AS DECIMAL(18,6)) END AS {value}"
    elif column.type == "yes_no":
        cases = ((f"lower({cell}) IN ({_list(YES)})", "TRUE"), (f"lower({cell}) IN ({_list(NO)})", "FALSE"))
        yield f"{when(cases, otherwise='NULL')} AS {value}"
    elif column.type == "date":
        days = f"{_date(cell, column.format)} - DATE '1970-01-01'"
        yield f"CAST({_within(days, day_number(EARLIEST), day_number(LATEST))} AS INTEGER) AS {value}"
    else:
        yield f"{_within(_seconds(cell, column.format), FIRST_SECOND, LAST_SECOND)} AS {value}"
        yield f"{_offset(cell, column.format)} AS z{number}"


def is_present(number: int) -> str:
    return f"NOT coalesce({_looks(f'r{number}', BLANK)}, TRUE)"


def is_wrong(number: int, column: Column) -> str:
    """The cell holds something that is not of the column's type."""
    return "FALSE" if column.type == "text" else f"v{number} IS NULL AND {is_present(number)}"


def is_empty(number: int, column: Column, table: Table) -> str:
    """The cell is empty and may not be: a key and the date of a row never may."""
    required = not column.may_be_missing or column.name in table.key or column.name == table.dated_by
    return f"NOT ({is_present(number)})" if required else "FALSE"


def is_other(number: int, column: Column) -> str:
    """The value is none of those the table lists."""
    if not column.one_of or column.type in ("datetime", "yes_no"):
        return "FALSE"
    return f"v{number} NOT IN ({', '.join(_option(option, column) for option in column.one_of)})"


def is_totals_row(table: Table) -> str:
    """The row sums up others: its key says so, or any cell of it does and it has no date."""
    numbers = {column.name: number for number, column in enumerate(table.columns)}
    totals = {
        name: f"coalesce(lower(trim(r{number})) IN ({_list(_TOTALS)}), FALSE)" for name, number in numbers.items()
    }
    undated = f"NOT ({is_present(numbers[table.dated_by])})"
    return any_of([*(totals[key] for key in table.key), f"({any_of(totals.values())}) AND {undated}"])


def is_faulty(table: Table) -> str:
    """Anything is wrong with any cell of the row."""
    keys = [number for number, column in enumerate(table.columns) if column.name in table.key and column.type == "text"]
    total = (f"coalesce(lower(trim(r{number})) IN ({_list(_TOTALS)}), FALSE)" for number in keys)
    return any_of(test for test in (*_cell_faults(table), *total) if test != "FALSE")


def _cell_faults(table: Table) -> Iterator[str]:
    return (
        test
        for number, column in enumerate(table.columns)
        for test in (is_wrong(number, column), is_empty(number, column, table), is_other(number, column))
    )


def _option(option: str, column: Column) -> str:
    if column.type == "number":
        return str(plain_literal(parse_decimal(option)))
    if column.type == "date":
        return f"(DATE {text(option)} - DATE '1970-01-01')"
    return text(option)


def plain_literal(value: Decimal) -> str:
    return format(value, "f")


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(text(value) for value in values)


def _looks(cell: str, pattern: str) -> str:
    return f"regexp_full_match({cell}, {text(pattern)})"


def _within(value: str, low: int, high: int) -> str:
    return f"CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END"


def _date(cell: str, form: str | None) -> str:
    if form is None:
        return f"CASE WHEN {_looks(cell, DATE)} THEN TRY_CAST({cell} AS DATE) END"
    return f"CAST(TRY_STRPTIME({cell}, {text(form)}) AS DATE)"


def _seconds(cell: str, form: str | None) -> str:
    if form is None:
        plain = f"TRY_CAST({cell} AS TIMESTAMP)"
        return f"CASE WHEN {_looks(cell, DATETIME)} THEN epoch_us({plain}) // 1000000 END"
    micros = f"epoch_us(TRY_STRPTIME({cell}, {text(form)}))"
    return f"CASE WHEN {micros} % 1000000 = 0 THEN {micros} // 1000000 END"


def _offset(cell: str, form: str | None) -> str:
    if form is not None:
        return "0" if has_offset(form) else "NULL"
    hours, minutes = f"CAST({cell}[-5:-4] AS INTEGER)", f"CAST({cell}[-2:] AS INTEGER)"
    sign = f"CASE WHEN {cell}[-6:-6] = '-' THEN -1 ELSE 1 END"
    cases = (
        (f"length({cell}) IN (16, 19) OR NOT {_looks(cell, DATETIME)}", "NULL"),
        (f"{cell}[-1:] = 'Z'", "0"),
    )
    return when(cases, otherwise=f"{sign} * ({hours} * 3600 + {minutes} * 60)")


def has_offset(form: str) -> bool:
    """The format says where the time is from: strptime then answers in UTC."""
    return "%z" in form or "%Z" in form

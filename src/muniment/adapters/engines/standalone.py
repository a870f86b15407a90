"""Writes a measure as an SQL script for DuckDB alone, ending with its two figures; and runs such scripts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from muniment.adapters.engines.compiled import Calendars, tally_sql
from muniment.domain.evidence.normalised import ROW_DAY, ROW_ID, day_number, month_index
from muniment.domain.kernel.period import Period
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure

_Figures = tuple[Decimal, Decimal | None]
"""Numerator and denominator; no denominator of a number of rows."""


class ScriptError(Exception):
    """Raised where a script cannot be run, or gives no figures; its text says why."""


@dataclass(frozen=True)
class RelievedRows:
    """What grants in part take out of a measure's table: rows by their ids, and all rows dated on local days."""

    by: tuple[str, ...]
    rows: tuple[str, ...]
    days: tuple[date, ...]


def measuring_script(
    *,
    measure: Measure,
    table: Table,
    calendars: Calendars,
    relation: str,
    period: Period,
    set_aside: Collection[str] = (),
    relief: RelievedRows | None = None,
) -> str:
    """Statements over the table `relation` whose last gives `numerator` and `denominator` for the period.

    `set_aside`: ids of rows that do not count. `relief`: measured as a whole, then once more without what it takes
    out."""
    sets_aside = bool(set_aside)
    sql, _ = tally_sql(source=relation, table=table, calendars=calendars, measures=(measure,), sets_aside=sets_aside)
    numerator, denominator = _parts(measure)
    first, last = month_index(period.first.first_day), month_index(period.last.first_day)
    filled = f"first := {first}, last := {last}"
    if sets_aside:  # in the script their code is 102
        filled += f", set_aside := [{', '.join(_quoted(row) for row in sorted(set_aside))}]"
    return "\n".join(
        [
            f"-- {measure.name}: a code for every row (0 out of scope, 1 to 99 left out, 100 in total, 101 counted)",
            f"PREPARE measured AS SELECT coalesce(sum({numerator}), 0) AS numerator, {denominator} AS denominator",
            f"FROM ({sql}) AS by_month;",
            f"EXECUTE measured({filled}); -- months are year * 12 + month - 1",
            *([] if relief is None else _relieved(relief, relation=relation, again=f"EXECUTE measured({filled});")),
        ]
    )


def _relieved(relief: RelievedRows, *, relation: str, again: str) -> Iterator[str]:
    yield f"-- the same without what is relieved by {', '.join(relief.by)}; days are counted since 1970-01-01"
    if relief.rows:
        rows = ", ".join(_quoted(row) for row in sorted({*relief.rows}))
        yield f'DELETE FROM "{relation}" WHERE "{ROW_ID}" IN ({rows});'  # noqa: S608  # quoted above
    if relief.days:
        days = ", ".join(str(day_number(day)) for day in sorted({*relief.days}))
        yield f'DELETE FROM "{relation}" WHERE "{ROW_DAY}" IN ({days});'  # noqa: S608  # numbers
    yield again


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parts(measure: Measure) -> tuple[str, str]:
    """The figures of a measure, by their places in its tally: left-out rules, in total, counted, then sums."""
    rules = len(measure.left_out)
    in_total, counted = f"f0_{rules}", f"f0_{rules + 1}"
    if measure.form == "number_of_rows":
        return counted, "NULL"
    if measure.form == "ratio_of_rows":
        return counted, f"coalesce(sum({counted} + {in_total}), 0)"
    sum_all, sum_counted = f"f0_{rules + 2}", f"f0_{rules + 3}"
    return sum_counted, f"coalesce(sum({sum_all}), 0)"


def run_script(*, script: str, folder: Path) -> tuple[_Figures, ...]:
    """What each EXECUTE of a script gives, in order. The script runs over the files of a folder, to which its paths are
    relative, and over nothing else of the machine. Raises ScriptError.
    """
    from duckdb import Error, StatementType, connect

    allowed = _quoted(str(folder.resolve()))
    with connect() as connection:
        connection.execute(f"SET file_search_path = {allowed}")
        connection.execute(f"SET allowed_directories = ['rows', {allowed}]")  # the path as written, and as found
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        found = []
        try:
            for statement in connection.extract_statements(script):
                result = connection.execute(statement)
                if statement.type == StatementType.EXECUTE:
                    found.append(_figures(result.fetchall()))
        except Error as error:
            raise ScriptError(str(error).splitlines()[0]) from error
    return tuple(found)


def _figures(rows: list[tuple[object, ...]]) -> _Figures:
    match rows:
        case [(int() | Decimal() as numerator, None)]:
            return Decimal(numerator), None
        case [(int() | Decimal() as numerator, int() | Decimal() as denominator)]:
            return Decimal(numerator), Decimal(denominator)
        case _:
            raise ScriptError("it gives something other than a numerator and a denominator")

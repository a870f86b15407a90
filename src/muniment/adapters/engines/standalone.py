"""A measure as a script over a normalised table: one row with numerator and denominator, no Python in between."""

from collections.abc import Collection
from decimal import Decimal
from pathlib import Path

from muniment.adapters.engines.compiled import Calendars, tally_sql
from muniment.domain.evidence.normalised import month_index
from muniment.domain.kernel.period import Period
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.tables import Table


def measuring_script(
    *,
    measure: Measure,
    table: Table,
    calendars: Calendars,
    relation: str,
    period: Period,
    set_aside: Collection[str] = (),
) -> str:
    """Statements over the table `relation` whose last gives `numerator` and `denominator` for the period.

    `set_aside`: ids of rows that do not count."""
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
        ]
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parts(measure: Measure) -> tuple[str, str]:
    """The figures of a measure, by their places in its tally: left-out rules, in total, counted, then sums."""
    rules = len(measure.left_out)
    in_total, counted = f"f0_{rules}", f"f0_{rules + 1}"
    if measure.shape == "number_of_rows":
        return counted, "NULL"
    if measure.shape == "ratio_of_rows":
        return counted, f"coalesce(sum({counted} + {in_total}), 0)"
    sum_all, sum_counted = f"f0_{rules + 2}", f"f0_{rules + 3}"
    return sum_counted, f"coalesce(sum({sum_all}), 0)"


def run_script(*, script: str, folder: Path) -> tuple[Decimal, Decimal | None]:
    """Run a script over the files of a folder, to which its paths are relative, and to nothing else of the machine.

    Raises duckdb.Error where a file is not as it was when the script was made.
    """
    from duckdb import connect

    allowed = str(folder.resolve()).replace("'", "''")
    with connect() as connection:
        connection.execute(f"SET file_search_path = '{allowed}'")
        connection.execute(f"SET allowed_directories = ['rows', '{allowed}']")  # the path as written, and as found
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        numerator, denominator = connection.execute(script).fetchall()[0]
    return Decimal(numerator), None if denominator is None else Decimal(denominator)

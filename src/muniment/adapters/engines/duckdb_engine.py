"""Runs measures with DuckDB over the normalised store: one scan of a table for all of its measures."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from muniment.adapters.engines.compiled import dispositions_sql, sample_sql, samples_sql, tally_sql
from muniment.adapters.engines.relations import Relations
from muniment.domain.evidence.engine import NOTHING_SET_ASIDE, Samples, SetAside
from muniment.domain.evidence.measurement import Tally
from muniment.domain.evidence.normalised import ROW_DAY, ROW_ID, ROW_MONTH, clocks_of, day_number, month_index
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Month, Period
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure

_THREADS = 2
_SET_ASIDE = "set_aside"
"""The parameter that names rows set aside; see queries.py, which is loaded only where a query is new."""


class DuckDBEngine:
    """`parts`: for each table, the normalised stores that hold its rows. `calendars`: those of the contract, by name.

    Fills the Engine port (domain/evidence/engine.py). A table without parts has no rows."""

    def __init__(
        self,
        *,
        parts: Mapping[str, Sequence[Path]],
        tables: Mapping[str, Table],
        calendars: Mapping[str, Calendar],
        threads: int = _THREADS,
    ) -> None:
        self._tables = tables
        self._calendars = tuple(sorted(calendars.items()))
        self._relations = Relations(parts=parts, tables=tables, calendars=calendars, threads=threads)

    @property
    def name(self) -> str:
        return "duckdb"

    def tallies(
        self, *, measures: Sequence[Measure], first: Month, last: Month, set_aside: SetAside = NOTHING_SET_ASIDE
    ) -> Mapping[tuple[Measure, Month], Tally]:
        """A tally per measure and month that has rows. Each table is scanned once for all of its measures."""
        by_table: dict[str, list[Measure]] = {}
        for measure in dict.fromkeys(measures):
            by_table.setdefault(measure.table, []).append(measure)
        return {
            key: tally
            for table, of_table in by_table.items()
            if self._relations.has_rows(table)
            for key, tally in self._tallies_of_table(
                table, tuple(of_table), values={**_months(first, last), **_aside(set_aside, table)}
            )
        }

    def sample(
        self,
        *,
        measure: Measure,
        period: Period,
        disposition: int,
        limit: int,
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> tuple[str, ...]:
        """The first `limit` row ids of a disposition in the period, in ascending order."""
        if not self._relations.has_rows(measure.table):
            return ()
        source = self._relations.named(table=measure.table, clocks=clocks_of([measure]))
        aside = _aside(set_aside, measure.table)
        sql = sample_sql(
            source=source,
            table=self._tables[measure.table],
            calendars=self._calendars,
            measure=measure,
            sets_aside=bool(aside),
        )
        values = {**_months(period.first, period.last), **aside, "disposition": disposition, "limit": limit}
        return tuple(row for (row,) in self._relations.connection.execute(sql, values).fetchall())

    def samples(
        self,
        *,
        measures: Sequence[Measure],
        first: Month,
        last: Month,
        limit: int,
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> Samples:
        """The first `limit` row ids of every disposition, by measure and month. Each table is scanned once."""
        by_table: dict[str, list[Measure]] = {}
        for measure in dict.fromkeys(measures):
            by_table.setdefault(measure.table, []).append(measure)
        found: dict[tuple[Measure, Month], Mapping[int, tuple[str, ...]]] = {}
        for table, of_table in by_table.items():
            if self._relations.has_rows(table):
                values: dict[str, int | list[str]] = {**_months(first, last), **_aside(set_aside, table)}
                values["limit"] = limit
                found.update(self._samples_of_table(table, tuple(of_table), values=values))
        return found

    def dispositions(
        self,
        *,
        measure: Measure,
        period: Period,
        codes: Collection[int],
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> Mapping[str, int]:
        """Row id -> disposition of every row of the period that has one of those, in ascending order of row id."""
        if not self._relations.has_rows(measure.table):
            return {}
        source = self._relations.named(table=measure.table, clocks=clocks_of([measure]))
        aside = _aside(set_aside, measure.table)
        sql = dispositions_sql(
            source=source,
            table=self._tables[measure.table],
            calendars=self._calendars,
            measure=measure,
            sets_aside=bool(aside),
        )
        values = {**_months(period.first, period.last), **aside, "codes": sorted(codes)}
        return dict(self._relations.connection.execute(sql, values).fetchall())

    def rows_by_month(self, *, table: str) -> Mapping[Month, int]:
        """How many rows fall in each month that has any, in the order of the months."""
        if not self._relations.has_rows(table):
            return {}
        rows = self._relations.connection.table(self._relations.named(table=table))
        months = rows.aggregate(f'"{ROW_MONTH}" AS month, count(*) AS rows').order("month").fetchall()
        return {_month(index): count for index, count in months}

    def rows_dated(self, *, table: str, days: Collection[date]) -> frozenset[str]:
        """The ids of the rows dated on those local days."""
        if not self._relations.has_rows(table):
            return frozenset()
        sql = f'SELECT "{ROW_ID}" FROM {self._relations.named(table=table)} WHERE list_contains($days, "{ROW_DAY}")'  # noqa: S608  # names of our own
        found = self._relations.connection.execute(sql, {"days": [day_number(day) for day in days]}).fetchall()
        return frozenset(row for (row,) in found)

    def _tallies_of_table(
        self, table: str, measures: tuple[Measure, ...], *, values: Mapping[str, int | list[str]]
    ) -> Iterator[tuple[tuple[Measure, Month], Tally]]:
        source = self._relations.named(table=table, clocks=clocks_of(measures))
        sql, widths = tally_sql(
            source=source,
            table=self._tables[table],
            calendars=self._calendars,
            measures=measures,
            sets_aside=_SET_ASIDE in values,
        )
        for index, rows, *figures in self._relations.connection.execute(sql, dict(values)).fetchall():
            start = 0
            for measure, width in zip(measures, widths, strict=True):
                yield (measure, _month(index)), _tally(measure, rows=rows, figures=figures[start : start + width])
                start += width

    def _samples_of_table(
        self, table: str, measures: tuple[Measure, ...], *, values: Mapping[str, int | list[str]]
    ) -> Iterator[tuple[tuple[Measure, Month], Mapping[int, tuple[str, ...]]]]:
        source = self._relations.named(table=table, clocks=clocks_of(measures))
        sql, codes = samples_sql(
            source=source,
            table=self._tables[table],
            calendars=self._calendars,
            measures=measures,
            sets_aside=_SET_ASIDE in values,
        )
        for index, *lists in self._relations.connection.execute(sql, dict(values)).fetchall():
            rest = iter(lists)
            for measure, of_measure in zip(measures, codes, strict=True):
                yield (measure, _month(index)), {code: tuple(next(rest) or ()) for code in of_measure}


def _tally(measure: Measure, *, rows: int, figures: Sequence[int | Decimal | None]) -> Tally:
    rules = len(measure.left_out)
    *left_out, in_total, counted = (int(figure or 0) for figure in figures[: rules + 2])
    rest = iter(figures[rules + 2 :])
    sum_all = Decimal(0) if measure.sum_all is None else Decimal(next(rest) or 0)
    sum_counted = Decimal(0) if measure.sum_counted is None else Decimal(next(rest) or 0)
    rejected = int(next(rest, 0) or 0)
    return Tally(
        out_of_scope=rows - sum(left_out) - in_total - counted - rejected,
        left_out=tuple(left_out),
        in_total=in_total,
        counted=counted,
        sum_all=sum_all,
        sum_counted=sum_counted,
        rejected=rejected,
    )


def _aside(set_aside: SetAside, table: str) -> dict[str, list[str]]:
    """The parameter of a query that sets rows aside; none where there are none."""
    rows = set_aside.get(table)
    return {_SET_ASIDE: sorted(rows)} if rows else {}


def _months(first: Month, last: Month) -> dict[str, int]:
    return {"first": month_index(first.first_day), "last": month_index(last.first_day)}


def _month(index: int) -> Month:
    return Month(index // 12, index % 12 + 1)

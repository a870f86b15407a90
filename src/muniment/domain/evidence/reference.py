"""The reference engine: runs measures row by row in Python, exactly; other engines must give the same answers."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact
from heapq import nsmallest

from muniment.domain.evidence.engine import (
    COUNTED,
    IN_TOTAL,
    NOTHING_SET_ASIDE,
    OUT_OF_SCOPE,
    REJECTED,
    Row,
    Samples,
    SetAside,
)
from muniment.domain.evidence.measurement import Tally
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Month, Period
from muniment.domain.language.evaluate import UnreadableCellError, holds, number_in
from muniment.domain.regime.measures import Measure

EXACT = Context(prec=1_000, traps=[Inexact])
"""Adds Decimals without rounding, and refuses rather than round."""


class UnreadableRowError(ValueError):
    """A row that cannot be given a disposition, or summed. Names the row, the table and the column."""

    def __init__(self, *, table: str, row: str, cause: UnreadableCellError) -> None:
        super().__init__(f"{table} row {row}: {cause}")
        self.table = table
        self.row = row
        self.column = cause.column


def disposition_of(
    measure: Measure, row: Row, calendars: Mapping[str, Calendar], *, set_aside: Collection[str] = ()
) -> int:
    """REJECTED, OUT_OF_SCOPE, the number (from 1) of the first left-out rule that matches, COUNTED, or IN_TOTAL.

    `set_aside`: ids of the table's rows that are rejected; no condition is asked of them.

    Raises UnreadableRowError where a condition compares a missing value."""
    if row.id in set_aside:
        return REJECTED
    try:
        return _disposition(measure, row, calendars)
    except UnreadableCellError as cause:
        raise UnreadableRowError(table=measure.table, row=row.id, cause=cause) from cause


def _disposition(measure: Measure, row: Row, calendars: Mapping[str, Calendar]) -> int:
    if not holds(measure.scope, row.cells, calendars):
        return OUT_OF_SCOPE
    for number, rule in enumerate(measure.left_out, start=1):
        if holds(rule.when, row.cells, calendars):
            return number
    return COUNTED if holds(measure.counted, row.cells, calendars) else IN_TOTAL


@dataclass
class _Count:
    """A tally while its rows are being read."""

    dispositions: Counter[int] = field(default_factory=Counter)
    sum_all: Decimal = Decimal(0)
    sum_counted: Decimal = Decimal(0)

    def tally(self, measure: Measure) -> Tally:
        return Tally(
            out_of_scope=self.dispositions[OUT_OF_SCOPE],
            left_out=tuple(self.dispositions[number] for number in range(1, len(measure.left_out) + 1)),
            in_total=self.dispositions[IN_TOTAL],
            counted=self.dispositions[COUNTED],
            sum_all=self.sum_all,
            sum_counted=self.sum_counted,
            rejected=self.dispositions[REJECTED],
        )


@dataclass(frozen=True)
class ReferenceEngine:
    """`rows` gives the rows of a table by its name, afresh each time it is called."""

    rows: Callable[[str], Iterable[Row]]
    calendars: Mapping[str, Calendar]

    @property
    def name(self) -> str:
        return "reference"

    def tallies(
        self, *, measures: Sequence[Measure], first: Month, last: Month, set_aside: SetAside = NOTHING_SET_ASIDE
    ) -> Mapping[tuple[Measure, Month], Tally]:
        """A tally per measure and month that has rows. Each table is read once for all of its measures."""
        by_table: dict[str, list[Measure]] = {}
        for measure in measures:
            by_table.setdefault(measure.table, []).append(measure)
        tallies: dict[tuple[Measure, Month], Tally] = {}
        for table, of_table in by_table.items():
            aside = set_aside.get(table, frozenset())
            found = self._tallies_of_table(table=table, measures=of_table, first=first, last=last, set_aside=aside)
            tallies.update(found)
        return tallies

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
        aside = set_aside.get(measure.table, frozenset())
        matching = (
            row.id
            for row in self.rows(measure.table)
            if row.day in period and disposition_of(measure, row, self.calendars, set_aside=aside) == disposition
        )
        return tuple(nsmallest(limit, matching))

    def samples(
        self,
        *,
        measures: Sequence[Measure],
        first: Month,
        last: Month,
        limit: int,
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> Samples:
        """The first `limit` row ids of every disposition, by measure and month."""
        found: dict[tuple[Measure, Month], dict[int, list[str]]] = {}
        for measure in dict.fromkeys(measures):
            aside = set_aside.get(measure.table, frozenset())
            for row in self.rows(measure.table):
                month = Month.of(row.day)
                code = disposition_of(measure, row, self.calendars, set_aside=aside)
                if first <= month <= last and code != REJECTED:
                    found.setdefault((measure, month), {}).setdefault(code, []).append(row.id)
        return {
            key: {code: tuple(nsmallest(limit, ids)) for code, ids in by_code.items()} for key, by_code in found.items()
        }

    def dispositions(
        self,
        *,
        measure: Measure,
        period: Period,
        codes: Collection[int],
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> Mapping[str, int]:
        """Row id -> disposition of every row of the period that has one of those, in ascending order of row id."""
        aside = set_aside.get(measure.table, frozenset())
        of_period = (row for row in self.rows(measure.table) if row.day in period)
        found = ((row.id, disposition_of(measure, row, self.calendars, set_aside=aside)) for row in of_period)
        return dict(sorted((row, code) for row, code in found if code in codes))

    def rows_by_month(self, *, table: str) -> Mapping[Month, int]:
        """How many rows fall in each month that has any, in the order of the months."""
        months = Counter(Month.of(row.day) for row in self.rows(table))
        return dict(sorted(months.items()))

    def rows_dated(self, *, table: str, days: Collection[date]) -> frozenset[str]:
        """The ids of the rows dated on those local days."""
        return frozenset(row.id for row in self.rows(table) if row.day in days)

    def _tallies_of_table(
        self, *, table: str, measures: Sequence[Measure], first: Month, last: Month, set_aside: Collection[str]
    ) -> Iterator[tuple[tuple[Measure, Month], Tally]]:
        counts: dict[Month, tuple[_Count, ...]] = {}
        for row in self.rows(table):
            month = Month.of(row.day)
            if not first <= month <= last:
                continue
            if month not in counts:
                counts[month] = tuple(_Count() for _ in measures)
            for measure, count in zip(measures, counts[month], strict=True):
                self._take(row, measure=measure, count=count, set_aside=set_aside)
        for month in sorted(counts):
            for measure, count in zip(measures, counts[month], strict=True):
                yield (measure, month), count.tally(measure)

    def _take(self, row: Row, *, measure: Measure, count: _Count, set_aside: Collection[str]) -> None:
        disposition = disposition_of(measure, row, self.calendars, set_aside=set_aside)
        count.dispositions[disposition] += 1
        if disposition in (IN_TOTAL, COUNTED) and measure.sum_all is not None:
            count.sum_all = EXACT.add(count.sum_all, _summed(row, measure=measure, column=measure.sum_all))
        if disposition == COUNTED and measure.sum_counted is not None:
            count.sum_counted = EXACT.add(count.sum_counted, _summed(row, measure=measure, column=measure.sum_counted))


def _summed(row: Row, *, measure: Measure, column: str) -> Decimal:
    try:
        return number_in(row.cells, column)
    except UnreadableCellError as cause:
        raise UnreadableRowError(table=measure.table, row=row.id, cause=cause) from cause

"""The interface of an engine that runs measures over rows of evidence; codes for what became of a row; and a row.

All engines give the same answers; only their speed differs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from muniment.domain.evidence.measurement import Tally
from muniment.domain.kernel.period import Month, Period
from muniment.domain.language.columns import Value
from muniment.domain.regime.measures import Measure

OUT_OF_SCOPE = 0
IN_TOTAL = 100
COUNTED = 101
REJECTED = 102
"""Disposition codes. 1..n are the left-out rules in order, so a measure has at most 99 of them."""

SetAside = Mapping[str, frozenset[str]]
"""Table -> ids of rows that do not count. They are REJECTED before any condition is asked of them."""
NOTHING_SET_ASIDE: SetAside = MappingProxyType({})
Samples = Mapping[tuple[Measure, Month], Mapping[int, tuple[str, ...]]]
"""A measure and a month -> disposition -> row ids in ascending order. What no row has may be absent."""


class Engine(Protocol):
    """Runs measures over the rows it was given."""

    @property
    def name(self) -> str: ...

    def tallies(
        self, *, measures: Sequence[Measure], first: Month, last: Month, set_aside: SetAside = NOTHING_SET_ASIDE
    ) -> Mapping[tuple[Measure, Month], Tally]:
        """A tally per measure and month from first to last, both included. A month without rows may be absent."""
        ...

    def sample(
        self,
        *,
        measure: Measure,
        period: Period,
        disposition: int,
        limit: int,
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> tuple[str, ...]:
        """The row ids of that disposition in the period, the first `limit` in ascending order of row id.

        A row id is its key columns as text, joined by '/' (a number without trailing zeros, a date as ISO)."""
        ...

    def samples(
        self,
        *,
        measures: Sequence[Measure],
        first: Month,
        last: Month,
        limit: int,
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> Samples:
        """What `sample` gives for each measure, each month from first to last and every disposition but REJECTED."""
        ...

    def dispositions(
        self,
        *,
        measure: Measure,
        period: Period,
        codes: Collection[int],
        set_aside: SetAside = NOTHING_SET_ASIDE,
    ) -> Mapping[str, int]:
        """Row id -> disposition of every row of the period that has one of those, in ascending order of row id."""
        ...

    def rows_by_month(self, *, table: str) -> Mapping[Month, int]:
        """How many rows of the table fall in each month that has any."""
        ...

    def rows_dated(self, *, table: str, days: Collection[date]) -> frozenset[str]:
        """The ids of the table's rows dated on those local days."""
        ...


@dataclass(frozen=True)
class Row:
    """`id`: the key columns as text, joined by '/'. `day`: the local date in the column that dates the table's rows.
    A missing cell is None."""

    id: str
    day: date
    cells: Mapping[str, Value | None]

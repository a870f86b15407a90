"""The port that an engine fills. All engines give the same answers; only their speed differs."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from muniment.domain.evidence.tally import Tally
from muniment.domain.kernel.period import Month, Period
from muniment.domain.regime.measures import Measure

OUT_OF_SCOPE = 0
IN_TOTAL = 100
COUNTED = 101
"""Disposition codes. 1..n are the left-out rules in order, so a measure has at most 99 of them."""


class Engine(Protocol):
    """Runs measures over the rows it was given."""

    @property
    def name(self) -> str: ...

    def tallies(
        self, *, measures: Sequence[Measure], first: Month, last: Month
    ) -> Mapping[tuple[Measure, Month], Tally]:
        """A tally per measure and month from first to last, both included. A month without rows may be absent."""
        ...

    def sample(self, *, measure: Measure, period: Period, disposition: int, limit: int) -> tuple[str, ...]:
        """The row ids of that disposition in the period, the first `limit` in ascending order of row id.

        A row id is its key columns as text, joined by '/' (a number without trailing zeros, a date as ISO)."""
        ...

    def rows_by_month(self, *, table: str) -> Mapping[Month, int]:
        """How many rows of the table fall in each month that has any."""
        ...

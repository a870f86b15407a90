"""Evidence of earlier months on which a locked month rests: some KPIs are measured over a quarter or longer.

The locked statement says so itself, so late evidence for July is known to bear on a locked September.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, months_from

TableMonth = tuple[str, Month]


@dataclass(frozen=True)
class EarlierEvidence:
    """`measured`: tables and earlier months over which a KPI was measured. `wanting`: earlier months of a KPI that went
    without evidence, of which the statement does not name the table. `there`: evidence that was there then."""

    measured: frozenset[TableMonth]
    wanting: frozenset[Month]
    there: frozenset[TableMonth]

    def takes_in(self, *, table: str, month: Month) -> bool:
        """Whether the evidence of that table and earlier month bears on the locked month."""
        at = (table, month)
        return at in self.measured or (month in self.wanting and at not in self.there)


def earlier_evidence(sealed: Mapping[str, Json]) -> EarlierEvidence:
    """What a value of `sealed_of` says of it."""
    measured: set[TableMonth] = set()
    wanting: set[Month] = set()
    results = sealed.get("results")
    for result in results if isinstance(results, list) else ():
        match result:
            case {"period": str(period), "measured": {"table": str(table)}}:
                measured.update((table, month) for month in _earlier_months(period))
            case {"period": str(period), "rule": "no_evidence"}:
                wanting.update(_earlier_months(period))
    return EarlierEvidence(frozenset(measured), frozenset(wanting), frozenset(_there(sealed)))


def _earlier_months(period: str) -> tuple[Month, ...]:
    """2019-07..2019-09 -> July and August; nothing for one month, or for what no engine sealed."""
    first, dots, last = period.partition("..")
    begins, ends = _month(first), _month(last)
    return tuple(months_from(begins, ends.plus(-1))) if dots and begins and ends else ()


def _there(sealed: Mapping[str, Json]) -> Iterator[TableMonth]:
    inputs = sealed.get("inputs")
    submissions = inputs.get("submissions") if isinstance(inputs, dict) else None
    for submission in submissions if isinstance(submissions, list) else ():
        match submission:
            case {"table": str(table), "period": str(period)}:
                if (month := _month(period)) is not None:
                    yield table, month


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None

"""Evidence of earlier months on which a locked month rests: some KPIs are measured over a quarter or longer.

The locked statement says so itself, so late evidence for July is known to bear on a locked September.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from muniment.domain.assessment.sealed_statement import SealedStatement
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


def earlier_evidence(sealed: SealedStatement) -> EarlierEvidence:
    """What the statement says of it."""
    measured: set[TableMonth] = set()
    wanting: set[Month] = set()
    for result in sealed.results:
        if result.measured is not None and (table := result.measured.table) is not None:
            measured.update((table, month) for month in _earlier_months(result.period))
        elif result.rule == "no_evidence":
            wanting.update(_earlier_months(result.period))
    return EarlierEvidence(frozenset(measured), frozenset(wanting), frozenset(_there(sealed)))


def _earlier_months(period: str) -> tuple[Month, ...]:
    """2019-07..2019-09 -> July and August; nothing for one month, or for what no engine sealed."""
    first, dots, last = period.partition("..")
    begins, ends = _month(first), _month(last)
    return tuple(months_from(begins, ends.plus(-1))) if dots and begins and ends else ()


def _there(sealed: SealedStatement) -> Iterator[TableMonth]:
    for submission in sealed.inputs.submissions:
        if submission.period is not None and (month := _month(submission.period)) is not None:
            yield submission.table, month


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None

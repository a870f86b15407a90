"""Months whose evidence rows were discarded: their credits and running failures, from the locked statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.sealed_statement import SealedStatement
from muniment.domain.evidence.retention import discarded_before
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry


@dataclass(frozen=True)
class BroughtForward:
    """`first`: the first month that can still be computed. `runs`: KPI -> periods that it had failed running before.
    `credits`: what was due for the locked months before. `statements`: month -> id of its last locked statement."""

    first: Month
    runs: Mapping[str, int]
    credits: Money
    statements: Mapping[Month, str]


def brought_forward(entries: Sequence[Entry]) -> BroughtForward | None:
    """None where no rows were discarded."""
    first = discarded_before(entries)
    if first is None:
        return None
    locks = {month: versions[-1] for month, versions in locks_known(entries).items() if month < first}
    last = locks.get(first.plus(-1))
    return BroughtForward(
        first=first,
        runs=_runs(last.locked.sealed_statement) if last else {},
        credits=Money(sum(_due(lock.locked.sealed_statement) for lock in locks.values())),
        statements={month: lock.id for month, lock in locks.items()},
    )


def _runs(sealed: SealedStatement) -> dict[str, int]:
    return {result.kpi: result.points.run for result in sealed.results if result.points.run is not None}


def _due(sealed: SealedStatement) -> int:
    """Pence."""
    credit = sealed.statement.credit
    return credit.due if credit else 0

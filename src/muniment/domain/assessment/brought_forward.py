"""Months whose evidence rows were discarded: their credits and running failures, from the locked statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.evidence.retention import discarded_before
from muniment.domain.kernel.fingerprint import Json
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
        runs=_runs(last.locked.sealed) if last else {},
        credits=Money(sum(_due(lock.locked.sealed) for lock in locks.values())),
        statements={month: lock.id for month, lock in locks.items()},
    )


def _runs(sealed: Mapping[str, Json]) -> dict[str, int]:
    runs: dict[str, int] = {}
    results = sealed.get("results")
    for result in results if isinstance(results, list) else ():
        match result:
            case {"kpi": str(kpi), "points": {"run": int(run)}}:
                runs[kpi] = run
    return runs


def _due(sealed: Mapping[str, Json]) -> int:
    """Pence."""
    match sealed:
        case {"statement": {"credit": {"due": int(due)}}}:
            return due
        case _:
            return 0

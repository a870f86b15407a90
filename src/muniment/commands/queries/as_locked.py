"""What stands of each month: the figures of its last locked statement; where none is locked, those computed now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from muniment.commands.queries.locked_statement import LockedStatement, locked_statement
from muniment.commands.queries.settled import SettledMonth
from muniment.domain.assessment.month_lock import Lock
from muniment.domain.assessment.status import CATEGORIES, Category
from muniment.domain.assessment.summary import Column
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month


@dataclass(frozen=True)
class Figures:
    """What a month comes to. `counts`: its column of Table 1. `due`, `cap`: None where the contract has no credits.
    `credits_to_date`: of this month and all before; None for a month before the record."""

    counts: Mapping[Category, int]
    points: str
    due: Money | None
    cap: Money | None
    credits_to_date: Money | None

    @property
    def kpis(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Stands:
    """A month's figures that stand, and those `computed` now. `version`: of the last locked statement, 0 for none."""

    month: Month
    version: int
    figures: Figures
    computed: Figures

    @property
    def differs(self) -> bool:
        """Whether something that came after the lock changes what is computed of this month itself."""
        return replace(self.figures, credits_to_date=None) != replace(self.computed, credits_to_date=None)


def what_stands(
    settled: Sequence[SettledMonth], columns: Sequence[Column], *, locks: Mapping[Month, Sequence[Lock]]
) -> tuple[Stands, ...]:
    """`settled`, `columns`: of the same months, in their order. Credits to date add up what stands of each."""
    return tuple(_months(settled, columns, locks))


def _months(
    settled: Sequence[SettledMonth], columns: Sequence[Column], locks: Mapping[Month, Sequence[Lock]]
) -> Iterator[Stands]:
    apart = Money(0)
    for month, column in zip(settled, columns, strict=True):
        now = _computed(month, column)
        versions = locks.get(month.month, ())
        stands = _locked(locked_statement(versions[-1]), now) if versions else now
        apart += (stands.due or Money(0)) - (now.due or Money(0))
        if now.credits_to_date is not None:
            stands = replace(stands, credits_to_date=now.credits_to_date + apart)
        yield Stands(month.month, len(versions), stands, now)


def _computed(month: SettledMonth, column: Column) -> Figures:
    credit = month.statement.credit
    return Figures(
        counts=dict(column.counts),
        points=str(month.statement.points),
        due=credit.due if credit else None,
        cap=credit.cap if credit else None,
        credits_to_date=month.credits_to_date,
    )


def _locked(found: LockedStatement, now: Figures) -> Figures:
    tally = Counter(line.category for line in found.lines)
    counts = {category: tally[category] for category in CATEGORIES}
    return replace(now, counts=counts, points=found.points, due=found.due, cap=found.cap)

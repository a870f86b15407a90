"""Locked statements read from the sealed copies in the record; each month's figures in force; two versions compared."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from muniment.commands.queries.settlement import SettledMonth
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_differences import Cause, Difference, causes_of, statement_differences
from muniment.domain.assessment.sealed_statement import SealedResult, read_sealed
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.summary import Table1Column
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.record.entry import LEDGER_FILE, Entry


@dataclass(frozen=True)
class SealedLine:
    """A KPI's line. `value`: with the contract's decimals, without its unit; blank where nothing was measured."""

    kpi: str
    title: str
    unit: str
    value: str
    target: str
    minimum: str
    status: str
    category: Category
    points: str
    working: str

    @property
    def shown(self) -> str:
        """92.59%, or 5."""
        if not self.value:
            return "not measured"
        return f"{self.value}%" if self.unit == "percent" else self.value


@dataclass(frozen=True)
class LockedStatement:
    """`statement`: its fingerprint. `due`, `cap`: None where the contract has no credits."""

    lock: Lock
    lines: tuple[SealedLine, ...]
    points: str
    due: Money | None
    cap: Money | None
    before_cap: Money | None
    base: Money | None
    working: str

    @property
    def statement(self) -> str:
        return self.lock.locked.statement


def locked_statement(lock: Lock) -> LockedStatement:
    """What was signed and locked."""
    sealed = lock.locked.sealed_statement
    statement, money = sealed.statement, sealed.statement.credit.money() if sealed.statement.credit else {}
    working = {line.kpi: line.working for line in statement.lines}
    return LockedStatement(
        lock=lock,
        lines=tuple(_line(result, working.get(result.kpi, "")) for result in sealed.results),
        points=str(statement.points),
        due=money.get("due"),
        cap=money.get("cap"),
        before_cap=money.get("before_cap"),
        base=money.get("base"),
        working=statement.credit_working,
    )


def difference(found: LockedStatement, before: LockedStatement | None) -> Money | None:
    """What is left to adjust where the credit of the version before was adjusted already. `before`: None for v1."""
    if found.due is None:
        return None
    return found.due - ((before.due if before else None) or Money(0))


def _line(result: SealedResult, working: str) -> SealedLine:
    return SealedLine(
        kpi=result.kpi,
        title=result.title,
        unit=result.unit,
        value=(result.measured.value if result.measured else None) or "",
        target=result.target.level if result.target else "",
        minimum=result.minimum.level if result.minimum else "",
        status=result.status,
        category=result.category,
        points=str(result.points.points),
        working=working,
    )


@dataclass(frozen=True)
class MonthTotals:
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
class FiguresInForce:
    """A month's figures that stand, and those `computed` now. `version`: of the last locked statement, 0 for none."""

    month: Month
    version: int
    figures: MonthTotals
    computed: MonthTotals

    @property
    def differs(self) -> bool:
        """Whether something that came after the lock changes what is computed of this month itself."""
        return replace(self.figures, credits_to_date=None) != replace(self.computed, credits_to_date=None)


def what_stands(
    settled: Sequence[SettledMonth], columns: Sequence[Table1Column], *, locks: Mapping[Month, Sequence[Lock]]
) -> tuple[FiguresInForce, ...]:
    """`settled`, `columns`: of the same months, in their order. Credits to date add up what stands of each."""
    return tuple(_months(settled, columns, locks))


def _months(
    settled: Sequence[SettledMonth], columns: Sequence[Table1Column], locks: Mapping[Month, Sequence[Lock]]
) -> Iterator[FiguresInForce]:
    apart = Money(0)
    for month, column in zip(settled, columns, strict=True):
        now = _computed(month, column)
        versions = locks.get(month.month, ())
        stands = _locked(locked_statement(versions[-1]), now) if versions else now
        apart += (stands.due or Money(0)) - (now.due or Money(0))
        if now.credits_to_date is not None:
            stands = replace(stands, credits_to_date=now.credits_to_date + apart)
        yield FiguresInForce(month.month, len(versions), stands, now)


def _computed(month: SettledMonth, column: Table1Column) -> MonthTotals:
    credit = month.statement.credit
    return MonthTotals(
        counts=dict(column.counts),
        points=str(month.statement.points),
        due=credit.due if credit else None,
        cap=credit.cap if credit else None,
        credits_to_date=month.credits_to_date,
    )


def _locked(found: LockedStatement, now: MonthTotals) -> MonthTotals:
    tally = Counter(line.category for line in found.lines)
    counts = {category: tally[category] for category in Category}
    return replace(now, counts=counts, points=found.points, due=found.due, cap=found.cap)


@dataclass(frozen=True)
class StatementComparison:
    """`before` and `after`: fingerprints of the two. `causes`: empty where outputs differ and no input does, which only
    another text of the measure or another engine can bring about."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def changed(before: dict[str, Json], after: dict[str, Json]) -> StatementComparison:
    """Compare two values of `sealed_of`."""
    found = statement_differences(read_sealed(before), read_sealed(after))
    return StatementComparison(sealed_fingerprint(before), sealed_fingerprint(after), found, causes_of(found))


def lock_named(entries: Sequence[Entry], name: str) -> Lock:
    """`name`: of a locked statement, cssc/2019-09/v1. Raises ProblemsFoundError where there is none."""
    locks = {lock.id: lock for versions in locks_known(entries).values() for lock in versions}
    if name not in locks:
        remedy = suggestion(name, locks, f"the locked statements are: {', '.join(locks) or 'none yet'}")
        what = f"there is no locked statement '{name}'"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE), "Q011", what, remedy)])
    return locks[name]

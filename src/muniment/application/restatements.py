"""Computing locked statements again: from the inputs that they were locked on, and from what is known now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from muniment.application.agreed_terms import too_late_in
from muniment.application.load import OpenedContract
from muniment.application.recalculation import as_locked, compute
from muniment.commands.queries.late_evidence import LateSubmission, counted_too_late
from muniment.commands.queries.locked_statements import StatementComparison, changed
from muniment.commands.queries.recalculation import Recalculation, asks_for_restating, effect_of
from muniment.commands.queries.terms import regime_of_month
from muniment.commands.restatements import OutsideWindow, RestatedMonth
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.assessment.restatement import RestatementClass, VersionDifference
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_statement import read_sealed
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.regime.terms import LateEvidence


def class_of(*, opened: OpenedContract, lock: Lock) -> RestatementClass:
    """Computed, not chosen: a REVISION where the statement's own inputs still give what it says, so that it was right
    when it was locked; a CORRECTION where they do not."""
    was, locked = lock.locked, as_locked(opened, lock)
    again = compute(opened=locked, month=was.month, engine="duckdb", elsewhere={}, sealed_as=was.statement)
    return "revision" if sealed_fingerprint(again.month.sealed) == was.statement else "correction"


def recalculation_of(*, opened: OpenedContract, lock: Lock) -> Recalculation:
    """The statement as it would be computed now, against the locked one."""
    sealed, found = _as_known_now(opened, lock)
    effect = effect_of(found.differences)
    restates = class_of(opened=opened, lock=lock) if effect != "no effect" else "revision"
    late = _only_too_late(opened, lock, sealed)
    return Recalculation(lock.id, effect, restates, found, _policy(opened, lock), late)


def recalculations(*, opened: OpenedContract, months: tuple[Month, ...]) -> tuple[Recalculation, ...]:
    """The last locked statement of each month asked for, or of every locked month."""
    locks = locks_known(opened.entries)
    return tuple(
        recalculation_of(opened=opened, lock=locks[month][-1]) for month in sorted(months or locks) if month in locks
    )


@dataclass(frozen=True)
class RestatementDraft:
    """What a restatement would seal: the month itself, and every later locked month that changes with it. `found`: what
    differs in the month. `outside`: set where only evidence after the agreed window makes it necessary."""

    first: RestatedMonth
    knock_on: tuple[RestatedMonth, ...]
    found: StatementComparison
    outside: OutsideWindow | None


def restatement_draft_of(*, opened: OpenedContract, lock: Lock, is_outside_meant: bool) -> RestatementDraft:
    """The last locked version `lock` and those of later months, as they would be locked now."""
    sealed, found = _as_known_now(opened, lock)
    late = _only_too_late(opened, lock, sealed)
    is_barred = late and asks_for_restating(effect_of(found.differences), _policy(opened, lock))
    says = "; ".join(each.sentence for each in late)
    return RestatementDraft(
        first=_restated(opened, lock, sealed, found),
        knock_on=tuple(_knock_on(opened, lock.locked.month)),
        found=found,
        outside=OutsideWindow(max(each.last for each in late), says, is_outside_meant) if is_barred else None,
    )


def _knock_on(opened: OpenedContract, month: Month) -> Iterator[RestatedMonth]:
    """Later locked months whose figures would differ too."""
    for later, locks in sorted(locks_known(opened.entries).items()):
        if later > month:
            sealed, found = _as_known_now(opened, locks[-1])
            if effect_of(found.differences) != "no effect":
                yield _restated(opened, locks[-1], sealed, found)


def _as_known_now(opened: OpenedContract, lock: Lock) -> tuple[dict[str, Json], StatementComparison]:
    now = compute(opened=opened, month=lock.locked.month, engine="duckdb", elsewhere={})
    return now.month.sealed, changed(lock.locked.sealed, now.month.sealed)


def _restated(opened: OpenedContract, lock: Lock, sealed: dict[str, Json], found: StatementComparison) -> RestatedMonth:
    return RestatedMonth(
        month=str(lock.locked.month),
        restates=class_of(opened=opened, lock=lock),
        cause=", ".join(found.causes) or "engine",
        sealed=sealed,
        differences=tuple(VersionDifference(f"{d.of}/{d.part}", d.before, d.after) for d in found.differences),
    )


def _policy(opened: OpenedContract, lock: Lock) -> LateEvidence:
    month = lock.locked.month
    return regime_of_month(text=opened.text, known=opened.known, month=month).terms.late_evidence


def _only_too_late(opened: OpenedContract, lock: Lock, sealed: dict[str, Json]) -> tuple[LateSubmission, ...]:
    """What came after the agreed window, where the statement would not have to be restated without it."""
    known = too_late_in(opened)
    late = counted_too_late(before=lock.locked.sealed_statement, after=read_sealed(sealed), known=known)
    if not late:
        return ()
    without = replace(opened, entries=tuple(entry for entry in opened.entries if entry.subject not in known))
    _, found = _as_known_now(without, lock)
    return () if asks_for_restating(effect_of(found.differences), _policy(opened, lock)) else late

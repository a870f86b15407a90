"""Computing locked statements again: from the inputs that they were locked on, and from what is known now."""

from dataclasses import replace

from muniment.commands.queries.changed import changed
from muniment.commands.queries.shadow import Shadow, effect_of
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.assessment.restatement import RestatementClass
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.period import Month
from muniment.faces.desk.computing import compute, known_at
from muniment.faces.desk.opening import Opened


def class_of(*, opened: Opened, lock: Lock) -> RestatementClass:
    """Computed, not chosen: a REVISION where the statement's own inputs still give what it says, so that it was right
    when it was locked; a CORRECTION where they do not."""
    inputs = opened.entries[: lock.locked.computed_on]
    then = replace(opened, entries=inputs, known=known_at(lock))
    again = compute(opened=then, month=lock.locked.month, engine="duckdb", elsewhere={})
    return "revision" if sealed_fingerprint(again.month.sealed) == lock.locked.statement else "correction"


def shadow_of(*, opened: Opened, lock: Lock) -> Shadow:
    """The statement as it would be computed now, against the locked one."""
    now = compute(opened=opened, month=lock.locked.month, engine="duckdb", elsewhere={})
    found = changed(lock.locked.sealed, now.month.sealed)
    effect = effect_of(found.differences)
    restates = class_of(opened=opened, lock=lock) if effect != "no effect" else "revision"
    return Shadow(lock.id, effect, restates, found)


def shadows(*, opened: Opened, months: tuple[Month, ...]) -> tuple[Shadow, ...]:
    """The last locked statement of each month asked for, or of every locked month."""
    locks = locks_known(opened.entries)
    return tuple(shadow_of(opened=opened, lock=locks[month][-1]) for month in sorted(months or locks) if month in locks)

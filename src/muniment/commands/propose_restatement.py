"""Propose a restatement: what the locked statement would say now, of which class, and by which cause.

Later locked months that change with it are proposed in the same transaction, and decided together: nothing ripples on
silently. Where only evidence that came after the agreed window makes it necessary, whoever proposes it has to say so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import (
    RESTATEMENT_CLASSES,
    Differs,
    RestatementProposed,
    restatements_known,
)
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.guards import must_be_fresh
from muniment.domain.lifecycle.policies import contract_of, one_of, whole_month
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


@dataclass(frozen=True)
class Restated:
    """A locked month as it would be locked next. `restates`: revision or correction. `sealed`: its new statement."""

    month: str
    restates: str
    cause: str
    sealed: dict[str, Json]
    differences: Sequence[Differs]


@dataclass(frozen=True)
class OutsideWindow:
    """Only evidence that came after `last`, the window's last day, makes the restatement necessary. `says`: which, and
    where the window is agreed. `is_meant`: whoever proposes it knows, and gives the reason."""

    last: date
    says: str
    is_meant: bool


def propose_restatement(
    *,
    ledger: Ledger,
    act: Act,
    month: str,
    restates: str,
    cause: str,
    sealed: dict[str, Json],
    computed_on: int,
    differences: Sequence[Differs],
    ripple: Sequence[Restated] = (),
    outside: OutsideWindow | None = None,
) -> Entry:
    """`restates`: revision or correction. `sealed`: the statement as it would be locked. `ripple`: later locked months
    that change with it, which need the same approval. `outside`: see there. Returns the proposal of `month`."""
    first = Restated(month, restates, cause, sealed, differences)
    period = whole_month(month)
    for restated in (first, *ripple):
        one_of(restated.restates, words=RESTATEMENT_CLASSES, what="class of restatement")
        if not restated.cause.strip():
            raise Refused("cause", "the restatement names no cause", "say which input differs")
    later = tuple(str(whole_month(restated.month)) for restated in ripple)
    if any(whole_month(other) <= period for other in later) or len(set(later)) != len(later):
        raise Refused("ripple", f"a restatement of {period} changes later months, each once", "name those")
    outside_window = _outside_window(outside)

    def decide(entries: Sequence[Entry], seen: int = computed_on) -> tuple[Draft, ...]:
        leader = _proposed(entries, first, computed_on=seen, ripple=later, outside_window=outside_window)
        subject = _next_id(entries, leader)
        return (
            Draft(subject, leader, act),
            *_with_it(entries, ripple, act=act, computed_on=seen, goes_with=subject),
        )

    return record(
        ledger=ledger,
        act=act,
        verb="propose_restatement",
        kind=RestatementProposed,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{period}",
        again=lambda entries: decide(entries, len(entries)),
    )


def _with_it(
    entries: Sequence[Entry], ripple: Sequence[Restated], *, act: Act, computed_on: int, goes_with: str
) -> Iterator[Draft]:
    for restated in ripple:
        proposed = _proposed(entries, restated, computed_on=computed_on, goes_with=goes_with)
        yield Draft(_next_id(entries, proposed), proposed, act)


def _proposed(
    entries: Sequence[Entry],
    restated: Restated,
    *,
    computed_on: int,
    ripple: tuple[str, ...] = (),
    goes_with: str | None = None,
    outside_window: str | None = None,
) -> RestatementProposed:
    contract, month = contract_of(entries), whole_month(restated.month)
    allowed(entries, machine="month", thing=f"{contract}/{month}", event="propose_restatement")
    locks = locks_known(entries)[month]
    statement = sealed_fingerprint(restated.sealed)
    if locks[-1].locked.statement == statement:
        raise Refused(
            "nothing_new", f"{locks[-1].id} says the same", "a contract manager could keep it (keep-statement)"
        )
    must_be_fresh(entries, contract=contract, month=month, computed_on=computed_on, wanted="restate it")
    return RestatementProposed(
        month=month,
        number=len(locks) + 1,
        restates=one_of(restated.restates, words=RESTATEMENT_CLASSES, what="class of restatement"),
        cause=restated.cause,
        statement=statement,
        sealed=restated.sealed,
        computed_on=computed_on,
        differences=tuple(restated.differences),
        ripple=ripple,
        goes_with=goes_with,
        outside_window=outside_window,
    )


def _next_id(entries: Sequence[Entry], proposed: RestatementProposed) -> str:
    earlier = sum(known.proposed.month == proposed.month for known in restatements_known(entries))
    return f"{contract_of(entries)}/{proposed.month}/r{earlier + 1}"


def _outside_window(outside: OutsideWindow | None) -> str | None:
    """Raises Refused where nobody said that the window is over."""
    if outside is None:
        return None
    if not outside.is_meant:
        remedy = "a contract manager could propose it all the same, and give the reason"
        raise Refused("late_evidence", f"{outside.says}, so no restatement is proposed", remedy)
    return outside.last.isoformat()

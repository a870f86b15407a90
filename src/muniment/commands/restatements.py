"""Commands on restatements: propose what a locked statement would say now, and decide it; the locked version stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.commands.recording import record_entry
from muniment.commands.spec import WHOLE_MONTH, CommandField, CommandSpec, moves
from muniment.domain.assessment.month_lock import MonthLocked, locks_known
from muniment.domain.assessment.restatement import (
    RESTATEMENT_CLASSES,
    RESTATEMENT_OUTCOMES,
    Restatement,
    RestatementDecided,
    RestatementProposed,
    VersionDifference,
    restatements_known,
)
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import suggestion
from muniment.domain.lifecycle.guards import must_be_fresh
from muniment.domain.lifecycle.permissions import must_be_another, must_not_stand_in
from muniment.domain.lifecycle.policies import contract_of, one_of, whole_month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger

PROPOSE_RESTATEMENT = CommandSpec(
    name="propose_restatement",
    says="propose a restatement",
    roles=("contract_manager",),
    binds=True,
    entry_kind=RestatementProposed,
    event=moves(RestatementProposed),
    line="propose-restatement",
    summary="propose a new version of a locked statement, and of the later ones that change with it",
    fields=(
        WHOLE_MONTH,
        CommandField(
            "is_outside_window", "although the evidence came after the agreed window (late_evidence)", kind="flag",
            option="outside-window", is_needed=False,
        ),
    ),
)  # fmt: skip
DECIDE_RESTATEMENT = CommandSpec(
    name="decide_restatement",
    says="decide a restatement",
    roles=("decision_maker",),
    apart_from="proposer and decider",
    binds=True,
    entry_kind=RestatementDecided,
    event=moves(RestatementDecided),
    line="decide-restatement",
    summary="approve or refuse a proposed restatement, with all that was proposed with it",
    fields=(
        CommandField("restatement", "its id, as cssc/2019-09/r1", "RESTATEMENT"),
        CommandField("outcome", "the decision", kind="choice", option="outcome", choices=RESTATEMENT_OUTCOMES),
    ),
    perform=lambda acting, given: decide_restatement(
        ledger=acting.ledger, act=acting.act, restatement=given.text("restatement"), outcome=given.text("outcome")
    ),
)
COMMANDS = (PROPOSE_RESTATEMENT, DECIDE_RESTATEMENT)


@dataclass(frozen=True)
class RestatedMonth:
    """A locked month as it would be locked next. `restates`: revision or correction. `sealed`: its new statement."""

    month: str
    restates: str
    cause: str
    sealed: dict[str, Json]
    differences: Sequence[VersionDifference]


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
    differences: Sequence[VersionDifference],
    knock_on: Sequence[RestatedMonth] = (),
    outside: OutsideWindow | None = None,
) -> Entry:
    """`restates`: revision or correction. `sealed`: the statement as it would be locked. `knock_on`: later locked
    months that change with it, which need the same approval. `outside`: see there. Returns the proposal of `month`."""
    first = RestatedMonth(month, restates, cause, sealed, differences)
    period = whole_month(month)
    for restated in (first, *knock_on):
        one_of(restated.restates, words=RESTATEMENT_CLASSES, what="class of restatement")
        if not restated.cause.strip():
            raise RefusedError("cause", "the restatement names no cause", "say which input differs")
    later = tuple(str(whole_month(restated.month)) for restated in knock_on)
    if any(whole_month(other) <= period for other in later) or len(set(later)) != len(later):
        raise RefusedError("ripple", f"a restatement of {period} changes later months, each once", "name those")
    outside_window = _outside_window(outside)

    def decide(entries: Sequence[Entry], seen: int = computed_on) -> tuple[Draft, ...]:
        leader = _proposed(entries, first, computed_on=seen, knock_on=later, outside_window=outside_window)
        subject = _next_id(entries, leader)
        return (
            Draft(subject, leader, act),
            *_with_it(entries, knock_on, act=act, computed_on=seen, goes_with=subject),
        )

    return record_entry(
        ledger=ledger,
        act=act,
        command=PROPOSE_RESTATEMENT,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{period}",
        again=lambda entries: decide(entries, len(entries)),
    )


def _with_it(
    entries: Sequence[Entry], knock_on: Sequence[RestatedMonth], *, act: Act, computed_on: int, goes_with: str
) -> Iterator[Draft]:
    for restated in knock_on:
        proposed = _proposed(entries, restated, computed_on=computed_on, goes_with=goes_with)
        yield Draft(_next_id(entries, proposed), proposed, act)


def _proposed(
    entries: Sequence[Entry],
    restated: RestatedMonth,
    *,
    computed_on: int,
    knock_on: tuple[str, ...] = (),
    goes_with: str | None = None,
    outside_window: str | None = None,
) -> RestatementProposed:
    contract, month = contract_of(entries), whole_month(restated.month)
    PROPOSE_RESTATEMENT.must_be_allowed(entries, thing=f"{contract}/{month}")
    locks = locks_known(entries)[month]
    statement = sealed_fingerprint(restated.sealed)
    if locks[-1].locked.statement == statement:
        raise RefusedError(
            "nothing_new", f"{locks[-1].id} says the same", "a contract manager could confirm it (confirm-statement)"
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
        knock_on=knock_on,
        goes_with=goes_with,
        outside_window=outside_window,
    )


def _next_id(entries: Sequence[Entry], proposed: RestatementProposed) -> str:
    earlier = sum(known.proposed.month == proposed.month for known in restatements_known(entries))
    return f"{contract_of(entries)}/{proposed.month}/r{earlier + 1}"


def _outside_window(outside: OutsideWindow | None) -> str | None:
    """Raises RefusedError where nobody said that the window is over."""
    if outside is None:
        return None
    if not outside.is_meant:
        remedy = "a contract manager could propose it all the same, and give the reason"
        raise RefusedError("late_evidence", f"{outside.says}, so no restatement is proposed", remedy)
    return outside.last.isoformat()


def decide_restatement(*, ledger: Ledger, act: Act, restatement: str, outcome: str) -> Entry:
    """`restatement`: the id of the proposal, cssc/2019-09/r1. `outcome`: approved or refused."""
    decision = RestatementDecided(one_of(outcome, words=RESTATEMENT_OUTCOMES, what="outcome"))
    month = restatement.rpartition("/")[0]

    def decide(entries: Sequence[Entry]) -> tuple[Draft, ...]:
        known = {proposal.id: proposal for proposal in restatements_known(entries)}
        if restatement not in known:
            remedy = suggestion(restatement, known, "a contract manager could propose one")
            raise RefusedError("no_proposal", f"there is no restatement '{restatement}'", remedy)
        DECIDE_RESTATEMENT.must_be_allowed(entries, thing=month, outcome=decision.outcome)
        proposal = known[restatement]
        if not proposal.is_open:
            raise RefusedError("no_proposal", f"{restatement} was {proposal.outcome} already", "decide the open one")
        if proposal.proposed.goes_with is not None:
            leader = proposal.proposed.goes_with
            what = f"{restatement} changes with {leader}, and is decided with it"
            raise RefusedError("ripple", what, f"a decision maker could decide {leader}")
        must_be_another(proposal.recorded.actor, act=act, did=f"proposed {restatement}", what="decide it")
        by = proposal.recorded
        must_not_stand_in(
            entries, act=act, permission=DECIDE_RESTATEMENT, first=by, first_permission=PROPOSE_RESTATEMENT
        )
        together = (proposal, *(found for found in known.values() if found.proposed.goes_with == restatement))
        if decision.outcome == "approved":
            _must_be_whole(proposal, together)
        return tuple(_drafts(entries, together, decision=decision, act=act))

    return record_entry(ledger=ledger, act=act, command=DECIDE_RESTATEMENT, decide=decide, thing=month)


def _must_be_whole(proposal: Restatement, together: Sequence[Restatement]) -> None:
    """Raises RefusedError where a later month changes with it and is not proposed with it, as in older records."""
    proposed = {str(found.proposed.month) for found in together}
    if missing := [month for month in proposal.proposed.knock_on if month not in proposed]:
        what = f"{', '.join(missing)} would change with {proposal.id}, and no restatement of it was proposed with it"
        raise RefusedError("ripple", what, "a decision maker could refuse it, and a contract manager propose it again")


def _drafts(
    entries: Sequence[Entry], together: Sequence[Restatement], *, decision: RestatementDecided, act: Act
) -> Iterator[Draft]:
    for proposal in together:
        DECIDE_RESTATEMENT.must_be_allowed(entries, thing=proposal.month_thing, outcome=decision.outcome)
        yield Draft(proposal.id, decision, act)
        if decision.outcome == "approved":
            number = proposal.proposed.number
            yield Draft(f"{proposal.month_thing}/v{number}", _next_version(entries, proposal), act)


def _next_version(entries: Sequence[Entry], proposal: Restatement) -> MonthLocked:
    proposed = proposal.proposed
    must_be_fresh(
        entries,
        contract=contract_of(entries),
        month=proposed.month,
        computed_on=proposed.computed_on,
        wanted="approve its restatement",
    )
    return MonthLocked(
        month=proposed.month,
        number=proposed.number,
        statement=proposed.statement,
        sealed=proposed.sealed,
        computed_on=proposed.computed_on,
        is_authority_alone=True,
    )

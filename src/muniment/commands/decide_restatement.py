"""Decide a restatement: approved, it is locked as the next version in the same transaction; v1 stays as it was.

The later months that change with it were proposed with it, and are decided, and locked, in that transaction too. Where
one of them is stale nothing is approved, and the refusal names it.
"""

from collections.abc import Iterator, Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import MonthLocked
from muniment.domain.assessment.restatement import (
    RESTATEMENT_OUTCOMES,
    Restatement,
    RestatementDecided,
    restatements_known,
)
from muniment.domain.kernel.problem import suggestion
from muniment.domain.lifecycle.guards import must_be_fresh
from muniment.domain.lifecycle.permissions import must_be_another, must_not_stand_in
from muniment.domain.lifecycle.policies import contract_of, one_of
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def decide_restatement(*, ledger: Ledger, act: Act, restatement: str, outcome: str) -> Entry:
    """`restatement`: the id of the proposal, cssc/2019-09/r1. `outcome`: approved or refused."""
    decision = RestatementDecided(one_of(outcome, words=RESTATEMENT_OUTCOMES, what="outcome"))
    month = restatement.rpartition("/")[0]
    event = EVENTS[RestatementDecided.kind][1][decision.outcome]

    def decide(entries: Sequence[Entry]) -> tuple[Draft, ...]:
        known = {proposal.id: proposal for proposal in restatements_known(entries)}
        if restatement not in known:
            remedy = suggestion(restatement, known, "a contract manager could propose one")
            raise Refused("no_proposal", f"there is no restatement '{restatement}'", remedy)
        allowed(entries, machine="month", thing=month, event=event)
        proposal = known[restatement]
        if not proposal.is_open:
            raise Refused("no_proposal", f"{restatement} was {proposal.outcome} already", "decide the open one")
        if proposal.proposed.goes_with is not None:
            leader = proposal.proposed.goes_with
            what = f"{restatement} changes with {leader}, and is decided with it"
            raise Refused("ripple", what, f"a decision maker could decide {leader}")
        must_be_another(proposal.recorded.actor, act=act, did=f"proposed {restatement}", what="decide it")
        by = proposal.recorded
        must_not_stand_in(entries, act=act, verb="decide_restatement", first=by, first_verb="propose_restatement")
        together = (proposal, *(found for found in known.values() if found.proposed.goes_with == restatement))
        if decision.outcome == "approved":
            _must_be_whole(proposal, together)
        return tuple(_drafts(entries, together, decision=decision, act=act))

    return record(
        ledger=ledger, act=act, verb="decide_restatement", kind=RestatementDecided, decide=decide, thing=month
    )


def _must_be_whole(proposal: Restatement, together: Sequence[Restatement]) -> None:
    """Raises Refused where a later month changes with it and is not proposed with it, as in older records."""
    proposed = {str(found.proposed.month) for found in together}
    if missing := [month for month in proposal.proposed.ripple if month not in proposed]:
        what = f"{', '.join(missing)} would change with {proposal.id}, and no restatement of it was proposed with it"
        raise Refused("ripple", what, "a decision maker could refuse it, and a contract manager propose it again")


def _drafts(
    entries: Sequence[Entry], together: Sequence[Restatement], *, decision: RestatementDecided, act: Act
) -> Iterator[Draft]:
    event = EVENTS[RestatementDecided.kind][1][decision.outcome]
    for proposal in together:
        allowed(entries, machine="month", thing=proposal.month_thing, event=event)
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

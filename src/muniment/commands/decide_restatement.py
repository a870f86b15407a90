"""Decide a restatement: approved, it is locked as the next version in the same transaction; v1 stays as it was."""

from collections.abc import Sequence

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
from muniment.domain.lifecycle.permissions import must_be_another
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

    def decide(entries: Sequence[Entry]) -> tuple[Draft, ...]:
        known = {proposal.id: proposal for proposal in restatements_known(entries)}
        if restatement not in known:
            remedy = suggestion(restatement, known, "a contract manager could propose one")
            raise Refused("no_proposal", f"there is no restatement '{restatement}'", remedy)
        allowed(entries, machine="month", thing=month, event=EVENTS[RestatementDecided.kind][1][decision.outcome])
        proposal = known[restatement]
        if not proposal.is_open:
            raise Refused("no_proposal", f"{restatement} was {proposal.outcome} already", "decide the open one")
        must_be_another(proposal.recorded.actor, act=act, did=f"proposed {restatement}", what="decide it")
        decided = Draft(restatement, decision, act)
        if decision.outcome == "refused":
            return (decided,)
        return decided, Draft(f"{month}/v{proposal.proposed.number}", _next_version(entries, proposal), act)

    return record(
        ledger=ledger, act=act, verb="decide_restatement", kind=RestatementDecided, decide=decide, thing=month
    )


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

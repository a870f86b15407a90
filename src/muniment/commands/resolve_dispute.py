"""Resolve a dispute. After the lock the outcome stands and the locked version does not change."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.disputes import DISPUTE_OUTCOMES, DisputeResolved, disputes_known
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.lifecycle.permissions import must_be_another
from muniment.domain.lifecycle.policies import one_of
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def resolve_dispute(*, ledger: Ledger, act: Act, dispute: str, outcome: str) -> Entry:
    """`dispute`: its id, cssc/CSC_KPI_04/2019-09/d1. `outcome`: upheld, not_upheld or withdrawn."""
    subject = subject_of(dispute, letter="d", what="dispute")
    decision = one_of(outcome, words=DISPUTE_OUTCOMES, what="outcome")

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="kpi_month", thing=subject.thing, event=EVENTS[DisputeResolved.kind][1][decision])
        known = next((known for known in disputes_known(entries) if known.id == dispute and known.is_open), None)
        if known is None:
            raise Refused("no_dispute", f"{dispute} is not the open dispute", "name the one that is open")
        must_be_another(known.raised.actor, act=act, did=f"raised {dispute}", what="resolve it")
        return Draft(dispute, DisputeResolved(decision, version_locked(entries, subject.month)), act)

    return record(
        ledger=ledger, act=act, verb="resolve_dispute", kind=DisputeResolved, decide=decide, thing=subject.thing
    )

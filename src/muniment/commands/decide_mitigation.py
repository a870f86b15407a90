"""Decide a mitigation: the authority grants or refuses an open request, and not by whoever asked."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.mitigation import MitigationDecided, mitigations_known
from muniment.domain.lifecycle.permissions import must_act_for, must_be_another
from muniment.domain.lifecycle.policies import contract_of, decided, open_request
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def decide_mitigation(*, ledger: Ledger, act: Act, mitigation: str, outcome: str, effect: str | None = None) -> Entry:
    """`mitigation`: the id of the request. `effect`: what a grant does; a refusal has none."""
    must_act_for("authority", act=act, what="decide a mitigation")
    decision = decided(outcome=outcome, effect=effect)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract_of(entries)
        request = open_request(mitigations_known(entries), mitigation=mitigation)
        must_be_another(request.requested.actor, act=act, did=f"asked for {mitigation}", what="decide it")
        return Draft(mitigation, decision, act)

    return record(ledger=ledger, act=act, kind=MitigationDecided, decide=decide)

"""Withdraw a mitigation request: the supplier no longer asks, and nothing was decided yet."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.mitigation import MitigationWithdrawn
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def withdraw_mitigation(*, ledger: Ledger, act: Act, mitigation: str) -> Entry:
    """`mitigation`: the id of the request."""

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="mitigation", thing=mitigation, event="withdraw")
        return Draft(mitigation, MitigationWithdrawn(), act)

    return record(
        ledger=ledger, act=act, verb="withdraw_mitigation", kind=MitigationWithdrawn, decide=decide, thing=mitigation
    )

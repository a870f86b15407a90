"""Propose a restatement: what the locked statement would say now, of which class, and by which cause."""

from collections.abc import Sequence

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
    ripple: Sequence[str] = (),
) -> Entry:
    """`restates`: revision or correction. `sealed`: the statement as it would be locked. `ripple`: later locked months
    that change with it, which need the same approval."""
    period = whole_month(month)
    restatement_class = one_of(restates, words=RESTATEMENT_CLASSES, what="class of restatement")
    statement = sealed_fingerprint(sealed)
    if not cause.strip():
        raise Refused("cause", "the restatement names no cause", "say which input differs")

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        thing = f"{contract}/{period}"
        allowed(entries, machine="month", thing=thing, event="propose_restatement")
        locks = locks_known(entries)[period]
        if locks[-1].locked.statement == statement:
            raise Refused("nothing_new", f"{locks[-1].id} says the same", "there is nothing to restate")
        must_be_fresh(entries, contract=contract, month=period, computed_on=computed_on, wanted="restate it")
        proposed = RestatementProposed(
            month=period,
            number=len(locks) + 1,
            restates=restatement_class,
            cause=cause,
            statement=statement,
            sealed=sealed,
            computed_on=computed_on,
            differences=tuple(differences),
            ripple=tuple(ripple),
        )
        earlier = sum(known.proposed.month == period for known in restatements_known(entries))
        return Draft(f"{thing}/r{earlier + 1}", proposed, act)

    return record(
        ledger=ledger,
        act=act,
        verb="propose_restatement",
        kind=RestatementProposed,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{period}",
    )

"""Lock a month: a second person signs the same statement, and what was signed is sealed into the record.

The second signature is the supplier's approver's, or that of another person of the authority, who says why.
"""

from collections.abc import Sequence

from muniment.commands.foresee_refusal import must_be_second
from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import MonthLocked, signatures_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json, short
from muniment.domain.lifecycle.appointments import day_of
from muniment.domain.lifecycle.guards import MonthToLock, must_be_fresh, must_be_ready
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def lock_month(*, ledger: Ledger, act: Act, to_lock: MonthToLock, sealed: dict[str, Json], computed_on: int) -> Entry:
    """`sealed`: the statement with its inputs, as known on the day that the first signature names."""
    statement = sealed_fingerprint(sealed)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        month = f"{contract}/{to_lock.month}"
        allowed(entries, machine="month", thing=month, event="lock")
        first = signatures_known(entries)[to_lock.month]
        must_be_second(entries, act=act, month=to_lock.month)
        overdue, on = first.signed.overdue, day_of(act, entries=entries)
        must_be_ready(entries, contract=contract, to_lock=to_lock, overdue=overdue, on=on)
        must_be_fresh(entries, contract=contract, month=to_lock.month, computed_on=computed_on, wanted="lock it")
        if first.signed.statement != statement:
            what = f"the first signature is under {short(first.signed.statement)}, this statement is {short(statement)}"
            raise Refused("same_statement", what, "a contract manager could sign the statement as it is now")
        locked = MonthLocked(
            month=to_lock.month,
            number=1,
            statement=statement,
            sealed=sealed,
            computed_on=computed_on,
            is_authority_alone=act.on_behalf_of == "authority",
        )
        return Draft(f"{month}/v1", locked, act)

    return record(
        ledger=ledger,
        act=act,
        verb="lock",
        kind=MonthLocked,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{to_lock.month}",
    )

"""Sign a month's statement first: the contract manager names the statement that was seen."""

from collections.abc import Sequence
from datetime import date

from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import StatementSigned
from muniment.domain.lifecycle.appointments import day_of
from muniment.domain.lifecycle.guards import MonthToLock, must_be_fresh, must_be_ready
from muniment.domain.lifecycle.policies import contract_of, must_be_fingerprint
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def sign_statement(
    *,
    ledger: Ledger,
    act: Act,
    to_lock: MonthToLock,
    statement: str,
    known: date,
    computed_on: int,
    overdue: Sequence[tuple[str, str]] = (),
) -> Entry:
    """`statement`: the sealed fingerprint of the statement, as known on the day `known`. `computed_on`: seq of the last
    entry that it was computed from. `overdue`: (table, why the month is settled without it)."""
    must_be_fingerprint(statement)
    signed = StatementSigned(to_lock.month, statement, known, computed_on, tuple(overdue))

    def decide(entries: Sequence[Entry], seen: int = computed_on) -> Draft:
        contract = contract_of(entries)
        month = f"{contract}/{to_lock.month}"
        allowed(entries, machine="month", thing=month, event="sign")
        on = day_of(act, entries=entries)
        must_be_ready(entries, contract=contract, to_lock=to_lock, overdue=overdue, on=on)
        must_be_fresh(entries, contract=contract, month=to_lock.month, computed_on=seen, wanted="sign its statement")
        return Draft(f"{month}/v1", signed, act)

    return record(
        ledger=ledger,
        act=act,
        verb="sign",
        kind=StatementSigned,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{to_lock.month}",
        again=lambda entries: decide(entries, len(entries)),
    )

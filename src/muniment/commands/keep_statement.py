"""Keep a locked statement: what changed after the lock was looked at, and asks for no restatement."""

from collections.abc import Sequence
from datetime import date

from muniment.commands.queries.shadow import Shadow
from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.guards import must_be_fresh
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.lifecycle.statement_kept import StatementKept
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def keep_statement(*, ledger: Ledger, act: Act, month: Month, shadow: Shadow, known: date, computed_on: int) -> Entry:
    """`shadow`: what the month's last locked version would say now, as known on the day `known`, computed from the
    entries up to `computed_on`. Refused where the agreed text asks for a restatement of that."""

    def decide(entries: Sequence[Entry], seen: int = computed_on) -> Draft:
        contract = contract_of(entries)
        allowed(entries, machine="month", thing=f"{contract}/{month}", event="keep_statement")
        locked = locks_known(entries)[month][-1]
        if shadow.statement != locked.id:
            raise Refused("latest_version", f"{locked.id} is the last version", f"look at {locked.id}")
        must_be_fresh(entries, contract=contract, month=month, computed_on=seen, wanted="keep its statement")
        if shadow.needs_restating:
            what = f"{locked.id} would say something else now: {shadow.effect}"
            raise Refused("restatement_due", what, "a contract manager could propose a restatement")
        return Draft(locked.id, StatementKept(month, locked.locked.number, known, computed_on, shadow.effect), act)

    return record(
        ledger=ledger,
        act=act,
        verb="keep_statement",
        kind=StatementKept,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{month}",
        again=lambda entries: decide(entries, len(entries)),
    )

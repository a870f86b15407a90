"""Commands on a month's statement: sign it first, lock it with a second signature, confirm it after the lock."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from muniment.commands.queries.recalculation import Recalculation
from muniment.commands.recording import precheck, record_entry
from muniment.commands.restatements import PROPOSE_RESTATEMENT
from muniment.commands.spec import WHOLE_MONTH, CommandField, CommandSpec, moves
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned, locks_known, signatures_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json, short
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.appointments import day_of_act
from muniment.domain.lifecycle.guards import MonthToLock, must_be_fresh, must_be_ready
from muniment.domain.lifecycle.permissions import must_be_another, must_not_stand_in
from muniment.domain.lifecycle.policies import contract_of, must_be_fingerprint
from muniment.domain.lifecycle.statement_confirmed import StatementConfirmed
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger

SIGN = CommandSpec(
    name="sign",
    says="sign a statement first",
    roles=("contract_manager",),
    binds=True,
    entry_kind=StatementSigned,
    event=moves(StatementSigned),
    line="sign",
    summary="sign a month's statement first, as it is known today",
    fields=(
        WHOLE_MONTH,
        CommandField(
            "overdue", "a table that the month is settled without", "TABLE=WHY", "pairs", "overdue", is_needed=False,
            is_repeated=True,
        ),
    ),
)  # fmt: skip
LOCK = CommandSpec(
    name="lock",
    says="lock a month",
    roles=("supplier_approver", "contract_manager", "decision_maker"),
    apart_from="first and second signature",
    binds=True,
    entry_kind=MonthLocked,
    event=("month", {"": "lock"}),
    line="lock",
    summary="sign second, and lock the month at the statement that was signed",
    fields=(WHOLE_MONTH,),
)
CONFIRM_STATEMENT = CommandSpec(
    name="confirm_statement",
    says="confirm a locked statement",
    roles=("contract_manager",),
    binds=True,
    entry_kind=StatementConfirmed,
    event=moves(StatementConfirmed),
    line="confirm-statement",
    summary="confirm a locked statement: what changed since asks for no restatement",
    fields=(WHOLE_MONTH,),
)
COMMANDS = (SIGN, LOCK, CONFIRM_STATEMENT)

MonthCommand = Literal["sign", "lock", "propose_restatement", "confirm_statement"]
MONTH_COMMANDS: tuple[MonthCommand, ...] = get_args(MonthCommand)
_MONTH_SPECS: Mapping[MonthCommand, CommandSpec] = {
    "sign": SIGN,
    "lock": LOCK,
    "propose_restatement": PROPOSE_RESTATEMENT,
    "confirm_statement": CONFIRM_STATEMENT,
}


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
        SIGN.must_be_allowed(entries, thing=month)
        on = day_of_act(act, entries=entries)
        must_be_ready(entries, contract=contract, to_lock=to_lock, overdue=overdue, on=on)
        must_be_fresh(entries, contract=contract, month=to_lock.month, computed_on=seen, wanted="sign its statement")
        return Draft(f"{month}/v1", signed, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=SIGN,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{to_lock.month}",
        again=lambda entries: decide(entries, len(entries)),
    )


def confirm_statement(
    *, ledger: Ledger, act: Act, month: Month, recalculation: Recalculation, known: date, computed_on: int
) -> Entry:
    """`recalculation`: what the month's last locked version would say now, as known on the day `known`, computed from
    the entries up to `computed_on`. Refused where the agreed text asks for a restatement of that."""

    def decide(entries: Sequence[Entry], seen: int = computed_on) -> Draft:
        contract = contract_of(entries)
        CONFIRM_STATEMENT.must_be_allowed(entries, thing=f"{contract}/{month}")
        locked = locks_known(entries)[month][-1]
        if recalculation.statement != locked.id:
            raise RefusedError("latest_version", f"{locked.id} is the last version", f"look at {locked.id}")
        must_be_fresh(entries, contract=contract, month=month, computed_on=seen, wanted="confirm its statement")
        if recalculation.needs_restating:
            what = f"{locked.id} would say something else now: {recalculation.effect}"
            raise RefusedError("restatement_due", what, "a contract manager could propose a restatement")
        return Draft(
            locked.id, StatementConfirmed(month, locked.locked.number, known, computed_on, recalculation.effect), act
        )

    return record_entry(
        ledger=ledger,
        act=act,
        command=CONFIRM_STATEMENT,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{month}",
        again=lambda entries: decide(entries, len(entries)),
    )


class StatementChangedError(RefusedError):
    """The statement is another one by now. `shown` and `now`: what each comes to; `shown` is blank where nobody kept
    it."""

    def __init__(self, *, month: Month, shown: str, now: str) -> None:
        saw = f"you were shown {shown}" if shown else "you were shown another one"
        what = f"the statement of {month.name} is not the one that you were shown: {saw}, and it comes to {now} now"
        if shown == now:
            what = (
                f"the statement of {month.name} is not the one that you were shown: it comes to {now} as before, but "
                "something that it is computed from, or the day, is another"
            )
        super().__init__("as_shown", what, "look at the statement as it is now, and sign it if it still holds")


def precheck_month(*, ledger: Ledger, act: Act, command: MonthCommand, month: Month) -> Entry | None:
    """The entry that the act's key left already; None where nothing stands against it so far.

    Raises RefusedError (StaleError), remembered as that of the act itself; and NotRecordedError.
    """

    def must(entries: Sequence[Entry]) -> None:
        _MONTH_SPECS[command].must_be_allowed(entries, thing=f"{contract_of(entries)}/{month}")
        if command == "lock":
            must_be_second(entries, act=act, month=month)

    return precheck(
        ledger=ledger,
        act=act,
        command=_MONTH_SPECS[command],
        must=must,
        thing_of=lambda contract: f"{contract}/{month}",
    )


def must_be_second(entries: Sequence[Entry], *, act: Act, month: Month) -> None:
    """Raises RefusedError where the person signed the month first, or stands in for whoever did."""
    first = signatures_known(entries)[month]
    did = f"signed {contract_of(entries)}/{month} first"
    must_be_another(first.recorded.actor, act=act, did=did, what="sign second")
    must_not_stand_in(entries, act=act, permission=LOCK, first=first.recorded, first_permission=SIGN)


def lock_month(*, ledger: Ledger, act: Act, to_lock: MonthToLock, sealed: dict[str, Json], computed_on: int) -> Entry:
    """`sealed`: the statement with its inputs, as known on the day that the first signature names."""
    statement = sealed_fingerprint(sealed)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        month = f"{contract}/{to_lock.month}"
        LOCK.must_be_allowed(entries, thing=month)
        first = signatures_known(entries)[to_lock.month]
        must_be_second(entries, act=act, month=to_lock.month)
        overdue, on = first.signed.overdue, day_of_act(act, entries=entries)
        must_be_ready(entries, contract=contract, to_lock=to_lock, overdue=overdue, on=on)
        must_be_fresh(entries, contract=contract, month=to_lock.month, computed_on=computed_on, wanted="lock it")
        if first.signed.statement != statement:
            what = f"the first signature is under {short(first.signed.statement)}, this statement is {short(statement)}"
            raise RefusedError("same_statement", what, "a contract manager could sign the statement as it is now")
        locked = MonthLocked(
            month=to_lock.month,
            number=1,
            statement=statement,
            sealed=sealed,
            computed_on=computed_on,
            is_authority_alone=act.on_behalf_of == "authority",
        )
        return Draft(f"{month}/v1", locked, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=LOCK,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{to_lock.month}",
    )

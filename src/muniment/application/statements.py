"""The acts on a month's statement: computed first, then signed, locked, restated or confirmed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from muniment.application.acts import Acting, with_all_entries
from muniment.application.load import Opened, must_be_adopted
from muniment.application.recalculation import Computed, compute
from muniment.application.restatements import restatement_of, shadow_of
from muniment.application.stores import open_store
from muniment.commands.queries.recalculation import Step, steps_of
from muniment.commands.restatements import propose_restatement
from muniment.commands.statements import (
    NotAsShown,
    SettlingVerb,
    foresee_refusal,
    keep_statement,
    lock_month,
    sign_statement,
)
from muniment.domain.assessment.month_lock import Lock, locks_known, signatures_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_differences import Difference
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.record.act import Refused
from muniment.domain.record.entry import Entry
from muniment.domain.record.reported import Reported, figures_reported

COMPUTING, RECORDING = "Computing the statement from the evidence", "Recording"


@dataclass(frozen=True)
class Shown:
    """The statement that somebody was shown before they sign: its sealed fingerprint, and its figures in words."""

    statement: str
    figures: str


def sign(
    acting: Acting, *, month: Month, overdue: Sequence[tuple[str, str]], shown: Shown | None = None
) -> tuple[Entry, str]:
    """The first signature, on the statement as known today; and its fingerprint. `shown`: refused as NotAsShown where
    that is another one."""
    opened = to_be_signed(acting, month)
    entries = opened.entries
    computed = _computed(acting, opened, month)
    statement = _must_be_as_shown(acting, computed, verb="sign", shown=shown)
    entry = sign_statement(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        statement=statement,
        known=opened.known or acting.today,
        computed_on=len(entries),
        overdue=overdue,
    )
    return entry, statement


def lock(acting: Acting, *, month: Month, shown: Shown | None = None) -> Entry:
    """The second signature, on the statement that the first one saw, computed again from the same entries. `shown`:
    refused as NotAsShown where that is another one."""
    opened = to_be_signed(acting, month)
    entries = opened.entries
    signature = signatures_known(entries).get(month)
    seen, computed_on = opened, len(entries)
    if signature is not None:
        computed_on = signature.signed.computed_on
        seen = replace(opened, known=signature.signed.known, entries=entries[:computed_on])
    computed = _computed(acting, seen, month)
    _must_be_as_shown(acting, computed, verb="lock", shown=shown)
    return lock_month(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        sealed=computed.month.sealed,
        computed_on=computed_on,
    )


def propose(acting: Acting, *, month: Month, is_outside_window: bool = False) -> tuple[Entry, Sequence[Difference]]:
    """A restatement of the last locked version to what is known today, with every later locked month that changes with
    it; and what differs in the month itself, inputs first. Class and cause are computed.

    `is_outside_window`: it is proposed although only evidence after the agreed window makes it necessary.
    """
    opened = to_be_signed(acting, month)
    lock = last_lock(opened, month)
    acting.say(COMPUTING)
    restatement = restatement_of(opened=opened, lock=lock, is_outside_meant=is_outside_window)
    first = restatement.first
    if is_outside_window and restatement.outside is None:
        what = f"no restatement of {month} waits on evidence that came after an agreed window"
        remedy = "a contract manager could propose it without saying that the window is over"
        raise Refused("late_evidence", what, remedy)
    acting.say(RECORDING)
    entry = propose_restatement(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        month=first.month,
        restates=first.restates,
        cause=first.cause,
        sealed=first.sealed,
        computed_on=len(opened.entries),
        differences=first.differences,
        ripple=restatement.ripple,
        outside=restatement.outside,
    )
    return entry, restatement.found.differences


def keep(acting: Acting, *, month: Month) -> Entry:
    """Keep the month's last locked version, after computing what it would say now. Raises Refused where that asks for a
    restatement."""
    opened = to_be_signed(acting, month)
    lock = last_lock(opened, month)
    acting.say(COMPUTING)
    shadow = shadow_of(opened=opened, lock=lock)
    acting.say(RECORDING)
    return keep_statement(
        ledger=opened.store.ledger,
        act=acting.act,
        month=month,
        shadow=shadow,
        known=opened.known or acting.today,
        computed_on=len(opened.entries),
    )


def to_be_signed(acting: Acting, month: Month) -> Opened:
    """The contract with all its entries, under the text that was adopted. Raises Refused for files that differ."""
    opened = with_all_entries(acting.opened, acting.folder)
    must_be_adopted(opened, up_to=max([month, *locks_known(opened.entries)]))
    return opened


def last_lock(opened: Opened, month: Month) -> Lock:
    """Raises Refused for a month that is not locked."""
    locks = locks_known(opened.entries).get(month, ())
    if not locks:
        what = f"{month.name} is not locked, so there is nothing to restate"
        raise Refused("not_locked", what, "it could be signed and locked")
    return locks[-1]


def readers_of(acting: Acting, *, months: Collection[Month]) -> tuple[Reported, ...]:
    """The figures of those months that were reported: their readers have to be told of another version."""
    named = {str(month) for month in months}
    entries = open_store(acting.folder).ledger.entries()
    return tuple(found for found in figures_reported(entries) if named & {*found.figure.fact.split("/")})


def steps(acting: Acting, *, restatement: str) -> tuple[Step, ...]:
    """What a proposed restatement does, or did, to each month that it restates."""
    return steps_of(open_store(acting.folder).ledger.entries(), restatement=restatement)


def _computed(acting: Acting, opened: Opened, month: Month) -> Computed:
    acting.say(COMPUTING)
    computed = compute(opened=opened, month=month, engine="duckdb", elsewhere={})
    acting.say(RECORDING)
    return computed


def _must_be_as_shown(acting: Acting, computed: Computed, *, verb: SettlingVerb, shown: Shown | None) -> str:
    """The statement's fingerprint. Raises NotAsShown, or Stale where what happened since can be named."""
    statement, found = computed.month.statement, sealed_fingerprint(computed.month.sealed)
    if shown is not None and shown.statement != found:
        credit = statement.credit
        foresee_refusal(ledger=acting.opened.store.ledger, act=acting.act, verb=verb, month=statement.month)
        now = figures_in_words(points=str(statement.points), due=str(credit.due) if credit else "")
        raise NotAsShown(month=statement.month, shown=shown.figures, now=now)
    return found


def figures_in_words(*, points: str, due: str) -> str:
    """5 service points and a credit of £500.00. `due`: blank where the contract has no credits."""
    of_points = f"{points} service point{'' if points == '1' else 's'}"
    return f"{of_points} and a credit of {due}" if due else of_points


def month_to_lock(computed: Computed, month: Month) -> MonthToLock:
    results = computed.month.results
    tables = dict.fromkeys(result.kpi.measure.table for result in results)
    period = Period(month, month)
    return MonthToLock(
        month=month,
        due={table: computed.reading.due_date(table=table, period=period) for table in tables},
        failing=frozenset(result.kpi.code for result in results if result.standing.is_failing),
    )


@dataclass(frozen=True)
class Settling:
    """What is to be done to a month. `overdue`: of a signature, (table, why the month is settled without it).
    `is_outside_window`: of a restatement, that it is meant although the evidence came after the agreed window.
    `shown`: of a signature, the statement that the person was shown."""

    verb: SettlingVerb
    month: Month
    overdue: tuple[tuple[str, str], ...] = ()
    is_outside_window: bool = False
    shown: Shown | None = None


def settle(acting: Acting, asked: Settling) -> Entry:
    """Do it; it may take long. Raises Refused, ProblemsFound, NotRecorded."""
    match asked.verb:
        case "sign":
            entry, _ = sign(acting, month=asked.month, overdue=asked.overdue, shown=asked.shown)
            return entry
        case "lock":
            return lock(acting, month=asked.month, shown=asked.shown)
        case "propose_restatement":
            entry, _ = propose(acting, month=asked.month, is_outside_window=asked.is_outside_window)
            return entry
        case "keep_statement":
            return keep(acting, month=asked.month)


def shown_in(page: Json) -> Shown:
    """The statement that a projected page of a month shows (see projecting_months.month_page)."""
    match page:
        case {"fingerprint": str(statement), "points": str(points), "shown": {"credit_due": str(due)}}:
            return Shown(statement, figures_in_words(points=points, due=due))
        case _:
            return Shown("", "")


def foresee_settling(acting: Acting, asked: Settling) -> Entry | None:
    """Refuse at once what can be refused before anything is computed. The entry that the act's key left already.

    Raises Refused, ProblemsFound, NotRecorded.
    """
    opened = to_be_signed(acting, asked.month)
    if asked.verb in ("propose_restatement", "keep_statement"):
        last_lock(opened, asked.month)
    return foresee_refusal(ledger=opened.store.ledger, act=acting.act, verb=asked.verb, month=asked.month)

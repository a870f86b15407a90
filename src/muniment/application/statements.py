"""The commands on a month's statement: computed first, then signed, locked, restated or confirmed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from muniment.application.command_context import CommandContext, with_all_entries
from muniment.application.load import OpenedContract, must_be_adopted
from muniment.application.read_models.statements import ShownStatement, StatementPage
from muniment.application.recalculation import ComputedStatement, compute
from muniment.application.restatements import recalculation_of, restatement_draft_of
from muniment.application.stores import open_store
from muniment.commands.queries.recalculation import RestatementStep, steps_of
from muniment.commands.restatements import propose_restatement
from muniment.commands.statements import (
    MonthCommand,
    StatementChangedError,
    confirm_statement,
    lock_month,
    precheck_month,
    sign_statement,
)
from muniment.domain.assessment.month_lock import Lock, locks_known, signatures_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_differences import Difference
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.reported import ReportedFigure, figures_reported

COMPUTING, RECORDING = "Computing the statement from the evidence", "Recording"


def compute_and_sign(
    acting: CommandContext, *, month: Month, overdue: Sequence[tuple[str, str]], shown: ShownStatement | None = None
) -> tuple[Entry, str]:
    """The first signature, on the statement as known today; and its fingerprint. `shown`: refused as
    StatementChangedError where that is another one."""
    opened = _to_be_computed(acting, "sign", month)
    entries = opened.entries
    computed = _computed(acting, opened, month)
    statement = _must_be_as_shown(acting, computed, command="sign", shown=shown)
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


def compute_and_lock(acting: CommandContext, *, month: Month, shown: ShownStatement | None = None) -> Entry:
    """The second signature, on the statement that the first one saw, computed again from the same entries. `shown`:
    refused as StatementChangedError where that is another one."""
    opened = _to_be_computed(acting, "lock", month)
    entries = opened.entries
    signature = signatures_known(entries).get(month)
    seen, computed_on = opened, len(entries)
    if signature is not None:
        computed_on = signature.signed.computed_on
        seen = replace(opened, known=signature.signed.known, entries=entries[:computed_on])
    computed = _computed(acting, seen, month, sealed_as=signature.signed.statement if signature else None)
    _must_be_as_shown(acting, computed, command="lock", shown=shown)
    return lock_month(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        sealed=computed.month.sealed,
        computed_on=computed_on,
    )


def compute_and_propose(
    acting: CommandContext, *, month: Month, is_outside_window: bool = False
) -> tuple[Entry, Sequence[Difference]]:
    """A restatement of the last locked version to what is known today, with every later locked month that changes with
    it; and what differs in the month itself, inputs first. Class and cause are computed.

    `is_outside_window`: it is proposed although only evidence after the agreed window makes it necessary.
    """
    opened = _to_be_computed(acting, "propose_restatement", month)
    lock = last_lock(opened, month)
    acting.say(COMPUTING)
    restatement = restatement_draft_of(opened=opened, lock=lock, is_outside_meant=is_outside_window)
    first = restatement.first
    if is_outside_window and restatement.outside is None:
        what = f"no restatement of {month} waits on evidence that came after an agreed window"
        remedy = "a contract manager could propose it without saying that the window is over"
        raise RefusedError("late_evidence", what, remedy)
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
        knock_on=restatement.knock_on,
        outside=restatement.outside,
    )
    return entry, restatement.found.differences


def compute_and_confirm(acting: CommandContext, *, month: Month) -> Entry:
    """Confirm the month's last locked version, after computing what it would say now. Raises RefusedError where that
    asks for a restatement."""
    opened = _to_be_computed(acting, "confirm_statement", month)
    lock = last_lock(opened, month)
    acting.say(COMPUTING)
    recalculation = recalculation_of(opened=opened, lock=lock)
    acting.say(RECORDING)
    return confirm_statement(
        ledger=opened.store.ledger,
        act=acting.act,
        month=month,
        recalculation=recalculation,
        known=opened.known or acting.today,
        computed_on=len(opened.entries),
    )


def to_be_signed(acting: CommandContext, month: Month) -> OpenedContract:
    """The contract with all its entries, under the text that was adopted. Raises RefusedError for files that differ."""
    opened = with_all_entries(acting.opened, acting.folder)
    must_be_adopted(opened, up_to=max([month, *locks_known(opened.entries)]))
    return opened


def last_lock(opened: OpenedContract, month: Month) -> Lock:
    """Raises RefusedError for a month that is not locked."""
    locks = locks_known(opened.entries).get(month, ())
    if not locks:
        what = f"{month.name} is not locked, so there is nothing to restate"
        raise RefusedError("not_locked", what, "it could be signed and locked")
    return locks[-1]


def readers_of(acting: CommandContext, *, months: Collection[Month]) -> tuple[ReportedFigure, ...]:
    """The figures of those months that were reported: their readers have to be told of another version."""
    named = {str(month) for month in months}
    entries = open_store(acting.folder).ledger.entries()
    return tuple(found for found in figures_reported(entries) if named & {*found.figure.fact.split("/")})


def steps(acting: CommandContext, *, restatement: str) -> tuple[RestatementStep, ...]:
    """What a proposed restatement does, or did, to each month that it restates."""
    return steps_of(open_store(acting.folder).ledger.entries(), restatement=restatement)


def _computed(
    acting: CommandContext, opened: OpenedContract, month: Month, *, sealed_as: str | None = None
) -> ComputedStatement:
    acting.say(COMPUTING)
    computed = compute(opened=opened, month=month, engine="duckdb", elsewhere={}, sealed_as=sealed_as)
    acting.say(RECORDING)
    return computed


def _must_be_as_shown(
    acting: CommandContext, computed: ComputedStatement, *, command: MonthCommand, shown: ShownStatement | None
) -> str:
    """The statement's fingerprint. Raises StatementChangedError, or StaleError where what happened since can be
    named."""
    statement, found = computed.month.statement, sealed_fingerprint(computed.month.sealed)
    if shown is not None and shown.statement != found:
        credit = statement.credit
        precheck_month(ledger=acting.opened.store.ledger, act=acting.act, command=command, month=statement.month)
        now = figures_in_words(points=str(statement.points), due=str(credit.due) if credit else "")
        raise StatementChangedError(month=statement.month, shown=shown.figures, now=now)
    return found


def figures_in_words(*, points: str, due: str) -> str:
    """5 service points and a credit of £500.00. `due`: blank where the contract has no credits."""
    of_points = f"{points} service point{'' if points == '1' else 's'}"
    return f"{of_points} and a credit of {due}" if due else of_points


def month_to_lock(computed: ComputedStatement, month: Month) -> MonthToLock:
    results = computed.month.results
    tables = dict.fromkeys(result.kpi.measure.table for result in results)
    period = Period(month, month)
    return MonthToLock(
        month=month,
        due={table: computed.reading.due_date(table=table, period=period) for table in tables},
        failing=frozenset(result.kpi.code for result in results if result.standing.is_failing),
    )


@dataclass(frozen=True)
class MonthCommandRequest:
    """What is to be done to a month. `overdue`: of a signature, (table, why the month is settled without it).
    `is_outside_window`: of a restatement, that it is meant although the evidence came after the agreed window.
    `shown`: of a signature, the statement that the person was shown."""

    command: MonthCommand
    month: Month
    overdue: tuple[tuple[str, str], ...] = ()
    is_outside_window: bool = False
    shown: ShownStatement | None = None


def run_month_command(acting: CommandContext, asked: MonthCommandRequest) -> Entry:
    """Do it; it may take long. Raises RefusedError, ProblemsFoundError, NotRecordedError."""
    match asked.command:
        case "sign":
            entry, _ = compute_and_sign(acting, month=asked.month, overdue=asked.overdue, shown=asked.shown)
            return entry
        case "lock":
            return compute_and_lock(acting, month=asked.month, shown=asked.shown)
        case "propose_restatement":
            entry, _ = compute_and_propose(acting, month=asked.month, is_outside_window=asked.is_outside_window)
            return entry
        case "confirm_statement":
            return compute_and_confirm(acting, month=asked.month)


def shown_statement_in(page: StatementPage | None) -> ShownStatement:
    """The statement that a projected page of a month shows."""
    if page is None:
        return ShownStatement("", "")
    return ShownStatement(page.fingerprint, figures_in_words(points=page.points, due=page.shown.credit_due))


def must_be_as_shown_now(asked: MonthCommandRequest, page: StatementPage | None) -> MonthCommandRequest:
    """With the figures that the person was shown. `page`: of the month, as projected now. Raises StatementChangedError
    where it shows another statement by now."""
    if asked.shown is None:
        return asked
    now = shown_statement_in(page)
    if now.statement and now.statement != asked.shown.statement:
        raise StatementChangedError(month=asked.month, shown=asked.shown.figures, now=now.figures)
    return replace(asked, shown=replace(asked.shown, figures=now.figures or asked.shown.figures))


def precheck_month_command(acting: CommandContext, asked: MonthCommandRequest) -> Entry | None:
    """Refuse at once what can be refused before anything is computed. The entry that the act's key left already.

    Raises RefusedError, ProblemsFoundError, NotRecordedError.
    """
    opened = to_be_signed(acting, asked.month)
    return _refused_first(acting, opened, asked.command, asked.month)


def _to_be_computed(acting: CommandContext, command: MonthCommand, month: Month) -> OpenedContract:
    """The contract as `to_be_signed`, once nothing stands against the command that is known before computing."""
    opened = to_be_signed(acting, month)
    _refused_first(acting, opened, command, month)
    return opened


def _refused_first(acting: CommandContext, opened: OpenedContract, command: MonthCommand, month: Month) -> Entry | None:
    if command in ("propose_restatement", "confirm_statement"):
        last_lock(opened, month)
    return precheck_month(ledger=opened.store.ledger, act=acting.act, command=command, month=month)

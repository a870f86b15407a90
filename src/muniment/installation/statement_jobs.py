"""Jobs for the commands on a statement (sign, lock, restate, confirm): computed by the worker, then recorded.

What needs no computing is refused in the request. The same key again is the same job, and one act.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils.crypto import salted_hmac

from muniment.application.command_context import CommandContext, as_the_first_time
from muniment.application.projected import projected_as_signed, projected_statement
from muniment.application.projection_state import open_as_asked
from muniment.application.read_models.jobs import EntryFound, StatementCommandAsked, Typed
from muniment.application.read_models.statements import StatementPage
from muniment.application.read_models.stored import dump, load
from muniment.application.statements import (
    MonthCommandRequest,
    must_be_as_shown_now,
    precheck_month_command,
    run_month_command,
)
from muniment.application.stores import ContractInDatabase, open_store, today_in
from muniment.commands.statements import MONTH_COMMANDS, MonthCommand, StatementChangedError
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import first_with_key
from muniment.installation.jobs import StepReporter, ask_refresh, queue_job, requeue
from muniment.installation.models import Job
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE, Viewer

_TITLES: Mapping[MonthCommand, str] = {
    "sign": "Signing the statement of {}",
    "lock": "Locking the statement of {}",
    "propose_restatement": "Proposing a restatement of {}",
    "confirm_statement": "Confirming the statement of {}",
}
"""What the job is called; {} is the month."""


def queue_month_command(viewer: Viewer, acting: CommandContext, asked: MonthCommandRequest) -> Job:
    """Queue the command. The same key again gives its job; one that failed without a rule against it is tried again.

    Raises RefusedError (StaleError, StatementChangedError) for what stands against it already, ProblemsFoundError,
    NotRecordedError.
    """
    act = acting.act
    before = Job.objects.filter(account=viewer.account, contract=viewer.contract, key=act.key or "").exclude(key="")
    if (job := before.first()) is not None:
        return _the_same(job, act, asked)
    precheck_month_command(acting, asked)
    asked = must_be_as_shown_now(asked, signable(viewer, command=asked.command, month=asked.month))
    try:
        return queue_job(
            account=viewer.account,
            contract=viewer.contract,
            thing=f"{viewer.contract}/{asked.month}",
            kind="act",
            title=_TITLES[asked.command].format(asked.month.name),
            asked=dump(_asked(viewer, act, asked)),
            key=act.key or "",
            typed=_typed(act, asked),
        )
    except IntegrityError:  # the same form, sent twice at once
        return _the_same(before.get(), act, asked)


def signable(viewer: Viewer, *, command: MonthCommand, month: Month) -> StatementPage | None:
    """The statement that this signature would seal; None where none is computed."""
    projected = projected_as_signed if command == "lock" else projected_statement
    return projected(viewer.contract, str(month), using=DATABASE_ALIAS)


def work_act(job: Job, step: StepReporter) -> EntryFound:
    """Do it, on the day that it is now; refused where the month moved on since it was asked for."""
    found = left_act(job) if job.tries > 1 else None
    if found is None:
        acting, asked = _acting(job, step)
        try:
            found = _found(run_month_command(as_the_first_time(acting), asked))
        except StatementChangedError:
            ask_refresh(job.contract)
            raise
    ask_refresh(job.contract)
    return found


def left_act(job: Job) -> EntryFound | None:
    """What the act left before its worker stopped; None for nothing."""
    entry = first_with_key(
        open_store(ContractInDatabase(job.contract, settings.DATABASE_ADDRESS)).ledger.entries(), job.key
    )
    if entry is None or job.account is None or entry.actor != job.account.actor:
        return None
    return _found(entry) if entry.kind == COMMAND_TABLE[command_of(job)].entry_kind.kind else None


def command_of(job: Job) -> MonthCommand:
    return next(command for command in MONTH_COMMANDS if _stored_name(command) == _asked_of(job).verb)


def _stored_name(command: MonthCommand) -> str:
    """As version 0.1 named it: jobs of it are read, and the same idempotency key stays the same job."""
    return "keep_statement" if command == "confirm_statement" else command


def month_of_job(job: Job) -> Month:
    return Month.parse(_asked_of(job).month)


def entry_of_job(job: Job) -> EntryFound | None:
    """The entry that the act left; None for none."""
    return load(EntryFound, job.found) if job.kind == "act" and job.state == Job.DONE else None


def _asked_of(job: Job) -> StatementCommandAsked:
    return load(StatementCommandAsked, job.asked)


def typed_for(viewer: Viewer, number: str, *, command: str, thing: str) -> dict[str, Json]:
    """What this person wrote for an act that failed, to be sent again: by the names of the form's fields."""
    job = _failed(viewer, number)
    if job is None or not job.typed or (command_of(job), job.thing) != (command, thing):
        return {}
    typed = _typed_of(job)
    without = {f"without_{table}": why for table, why in typed.overdue}
    return {"reason": typed.reason, "outside": typed.is_outside_window, **without}


def forget_typed(viewer: Viewer, number: str) -> None:
    """It was sent again: the act that failed needs its words no more."""
    if (job := _failed(viewer, number)) is not None:
        Job.objects.filter(id=job.id).update(typed="")


def _failed(viewer: Viewer, number: str) -> Job | None:
    with suppress(ValueError):
        own = Job.objects.filter(account=viewer.account, contract=viewer.contract, kind="act")
        return own.filter(id=UUID(number), state=Job.FAILED).first()
    return None


def _the_same(job: Job, act: Act, asked: MonthCommandRequest) -> Job:
    """The job that the key stands for. Raises RefusedError where it is another act."""
    if _asked_of(job).content != _content(act, asked):
        what = f"the idempotency key '{act.key}' was used with another content"
        raise RefusedError("idempotency_key", what, "use a new key for a new act")
    if job.state == Job.FAILED and job.found is None:
        Job.objects.filter(id=job.id).update(typed=_typed(act, asked), tries=0)
        requeue(job)
        job.refresh_from_db()
    return job


def _asked(viewer: Viewer, act: Act, asked: MonthCommandRequest) -> StatementCommandAsked:
    """Without what was typed. Who did not say what they saw saw the record as it is now."""
    return StatementCommandAsked(
        verb=_stored_name(asked.command),
        month=str(asked.month),
        side=act.on_behalf_of,
        seen=len(viewer.record) if act.seen is None else act.seen,
        shown=asked.shown,
        content=_content(act, asked),
    )


def _typed(act: Act, asked: MonthCommandRequest) -> str:
    return canonical_json(dump(Typed(act.reason, tuple(asked.overdue), asked.is_outside_window))).decode()


def _typed_of(job: Job) -> Typed:
    return load(Typed, json.loads(job.typed))


def _content(act: Act, asked: MonthCommandRequest) -> str:
    """By which the same act is known after its words are gone; under the site's key, so that nobody can guess them."""
    shown = asked.shown.statement if asked.shown else ""
    said = f"{_stored_name(asked.command)} {asked.month} {act.on_behalf_of} {shown} {_typed(act, asked)}"
    return salted_hmac("muniment.act", said, algorithm="sha256").hexdigest()


def _acting(job: Job, step: StepReporter) -> tuple[CommandContext, MonthCommandRequest]:
    where, today = ContractInDatabase(job.contract, settings.DATABASE_ADDRESS), today_in(SITE_ZONE)
    kept, typed = _asked_of(job), _typed_of(job)
    actor = job.account.actor if job.account else ""
    act = Act(actor, kept.side, typed.reason, key=job.key, seen=kept.seen, on=today)
    asked = MonthCommandRequest(
        command_of(job), Month.parse(kept.month), typed.overdue, typed.is_outside_window, kept.shown
    )
    return CommandContext(where, open_as_asked(where), act, today, step), asked


def _found(entry: Entry) -> EntryFound:
    return EntryFound(entry.seq, entry.recorded_at)

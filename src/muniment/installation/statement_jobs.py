"""Acts that compute a statement first: asked for in a request, done by the worker, through the same desk function.

What needs no computing is refused in the request. The same key again is the same job, and one act.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils.crypto import salted_hmac

from muniment.adapters.stores.database.pages import page
from muniment.application.acts import Acting, as_the_first_time
from muniment.application.projection_state import open_as_asked
from muniment.application.statements import Settling, Shown, foresee_settling, settle, shown_in
from muniment.application.stores import InRegister, open_store, today_in
from muniment.commands.refusals import LEAVES
from muniment.commands.statements import SETTLING, NotAsShown, SettlingVerb
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, Party, Refused
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import first_with_key
from muniment.installation.jobs import Step, ask, ask_refresh, put_back
from muniment.installation.models import Job
from muniment.installation.viewer import DEFAULT, ZONE, Viewer


@dataclass(frozen=True)
class Words:
    """What the page of the job says; {} is the month. `doing`: while it is done; `done`, and what comes `then`;
    `not_done`. `route`: the page of the form."""

    doing: str
    done: str
    then: str
    not_done: str
    route: str


WORDS: Mapping[SettlingVerb, Words] = {
    "sign": Words(
        "Signing the statement of {}",
        "You have signed the statement of {}",
        "A second person locks it.",
        "The statement of {} was not signed",
        "sign",
    ),
    "lock": Words(
        "Locking the statement of {}",
        "{} is locked",
        "Its statement never changes again.",
        "{} was not locked",
        "lock",
    ),
    "propose_restatement": Words(
        "Proposing a restatement of {}",
        "The restatement of {} is proposed",
        "A decision maker who did not propose it decides.",
        "No restatement of {} was proposed",
        "restate",
    ),
    "keep_statement": Words(
        "Keeping the statement of {}",
        "The statement of {} is kept as it is",
        "It is locked again, as it was.",
        "The statement of {} was not kept",
        "keep_statement",
    ),
}


def ask_act(viewer: Viewer, acting: Acting, asked: Settling) -> Job:
    """Queue the act. The same key again gives its job; one that failed without a rule against it is tried again.

    Raises Refused (Stale, NotAsShown) for what stands against it already, ProblemsFound, NotRecorded.
    """
    act = acting.act
    before = Job.objects.filter(account=viewer.account, contract=viewer.contract, key=act.key or "").exclude(key="")
    if (job := before.first()) is not None:
        return _the_same(job, act, asked)
    foresee_settling(acting, asked)
    asked = _as_shown(viewer, asked)
    try:
        return ask(
            account=viewer.account,
            contract=viewer.contract,
            thing=f"{viewer.contract}/{asked.month}",
            kind="act",
            title=WORDS[asked.verb].doing.format(asked.month.name),
            asked=_asked(viewer, act, asked),
            key=act.key or "",
            typed=_typed(act, asked),
        )
    except IntegrityError:  # the same form, sent twice at once
        return _the_same(before.get(), act, asked)


def signable(viewer: Viewer, *, verb: SettlingVerb, month: Month) -> Mapping[str, Json]:
    """The page of the statement that this signature would seal; empty where none is computed."""
    found = page(viewer.contract, f"signed/{month}" if verb == "lock" else str(month), using=DEFAULT)
    return found if isinstance(found, dict) else {}


def _as_shown(viewer: Viewer, asked: Settling) -> Settling:
    """With the figures that the person was shown. Raises NotAsShown where pages show others by now."""
    if asked.shown is None:
        return asked
    now = shown_in({**signable(viewer, verb=asked.verb, month=asked.month)})
    if now.statement and now.statement != asked.shown.statement:
        raise NotAsShown(month=asked.month, shown=asked.shown.figures, now=now.figures)
    return replace(asked, shown=replace(asked.shown, figures=now.figures or asked.shown.figures))


def work_act(job: Job, step: Step) -> Json:
    """Do it, on the day that it is now; refused where the month moved on since it was asked for."""
    found = left_act(job) if job.tries > 1 else None
    if found is None:
        acting, asked = _acting(job, step)
        try:
            found = _found(settle(as_the_first_time(acting), asked))
        except NotAsShown:
            ask_refresh(job.contract)
            raise
    ask_refresh(job.contract)
    return found


def left_act(job: Job) -> Json:
    """What the act left before its worker stopped; None for nothing."""
    entry = first_with_key(open_store(InRegister(job.contract, settings.REGISTER)).ledger.entries(), job.key)
    if entry is None or job.account is None or entry.actor != job.account.actor:
        return None
    return _found(entry) if entry.kind == LEAVES[verb_of(job)].kind else None


def verb_of(job: Job) -> SettlingVerb:
    return next(verb for verb in SETTLING if verb == job.asked["verb"])


def month_of(job: Job) -> Month:
    return Month.parse(str(job.asked["month"]))


def typed_for(viewer: Viewer, number: str, *, verb: str, thing: str) -> dict[str, Json]:
    """What this person wrote for an act that failed, to be sent again: by the names of the form's fields."""
    job = _failed(viewer, number)
    if job is None or not job.typed or (verb_of(job), job.thing) != (verb, thing):
        return {}
    typed = json.loads(job.typed)
    without = {f"without_{table}": why for table, why in typed["overdue"]}
    return {"reason": typed["reason"], "outside": typed["is_outside_window"], **without}


def forget_typed(viewer: Viewer, number: str) -> None:
    """It was sent again: the act that failed needs its words no more."""
    if (job := _failed(viewer, number)) is not None:
        Job.objects.filter(id=job.id).update(typed="")


def _failed(viewer: Viewer, number: str) -> Job | None:
    with suppress(ValueError):
        own = Job.objects.filter(account=viewer.account, contract=viewer.contract, kind="act")
        return own.filter(id=UUID(number), state=Job.FAILED).first()
    return None


def _the_same(job: Job, act: Act, asked: Settling) -> Job:
    """The job that the key stands for. Raises Refused where it is another act."""
    if job.asked["content"] != _content(act, asked):
        what = f"the idempotency key '{act.key}' was used with another content"
        raise Refused("idempotency_key", what, "use a new key for a new act")
    if job.state == Job.FAILED and job.found is None:
        Job.objects.filter(id=job.id).update(typed=_typed(act, asked), tries=0)
        put_back(job)
        job.refresh_from_db()
    return job


def _asked(viewer: Viewer, act: Act, asked: Settling) -> dict[str, Json]:
    """Without what was typed. Who did not say what they saw saw the record as it is now."""
    return {
        "verb": asked.verb,
        "month": str(asked.month),
        "side": act.on_behalf_of,
        "seen": len(viewer.record) if act.seen is None else act.seen,
        "shown": None if asked.shown is None else {"statement": asked.shown.statement, "figures": asked.shown.figures},
        "content": _content(act, asked),
    }


def _typed(act: Act, asked: Settling) -> str:
    overdue: list[Json] = [[table, why] for table, why in asked.overdue]
    typed: dict[str, Json] = {
        "reason": act.reason,
        "overdue": overdue,
        "is_outside_window": asked.is_outside_window,
    }
    return canonical_json(typed).decode()


def _content(act: Act, asked: Settling) -> str:
    """By which the same act is known after its words are gone; under the site's key, so that nobody can guess them."""
    shown = asked.shown.statement if asked.shown else ""
    said = f"{asked.verb} {asked.month} {act.on_behalf_of} {shown} {_typed(act, asked)}"
    return salted_hmac("muniment.act", said, algorithm="sha256").hexdigest()


def _acting(job: Job, step: Step) -> tuple[Acting, Settling]:
    where, today, typed = InRegister(job.contract, settings.REGISTER), today_in(ZONE), json.loads(job.typed)
    actor = job.account.actor if job.account else ""
    act = Act(
        actor,
        cast("Party", job.asked["side"]),
        typed["reason"],
        key=job.key,
        seen=int(job.asked["seen"]),
        on=today,
    )
    overdue = tuple((str(table), str(why)) for table, why in typed["overdue"])
    asked = Settling(verb_of(job), month_of(job), overdue, bool(typed["is_outside_window"]), _shown(job))
    return Acting(where, open_as_asked(where), act, today, step), asked


def _shown(job: Job) -> Shown | None:
    match job.asked.get("shown"):
        case {"statement": str(statement), "figures": str(figures)}:
            return Shown(statement, figures)
        case _:
            return None


def _found(entry: Entry) -> Json:
    return {"entry": entry.seq, "at": entry.recorded_at}

"""What takes longer than a request: asked for by a page, done by the worker, its progress kept where pages see it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from itertools import islice
from secrets import token_hex

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import ProblemsFound
from muniment.domain.record.ports import NotRecorded
from muniment.domain.record.refused import Refused
from muniment.domain.record.versions import Stale
from muniment.faces.desk.standing import contracts_behind
from muniment.faces.web.lives import Overtaken, said_to_be_alive, say_step
from muniment.faces.web.models import Account, Job

DEFAULT = "default"
REFRESHES = 4
"""Contracts that wait at most to be computed again without anybody having asked."""
NOT_AGAIN = timedelta(minutes=10)
"""What could not be computed is not tried again sooner, unless somebody acts."""
Step = Callable[[str], None]
Work = Callable[[Job, Step], Json]
"""What a kind of job does: told what it was asked, it says its steps and answers with what it found."""

WORK: Mapping[str, str] = {
    "refresh": "muniment.faces.web.refresh_jobs",
    "upload": "muniment.faces.web.upload_jobs",
    "compare": "muniment.faces.web.compare_jobs",
    "report": "muniment.faces.web.file_jobs",
    "bundle": "muniment.faces.web.file_jobs",
    "rows": "muniment.faces.web.file_jobs",
    "act": "muniment.faces.web.act_jobs",
}
"""Kind of job -> the module that has it as a function `work_<kind>`."""


def ask(
    *,
    account: Account | None,
    contract: str,
    thing: str,
    kind: str,
    title: str,
    asked: Mapping[str, Json],
    key: str = "",
    typed: str = "",
) -> Job:
    """Queue a job; it begins when the worker is free. Raises IntegrityError for a key that the account used before."""
    with transaction.atomic():
        job = Job.objects.create(
            account=account, contract=contract, thing=thing, kind=kind, title=title, asked=dict(asked), key=key,
            typed=typed,
        )  # fmt: skip
        run_job.enqueue(str(job.id))
    return job


def ask_refresh(contract: str) -> None:
    """Have the contract's figures computed again, unless that waits to be done already."""
    if not Job.objects.filter(contract=contract, kind="refresh", state=Job.WAITING).exists():
        ask(account=None, contract=contract, thing=contract, kind="refresh", title="Computing the figures", asked={})


def ask_refreshes() -> None:
    """What the worker does again and again: have computed what is behind its record or of another day, whoever acted
    and by whatever means. A few at a time, so that nobody who asks for something waits for every contract."""
    refreshes = Job.objects.filter(kind="refresh")
    room = REFRESHES - refreshes.filter(state=Job.WAITING).count()
    if room <= 0:
        return
    tried = refreshes.filter(state=Job.FAILED, ended_at__gt=timezone.now() - NOT_AGAIN)
    asked = refreshes.filter(state__in=(Job.WAITING, Job.RUNNING))
    left = {*tried.values_list("contract", flat=True), *asked.values_list("contract", flat=True)}
    behind = (contract for contract in contracts_behind(using=DEFAULT) if contract not in left)
    for contract in islice(behind, room):
        ask_refresh(contract)


def put_back(job: Job) -> None:
    """Have it done again from its beginning, unless somebody else saw to that."""
    with transaction.atomic():
        waits = {"state": Job.WAITING, "attempt": "", "alive_at": timezone.now(), "ended_at": None, "step": ""}
        if Job.objects.filter(id=job.id, state=job.state, attempt=job.attempt).update(**waits, wrong="", found=None):
            run_job.enqueue(str(job.id))


@task()
def run_job(job_id: str) -> None:
    """Do a job; whatever goes wrong is said on its page, in the words of the problem."""
    now, attempt = timezone.now(), token_hex(8)
    begins = {"state": Job.RUNNING, "attempt": attempt, "alive_at": now, "tries": F("tries") + 1}
    if not Job.objects.filter(id=job_id, state=Job.WAITING).update(**begins):
        return
    job = Job.objects.get(id=job_id)
    with said_to_be_alive(job), suppress(Overtaken):
        _do(job)


def _do(job: Job) -> None:
    work: Work = getattr(import_module(WORK[job.kind]), f"work_{job.kind}")
    try:
        job.found = work(job, lambda step: say_step(job, step))
        job.state, job.typed = Job.DONE, ""
    except ProblemsFound as found:
        job.state, job.wrong = Job.FAILED, "\n".join(str(problem) for problem in found.problems)
    except Refused as refused:
        job.state, job.wrong, job.found = Job.FAILED, str(refused), refusal_json(refused)
    except NotRecorded as wrong:
        job.state, job.wrong = Job.FAILED, str(wrong)
    except Overtaken:
        raise
    except Exception:
        job.state, job.wrong = Job.FAILED, "Something went wrong here; it has been noted in the server's log."
        raise
    finally:
        # What is broken off on purpose, by whoever ends the worker, is done by the next one.
        if job.state == Job.RUNNING:
            put_back(job)
        else:
            _end(job)


def _end(job: Job) -> None:
    mine = Job.objects.filter(id=job.id, attempt=job.attempt)
    mine.update(state=job.state, found=job.found, wrong=job.wrong, typed=job.typed, ended_at=timezone.now())


def refusal_json(refused: Refused) -> Json:
    """What a page and the API say of it; of a stale act both versions."""
    said: dict[str, Json] = {"rule": refused.rule, "what": refused.what, "who_could": refused.who_could}
    if isinstance(refused, Stale):
        since: list[Json] = [
            {"seq": c.seq, "kind": c.kind, "subject": c.subject, "actor": c.actor, "at": c.at} for c in refused.since
        ]
        said["stale"] = {"thing": refused.thing, "seen": refused.seen, "wanted": refused.wanted, "since": since}
    return said

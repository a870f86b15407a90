"""The queue of background jobs: asked for by a page, done by the worker with progress shown, repeated if it dies."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from importlib import import_module
from itertools import islice
from secrets import token_hex
from threading import Event, Thread
from uuid import UUID

from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from muniment.application.projection_state import contracts_behind
from muniment.application.read_models.jobs import JobFound, RefusalFound, refusal_found
from muniment.application.read_models.stored import dump, load
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import RefusedError
from muniment.domain.record.ports import NotRecordedError
from muniment.installation.models import Account, Job
from muniment.installation.viewer import Viewer

BEAT = 5
"""Seconds between two signs of life."""
WORKER_PATIENCE = timedelta(seconds=60)
"""Without a sign for so long, whoever did it is dead. A long write of somebody else's may hold up a few of them."""

_DEFAULT = "default"
_BINDING, _ASKED_FOR, _REFRESHING = 80, 40, 0
_PRIORITY: Mapping[str, int] = {"act": _BINDING, "refresh": _REFRESHING}
"""Kind of job -> which goes first of those that wait: acts that bind, then what a person waits for, then figures."""
REFRESHES = 4
"""Contracts that wait at most to be computed again without anybody having asked."""
NOT_AGAIN = timedelta(minutes=10)
"""What could not be computed is not tried again sooner, unless somebody acts."""
StepReporter = Callable[[str], None]
JobWork = Callable[[Job, StepReporter], JobFound]
"""What a kind of job does: told what it was asked, it says its steps and answers with what it found."""
WORK: Mapping[str, str] = {
    "refresh": "muniment.installation.refresh_jobs",
    "upload": "muniment.installation.uploads",
    "compare": "muniment.installation.comparison_jobs",
    "report": "muniment.installation.file_jobs",
    "bundle": "muniment.installation.file_jobs",
    "rows": "muniment.installation.file_jobs",
    "act": "muniment.installation.statement_jobs",
}
"""Kind of job -> the module that has it as a function `work_<kind>`."""
TRIES = 2
TYPED_FOR = timedelta(days=1)
"""How long what somebody wrote for a job that failed is kept for them to send again."""
STOPPED = "The worker stopped twice while doing this; nothing was recorded by it. Ask for it again."
LEFT: Mapping[str, str] = {"act": "muniment.installation.statement_jobs"}
"""Kind of job -> the module that can tell, by a function `left_<kind>`, what it left all the same; None: nothing."""


class JobReassignedError(Exception):
    """The job was given to another worker, for this one was taken for dead."""


def say_step(job: Job, step: str) -> None:
    """How far it is. Raises JobReassignedError."""
    job.step = step
    if not _mine(job).update(step=step, alive_at=timezone.now()):
        raise JobReassignedError


@contextmanager
def said_to_be_alive(job: Job) -> Iterator[None]:
    """Say for as long as the block lasts that the job has its worker."""
    over = Event()
    thread = Thread(target=_say_until, args=(job, over), name=f"life of {job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _say_until(job: Job, over: Event) -> None:
    """In a thread of its own, for the one that works may be in a long computation."""
    while not over.wait(BEAT):
        # A sign that cannot be written now, as others write, is made up for by the next one.
        with suppress(OperationalError):
            _mine(job).update(alive_at=timezone.now())
        connections.close_all()


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(id=job.id, state=Job.RUNNING, attempt=job.attempt)


def queue_job(
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
        _enqueue(job)
    return job


def _enqueue(job: Job) -> None:
    queue = "figures" if job.kind == "refresh" else "default"
    run_job.using(priority=_PRIORITY.get(job.kind, _ASKED_FOR), queue_name=queue).enqueue(str(job.id))


def jobs_of(viewer: Viewer) -> QuerySet[Job]:
    """Those that this person asked for in the contract, the newest first."""
    return Job.objects.filter(contract=viewer.contract, account=viewer.account).order_by("-asked_at", "id")


def job_of(viewer: Viewer, job: UUID) -> Job | None:
    """One of theirs, as it is; where its worker died, put back first."""
    found = jobs_of(viewer).filter(id=job).first()
    return look_after(found) if found else None


def ask_refresh(contract: str) -> None:
    """Have the contract's figures computed again, unless that waits to be done already: what waits rests on the record
    as it is when it begins."""
    if _refreshes_of(contract, Job.WAITING).exists():
        return
    with suppress(IntegrityError):  # somebody else asked at the same moment
        queue_job(
            account=None, contract=contract, thing=contract, kind="refresh", title="Computing the figures", asked={}
        )


def _refreshes_of(contract: str, state: str) -> QuerySet[Job]:
    return Job.objects.filter(contract=contract, kind="refresh", state=state)


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
    behind = (contract for contract in contracts_behind(using=_DEFAULT) if contract not in left)
    for contract in islice(behind, room):
        ask_refresh(contract)


def requeue(job: Job) -> None:
    """Have it done again from its beginning, unless somebody else saw to that. A refresh goes where another one of its
    contract waits, which does its work."""
    as_it_is = Job.objects.filter(id=job.id, state=job.state, attempt=job.attempt)
    waits = {"state": Job.WAITING, "attempt": "", "alive_at": timezone.now(), "ended_at": None, "step": ""}
    try:
        with transaction.atomic():
            if as_it_is.update(**waits, error="", found=None):
                _enqueue(job)
    except IntegrityError:
        as_it_is.delete()
        _follow(job.contract)


@task()
def run_job(job_id: str) -> None:
    """Do a job; whatever goes wrong is said on its page, in the words of the problem."""
    now, attempt = timezone.now(), token_hex(8)
    begins = {"state": Job.RUNNING, "attempt": attempt, "alive_at": now, "tries": F("tries") + 1}
    try:
        with transaction.atomic():
            if not Job.objects.filter(id=job_id, state=Job.WAITING).update(**begins):
                return
    except IntegrityError:
        # A refresh of the same contract is under way. Whoever does it has this one done when it ends.
        return
    job = Job.objects.get(id=job_id)
    with said_to_be_alive(job), suppress(JobReassignedError):
        _do(job)


def _do(job: Job) -> None:
    work: JobWork = getattr(import_module(WORK[job.kind]), f"work_{job.kind}")
    try:
        job.found = dump(work(job, lambda step: say_step(job, step)))
        job.state, job.typed = Job.DONE, ""
    except ProblemsFoundError as found:
        job.state, job.error = Job.FAILED, "\n".join(str(problem) for problem in found.problems)
    except RefusedError as refused:
        job.state, job.error, job.found = Job.FAILED, str(refused), dump(refusal_found(refused))
    except NotRecordedError as error:
        job.state, job.error = Job.FAILED, str(error)
    except JobReassignedError:
        raise
    except Exception:
        job.state, job.error = Job.FAILED, "Something went wrong here; it has been noted in the server's log."
        raise
    finally:
        # What is broken off on purpose, by whoever ends the worker, is done by the next one.
        if job.state == Job.RUNNING:
            requeue(job)
        else:
            _end(job)


def _end(job: Job) -> None:
    mine = Job.objects.filter(id=job.id, attempt=job.attempt)
    mine.update(state=job.state, found=job.found, error=job.error, typed=job.typed, ended_at=timezone.now())
    if job.kind == "refresh":
        _follow(job.contract)


def _follow(contract: str) -> None:
    """Have the refresh done that was asked for while another one of its contract was under way."""
    for job in _refreshes_of(contract, Job.WAITING):
        if not _tasks_of(job).ready().exists():
            _enqueue(job)


def refusal_of_job(job: Job) -> RefusalFound | None:
    """The rule that stood against the job; None where none did."""
    return None if job.state != Job.FAILED or job.found is None else load(RefusalFound, job.found)


def look_after_jobs(*, at: datetime | None = None) -> None:
    """What a worker does when it starts and every few seconds. `at`: when it is; None: now."""
    now = at or timezone.now()
    unresponsive = Q(alive_at__lt=now - WORKER_PATIENCE) | Q(alive_at__isnull=True)
    for job in Job.objects.filter(unresponsive, state=Job.RUNNING):
        _do_again(job)
    for job in Job.objects.filter(unresponsive, state=Job.WAITING, asked_at__lt=now - WORKER_PATIENCE):
        if not _tasks_of(job).ready().exists():
            requeue(job)
    Job.objects.filter(state=Job.FAILED, ended_at__lt=now - TYPED_FOR).exclude(typed="").update(typed="")


def look_after(job: Job) -> Job:
    """The job as it is; where its worker died, put back first."""
    if job.state == Job.RUNNING and (job.alive_at is None or job.alive_at < timezone.now() - WORKER_PATIENCE):
        _do_again(job)
        job.refresh_from_db()
    return job


def _do_again(job: Job) -> None:
    for result in _tasks_of(job).running():
        result.set_failed(TimeoutError("the worker stopped"))
    if job.tries < TRIES:
        requeue(job)
        return
    left = getattr(import_module(LEFT[job.kind]), f"left_{job.kind}")(job) if job.kind in LEFT else None
    ended = {"state": Job.FAILED, "error": STOPPED} if left is None else {"state": Job.DONE, "typed": ""}
    mine = Job.objects.filter(id=job.id, state=Job.RUNNING, attempt=job.attempt)
    mine.update(**ended, found=None if left is None else dump(left), ended_at=timezone.now())
    if job.kind == "refresh":
        _follow(job.contract)


def _tasks_of(job: Job) -> DBTaskResultQuerySet:
    """The library's rows by which workers find it."""
    return DBTaskResult.objects.filter(args_kwargs__args__0=str(job.id))

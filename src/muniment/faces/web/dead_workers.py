"""Jobs whose worker died: done once more by another, and said to have failed when that one dies too.

All that jobs do can be done twice with one effect; an act by its idempotency key.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import import_module

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from muniment.faces.web.jobs import put_back
from muniment.faces.web.lives import PATIENCE
from muniment.faces.web.models import Job

TRIES = 2
TYPED_FOR = timedelta(days=1)
"""How long what somebody wrote for a job that failed is kept for them to send again."""
STOPPED = "The worker stopped twice while doing this; nothing was recorded by it. Ask for it again."
LEFT: Mapping[str, str] = {"act": "muniment.faces.web.act_jobs"}
"""Kind of job -> the module that can tell, by a function `left_<kind>`, what it left all the same; None: nothing."""


def look_after_jobs(*, at: datetime | None = None) -> None:
    """What a worker does when it starts and every few seconds. `at`: when it is; None: now."""
    now = at or timezone.now()
    silent = Q(alive_at__lt=now - PATIENCE) | Q(alive_at__isnull=True)
    for job in Job.objects.filter(silent, state=Job.RUNNING):
        _do_again(job)
    for job in Job.objects.filter(silent, state=Job.WAITING, asked_at__lt=now - PATIENCE):
        if not _tasks_of(job).ready().exists():
            put_back(job)
    Job.objects.filter(state=Job.FAILED, ended_at__lt=now - TYPED_FOR).exclude(typed="").update(typed="")


def look_after(job: Job) -> Job:
    """The job as it is; where its worker died, put back first."""
    if job.state == Job.RUNNING and (job.alive_at is None or job.alive_at < timezone.now() - PATIENCE):
        _do_again(job)
        job.refresh_from_db()
    return job


def _do_again(job: Job) -> None:
    for task in _tasks_of(job).running():
        task.set_failed(TimeoutError("the worker stopped"))
    if job.tries < TRIES:
        put_back(job)
        return
    left = getattr(import_module(LEFT[job.kind]), f"left_{job.kind}")(job) if job.kind in LEFT else None
    ended = {"state": Job.FAILED, "wrong": STOPPED} if left is None else {"state": Job.DONE, "typed": ""}
    mine = Job.objects.filter(id=job.id, state=Job.RUNNING, attempt=job.attempt)
    mine.update(**ended, found=left, ended_at=timezone.now())


def _tasks_of(job: Job) -> DBTaskResultQuerySet:
    """The library's rows by which workers find it."""
    return DBTaskResult.objects.filter(args_kwargs__args__0=str(job.id))

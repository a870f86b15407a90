"""Whether a job that is being done has somebody who does it: they say so every few seconds for as long as they live."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread

from django.db import OperationalError, connections
from django.db.models import QuerySet
from django.utils import timezone

from muniment.faces.web.models import Job

BEAT = 5
"""Seconds between two signs of life."""
PATIENCE = timedelta(seconds=60)
"""Without a sign for so long, whoever did it is dead. A long write of somebody else's may hold up a few of them."""


class Overtaken(Exception):
    """The job was given to another worker, for this one was taken for dead."""


def say_step(job: Job, step: str) -> None:
    """How far it is. Raises Overtaken."""
    job.step = step
    if not _mine(job).update(step=step, alive_at=timezone.now()):
        raise Overtaken


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

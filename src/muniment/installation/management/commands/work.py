"""work: runs the job worker (db_worker) with the settings' logging, and has jobs of workers that died done again."""

import logging
from argparse import ArgumentParser
from threading import Event, Thread

from django.db import OperationalError, connections
from django_tasks_db.management.commands import db_worker

from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.installation.jobs import ask_refreshes, look_after_jobs
from muniment.installation.waiting import renew_waits

EVERY = 10
"""Seconds between two looks at the jobs of other workers, and at what is behind the record or the day."""


class Command(db_worker.Command):
    """db_worker itself sets how much is logged; here MUNIMENT_LOG_LEVEL decides it, as everywhere."""

    help = "do what pages ask for and takes longer than a request"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Every queue is done where none is named."""
        super().add_arguments(parser)
        parser.set_defaults(queue_name="*")

    def configure_logging(self, verbosity: int) -> None:  # noqa: ARG002  # the library's signature
        """Leave it as it is, but for notices to somebody at a keyboard, which is not where this runs."""
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)

    def handle(self, **options: object) -> None:
        """Until the worker is ended."""
        look_after_jobs()
        ask_refreshes()
        over = Event()
        watch = Thread(target=_watch, args=(over,), name="watch", daemon=True)
        watch.start()
        try:
            super().handle(**options)  # type: ignore[arg-type]  # as they came
        finally:
            over.set()
            watch.join()


def _watch(over: Event) -> None:
    is_over = False
    while not is_over:
        try:
            look_after_jobs()
            renew_waits()
            ask_refreshes()
        except (OperationalError, ProblemsFoundError):
            # Others write, or the database is being started again: the next look makes up for it.
            logging.getLogger("muniment.jobs").warning("jobs could not be looked after", exc_info=True)
        finally:
            connections.close_all()
        is_over = over.wait(EVERY)

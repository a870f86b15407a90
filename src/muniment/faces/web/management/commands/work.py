"""work: the job worker, db_worker with the logging of the settings."""

import logging

from django_tasks_db.management.commands import db_worker


class Command(db_worker.Command):
    """db_worker itself sets how much is logged; here MUNIMENT_LOG_LEVEL decides it, as everywhere."""

    help = "do what pages ask for and takes longer than a request"

    def configure_logging(self, verbosity: int) -> None:  # noqa: ARG002  # the library's signature
        """Leave it as it is, but for notices to somebody at a keyboard, which is not where this runs."""
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)

"""Turns database errors into the project's own, with sentences that say what is wrong and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connections

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.ports import NotRecordedError

# What the two databases and their drivers say -> what it means, and what to do.
SAYINGS = (
    (("database is locked", "lock timeout"), "others kept the database busy", "try again in a moment"),
    (("disk is full", "no space left", "could not extend file"), "the disk of the database is full", "make room"),
    (("readonly database", "read-only"), "the database can only be read", "ask for access"),
    (
        ("no such table", "does not exist", "no such column"),
        "the database is not set up",
        "run 'muniment database create'",
    ),
    (("unable to open database file",), "the database file cannot be opened", "make its folder, or ask for access"),
    (("malformed", "not a database", "invalid page"), "the database file is damaged", "restore it from a backup"),
    (
        ("connection", "server closed", "terminating", "shutting down", "starting up", "could not translate host"),
        "the connection to the database was lost",
        "see that its database runs",
    ),
)


def database_error_text(error: Exception) -> str:
    """What is wrong, and what to do."""
    text = " ".join(str(error).split())
    for signs, what, remedy in SAYINGS:
        if any(sign in text.lower() for sign in signs):
            return f"{what} - {remedy}, then repeat"
    return f"the database refused: {text} - mend that, then repeat"


@contextmanager
def database_writing(using: str) -> Iterator[None]:
    """Raises NotRecordedError for whatever the database says; then nothing was recorded."""
    try:
        yield
    except Error as error:
        hang_up(using)
        raise NotRecordedError(f"nothing was recorded: {database_error_text(error)}") from error


@contextmanager
def database_reading(using: str) -> Iterator[None]:
    """Raises ProblemsFoundError for whatever the database says."""
    try:
        yield
    except Error as error:
        hang_up(using)
        what, _, remedy = database_error_text(error).partition(" - ")
        raise ProblemsFoundError([Problem(Place("the database"), "F002", what, remedy)]) from error


def hang_up(using: str) -> None:
    """Give up a connection that failed, so that the next statement opens a new one."""
    connection = connections[using]
    if not connection.in_atomic_block:
        connection.close()

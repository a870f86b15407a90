"""Opening an installation: Django on its database by the one settings module, its tables as this version needs them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from muniment.adapters.stores.database.setup import DATABASE_VARIABLE, FILES_VARIABLE, SETTINGS
from muniment.application.stores import DatabaseAddress, database_at, must_be_there
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError


def set_up(where: DatabaseAddress) -> None:
    """Django with everything that is installed, for the database that is there or is to be made. Import what keeps
    accounts, tokens and jobs only afterwards. ValueError where this process is set up for another database."""
    from django.conf import settings

    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        of_database = {DATABASE_VARIABLE: where.database, FILES_VARIABLE: str(where.files.absolute())}
        os.environ.update({**of_database, "DJANGO_SETTINGS_MODULE": SETTINGS})
    if (alias := database_at(where, is_new=True).using) != "default":
        raise ValueError(f"this process is set up for another database than '{alias}'")


def open_installation(where: DatabaseAddress) -> None:
    """Set up on a database that is there. Raises ProblemsFoundError where it is not."""
    must_be_there(where)
    set_up(where)


def open_up_to_date(where: DatabaseAddress) -> None:
    """The same, with the tables made or changed to what this version needs; what is in them stays."""
    open_installation(where)
    with refusing():
        bring_up_to_date()


def bring_up_to_date() -> None:
    """Raises Django's Error for what the database says, ImproperlyConfigured where a demonstration may not be one."""
    from django.core.management import call_command
    from django.db import Error

    from muniment.adapters.stores.database.faults import hang_up
    from muniment.installation.demonstrations import must_not_let_anybody_in

    try:
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        call_command("createcachetable", verbosity=0)
    except Error:
        hang_up("default")
        raise
    must_not_let_anybody_in()


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever the database or the settings stand against, as a problem with what to do."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    from muniment.adapters.stores.database.faults import database_error_text

    try:
        yield
    except (Error, ImproperlyConfigured) as error:
        text = str(error) if isinstance(error, ImproperlyConfigured) else database_error_text(error)
        what, _, remedy = text.partition(" - ")
        place = Place("the database")
        raise ProblemsFoundError([Problem(place, "G020", f"the site refuses: {what}", remedy)]) from error

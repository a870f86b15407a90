"""Whether this site may be a demonstration, where anybody signs in as anybody: local, with example records only."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from muniment.adapters.stores.database.database import of_true_times
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.installation.viewer import DATABASE_ALIAS

_SITE = Place("the site")
_REMEDY = "take MUNIMENT_DEMO away"


def is_demonstration() -> bool:
    """Whether anybody may be anybody here, now. A contract that was imported since ends it at once."""
    return bool(settings.IS_DEMO) and what_forbids_it() is None


def what_forbids_it() -> Problem | None:
    """Why this site may be no demonstration though it is told to be one; None where nothing does. Raises
    ProblemsFoundError where the database cannot be read."""
    if settings.IS_PUBLIC or not settings.IS_LOCAL:
        host = urlsplit(settings.ADDRESS).hostname
        what = f"people reach the pages at {host}, and a demonstration lets anybody be anybody"
        return Problem(_SITE, "D015", what, _REMEDY)
    if real := of_true_times(using=DATABASE_ALIAS):
        what = f"the record of {real[0]} is no example, and a demonstration lets anybody be anybody"
        return Problem(_SITE, "D015", what, f"{_REMEDY}, or serve another database")
    return None


def must_not_let_anybody_in() -> None:
    """Raises ImproperlyConfigured where the site is told to be a demonstration and may be none. A database that cannot
    be read yet is looked at again whenever somebody signs in."""
    if not settings.IS_DEMO_ASKED:
        return
    try:
        found = what_forbids_it()
    except ProblemsFoundError:
        return
    if found is not None:
        raise ImproperlyConfigured(f"{found.what} - {found.remedy}")

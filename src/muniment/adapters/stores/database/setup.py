"""Where a database is, what Django needs for it, and opening it. Django is loaded here and at no other time."""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase

APPS = ("muniment.adapters.stores.database",)
SETTINGS = "muniment.settings"
"""Loaded by its name, and only when a database is opened: settings stand over everything."""
OF_CONTRACTS = ("DATABASES", "DEFAULT_AUTO_FIELD", "USE_TZ", "TIME_ZONE")
DATABASE_VARIABLE = "MUNIMENT_DATABASE"
FILES_VARIABLE = "MUNIMENT_BLOBS"
_PATIENCE = 20
"""Seconds that a writer waits for the one before it."""

Setting = str | int | bool | None | dict[str, str | int]
FORMS = "write sqlite:////folder/database.sqlite3 or postgresql://user@host/name"

_DEFAULT = "default"


def database_settings(url: str) -> dict[str, Setting]:
    """Django's settings for sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME?option=value.

    Raises ProblemsFoundError for an address of another form. The address is never repeated: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        raise _no_address("this is not the address of a database") from None
    if "\0" in unquote(url):
        raise _no_address("this is not the address of a database")
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return _sqlite(unquote(parts.path[1:]))
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise _no_address("this is not the address of a database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
        "OPTIONS": {"connect_timeout": _PATIENCE, **dict(parse_qsl(parts.query))},
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: str) -> dict[str, Setting]:
    if path == ":memory:":
        raise _no_address("a database in memory would forget everything")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(path)),
        "OPTIONS": {
            # A writer that first reads would otherwise have to be refused when it comes to write.
            "transaction_mode": "IMMEDIATE",
            "timeout": _PATIENCE,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }


def _no_address(what: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(Place("the database"), "G001", what, FORMS)])


def configure(database_url: str, blobs_folder: Path) -> "ContractDatabase":
    """The database at that address, its files in that folder. Nothing is connected to and nothing is changed.

    Where the process names no settings of its own (DJANGO_SETTINGS_MODULE), this address becomes Django's default
    database, and of the installation's settings those are used that contracts need: without sign-in and pages it
    starts in half the time. Another address opens a further database beside it. Import the other modules of this
    package afterwards. Raises ProblemsFoundError for an address that is none.
    """
    import django
    from django.apps import apps
    from django.conf import settings

    wanted = database_settings(database_url)
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ.update({DATABASE_VARIABLE: database_url, FILES_VARIABLE: str(blobs_folder)})
        installed = import_module(SETTINGS)
        settings.configure(INSTALLED_APPS=list(APPS), **{name: getattr(installed, name) for name in OF_CONTRACTS})
    if not apps.ready:
        django.setup()
    return _database(database_url, wanted, blobs_folder)


def _database(url: str, wanted: object, blobs_folder: Path) -> "ContractDatabase":
    from django.db import connections

    from muniment.adapters.stores.database.database import ContractDatabase

    settings = connections.settings
    completed = connections.configure_settings({_DEFAULT: settings[_DEFAULT], url: wanted})
    same = [alias for alias in settings if _place(settings[alias]) == _place(completed[url])]
    if not same:
        settings[url] = completed[url]
    return ContractDatabase(same[0] if same else url, blobs_folder)


def _place(settings: dict[str, object]) -> tuple[object, ...]:
    return tuple(settings[name] for name in ("ENGINE", "NAME", "USER", "HOST", "PORT", "OPTIONS"))

"""Where a database is, what Django needs for it, and opening it. Django is loaded here and at no other time."""

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase


APPS = ("muniment.adapters.stores.database",)
_PATIENCE = 20
"""Seconds that a writer waits for the one before it."""

Setting = str | int | bool | None | dict[str, str | int]
FORMS = "write sqlite:////folder/register.sqlite3 or postgresql://user@host/name"


def database_settings(url: str) -> dict[str, Setting]:
    """Django's settings for sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME?option=value.

    Raises ProblemsFoundError for an address of another form. The address is never repeated: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        raise _no_address("this is not the address of a register's database") from None
    if "\0" in unquote(url):
        raise _no_address("this is not the address of a register's database")
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return _sqlite(unquote(parts.path[1:]))
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise _no_address("this is not the address of a register's database")
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
        raise _no_address("a register in memory would forget everything")
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
    return ProblemsFoundError([Problem(Place("the register"), "G001", what, FORMS)])


_DEFAULT = "default"


def configure(database_url: str, blobs_folder: Path) -> "ContractDatabase":
    """The register at that address, its files in that folder. Nothing is connected to and nothing is changed.

    Where the process names no settings of its own (DJANGO_SETTINGS_MODULE), the first address becomes Django's default
    database; another address opens a further register beside it. Import the other modules of this room afterwards.
    Raises ProblemsFoundError for an address that is none.
    """
    import django
    from django.apps import apps
    from django.conf import settings

    wanted = database_settings(database_url)
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        settings.configure(
            DATABASES={_DEFAULT: wanted},
            INSTALLED_APPS=list(APPS),
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
            TIME_ZONE="UTC",
        )
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

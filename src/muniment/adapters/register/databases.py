"""Where a register is: the address of its database, and the settings that Django needs for it."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from muniment.domain.kernel.problem import Place, Problem, ProblemsFound

APPS = ("muniment.adapters.register",)
PATIENCE = 20
"""Seconds that a writer waits for the one before it."""

Setting = str | int | bool | None | dict[str, str | int]
FORMS = "write sqlite:////folder/register.sqlite3 or postgresql://user@host/name"


def database_settings(url: str) -> dict[str, Setting]:
    """Django's settings for sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME?option=value.

    Raises ProblemsFound for an address of another form. The address is never repeated: it may hold a password.
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
        "OPTIONS": {"connect_timeout": PATIENCE, **dict(parse_qsl(parts.query))},
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
            "timeout": PATIENCE,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }


def _no_address(what: str) -> ProblemsFound:
    return ProblemsFound([Problem(Place("the register"), "G001", what, FORMS)])

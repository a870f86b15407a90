"""Opening a register. Django is loaded here and at no other time: it takes 0.4 s."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.adapters.register.databases import APPS, database_settings

if TYPE_CHECKING:
    from muniment.adapters.register.register import Register

DEFAULT = "default"


def configure(database_url: str, blobs_folder: Path) -> "Register":
    """The register at that address, its files in that folder. Nothing is connected to and nothing is changed.

    Where the process names no settings of its own (DJANGO_SETTINGS_MODULE), the first address becomes Django's default
    database; another address opens a further register beside it. Import the other modules of this room afterwards.
    Raises ProblemsFound for an address that is none.
    """
    import django
    from django.apps import apps
    from django.conf import settings

    wanted = database_settings(database_url)
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        settings.configure(
            DATABASES={DEFAULT: wanted},
            INSTALLED_APPS=list(APPS),
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
            TIME_ZONE="UTC",
        )
    if not apps.ready:
        django.setup()
    return _register(database_url, wanted, blobs_folder)


def _register(url: str, wanted: object, blobs_folder: Path) -> "Register":
    from django.db import connections

    from muniment.adapters.register.register import Register

    settings = connections.settings
    completed = connections.configure_settings({DEFAULT: settings[DEFAULT], url: wanted})
    same = [alias for alias in settings if _place(settings[alias]) == _place(completed[url])]
    if not same:
        settings[url] = completed[url]
    return Register(same[0] if same else url, blobs_folder)


def _place(settings: dict[str, object]) -> tuple[object, ...]:
    return tuple(settings[name] for name in ("ENGINE", "NAME", "USER", "HOST", "PORT", "OPTIONS"))

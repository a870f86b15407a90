"""Django's settings, from the environment.

MUNIMENT_DATABASE: the address of the register's database (default: register.sqlite3 in the working folder).
MUNIMENT_BLOBS: the folder of its files (default: register-files in the working folder).
"""

import os
from pathlib import Path

from muniment.adapters.register.databases import APPS, database_settings

DATABASES = {"default": database_settings(os.environ.get("MUNIMENT_DATABASE", "sqlite:///register.sqlite3"))}
BLOBS_FOLDER = Path(os.environ.get("MUNIMENT_BLOBS", "register-files"))
INSTALLED_APPS = list(APPS)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"

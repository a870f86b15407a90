"""The Django AppConfig of the database of contracts."""

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """Its tables are named register_*, as version 0.1 named them: a label is part of every database."""

    name = "muniment.adapters.stores.database"
    label = "register"
    verbose_name = "Database of contracts"
    default_auto_field = "django.db.models.BigAutoField"

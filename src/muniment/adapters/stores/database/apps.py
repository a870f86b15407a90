"""The Django app of the database."""

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """Tables are named register_*."""

    name = "muniment.adapters.stores.database"
    label = "register"
    verbose_name = "Database of contracts"
    default_auto_field = "django.db.models.BigAutoField"

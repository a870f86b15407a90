"""The Django AppConfig of the installation: accounts, jobs, uploads, tokens and drafts of notices."""

from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """Its tables are named web_*, as version 0.1 named them: a label is part of every database."""

    name = "muniment.installation"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What listens begins to."""
        from muniment.installation import tokens  # noqa: F401  # by importing it

"""The pages as Django knows them."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "muniment.faces.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What listens begins to."""
        from muniment.faces.web import proof_changes  # noqa: F401  # by importing it

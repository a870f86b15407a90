"""bring_up_to_date: the tables of the installation, made or changed to what this version needs."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from muniment.adapters.stores.database.faults import database_error_text
from muniment.installation.opening import bring_up_to_date


class Command(BaseCommand):
    """Says nothing where all went well; what is in the tables stays."""

    requires_system_checks = ()
    help = "make the tables, or bring them up to date"

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002  # Django's signature
        try:
            bring_up_to_date()
        except Error as error:
            raise CommandError(database_error_text(error)) from error
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None

"""bring_up_to_date: the site's tables, made or changed to what this version needs."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from muniment.adapters.stores.database.faults import database_error_text, hang_up
from muniment.installation.demonstrations import must_not_let_anybody_in
from muniment.installation.viewer import DATABASE_ALIAS


class Command(BaseCommand):
    """Says nothing where all went well; what is in the tables stays."""

    requires_system_checks = ()
    help = "make the tables, or bring them up to date"

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002  # Django's signature
        try:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            call_command("createcachetable", verbosity=0)
        except Error as error:
            hang_up(DATABASE_ALIAS)
            raise CommandError(database_error_text(error)) from error
        try:
            must_not_let_anybody_in()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None

"""report_deployment: what is not right for a site that people rely on."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from muniment.adapters.stores.database.faults import database_error_text
from muniment.application.json_output import problems_json
from muniment.installation.deployment import deployment_problems


class Command(BaseCommand):
    """Answers {"problems": [...]} as `check --format json`."""

    requires_system_checks = ()
    help = "say what is not right for production"

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002  # Django's signature
        try:
            found = deployment_problems()
        except Error as error:
            raise CommandError(database_error_text(error)) from error
        self.stdout.write(json.dumps(problems_json(found)))

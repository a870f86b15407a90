"""make_accounts: accounts without a password, made or brought up to date, as often as one likes."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from muniment.installation.models import Account


class Command(BaseCommand):
    """Reads [{"actor": ..., "email": ..., "name": ...}] and answers {"made": 3, "kept": 8}."""

    requires_system_checks = ()
    help = "make accounts of the people in a JSON list on standard input"

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002  # Django's signature
        try:
            people = [(person["actor"], person["email"], person["name"]) for person in json.load(sys.stdin)]
        except (ValueError, TypeError, KeyError) as error:
            raise CommandError(
                f'this is no list of people: {error} - write [{{"actor": ..., "email": ..., "name": ...}}]'
            ) from error
        with transaction.atomic(durable=True):
            made = sum(_made(actor=actor, email=email, name=name) for actor, email, name in people)
        self.stdout.write(json.dumps({"made": made, "kept": len(people) - made}))


def _made(*, actor: str, email: str, name: str) -> bool:
    """Whether the account is new."""
    account = Account.objects.filter(actor=actor).first()
    if account is None:
        Account.objects.create_user(email, name=name, actor=actor)
        return True
    account.email, account.name = email.lower(), name
    account.save(update_fields=["email", "name"])
    return False

"""accounts add | password | close | list: accounts as the command line keeps them."""

import json
import sys

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from muniment.application.json_output import problems_json
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.installation.accounts import add_account, close_account, new_password
from muniment.installation.models import Account


class Command(BaseCommand):
    """Reads {"email": ..., "name": ..., "actor": ..., "password": ...} on standard input, so that no password stands in
    the machine's list of processes. Answers {"accounts": [...]}, or {"problems": [...]} as `check --format json`."""

    requires_system_checks = ()
    help = "add an account, give it a new password, close it, or list them all"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("add", "password", "close", "list"))

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002  # Django's signature
        call_command("bring_up_to_date")
        try:
            found = _done(str(options["what"]), json.load(sys.stdin) or {})
        except ProblemsFoundError as error:
            self.stdout.write(json.dumps(problems_json(error.problems)))
        else:
            self.stdout.write(json.dumps({"accounts": [_shown(account) for account in found]}))


def _done(what: str, asked: dict[str, str | None]) -> list[Account]:
    email, password = asked.get("email") or "", asked.get("password") or ""
    match what:
        case "add":
            name = asked.get("name") or ""
            return [add_account(email=email, name=name, actor=asked.get("actor"), password=password)]
        case "password":
            return [new_password(email=email, password=password)]
        case "close":
            return [close_account(email=email)]
    return list(Account.objects.order_by("email"))


def _shown(account: Account) -> dict[str, Json]:
    return {
        "email": account.email,
        "name": account.name,
        "actor": account.actor,
        "is_open": account.is_active,
        "last_signed_in": None if account.last_login is None else account.last_login.date().isoformat(),
    }

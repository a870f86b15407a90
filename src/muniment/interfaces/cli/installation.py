"""muniment account | check-deployment | serve: one installation, its accounts and its pages."""

import argparse
import os
import sys
from getpass import getpass
from typing import TYPE_CHECKING

from muniment.application.stores import DatabaseAddress, database_address, must_be_there
from muniment.domain.kernel.fingerprint import Json
from muniment.installation.opening import open_installation, open_up_to_date, refusing
from muniment.installation.serving import ServeOptions, listen, serve
from muniment.interfaces.cli.errors import UsageError
from muniment.interfaces.cli.printing import TextTable, next_steps, print_json, print_table

if TYPE_CHECKING:
    from muniment.installation.models import Account

DONE = {
    "add": "can sign in, and acts as",
    "password": "has a new password, and acts as",
    "close": "is closed: nobody signs in with it any more. Records keep what it did as",
}


def run_account(arguments: argparse.Namespace) -> int:
    where = database_address(arguments.database)
    must_be_there(where)
    if arguments.what == "list":
        return _listed(where, arguments.format)
    if not arguments.email:
        raise UsageError(f"whose account? - write 'muniment account {arguments.what} EMAIL'")
    if arguments.what != "add" and (arguments.name or arguments.actor):
        raise UsageError("--name and --actor go with 'account add' - leave them out")
    if arguments.what == "add" and not arguments.name:
        raise UsageError("what are they called? - add --name 'Harriet Okonjo'")
    password = "" if arguments.what == "close" else password_typed()
    _print_changed(arguments.what, _changed(arguments, where, password), arguments.format)
    return 0


def _changed(arguments: argparse.Namespace, where: DatabaseAddress, password: str) -> "Account":
    open_up_to_date(where)
    from muniment.installation.accounts import add_account, close_account, new_password

    match arguments.what:
        case "add":
            return add_account(
                email=arguments.email, name=arguments.name, actor=arguments.actor or None, password=password
            )
        case "password":
            return new_password(email=arguments.email, password=password)
    return close_account(email=arguments.email)


def password_typed() -> str:
    """Typed twice on a terminal; else the first line of standard input. Never an argument, which others could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password (at least 12 characters): ")
    if getpass("The same again: ") != password:
        raise UsageError("these were two different passwords - repeat")
    return password


def _print_changed(what: str, account: "Account", output_format: str) -> None:
    if output_format == "json":
        print_json(_json(account))
        return
    print(f"{account.email} {DONE[what]} {account.actor}")
    if what == "add":
        next_steps(f"muniment appoint database:ID {account.actor} --role ROLE --first DAY ...", "muniment serve")


def _listed(where: DatabaseAddress, output_format: str) -> int:
    open_up_to_date(where)
    from muniment.installation.accounts import accounts_by_email

    accounts = accounts_by_email()
    if output_format == "json":
        print_json({"accounts": [_json(account) for account in accounts]})
        return 0
    rows = [
        (account.email, account.name, account.actor, "open" if account.is_active else "closed",
         _last_signed_in(account) or "never")
        for account in accounts
    ]  # fmt: skip
    title = f"{len(rows)} account{'s' if len(rows) != 1 else ''} in {where.shown}"
    print_table(TextTable(title, ("E-mail", "Name", "Acts as", "State", "Last signed in"), rows))
    return 0


def _last_signed_in(account: "Account") -> str | None:
    return None if account.last_login is None else account.last_login.date().isoformat()


def _json(account: "Account") -> dict[str, Json]:
    return {
        "email": account.email,
        "name": account.name,
        "actor": account.actor,
        "open": account.is_active,
        "last_signed_in": _last_signed_in(account),
    }


def run_check_deployment(arguments: argparse.Namespace) -> int:
    """Exit 1 where something is an error, not where all are warnings."""
    where = database_address(arguments.database)
    open_installation(where)
    from muniment.installation.deployment import deployment_problems

    with refusing():
        problems = deployment_problems()
    errors = [problem for problem in problems if problem.severity == "error"]
    if arguments.format == "json":
        from muniment.application.read_models.findings import problems_found
        from muniment.application.read_models.stored import dump

        print_json(dump(problems_found(problems)))
        return 1 if errors else 0
    for problem in problems:
        note = "warning: " if problem.severity == "warning" else ""
        print(f"{note}{problem.place.file}: {problem.what} - {problem.remedy}")
    warnings = len(problems) - len(errors)
    print(f"\n{where.shown}: {_count(len(errors), 'error')}, {_count(warnings, 'warning')}.")
    return 1 if errors else 0


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' if number != 1 else ''}"


def run_serve(arguments: argparse.Namespace) -> int:
    where = database_address(arguments.database)
    must_be_there(where)
    if arguments.workers < 1:
        raise UsageError("no process would answer - write --workers 2")
    if arguments.job_workers < 1:
        raise UsageError("no process would do jobs - write --job-workers 1")
    level = os.environ.get("MUNIMENT_LOG_LEVEL", "WARNING").lower()
    serve(
        ServeOptions(where, workers=arguments.workers, job_workers=arguments.job_workers, log_level=level),
        listener=listen(host=arguments.host, port=port_of(arguments)),
        say=print_now,
        ready=lambda address: print_now(
            f"Muniment serves {where.shown} at {os.environ.get('MUNIMENT_ADDRESS') or address}. Ctrl-C ends it."
        ),
    )
    print_now("Ended.")
    return 0


def port_of(arguments: argparse.Namespace) -> int:
    """A port of 0 is any that is free."""
    port = int(arguments.port)
    if not 0 <= port < 1 << 16:
        raise UsageError(f"there is no port {port} - write one from 1 to 65535")
    return port


def print_now(line: str) -> None:
    """At once, also where the output is a file."""
    print(line, flush=True)

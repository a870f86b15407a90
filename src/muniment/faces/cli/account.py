"""muniment account add | password | close | list [EMAIL] [--name NAME] [--actor ID]"""

import argparse
import sys
from getpass import getpass

from muniment.domain.kernel.fingerprint import Json
from muniment.faces.cli.failing import WronglyAsked
from muniment.faces.cli.printing import Printed, next_steps, print_json, print_table
from muniment.faces.desk.accounts import AccountKept, accounts_kept, change_account
from muniment.faces.desk.site_commands import must_be_there
from muniment.faces.desk.stores import Address, address

DONE = {
    "add": "can sign in, and acts as",
    "password": "has a new password, and acts as",
    "close": "is closed: nobody signs in with it any more. Records keep what it did as",
}


def run(arguments: argparse.Namespace) -> int:
    where = address(arguments.database)
    must_be_there(where)
    if arguments.what == "list":
        return _listed(accounts_kept(where), where, arguments.format)
    if not arguments.email:
        raise WronglyAsked(f"whose account? - write 'muniment account {arguments.what} EMAIL'")
    if arguments.what != "add" and (arguments.name or arguments.actor):
        raise WronglyAsked("--name and --actor go with 'account add' - leave them out")
    if arguments.what == "add" and not arguments.name:
        raise WronglyAsked("what are they called? - add --name 'Harriet Okonjo'")
    password = "" if arguments.what == "close" else password_typed()
    account = change_account(
        arguments.what, where=where, email=arguments.email, name=arguments.name or "", actor=arguments.actor,
        password=password,
    )  # fmt: skip
    _print_changed(arguments.what, account, arguments.format)
    return 0


def password_typed() -> str:
    """Typed twice on a terminal; else the first line of standard input. Never an argument, which others could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password (at least 12 characters): ")
    if getpass("The same again: ") != password:
        raise WronglyAsked("these were two different passwords - repeat")
    return password


def _print_changed(what: str, account: AccountKept, shape: str) -> None:
    if shape == "json":
        print_json(_json(account))
        return
    print(f"{account.email} {DONE[what]} {account.actor}")
    if what == "add":
        next_steps(f"muniment appoint register:ID {account.actor} --role ROLE --first DAY ...", "muniment serve")


def _listed(accounts: tuple[AccountKept, ...], where: Address, shape: str) -> int:
    if shape == "json":
        print_json({"accounts": [_json(account) for account in accounts]})
        return 0
    rows = [
        (account.email, account.name, account.actor, "open" if account.is_open else "closed",
         account.last_signed_in or "never")
        for account in accounts
    ]  # fmt: skip
    title = f"{len(rows)} account{'s' if len(rows) != 1 else ''} in {where.shown}"
    print_table(Printed(title, ("E-mail", "Name", "Acts as", "State", "Last signed in"), rows))
    return 0


def _json(account: AccountKept) -> dict[str, Json]:
    return {
        "email": account.email,
        "name": account.name,
        "actor": account.actor,
        "open": account.is_open,
        "last_signed_in": account.last_signed_in,
    }

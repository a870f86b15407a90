"""What was asked on the command line, read into values. Each misreading says what to write instead."""

import argparse
import re
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.application.stores import ContractInDatabase, ContractPlace, contract_named
from muniment.domain.kernel.period import Month
from muniment.interfaces.cli.errors import UsageError

if TYPE_CHECKING:
    from muniment.application.load import OpenedContract
    from muniment.commands.queries.reading import Reading


def month_argument(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def day_argument(text: str) -> date:
    """A day of a year from 1900 to 2999: of no other could it be said what was known at its end."""
    try:
        if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'{text}' is not a day - write it as 2020-01-30") from None


def elsewhere_of(given: Sequence[str]) -> dict[str, Path]:
    """TABLE=PATH pairs."""
    pairs = {}
    for item in given:
        table, equals, path = item.partition("=")
        if not equals or not table or not path:
            raise UsageError(f"'{item}' is not TABLE=PATH - write it as calls=/folder/calls.csv")
        pairs[table] = Path(path)
    return pairs


def asked_again(arguments: argparse.Namespace) -> str:
    """The folder as it was asked, with the day and the evidence that came with it, to be typed after a command."""
    options = [("--database", arguments.database)] if arguments.database else []
    options += [("--known", arguments.known)] if arguments.known else []
    options += [("--evidence", item) for item in arguments.evidence]
    return shlex.join([arguments.folder, *(word for option in options for word in option)])


def where_of(arguments: argparse.Namespace) -> ContractPlace:
    """The contract that was named: a folder, or one of a database. Raises ProblemsFoundError."""
    return contract_named(arguments.folder, database=arguments.database)


def database_contract(arguments: argparse.Namespace) -> ContractInDatabase:
    """The same, where it has to be one of a database. Raises UsageError."""
    where = where_of(arguments)
    if not isinstance(where, ContractInDatabase):
        raise UsageError(f"'{arguments.folder}' is not a contract of a database - write it as database:cssc")
    return where


def opened_by(arguments: argparse.Namespace) -> "OpenedContract":
    from muniment.application.load import open_contract

    known = day_argument(arguments.known) if arguments.known else None
    return open_contract(folder=where_of(arguments), known=known)


def reading_of(arguments: argparse.Namespace, opened: "OpenedContract", *, kpi: str | None = None) -> "Reading":
    """`kpi`: of this one alone."""
    from muniment.application.load import read_contract

    elsewhere = elsewhere_of(arguments.evidence)
    return read_contract(opened=opened, engine=arguments.engine, elsewhere=elsewhere, kpi=kpi)

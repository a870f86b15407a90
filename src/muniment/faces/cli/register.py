"""muniment register create | list [--database URL]"""

import argparse

from muniment.domain.kernel.fingerprint import Json
from muniment.faces.cli.printing import Printed, next_steps, print_json, print_table
from muniment.faces.desk.carrying import contracts_of, create_register
from muniment.faces.desk.stores import address, short_path


def run(arguments: argparse.Namespace) -> int:
    where = address(arguments.database)
    if arguments.what == "create":
        create_register(where)
        print(f"The register is ready: {where.shown}, its files in {short_path(where.files)}")
        next_steps("muniment carry-in FOLDER", "muniment register list")
        return 0
    found = contracts_of(where)
    if arguments.format == "json":
        contracts: list[Json] = [
            {"contract": one.contract, "authority": one.authority, "entries": one.entries, "head": one.head}
            for one in found
        ]
        print_json({"contracts": contracts})
        return 0
    rows = [(one.contract, one.authority, str(one.entries), (one.head or "not open")[:12]) for one in found]
    title = f"{len(found)} contract{'s' if len(found) != 1 else ''} in {where.shown}"
    print_table(Printed(title, ("Contract", "Authority", "Entries", "Head"), rows, right=frozenset({2})))
    return 0

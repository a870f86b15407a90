"""muniment rebuild register:ID"""

import argparse

from muniment.domain.kernel.fingerprint import short
from muniment.faces.cli.asked import register_contract
from muniment.faces.desk.projecting import rebuild


def run(arguments: argparse.Namespace) -> int:
    where = register_contract(arguments)
    projected = rebuild(where)
    months = len({line.month for line in projected.counts})
    print(
        f"{where}: {len(projected.results)} results of {months} months, "
        f"as the record has them at entry {projected.seq}, head {short(projected.head)}"
    )
    return 0

"""muniment heads FOLDER"""

import argparse
from pathlib import Path

from muniment.faces.cli.asked import day_of, where_of
from muniment.faces.cli.printing import Printed, next_steps, print_json, print_table
from muniment.faces.desk.heads import heads_json, heads_of


def run(arguments: argparse.Namespace) -> int:
    known = day_of(arguments.known) if arguments.known else None
    contract, heads = heads_of(folder=where_of(arguments), known=known)
    if arguments.format == "json":
        print_json(heads_json(contract, heads))
        return 0
    rows = [(head.of, str(head.entry), head.recorded_at, head.hash, head.sealed or "") for head in heads]
    print_table(
        Printed(
            title=f"Heads of {contract}. Keep them where nobody who writes to the record can change them.",
            headings=("Of", "Entry", "Recorded", "Head", "Fingerprint of the statement"),
            rows=rows,
            right=frozenset({1}),
        )
    )
    is_folder = isinstance(where_of(arguments), Path)
    folder = arguments.folder if is_folder else "a-folder"
    carry = () if is_folder else (f"muniment carry-out {arguments.folder} --out {folder}",)
    next_steps(*carry, f"python verify.py {folder}/ledger.jsonl --head {heads[0].hash}  (verify.py: in any bundle)")
    return 0

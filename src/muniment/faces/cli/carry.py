"""muniment carry-in FOLDER, muniment carry-out register:ID --out FOLDER"""

import argparse
from pathlib import Path

from muniment.domain.kernel.fingerprint import short
from muniment.faces.cli.asked import register_contract
from muniment.faces.cli.printing import next_steps
from muniment.faces.desk.carrying import Moved, carry_into_register, carry_out_of_register
from muniment.faces.desk.stores import address


def run(arguments: argparse.Namespace) -> int:
    if arguments.command == "carry-in":
        moved = carry_into_register(Path(arguments.folder), where=address(arguments.database))
        _print(moved, source="the folder", target="the register")
        next_steps(f"muniment check register:{moved.contract}")
        return 0
    out = Path(arguments.out)
    _print(carry_out_of_register(register_contract(arguments), folder=out), source="the register", target="the folder")
    next_steps(f"muniment check {out}")
    return 0


def _print(moved: Moved, *, source: str, target: str) -> None:
    before = f"head {short(moved.before)}" if moved.before else "nothing"
    carried = moved.carried
    has = f"{target} has" if carried.behind else "both have"
    print(f"{moved.contract}, before: {source} had head {short(moved.source or '')}, {target} had {before}")
    print(f"{moved.contract}, now: {has} head {short(carried.head or '')}")
    erased = f", {carried.erased} texts erased" if carried.erased else ""
    print(f"Carried: {carried.entries} entries, {carried.blobs} files{erased}")
    if carried.behind:
        entries = "1 entry" if carried.behind == 1 else f"{carried.behind} entries"
        older = f"{source} is {entries} behind, so its text was left where it is"
        print(f"{older}: muniment carry-out register:{moved.contract} --out FOLDER brings it up to date")
    if moved.drafts:
        print(
            f"Not as it was adopted: {', '.join(moved.drafts)}; adopt it, or carry in the folder with the text put back"
        )

"""muniment restore F.zip --into FOLDER | register:"""

import argparse
import sys
from pathlib import Path

from muniment.faces.cli.backup import said
from muniment.faces.desk.restoring import Restored, restore
from muniment.faces.desk.stores import InRegister, named


def run(arguments: argparse.Namespace) -> int:
    into = named(arguments.into, database=arguments.database)
    restored = restore(Path(arguments.backup), into=into)
    target = "the register" if isinstance(into, InRegister) else into
    print(f"Restored into {target}: {len(restored)} contract{'s' if len(restored) != 1 else ''}, all checked")
    for one in restored:
        there = ", was there already" if one.is_there else ""
        print(f"  {said(one.held)}{there}{_put_back(one)}")
        _say_what_was_left(one)
    return 0


def _put_back(restored: Restored) -> str:
    if not restored.put_back:
        return ""
    return f", {restored.put_back} missing file{'s' if restored.put_back != 1 else ''} put back"


def _say_what_was_left(restored: Restored) -> None:
    if restored.left:
        what = f"{len(restored.left)} evidence files that merely lay ready are no record, and stay in the backup"
        print(f"  {restored.held.contract}: {what}", file=sys.stderr)

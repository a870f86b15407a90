"""muniment restore F.zip --into FOLDER | register:"""

import argparse
import sys
from pathlib import Path

from muniment.faces.cli.backup import said
from muniment.faces.desk.restoring import Restored, restore
from muniment.faces.desk.stores import named


def run(arguments: argparse.Namespace) -> int:
    into = named(arguments.into, database=arguments.database)
    restored = restore(Path(arguments.backup), into=into)
    print(f"Restored into {into}: {len(restored)} contract{'s' if len(restored) != 1 else ''}, all checked")
    for one in restored:
        print(f"  {said(one.held)}{', was there already' if one.is_there else ''}")
        _say_what_was_left(one)
    return 0


def _say_what_was_left(restored: Restored) -> None:
    if restored.left:
        what = f"{len(restored.left)} evidence files that merely lay ready are no record, and stay in the backup"
        print(f"  {restored.held.contract}: {what}", file=sys.stderr)

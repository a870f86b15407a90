"""muniment backup STORE --out F.zip"""

import argparse
from pathlib import Path

from muniment.domain.kernel.fingerprint import short
from muniment.faces.cli.asked import where_of
from muniment.faces.cli.failing import WronglyAsked
from muniment.faces.cli.printing import next_steps
from muniment.faces.desk.backing_up import Held, back_up, back_up_all
from muniment.faces.desk.stores import InRegister
from muniment.faces.desk.writing import must_take_a_file


def run(arguments: argparse.Namespace) -> int:
    out, where = Path(arguments.out), where_of(arguments)
    must_take_a_file(out)
    if arguments.all:
        if not isinstance(where, InRegister) or where.contract:
            raise WronglyAsked("--all backs up a whole register - write it as 'register: --all'")
        held = back_up_all(where.address, out=out)
    elif isinstance(where, InRegister) and not where.contract:
        raise WronglyAsked("'register:' names no contract - write register:ID, or add --all")
    else:
        held = back_up(where, out=out)
    print(f"{out}: {len(held)} contract{'s' if len(held) != 1 else ''}, {out.stat().st_size:,} bytes")
    for one in held:
        print(f"  {said(one)}")
    next_steps(f"muniment restore {out} --into a-new-folder")
    return 0


def said(held: Held) -> str:
    """A contract of a backup, with what to compare it by."""
    return f"{held.contract}: {held.entries} entries, head {short(held.head)}"

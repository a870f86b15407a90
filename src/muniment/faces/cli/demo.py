"""muniment demo"""

import argparse
import sys
from pathlib import Path
from socket import socket

from muniment.commands.queries.summarise import summarise
from muniment.domain.kernel.period import Month
from muniment.example.cast import EVERYBODY
from muniment.example.story import MEETING
from muniment.faces.cli.failing import WronglyAsked
from muniment.faces.cli.printing import as_typed, print_table
from muniment.faces.cli.serve import port_of, said
from muniment.faces.cli.summary import table_1_printed
from muniment.faces.desk.demo import TO_UPLOAD, make_example
from muniment.faces.desk.demo_register import Demonstration, begin, go_on
from muniment.faces.desk.opening import open_contract, read_contract
from muniment.faces.desk.reporting import make_report
from muniment.faces.desk.serving import Asked, listen, serve

FIRST, LAST = Month(2019, 7), Month(2019, 11)
HOST = "127.0.0.1"
"""Of this machine alone: in a demonstration anybody can be anybody."""


def run(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.out)
    if arguments.no_serve:
        if arguments.again:
            raise WronglyAsked("--again serves what is there, and --no-serve serves nothing - leave out one of them")
        _make(folder)
        return 0
    # The port is taken first: nobody waits for an example to be made only to hear that it cannot be served.
    with listen(host=HOST, port=port_of(arguments)) as listener:
        if arguments.again:
            demonstration = go_on(folder)
        else:
            _make(folder)
            print("\nMaking a register of it, with accounts for its people.", file=sys.stderr)
            demonstration = begin(folder)
        _serve(demonstration, folder, listener)
    return 0


def _make(folder: Path) -> None:
    print("Making the example contract: its evidence is generated, its record written act by act.", file=sys.stderr)
    make_example(into=folder, progress=lambda line: print(f"  {line}", file=sys.stderr))
    opened = open_contract(folder=folder, known=None)
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    columns = summarise(reading, first=FIRST, last=LAST)
    report = make_report(opened=opened, reading=reading, first=FIRST, last=LAST, meeting=MEETING, out=folder / "report")
    print_table(table_1_printed(columns, known=f", as known on {reading.known}"))
    print(f"\nThe board report: {report.html}\n              and {report.pdf}")
    print("\nTry next:")
    for line in (
        f"muniment explain {folder} CSC_KPI_04 2019-09",
        f"muniment statement {folder} --period 2019-09",
        f"muniment summary {folder} --from 2019-07 --to 2019-11 --known 2019-10-31",
        f"muniment check {folder}",
    ):
        print(f"  {as_typed(line)}")


def _serve(demonstration: Demonstration, folder: Path, listener: socket) -> None:
    def ready(address: str) -> None:
        said(f"\nThe demonstration is at {address} on this machine. It begins on 22 January 2020.\nSign in as one of:")
        for person in EVERYBODY:
            said(f"  {person.name:<22}{person.role.replace('_', ' ')}")
        said(f"\nDecember 2019 is open. Its evidence is in {folder / TO_UPLOAD / '2019-12'}.")
        said(f"Ctrl-C ends it; '{as_typed(again)}' goes on with it as it was left.")

    port = "" if listener.getsockname()[1] == 8000 else f" --port {listener.getsockname()[1]}"
    again = f"muniment demo --again{'' if folder == Path('demo') else f' --out {folder}'}{port}"
    asked = Asked(demonstration.where, more={**demonstration.variables, "MUNIMENT_ADDRESS": ""})
    serve(asked, listener=listener, say=said, ready=ready)
    said("Ended.")

"""muniment demo: the example made, measured, reported and served with sample people."""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from socket import socket
from urllib.parse import quote
from zoneinfo import ZoneInfo

from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.application.demo import TO_UPLOAD, make_example
from muniment.application.import_export import create_database, import_contract_folder
from muniment.application.load import open_contract, read_contract
from muniment.application.normalised_evidence import NORMALISED_FOLDER
from muniment.application.projections import recompute_projections
from muniment.application.report import make_report
from muniment.application.stores import (
    CLOCK_BEHIND_VARIABLE,
    ContractInDatabase,
    DatabaseAddress,
    database_at,
    system_clock,
)
from muniment.commands.people import appoint_person
from muniment.commands.queries.reading import summarise
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.act import Act
from muniment.example.cast import ADMINISTRATOR, EVERYBODY, JOINED_LATER
from muniment.example.story import CONTRACT, MEETING
from muniment.installation.opening import open_up_to_date, set_up
from muniment.installation.serving import ServeOptions, listen, serve
from muniment.interfaces.cli.errors import UsageError
from muniment.interfaces.cli.figures import table_1_printed
from muniment.interfaces.cli.installation import port_of, print_now
from muniment.interfaces.cli.printing import as_typed, print_table

_DATABASE_FILE = "database.sqlite3"
KEPT_CLOCK = "database.clock-behind"
DEMONSTRATION_START = datetime(2020, 1, 22, 9, tzinfo=ZoneInfo("Europe/London"))
"""The morning after the last entry of the example's record."""
_FIRST_DAY = date(2020, 1, 22)

FIRST, LAST = Month(2019, 7), Month(2019, 11)
HOST = "127.0.0.1"
"""Of this machine alone: in a demonstration anybody can be anybody."""


@dataclass(frozen=True)
class Demonstration:
    """`behind`: seconds by which its clock is behind the machine's, decided once, so that it never goes back."""

    where: DatabaseAddress
    behind: int

    @property
    def variables(self) -> Mapping[str, str]:
        """What the site is told beside where the database is."""
        return {"MUNIMENT_DEMO": "yes", CLOCK_BEHIND_VARIABLE: str(self.behind)}


def demonstration_database(folder: Path) -> DatabaseAddress:
    """Where a demonstration's folder keeps its database."""
    file = folder.absolute() / _DATABASE_FILE
    return DatabaseAddress(f"sqlite:///{quote(str(file))}", file.with_name(f"{_DATABASE_FILE}-files"))


def begin_demonstration(folder: Path) -> Demonstration:
    """Make the database of a folder that make_example made. Its clock begins now. Raises ProblemsFoundError,
    NotRecordedError.

    Evidence that was taken in for the folder is taken over: it is named after its content.
    """
    where = demonstration_database(folder)
    set_up(where)
    create_database(where)
    import_contract_folder(folder, where=where)
    shutil.copytree(
        folder / NORMALISED_FOLDER,
        where.files / CONTRACT / NORMALISED_FOLDER,
        dirs_exist_ok=True,
        copy_function=_linked,
    )
    behind = int((datetime.fromisoformat(system_clock(0).instant()) - DEMONSTRATION_START).total_seconds())
    found = Demonstration(where, behind)
    _appoint(found)
    recompute_projections(ContractInDatabase(CONTRACT, where))
    open_up_to_date(where)
    from muniment.installation.accounts import SampleAccount, make_sample_accounts

    make_sample_accounts([SampleAccount(person.id, person.email, person.name) for person in EVERYBODY])
    (folder / KEPT_CLOCK).write_text(f"{behind}\n", encoding="utf-8")
    return found


def resume_demonstration(folder: Path) -> Demonstration:
    """The demonstration of that folder, as it was left. Raises ProblemsFoundError where there is none."""
    kept = folder / KEPT_CLOCK
    if not kept.is_file():
        what = "there is no demonstration here to go on with"
        raise ProblemsFoundError([Problem(Place(str(folder)), "F103", what, "make one: leave out --again")])
    return Demonstration(demonstration_database(folder), int(kept.read_text(encoding="utf-8")))


def _appoint(found: Demonstration) -> None:
    """Those who join after the example's record ends, appointed by the administrator, by the demonstration's clock."""
    store = database_at(found.where).store(CONTRACT, clock=system_clock(found.behind), salts=SystemSalts())
    why = "They hold this role under the contract."
    act = Act(ADMINISTRATOR.id, ADMINISTRATOR.on_behalf_of, why, on=_FIRST_DAY)
    for person in JOINED_LATER:
        appoint_person(
            ledger=store.ledger,
            act=act,
            person=person.id,
            role=person.role,
            first=_FIRST_DAY.isoformat(),
            name=person.name,
        )


def _linked(source: str, target: str) -> str:
    """A second name for the file where the disk allows it, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def run_demo(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.out)
    if arguments.no_serve:
        if arguments.again:
            raise UsageError("--again serves what is there, and --no-serve serves nothing - leave out one of them")
        _make(folder)
        return 0
    # The port is taken first: nobody waits for an example to be made only to hear that it cannot be served.
    with listen(host=HOST, port=port_of(arguments)) as listener:
        if arguments.again:
            demonstration = resume_demonstration(folder)
        else:
            _make(folder)
            print("\nMaking a database of it, with accounts for its people.", file=sys.stderr)
            demonstration = begin_demonstration(folder)
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
        print_now(
            f"\nThe demonstration is at {address} on this machine. It begins on 22 January 2020.\nSign in as one of:"
        )
        for person in EVERYBODY:
            print_now(f"  {person.name:<22}{person.role.replace('_', ' ')}")
        print_now(f"\nDecember 2019 is open. Its evidence is in {folder / TO_UPLOAD / '2019-12'}.")
        print_now(f"Ctrl-C ends it; '{as_typed(again)}' goes on with it as it was left.")

    port = "" if listener.getsockname()[1] == 8000 else f" --port {listener.getsockname()[1]}"
    again = f"muniment demo --again{'' if folder == Path('demo') else f' --out {folder}'}{port}"
    asked = ServeOptions(demonstration.where, more={**demonstration.variables, "MUNIMENT_ADDRESS": ""})
    serve(asked, listener=listener, say=print_now, ready=ready)
    print_now("Ended.")

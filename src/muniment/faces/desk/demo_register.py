"""The demonstration: a register with the example in it, its people, and a clock that begins where its record ends."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from muniment.adapters.folder.clocks import SystemClock, SystemSalts
from muniment.commands.appoint_person import appoint_person
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.act import Act
from muniment.example.cast import ADMINISTRATOR, EVERYBODY, JOINED_LATER
from muniment.example.story import CONTRACT
from muniment.faces.desk.carrying import carry_into_register, create_register
from muniment.faces.desk.evidence import NORMALISED
from muniment.faces.desk.projecting import rebuild
from muniment.faces.desk.site_commands import ask_site
from muniment.faces.desk.stores import BEHIND, Address, InRegister, register_at

REGISTER = "register.sqlite3"
KEPT_CLOCK = "register.clock-behind"
BEGINS = datetime(2020, 1, 22, 9, tzinfo=ZoneInfo("Europe/London"))
"""The morning after the last entry of the example's record."""
FIRST_DAY = date(2020, 1, 22)


@dataclass(frozen=True)
class Demonstration:
    """`behind`: seconds by which its clock is behind the machine's, decided once, so that it never goes back."""

    where: Address
    behind: int

    @property
    def variables(self) -> Mapping[str, str]:
        """What the site is told beside where the register is."""
        return {"MUNIMENT_DEMO": "yes", BEHIND: str(self.behind)}


def register_of(folder: Path) -> Address:
    """Where a demonstration's folder keeps its register."""
    file = folder.absolute() / REGISTER
    return Address(f"sqlite:///{quote(str(file))}", file.with_name(f"{REGISTER}-files"))


def begin(folder: Path) -> Demonstration:
    """Make the register of a folder that make_example made. Its clock begins now. Raises ProblemsFound, NotRecorded.

    Evidence that was taken in for the folder is taken over: it is named after its content.
    """
    where = register_of(folder)
    create_register(where)
    carry_into_register(folder, where=where)
    shutil.copytree(folder / NORMALISED, where.files / CONTRACT / NORMALISED, dirs_exist_ok=True, copy_function=_linked)
    behind = int((datetime.now(tz=UTC) - BEGINS).total_seconds())
    found = Demonstration(where, behind)
    _appoint(found)
    rebuild(InRegister(CONTRACT, where))
    ask_site("bring_up_to_date", where=where)
    people: list[Json] = [{"actor": person.id, "email": person.email, "name": person.name} for person in EVERYBODY]
    ask_site("make_accounts", where=where, given=people)
    (folder / KEPT_CLOCK).write_text(f"{behind}\n", encoding="utf-8")
    return found


def go_on(folder: Path) -> Demonstration:
    """The demonstration of that folder, as it was left. Raises ProblemsFound where there is none."""
    kept = folder / KEPT_CLOCK
    if not kept.is_file():
        what = "there is no demonstration here to go on with"
        raise ProblemsFound([Problem(Place(str(folder)), "F103", what, "make one: leave out --again")])
    return Demonstration(register_of(folder), int(kept.read_text(encoding="utf-8")))


def _appoint(found: Demonstration) -> None:
    """Those who join after the example's record ends, appointed by the administrator, by the demonstration's clock."""
    behind = timedelta(seconds=found.behind)
    clock = SystemClock(lambda: datetime.now(tz=UTC) - behind, kind="scripted")
    store = register_at(found.where).store(CONTRACT, clock=clock, salts=SystemSalts())
    why = "They hold this role under the contract."
    act = Act(ADMINISTRATOR.id, ADMINISTRATOR.on_behalf_of, why, on=FIRST_DAY)
    for person in JOINED_LATER:
        appoint_person(
            ledger=store.ledger,
            act=act,
            person=person.id,
            role=person.role,
            first=FIRST_DAY.isoformat(),
            name=person.name,
        )


def _linked(source: str, target: str) -> str:
    """A second name for the file where the disk allows it, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target

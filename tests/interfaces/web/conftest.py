"""The pages over a database with two contracts: the example, and a small one of other people. Each test has its own."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.template import engines
from django.test import Client

from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.adapters.stores.folder.store import FolderStore
from muniment.application.import_export import import_contract_folder
from muniment.application.projections import recompute_projections
from muniment.application.stores import CLOCK_BEHIND_VARIABLE, ContractInDatabase, DatabaseAddress, open_store
from muniment.commands.people import appoint_person
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock
from muniment.domain.record.ports import Ledger
from muniment.example.cast import ADMINISTRATOR, EVERYBODY, JOINED_LATER, Person
from muniment.installation.jobs import run_job
from muniment.installation.models import Account, Job
from tests.interfaces.small_contract import make_small_contract
from tests.interfaces.web.strict_templates import Named
from tests.made_once import made_once

TODAY = "2020-01-22T09:00:00Z"
"""The moment at which every test begins: the demonstration's first morning."""
STRANGER = Person("p-0000000000", "Nobody Here", "contract_manager", "authority")
"""The manager of the small contract, who has nothing to do with the example."""
SMALL_TEAM = (
    STRANGER,
    Person("p-0000000001", "Other Officer", "contract_officer", "authority"),
    Person("p-0000000002", "Other Preparer", "supplier_preparer", "supplier"),
    Person("p-0000000003", "Other Approver", "supplier_approver", "supplier"),
    Person("p-0000000004", "Other Decider", "decision_maker", "authority"),
    Person("p-0000000005", "Other Auditor", "auditor", "authority"),
)


@dataclass(frozen=True)
class Site:
    """The pages of one test. `folder`: where its database is."""

    folder: Path

    @property
    def address(self) -> DatabaseAddress:
        found: DatabaseAddress = settings.DATABASE_ADDRESS
        return found

    def where(self, contract: str = "cssc") -> ContractInDatabase:
        return ContractInDatabase(contract, self.address)

    def account(self, person: Person) -> Account:
        return Account.objects.get(actor=person.id)

    def signed_in(self, person: Person) -> Client:
        """A browser in which that person has just signed in."""
        client = Client()
        client.force_login(self.account(person), backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def stranger(self) -> Client:
        """A browser in which nobody has signed in."""
        return Client()

    def work(self) -> list[Job]:
        """Do every job that waits, as the worker would; what they came to."""
        done = []
        while (job := Job.objects.filter(state=Job.WAITING).order_by("asked_at").first()) is not None:
            run_job.func(str(job.id))
            job.refresh_from_db()
            done.append(job)
        return done


def use_database_in(folder: Path) -> None:
    """Point Django's database and the site's address at a database of its own."""
    connections["default"].close()
    file = folder / "database.sqlite3"
    connections.settings["default"]["NAME"] = str(file)
    settings.DATABASE_ADDRESS = DatabaseAddress(f"sqlite:///{file}", folder / "database.sqlite3-files")
    settings.BLOBS_FOLDER = settings.DATABASE_ADDRESS.files


def _appoint(ledger: Ledger, people: Sequence[Person], *, by: str = "p-1") -> None:
    for person in people:
        act = Act(by, "authority", f"{person.name} joins.")
        appoint_person(ledger=ledger, act=act, person=person.id, role=person.role, first="2020-01-01")


def behind() -> str:
    """How far the clock of the tests is behind, in seconds."""
    return str(int(time() - datetime.fromisoformat(TODAY).timestamp()))


def _second_name(source: str, target: str) -> str:
    """Databases are copied, for they change."""
    if Path(source).name.startswith("database.sqlite3"):
        return shutil.copy2(source, target)
    os.link(source, target)
    return target


@pytest.fixture(scope="session")
def two_contracts(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database to be copied."""
    return made_once("two-contracts", lambda folder: _make(folder, demo), folders=tmp_path_factory)


def _make(folder: Path, demo: Path) -> None:
    use_database_in(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CLOCK_BEHIND_VARIABLE, behind())
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        import_contract_folder(demo, where=settings.DATABASE_ADDRESS)
        small = make_small_contract(folder / "small").folder
        _appoint(FolderStore(small, clock=ScriptedClock(TODAY), salts=SystemSalts()).ledger, SMALL_TEAM)
        import_contract_folder(small, where=settings.DATABASE_ADDRESS)
        shutil.rmtree(small)
        _appoint(
            open_store(ContractInDatabase("cssc", settings.DATABASE_ADDRESS)).ledger, JOINED_LATER, by=ADMINISTRATOR.id
        )
        for contract in ("cssc", "tiny"):
            recompute_projections(ContractInDatabase(contract, settings.DATABASE_ADDRESS))
        people = [*EVERYBODY, *SMALL_TEAM]
        for person in people:
            Account.objects.create_user(f"{person.id}@example.org", name=person.name, actor=person.id)
    connections["default"].close()


@pytest.fixture
def site(two_contracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "site"
    # Files of a database never change, so that a second name for each is as good as a copy.
    shutil.copytree(two_contracts, folder, copy_function=_second_name)
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, behind())
    monkeypatch.setattr(engines["jinja2"].env, "undefined", Named)  # type: ignore[attr-defined]  # of this backend
    use_database_in(folder)
    yield Site(folder)
    connections["default"].close()

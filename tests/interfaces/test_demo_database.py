"""The demonstration's database: the example as it is, its people, and a clock that begins where its record ends."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from muniment.adapters.stores.database.setup import configure
from muniment.application.stores import ContractInDatabase, open_store
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.lifecycle.appointments import ROLES, roles_of
from muniment.example.cast import CAST, EVERYBODY, JOINED_LATER
from muniment.installation.accounts import accounts_by_email
from muniment.interfaces.cli.demo import (
    DEMONSTRATION_START,
    Demonstration,
    begin_demonstration,
    demonstration_database,
    resume_demonstration,
)
from tests.interfaces.conftest import Muniment


@pytest.fixture
def its_own_process(own_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Django's default database is the demonstration's, as it is in the process that makes one."""
    connections["default"].close()
    monkeypatch.setitem(connections.settings["default"], "NAME", str(own_demo / "database.sqlite3"))
    yield
    connections["default"].close()


@pytest.mark.usefixtures("its_own_process")
def test_a_demonstration_begins_where_the_record_ends_and_goes_on_as_it_was_left(
    own_demo: Path, muniment: Muniment
) -> None:
    ledger = (own_demo / "ledger.jsonl").read_bytes()
    found = begin_demonstration(own_demo)
    assert (own_demo / "ledger.jsonl").read_bytes() == ledger
    _holds_the_example_and_appoints_everybody(found, ledger)
    _knows_everybody_by_a_sample_account(found)
    _is_sound(found, muniment)
    assert resume_demonstration(own_demo) == found
    configure(found.where.database, found.where.files).close()


def _holds_the_example_and_appoints_everybody(found: Demonstration, ledger: bytes) -> None:
    entries = open_store(ContractInDatabase("cssc", found.where)).ledger.entries()
    in_folder = [json.loads(line)["hash"] for line in ledger.splitlines() if b'"hash"' in line]
    assert in_folder == [entry.hash for entry in entries[: -len(JOINED_LATER)]]
    began = datetime.fromisoformat(entries[-1].recorded_at)
    assert timedelta(0) <= began - DEMONSTRATION_START < timedelta(minutes=10)
    assert abs(datetime.now(tz=UTC) - timedelta(seconds=found.behind) - began) < timedelta(minutes=10)
    assert all(
        roles_of(entries, actor=person.id, on=DEMONSTRATION_START.date()) == {person.role} for person in EVERYBODY
    )


def _knows_everybody_by_a_sample_account(found: Demonstration) -> None:
    assert found.where.files.is_dir()
    kept = {account.actor: (account.email, account.name) for account in accounts_by_email()}
    assert kept == {person.id: (person.email, person.name) for person in EVERYBODY}
    assert all(email.endswith(".example") for email, _ in kept.values())


def _is_sound(found: Demonstration, muniment: Muniment) -> None:
    """By the demonstration's clock or by the machine's: nothing is dated later than now."""
    ran = muniment("doctor", "database:cssc", "--database", found.where.database)
    assert (ran.exit, "sound" in ran.out) == (0, True), ran.out + ran.err


def test_every_role_has_a_sample_person_and_the_record_appoints_only_its_own_cast() -> None:
    assert sorted(person.role for person in EVERYBODY) == sorted(ROLES)
    assert (*CAST, *JOINED_LATER) == EVERYBODY
    assert len({person.id for person in EVERYBODY}) == len({person.email for person in EVERYBODY}) == len(ROLES)


def test_there_is_nothing_to_go_on_with_where_no_demonstration_was_made(tmp_path: Path) -> None:
    with pytest.raises(
        ProblemsFoundError, match="there is no demonstration here to go on with - make one: leave out --ag"
    ):
        resume_demonstration(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_database_beside_its_folder_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    where = demonstration_database(Path("a demo"))
    assert where.files == tmp_path / "a demo" / "database.sqlite3-files"
    assert where.database == f"sqlite:///{tmp_path}/a%20demo/database.sqlite3"

"""A database keeps many contracts, of several authorities, and says plainly where it is and what it is not."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from muniment.adapters.stores.database.database import ContractDatabase, EnrolledContract
from muniment.adapters.stores.database.setup import configure, database_settings
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.commands.recording import open_record
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts

OFFICER = Act("m.okafor", "authority", "the contract starts")


def _store(database: ContractDatabase, contract: str) -> DatabaseStore:
    return database.store(contract, clock=ScriptedClock("2019-05-08T09:30:00Z"), salts=ScriptedSalts("tests"))


def test_contracts_are_listed_by_authority(database: ContractDatabase, store: DatabaseStore) -> None:
    database.enrol("cssc", authority="Northshire")
    database.enrol("waste", authority="Southshire")
    (opened,) = store.ledger.entries()
    assert database.contracts() == (
        EnrolledContract("cssc", "Northshire", 1, opened.hash),
        EnrolledContract("waste", "Southshire", 0, None),
    )
    assert [row.contract for row in database.contracts(authority="Southshire")] == ["waste"]


def test_contracts_of_one_database_do_not_see_each_other(database: ContractDatabase, store: DatabaseStore) -> None:
    other = _store(database, "waste")
    open_record(ledger=other.ledger, act=OFFICER, contract="waste")
    digest = store.blobs.put(b"call_id\nC-1\n")
    store.write_texts({"contract.yaml": "contract: cssc"})
    assert [entry.subject for entry in other.ledger.entries()] == ["waste"]
    assert not other.blobs.has(digest)
    assert dict(other.read_texts()) == {}


@pytest.mark.parametrize("url", ["mysql://user@host/database", "oracle://host/database"])
def test_a_database_of_a_third_kind_is_refused_when_a_database_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(ProblemsFoundError, match="write sqlite:////folder/database"):
        configure(url, tmp_path)


def test_a_database_of_a_third_kind_is_refused_when_its_tables_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a one can only be named by settings of somebody's own: there, nothing would refuse a change."""
    database = configure(f"sqlite:///{tmp_path / 'third.sqlite3'}", tmp_path / "files")
    monkeypatch.setattr(connections[database.using], "vendor", "mysql")
    with pytest.raises(ProblemsFoundError) as found:
        database.migrate()
    database.close()
    (problem,) = found.value.problems
    assert str(problem) == (
        "the database:1:1: contracts cannot be kept on mysql: nothing there would stop a change of the record - "
        "use SQLite or PostgreSQL"
    )


def test_a_record_is_opened_under_the_name_of_its_contract(database: ContractDatabase) -> None:
    with pytest.raises(RefusedError, match="the record of waste cannot be kept as that of cssc"):
        open_record(ledger=_store(database, "cssc").ledger, act=OFFICER, contract="waste")
    assert database.contracts() == ()


@pytest.mark.parametrize("contract", ["../cssc", "CSSC", "", "a b"])
def test_a_name_that_cannot_be_a_contract_is_refused(database: ContractDatabase, contract: str) -> None:
    with pytest.raises(ProblemsFoundError, match="cannot be a contract"):
        _store(database, contract)


def test_agreed_texts_keep_their_order_and_their_past(store: DatabaseStore) -> None:
    store.write_texts({"regime.yaml": "kpis: []", "contract.yaml": "contract: cssc"})
    assert list(store.read_texts()) == ["regime.yaml", "contract.yaml"]
    store.write_texts({"contract.yaml": "contract: cssc", "regime.yaml": "kpis: [a]"})
    assert list(store.read_texts().items()) == [("contract.yaml", "contract: cssc"), ("regime.yaml", "kpis: [a]")]
    assert store.adopted_text(sha256(b"kpis: []").hexdigest()) == "kpis: []"
    assert store.adopted_text(sha256(b"kpis: [b]").hexdigest()) is None


def test_two_databases_are_open_side_by_side(database: ContractDatabase, store: DatabaseStore, tmp_path: Path) -> None:
    other = configure(f"sqlite:///{tmp_path / 'other.sqlite3'}", tmp_path / "other")
    other.migrate()
    assert other.contracts() == ()
    assert len(database.contracts()) == 1
    other.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://root:secret@host/name",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql://me:secret@host",
        "postgresql://me:secret@host:x/y",
    ],
)
def test_an_address_that_is_none_is_refused_and_its_password_not_repeated(url: str) -> None:
    with pytest.raises(ProblemsFoundError) as found:
        database_settings(url)
    assert "secret" not in str(found.value)


def test_the_address_of_a_server_is_taken_apart() -> None:
    settings = database_settings("postgresql://anna:p%40ss@db.example:5433/database?sslmode=verify-full")
    parts = {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert parts == {"NAME": "database", "USER": "anna", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"}
    assert settings["OPTIONS"] == {"connect_timeout": 20, "sslmode": "verify-full"}


def test_the_tables_are_those_of_the_models() -> None:
    migrations = MigrationLoader(None)
    wanted = ProjectState.from_apps(apps)
    assert MigrationAutodetector(migrations.project_state(), wanted).changes(graph=migrations.graph) == {}


def test_django_is_loaded_only_when_a_database_is_opened() -> None:
    ask = "import sys; import muniment.adapters.stores.database.setup; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0


def test_the_site_has_settings_that_django_takes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    ask = (
        "import sys, pathlib; from muniment.adapters.stores.database.setup import configure;"
        "database = configure(sys.argv[1], pathlib.Path('files'));"
        "database.migrate(); print(database.using, database.contracts())"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "muniment.settings", "MUNIMENT_DATABASE": url}
    command = [sys.executable, "-c", ask, url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "default ()\n", done.stderr


def test_a_database_is_opened_with_the_installations_settings_and_without_its_sign_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'database.sqlite3'}"
    (tmp_path / "files").mkdir()
    ask = (
        "import sys, pathlib; from muniment.adapters.stores.database.setup import configure;"
        "database = configure(sys.argv[1], pathlib.Path('files')); database.migrate();"
        "print(database.using, 'muniment.settings' in sys.modules, 'allauth' in sys.modules)"
    )
    unset = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-c", ask, url]
    done = subprocess.run(command, cwd=tmp_path, env=unset, capture_output=True, text=True, check=False)
    assert done.stdout == "default True False\n", done.stderr
    assert list((tmp_path / "files").iterdir()) == [], "opening a database leaves no key beside its files"

"""A database of its own for each test, on SQLite."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muniment.adapters.stores.database.setup import configure
from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts

# Tests import models at their head, which Django allows once it has settings. Nobody opens this database.
configure("sqlite:///never-opened.sqlite3", Path("never-opened"))

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase
    from muniment.adapters.stores.database.store import DatabaseStore

OFFICER = Act("m.okafor", "authority", "the contract starts")


@pytest.fixture
def database(tmp_path: Path) -> Iterator["ContractDatabase"]:
    opened = configure(f"sqlite:///{tmp_path / 'database.sqlite3'}", tmp_path / "files")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def store(database: "ContractDatabase") -> "DatabaseStore":
    """A contract whose record is open."""
    opened = database.store("cssc", clock=ScriptedClock("2019-05-08T09:30:00Z"), salts=ScriptedSalts("tests"))
    open_record(ledger=opened.ledger, act=OFFICER, contract="cssc")
    return opened

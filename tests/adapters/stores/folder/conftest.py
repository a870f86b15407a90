"""A contract folder of its own for each test, written with a scripted clock."""

from pathlib import Path

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock("2019-05-08T09:30:00Z")


@pytest.fixture
def store(tmp_path: Path, clock: ScriptedClock) -> FolderStore:
    """A folder whose record is open."""
    opened = FolderStore(tmp_path, clock=clock, salts=ScriptedSalts("tests"))
    open_record(ledger=opened.ledger, act=Act("m.okafor", "authority", "the contract starts"), contract="cssc")
    return opened

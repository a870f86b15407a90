"""The record of a contract, open and kept in a folder, for the commands to write to."""

from pathlib import Path

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts


@pytest.fixture
def unopened(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path, clock=ScriptedClock("2019-05-08T09:30:00Z"), salts=ScriptedSalts("tests"))


@pytest.fixture
def store(unopened: FolderStore) -> FolderStore:
    act = Act("m.okafor", "authority", "the contract starts")
    open_record(ledger=unopened.ledger, act=act, contract="cssc")
    return unopened

"""What the database cannot do is said in a sentence, nothing is recorded, and the next attempt goes well."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connections

from muniment.adapters.stores.database.database import ContractDatabase
from muniment.adapters.stores.database.setup import configure
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted

CLOCK, SALTS = ScriptedClock("2019-05-08T09:30:00Z"), ScriptedSalts("tests")


def _append(store: DatabaseStore, *, reason: str = "as agreed", key: str | None = None) -> tuple[Entry, ...]:
    act = Act("m.okafor", "authority", reason, key=key)
    draft = Draft("cssc/text/t1", TextAdopted((("regime.yaml", "a" * 64),)), act)
    return store.ledger.append([draft], expected_head=head(store.ledger.entries()))


def _sql(store: DatabaseStore, statement: str) -> None:
    with connections[store.using].cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def busy(store: DatabaseStore, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who holds the database, and will not let go while the test waits."""
    _sql(store, "PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "database.sqlite3")
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_busy_database_says_so_and_can_be_read(store: DatabaseStore, busy: sqlite3.Connection) -> None:
    with pytest.raises(NotRecordedError, match="nothing was recorded: others kept the database busy - try again"):
        _append(store)
    assert len(store.ledger.entries()) == 1
    busy.rollback()
    assert len(_append(store)) == 1


def test_a_full_disk_leaves_the_record_as_it_was(store: DatabaseStore) -> None:
    pages = connections[store.using].cursor().execute("PRAGMA page_count").fetchone()[0]
    _sql(store, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotRecordedError, match="the disk of the database is full - make room, then repeat"):
        _append(store, reason="x" * 100_000)
    assert len(store.ledger.entries()) == 1
    assert len(_append(store, reason="x" * 100_000)) == 1


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    bare = configure(f"sqlite:///{tmp_path / 'bare.sqlite3'}", tmp_path)
    store = bare.store("cssc", clock=CLOCK, salts=SALTS)
    with pytest.raises(ProblemsFoundError, match="the database is not set up - run 'muniment database create'"):
        store.ledger.entries()
    with pytest.raises(NotRecordedError, match="the database is not set up"):
        store.write_texts({"contract.yaml": "contract: cssc"})
    bare.close()


def test_a_database_in_no_folder_says_what_to_do(tmp_path: Path) -> None:
    nowhere = configure(f"sqlite:///{tmp_path / 'nowhere' / 'database.sqlite3'}", tmp_path)
    with pytest.raises(NotRecordedError, match="the database file cannot be opened - make its folder"):
        nowhere.migrate()
    with pytest.raises(ProblemsFoundError, match="the database file cannot be opened"):
        nowhere.contracts()


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "damaged.sqlite3").write_bytes(b"not at all a database" * 500)
    damaged = configure(f"sqlite:///{tmp_path / 'damaged.sqlite3'}", tmp_path)
    with pytest.raises(ProblemsFoundError, match="the database file is damaged - restore it from a backup"):
        damaged.contracts()


def test_a_key_that_was_used_is_refused_by_the_database_too(store: DatabaseStore) -> None:
    _append(store, key="form-1")
    with pytest.raises(RefusedError) as refused:
        _append(store, key="form-1")
    assert refused.value.rule == "idempotency_key"
    assert len(store.ledger.entries()) == 2


def test_a_commit_that_was_not_answered_is_looked_up(store: DatabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database recorded it and the answer was lost: it is acknowledged, and not repeated."""
    connection = connections[store.using]
    commit = connection.commit

    def lost() -> None:
        commit()
        monkeypatch.undo()
        raise DatabaseError("server closed the connection unexpectedly")

    before = head(store.ledger.entries())
    monkeypatch.setattr(connection, "commit", lost)
    draft = Draft("cssc/text/t1", TextAdopted((("regime.yaml", "a" * 64),)), Act("m.okafor", "authority", "as agreed"))
    (added,) = store.ledger.append([draft], expected_head=before)
    assert store.ledger.entries()[-1] == added


def test_a_commit_that_failed_is_not_acknowledged(store: DatabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    before = head(store.ledger.entries())

    def lost() -> None:
        monkeypatch.undo()
        raise DatabaseError("server closed the connection unexpectedly")

    monkeypatch.setattr(connections[store.using], "commit", lost)
    draft = Draft("cssc/text/t1", TextAdopted((("regime.yaml", "a" * 64),)), Act("m.okafor", "authority", "as agreed"))
    with pytest.raises(NotRecordedError, match="nothing was recorded: the connection to the database was lost"):
        store.ledger.append([draft], expected_head=before)
    assert head(store.ledger.entries()) == before


def test_an_append_inside_another_transaction_is_no_append(database: ContractDatabase, store: DatabaseStore) -> None:
    """It would be acknowledged before it is durable."""
    from django.db import transaction

    with transaction.atomic(using=database.using), pytest.raises(RuntimeError, match="durable"):
        _append(store)

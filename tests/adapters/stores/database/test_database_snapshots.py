"""A contract is opened from where it was verified last; what was altered behind the triggers is seen all the same."""

import pytest
from django.db import connections

from muniment.adapters.stores.database.models import StoredContract
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.lines import read_line
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted

OFFICER = Act("m.okafor", "authority", "as agreed")
TABLE = "register_ledgerentry"


@pytest.fixture
def five(store: DatabaseStore) -> DatabaseStore:
    """A ledger of five entries."""
    draft = Draft("cssc/text/t1", TextAdopted((("regime.yaml", "a" * 64),)), OFFICER)
    for _ in range(4):
        store.ledger.append([draft], expected_head=head(store.ledger.entries()))
    return store


def _afresh(store: DatabaseStore) -> DatabaseStore:
    return DatabaseStore(
        store.contract,
        using=store.using,
        blobs_folder=store.path.parent,
        clock=ScriptedClock("2019-06-01T00:00:00Z"),
        salts=ScriptedSalts("tests"),
    )


def _behind_the_triggers(store: DatabaseStore, statement: str) -> None:
    with connections[store.using].cursor() as cursor:
        for command in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{command}")
        cursor.execute("DROP TRIGGER IF EXISTS register_ledgertext_no_update")
        cursor.execute(statement)


def test_every_append_moves_the_snapshot_to_the_head(five: DatabaseStore) -> None:
    row = StoredContract.objects.using(five.using).get(id="cssc")
    assert (row.verified_seq, row.verified_hash) == (5, five.ledger.entries()[-1].hash)


def test_what_was_verified_is_not_verified_whole_again(five: DatabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def counted(line: bytes, *, place: Place) -> Entry | Problem:
        asked.append(line)
        return read_line(line, place=place)

    monkeypatch.setattr("muniment.adapters.stores.database.rows.read_line", counted)
    assert len(_afresh(five).ledger.entries()) == 5
    assert asked == []
    assert _afresh(five).ledger.problems() == ()
    assert len(asked) == 5


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET content = replace(content, 'm.okafor', 'm.okafir') WHERE seq = 3",
        f"UPDATE {TABLE} SET actor = 'somebody' WHERE seq = 3",
        f"UPDATE {TABLE} SET hash = 'abc' WHERE seq = 3",
        f"DELETE FROM {TABLE} WHERE seq = 3",
        f"DELETE FROM {TABLE} WHERE seq > 3",
        f"DELETE FROM {TABLE}",
        f"UPDATE {TABLE} SET seq = 9 WHERE seq = 5",
        f"UPDATE {TABLE} SET recorded_at = '2018-01-01T00:00:00Z' WHERE seq = 4",
        "UPDATE register_ledgertext SET text = '\"because\"' WHERE seq = 2",
        "UPDATE register_ledgertext SET text = 'no JSON' WHERE seq = 2",
    ],
)
def test_what_was_altered_behind_the_triggers_is_seen(five: DatabaseStore, statement: str) -> None:
    _behind_the_triggers(five, statement)
    with pytest.raises(ProblemsFoundError):
        _afresh(five).ledger.entries()
    assert _afresh(five).ledger.problems() != ()


def test_a_ledger_rolled_back_under_a_reader_is_seen_by_the_reader(five: DatabaseStore) -> None:
    five.ledger.entries()
    _behind_the_triggers(five, f"DELETE FROM {TABLE} WHERE seq > 3")
    with pytest.raises(ProblemsFoundError, match="this ledger once had the head"):
        five.ledger.entries()

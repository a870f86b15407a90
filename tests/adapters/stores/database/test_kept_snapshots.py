"""A process keeps the snapshots of contracts that it read, and never serves one that the database has left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pytest
from django.db import connections

from muniment.adapters.stores.database.models import LedgerEntry, StoredContract
from muniment.adapters.stores.database.rows import Texts
from muniment.adapters.stores.database.snapshots import SNAPSHOTS, Snapshots, VerifiedEntries, bytes_of
from muniment.commands.contract_text import adopt_text
from muniment.commands.people import appoint_person
from muniment.commands.recording import open_record
from muniment.domain.kernel.problem import Problem, ProblemsFoundError
from muniment.domain.lifecycle.appointments import appointments_known
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import HeadMovedError
from muniment.domain.record.snapshot import Snapshot
from muniment.domain.regime.adoption import TextAdopted

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase
    from muniment.adapters.stores.database.store import DatabaseStore

OFFICER = Act("m.okafor", "authority", "as agreed")
TABLE = "register_ledgerentry"


class Read(Protocol):
    """How a row becomes an entry."""

    def __call__(self, row: LedgerEntry, texts: Texts, *, last: Entry | None) -> Entry | tuple[Problem, ...]: ...


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    SNAPSHOTS.clear()
    yield
    SNAPSHOTS.clear()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the entries that were read out of the database, in the order of reading."""
    from muniment.adapters.stores.database import reading, rows

    found: list[int] = []

    def counting(read: Read) -> Read:
        def counted(row: LedgerEntry, texts: Texts, *, last: Entry | None) -> Entry | tuple[Problem, ...]:
            found.append(row.seq)
            return read(row, texts, last=last)

        return counted

    monkeypatch.setattr(reading, "known_entry", counting(rows.known_entry))
    monkeypatch.setattr(reading, "verified_entry", counting(rows.verified_entry))
    return found


def _again(database: "ContractDatabase", *, salts: str = "tests") -> "DatabaseStore":
    return database.store("cssc", clock=ScriptedClock("2019-06-01T00:00:00Z"), salts=ScriptedSalts(salts))


def _behind_the_triggers(store: "DatabaseStore", *statements: str) -> None:
    with connections[store.using].cursor() as cursor:
        for command in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{command}")
        for statement in statements:
            cursor.execute(statement)


def test_the_next_to_come_reads_only_what_was_added(
    database: "ContractDatabase", store: "DatabaseStore", read: list[int]
) -> None:
    SNAPSHOTS.clear()
    assert len(_again(database).ledger.entries()) == 1
    adopt_text(ledger=_again(database).ledger, act=OFFICER, texts={"regime.yaml": "a"})
    _another_process_adopts(database, "b")
    _another_process_adopts(database, "c")
    del read[:]
    assert [entry.seq for entry in _again(database).ledger.entries()] == [1, 2, 3, 4]
    assert read == [3, 4]


def _another_process_adopts(database: "ContractDatabase", text: str) -> None:
    ours = SNAPSHOTS.of("cssc", using=database.using)
    SNAPSHOTS.clear()
    adopt_text(ledger=_again(database).ledger, act=OFFICER, texts={"regime.yaml": text})
    SNAPSHOTS.keep("cssc", ours, using=database.using)


def test_whoever_decided_on_a_snapshot_that_is_behind_decides_again(
    database: "ContractDatabase", store: "DatabaseStore"
) -> None:
    head = store.ledger.entries()[-1].hash
    _another_process_adopts(database, "b")
    draft = Draft("cssc/text/t2", TextAdopted((("regime.yaml", "a" * 64),)), OFFICER)
    with pytest.raises(HeadMovedError):
        _again(database).ledger.append([draft], expected_head=head)


def test_a_text_erased_by_somebody_else_is_gone_from_the_next_reading(
    database: "ContractDatabase", store: "DatabaseStore"
) -> None:
    appoint_person(
        ledger=store.ledger, act=OFFICER, person="anna", role="administrator", first="2019-05-01", name="Anna Lind"
    )
    assert appointments_known(_again(database).ledger.entries())["cssc/appointments/a1"].recorded.reason == "as agreed"
    ours = SNAPSHOTS.of("cssc", using=database.using)
    store.ledger.drop_text(seq=2, name="reason")
    SNAPSHOTS.keep("cssc", ours, using=database.using)
    entries = _again(database).ledger.entries()
    assert appointments_known(entries)["cssc/appointments/a1"].recorded.reason == "[text erased]"


@pytest.mark.parametrize(
    "statement", [f"DELETE FROM {TABLE} WHERE seq = 3", f"DELETE FROM {TABLE}", f"UPDATE {TABLE} SET hash = 'a'"]
)
def test_a_record_that_was_cut_short_is_not_served(
    database: "ContractDatabase", store: "DatabaseStore", statement: str
) -> None:
    for text in ("a", "b"):
        adopt_text(ledger=store.ledger, act=OFFICER, texts={"regime.yaml": text})
    statement += " AND contract = 'cssc'" if "WHERE" in statement else " WHERE contract = 'cssc'"
    _behind_the_triggers(store, statement.replace("'a' ", "seq || 'a' "))
    with pytest.raises(ProblemsFoundError):
        _again(database).ledger.entries()


def test_another_record_of_the_same_name_is_read_as_it_is(database: "ContractDatabase", store: "DatabaseStore") -> None:
    before = store.ledger.entries()
    _behind_the_triggers(store, f"DELETE FROM {TABLE}", "DELETE FROM register_ledgertext")
    StoredContract.objects.using(store.using).all().delete()
    open_record(ledger=_again(database, salts="others").ledger, act=OFFICER, contract="cssc")
    after = _again(database).ledger.entries()
    assert [entry.seq for entry in after] == [1]
    assert after[0].hash != before[0].hash


def test_what_was_altered_under_a_process_is_never_served_by_it(
    database: "ContractDatabase", store: "DatabaseStore"
) -> None:
    """It goes on with what it verified; whoever looks at the whole, or comes anew, sees that the record was altered."""
    adopt_text(ledger=store.ledger, act=OFFICER, texts={"regime.yaml": "a"})
    before = store.ledger.entries()
    _behind_the_triggers(store, f"UPDATE {TABLE} SET content = replace(content, 'okafor', 'okafir') WHERE seq = 1")
    assert _again(database).ledger.entries() == before
    assert [problem.code for problem in _again(database).ledger.problems()] == ["C003", "C006", "C007"]
    SNAPSHOTS.clear()
    with pytest.raises(ProblemsFoundError, match="altered"):
        _again(database).ledger.entries()


def test_what_was_used_longest_ago_is_forgotten_first(store: "DatabaseStore") -> None:
    entry = store.ledger.entries()[0]
    kept = Snapshots(most_bytes=5 * bytes_of([entry]))
    for name, count in (("a", 2), ("b", 2), ("a", 3), ("c", 1)):
        kept.keep(name, VerifiedEntries(Snapshot([entry] * count)), using="default")
    assert [len(kept.of(name, using="default").entries) for name in ("a", "b", "c")] == [3, 0, 1]
    kept.keep("long", VerifiedEntries(Snapshot([entry] * 9)), using="default")
    assert [len(kept.of(name, using="default").entries) for name in ("a", "c", "long")] == [0, 0, 9]
    assert len(kept.of("long", using="another").entries) == 0


def test_a_long_text_takes_the_room_of_many_entries(store: "DatabaseStore") -> None:
    entry = store.ledger.entries()[0]
    long = replace(entry, payload={**entry.payload, "sealed": "a" * 50_000})
    kept = Snapshots(most_bytes=100_000)
    kept.keep("a", VerifiedEntries(Snapshot([entry])), using="default")
    kept.keep("b", VerifiedEntries(Snapshot([entry, long])), using="default")
    assert [len(kept.of(name, using="default").entries) for name in ("a", "b")] == [0, 2]
    kept.keep("c", VerifiedEntries(Snapshot([entry])), using="default")
    assert [len(kept.of(name, using="default").entries) for name in ("b", "c")] == [0, 1]

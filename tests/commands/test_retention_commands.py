"""Erasing a text takes it out of the store for good, says so in the record, and leaves chain and head as they were."""

from dataclasses import replace

import pytest

from muniment.adapters.stores.folder.ledger import FolderLedger
from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.reporting import update_project
from muniment.commands.retention import erase_text, finish_erasing
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.chain import verify_chain
from muniment.domain.record.entry import Draft
from muniment.domain.record.erasure import TextErased
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import head

OFFICER = Act("m.okafor", "authority", "the person asked for it")


def _update(store: FolderStore) -> None:
    update_project(
        ledger=store.ledger, act=OFFICER, project="wan", as_at="2019-05-31", rag="amber", stage="delivery",
        why="Jane Doe was ill", projects=["wan"],
    )  # fmt: skip


def _afresh(store: FolderStore) -> FolderLedger:
    return FolderLedger(store.path, clock=ScriptedClock("2019-06-01T00:00:00Z"), salts=ScriptedSalts("tests"))


def test_an_erased_text_is_nowhere_and_the_chain_holds(store: FolderStore) -> None:
    _update(store)
    before = head(store.ledger.entries())
    entry = erase_text(ledger=store.ledger, act=OFFICER, entry=2, name="why")
    assert (entry.kind, entry.payload) == ("text.erased", {"entry": 2, "name": "why"})
    assert b"Jane Doe" not in (store.path / "ledger.jsonl").read_bytes()
    for ledger in (store.ledger, _afresh(store)):
        entries = ledger.entries()
        assert entries[1].text("why") == "[text erased]"
        assert verify_chain(entries, printed_head=before) == ()
        assert record_problems(entries) == ()


def test_what_is_not_there_is_not_erased(store: FolderStore) -> None:
    _update(store)
    for entry, name, rule in ((9, "why", "entry"), (2, "who", "text")):
        with pytest.raises(RefusedError) as refused:
            erase_text(ledger=store.ledger, act=OFFICER, entry=entry, name=name)
        assert refused.value.rule == rule
    erase_text(ledger=store.ledger, act=OFFICER, entry=2, name="why")
    with pytest.raises(RefusedError, match="erased already"):
        erase_text(ledger=store.ledger, act=OFFICER, entry=2, name="why")


def test_an_erasure_sent_again_under_its_key_is_recorded_once(store: FolderStore) -> None:
    _update(store)
    act = replace(OFFICER, key="erase-1")
    first = erase_text(ledger=store.ledger, act=act, entry=2, name="why")
    assert erase_text(ledger=store.ledger, act=act, entry=2, name="why") == first


def test_a_text_that_is_gone_without_an_erasure_is_said(store: FolderStore) -> None:
    _update(store)
    store.ledger.drop_text(seq=2, name="why")
    problems = record_problems(store.ledger.entries())
    assert [(problem.code, problem.severity, problem.place.line) for problem in problems] == [("C033", "warning", 2)]
    store.ledger.append(
        [Draft("cssc/erasures/e1", TextErased(2, "why"), OFFICER)], expected_head=head(store.ledger.entries())
    )
    assert record_problems(store.ledger.entries()) == ()


def test_a_crash_between_the_entry_and_the_dropping_is_seen_and_mended(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _update(store)

    def crash(self: FolderLedger, *, seq: int, name: str) -> None:
        raise NotRecordedError("the machine stopped")

    with monkeypatch.context() as patched:
        patched.setattr(FolderLedger, "drop_text", crash)
        with pytest.raises(NotRecordedError):
            erase_text(ledger=store.ledger, act=OFFICER, entry=2, name="why")
    assert [(problem.code, problem.severity) for problem in record_problems(store.ledger.entries())] == [
        ("C031", "warning")
    ]
    finish_erasing(ledger=store.ledger)
    assert record_problems(store.ledger.entries()) == ()

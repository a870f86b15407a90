"""What every store promises: order, one chain, all or nothing, and nothing that was recorded ever changes."""

from dataclasses import replace

import pytest

from muniment.commands.recording import open_record
from muniment.commands.reporting import update_project
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.chain import verify_chain
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.ports import HeadMovedError
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted
from tests.adapters.stores.contract.whereabouts import Store, Whereabouts

OFFICER = Act("m.okafor", "authority", "as agreed")


def _adoption(digit: str, act: Act = OFFICER) -> Draft:
    return Draft("cssc/text/t1", TextAdopted((("regime.yaml", digit * 64),)), act)


def _append(store: Store, *drafts: Draft) -> tuple[Entry, ...]:
    return store.ledger.append(drafts, expected_head=head(store.ledger.entries()))


def test_an_empty_ledger_has_no_entries_and_no_head(unopened: Store) -> None:
    assert unopened.ledger.entries() == ()
    assert unopened.ledger.append([], expected_head=None) == ()
    assert unopened.ledger.entries() == ()


def test_what_was_appended_is_read_back_by_whoever_comes_along(store: Store, place: Whereabouts) -> None:
    added = _append(store, _adoption("a"), _adoption("b"))
    assert store.ledger.entries()[1:] == added
    assert place.open().ledger.entries() == store.ledger.entries()


@pytest.mark.parametrize(
    "reason", ["line\nbreak", "NUL \0 and tab \t", "naïve – 文字 🙂", '"quoted" \\ back', "x" * 20_000]
)
def test_any_text_is_read_back_as_it_was_written(store: Store, place: Whereabouts, reason: str) -> None:
    act = Act("m.okafor", "authority", reason, key=f"key {reason}")
    _append(store, _adoption("a", act))
    assert [(entry.reason, entry.key) for entry in place.open().ledger.entries()[1:]] == [(reason, act.key)]


def test_entries_stand_in_order_in_one_chain(store: Store, place: Whereabouts) -> None:
    for digit in "abc":
        _append(store, _adoption(digit), _adoption(digit))
    entries = place.open().ledger.entries()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.transaction_end for entry in entries] == [1, 3, 3, 5, 5, 7, 7]
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert verify_chain(entries) == ()


def test_a_head_that_moved_stops_the_append(store: Store, place: Whereabouts) -> None:
    before = head(store.ledger.entries())
    _append(place.open(), _adoption("a"))
    with pytest.raises(HeadMovedError):
        store.ledger.append([_adoption("b")], expected_head=before)
    with pytest.raises(HeadMovedError):
        store.ledger.append([_adoption("b")], expected_head=None)
    assert len(place.open().ledger.entries()) == 2


def test_a_transaction_is_recorded_as_a_whole_or_not_at_all(store: Store, place: Whereabouts) -> None:
    class Salts:
        def salt(self, *, seq: int, name: str) -> str:
            if seq == 4:
                raise RuntimeError("no chance left")
            return ScriptedSalts("tests").salt(seq=seq, name=name)

    unlucky = place.open(salts=Salts())
    with pytest.raises(RuntimeError):
        _append(unlucky, _adoption("a"), _adoption("b"), _adoption("c"))
    assert [len(other.ledger.entries()) for other in (unlucky, store, place.open())] == [1, 1, 1]


def test_the_same_idempotency_key_leaves_one_entry(store: Store, place: Whereabouts) -> None:
    act = Act("p.lane", "supplier", "weekly", key="form-1")

    def update(into: Store) -> Entry:
        return update_project(
            ledger=into.ledger,
            act=act,
            project="wan",
            as_at="2019-06-01",
            rag="green",
            stage="delivery",
            why="on plan",
            projects=["wan"],
        )

    first = update(store)
    assert (update(store), update(place.open())) == (first, first)
    other = Act("m.okafor", "authority", "weekly", key="form-1")
    with pytest.raises(RefusedError) as refused:
        open_record(ledger=store.ledger, act=other, contract=place.contract)
    assert refused.value.rule == "idempotency_key"


def test_one_key_may_stand_on_every_entry_of_a_transaction(store: Store, place: Whereabouts) -> None:
    act = Act("m.okafor", "authority", "as agreed", key="form-2")
    _append(store, _adoption("a", act), _adoption("b", act))
    assert [entry.key for entry in place.open().ledger.entries()] == [None, "form-2", "form-2"]


def test_a_clock_that_goes_back_does_not_take_the_record_with_it(store: Store, place: Whereabouts) -> None:
    _append(place.open(clock=ScriptedClock("2019-06-01T00:00:00Z")), _adoption("a"))
    _append(place.open(clock=ScriptedClock("2019-05-31T12:00:00Z")), _adoption("b"))
    times = [entry.recorded_at for entry in store.ledger.entries()]
    assert times == ["2019-05-08T09:30:00Z", "2019-06-01T00:00:00Z", "2019-06-01T00:00:00Z"]


def test_a_clock_more_than_a_day_behind_the_record_writes_nothing(store: Store, place: Whereabouts) -> None:
    _append(place.open(clock=ScriptedClock("2019-06-01T00:00:00Z")), _adoption("a"))
    with pytest.raises(RefusedError) as refused:
        _append(place.open(clock=ScriptedClock("2019-05-20T00:00:00Z")), _adoption("b"))
    assert refused.value.rule == "clock"
    assert len(store.ledger.entries()) == 2


def test_a_script_may_not_date_entries_of_a_real_record(place: Whereabouts) -> None:
    store = place.open()
    store.ledger.append([Draft(place.contract, RecordOpened(place.contract, "system"), OFFICER)], expected_head=None)
    with pytest.raises(RefusedError) as refused:
        _append(store, _adoption("a"))
    assert refused.value.rule == "clock"


def test_an_erased_text_is_gone_for_everybody_and_the_chain_stands(store: Store, place: Whereabouts) -> None:
    _append(store, _adoption("a", replace(OFFICER, reason="Mrs Doe of 4 High Street asked")))
    another = place.open()
    before = another.ledger.entries()
    for _ in range(2):
        store.ledger.drop_text(seq=2, name="reason")
    for reader in (store, another, place.open()):
        after = reader.ledger.entries()
        assert after[1].reason == "[text erased]"
        assert [entry.hash for entry in after] == [entry.hash for entry in before]
    _append(another, _adoption("b"))
    assert verify_chain(place.open().ledger.entries()) == ()


def test_a_blob_is_read_back_and_put_twice_is_kept_once(store: Store, place: Whereabouts) -> None:
    digest = store.blobs.put(b"call_id\nC-1\n")
    assert store.blobs.put(b"call_id\nC-1\n") == digest
    assert place.open().blobs.has(digest)
    assert place.open().blobs.read(digest) == b"call_id\nC-1\n"


def test_a_blob_that_is_missing_or_altered_is_a_problem(store: Store) -> None:
    digest = store.blobs.put(b"59985 calls")
    for name in ("a" * 64, "../../etc/passwd", ""):
        assert not store.blobs.has(name)
        with pytest.raises(ProblemsFoundError, match="the file is missing"):
            store.blobs.read(name)
    (kept,) = store.path.rglob(digest)
    kept.chmod(0o644)
    kept.write_bytes(b"59984 calls")
    with pytest.raises(ProblemsFoundError, match="the file was altered"):
        store.blobs.read(digest)
    store.blobs.put(b"59985 calls")
    assert store.blobs.read(digest) == b"59985 calls"


def test_an_empty_store_has_no_texts_and_no_evidence_lying_ready(unopened: Store) -> None:
    assert (dict(unopened.read_texts()), dict(unopened.evidence_files())) == ({}, {})

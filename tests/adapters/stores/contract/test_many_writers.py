"""Many at once: nothing is lost, nothing recorded twice, and of two that decided on one head exactly one is heard."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from muniment.commands.reporting import update_project
from muniment.domain.record.act import Act
from muniment.domain.record.chain import verify_chain
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import HeadMovedError
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted
from tests.adapters.stores.contract.at_once import HEADING, at_once, opened
from tests.adapters.stores.contract.whereabouts import KINDS, Kind, Store, Whereabouts

ROOT = Path(__file__).resolve().parents[4]
WRITER = "tests.adapters.stores.contract.writer"


def _update(store: Store, *, key: str) -> Entry:
    return update_project(
        ledger=store.ledger,
        act=Act("p.lane", "supplier", "weekly", key=key),
        project="wan",
        as_at="2019-06-01",
        rag="green",
        stage="delivery",
        why="on plan",
        projects=["wan"],
    )


def _adopt_on(before: str | None, digit: str) -> Callable[[Store], object]:
    draft = Draft("cssc/text/t1", TextAdopted((("regime.yaml", digit * 64),)), Act("m.okafor", "authority", digit))
    return lambda store: store.ledger.append([draft, draft], expected_head=before)


def _submit_twice(place: Whereabouts, *, times: int) -> None:
    for number in range(times):
        one, other = at_once(place, [partial(_update, key=f"form-{number}")] * 2)
        assert one == other
    entries = place.open().ledger.entries()
    assert len(entries) == 1 + times
    assert verify_chain(entries) == ()


def _race_on_one_head(place: Whereabouts, *, times: int) -> None:
    reader = place.open()
    for _ in range(times):
        before = reader.ledger.entries()
        answers = at_once(place, [_adopt_on(head(before), "a"), _adopt_on(head(before), "b")])
        assert sum(isinstance(answer, HeadMovedError) for answer in answers) == 1
        assert len(reader.ledger.entries()) == len(before) + 2
    assert verify_chain(place.open().ledger.entries()) == ()


def test_a_double_click_has_one_effect(store: Store, place: Whereabouts) -> None:
    _submit_twice(place, times=20)


def test_of_two_acts_on_one_head_exactly_one_is_recorded(store: Store, place: Whereabouts) -> None:
    _race_on_one_head(place, times=20)


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_double_submissions_have_a_thousand_effects(
    kind: Kind, make_place: Callable[[Kind], Whereabouts], evidence: Callable[[str, str, str], None]
) -> None:
    began = time.monotonic()
    for _ in range(10):
        _submit_twice(opened(make_place(kind)), times=100)
    seconds = time.monotonic() - began
    evidence("concurrency", HEADING, f"| {kind} | double submissions with one key | 1000 | 1000 | {seconds:.0f} |")


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_races_on_one_head_each_have_one_winner(
    kind: Kind, make_place: Callable[[Kind], Whereabouts], evidence: Callable[[str, str, str], None]
) -> None:
    began = time.monotonic()
    for _ in range(10):
        _race_on_one_head(opened(make_place(kind)), times=100)
    seconds = time.monotonic() - began
    evidence("concurrency", HEADING, f"| {kind} | races of two acts on one head | 1000 | 1000 | {seconds:.0f} |")


def test_six_people_writing_at_once_lose_nothing(store: Store, place: Whereabouts) -> None:
    def writes(name: str) -> Callable[[Store], object]:
        return lambda into: [_update(into, key=f"{name}-{number}") for number in range(5)]

    at_once(place, [writes(name) for name in ("ann", "ben", "cyd", "dee", "eli", "fay")])
    entries = place.open().ledger.entries()
    assert len({entry.key for entry in entries}) == len(entries) == 31
    assert verify_chain(entries) == ()


def test_two_processes_writing_at_once_lose_nothing(store: Store, place: Whereabouts) -> None:
    command = [sys.executable, "-m", WRITER, place.in_words()]
    writers = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("wan", "mosaic")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    actors = [entry.actor for entry in place.open().ledger.entries()]
    assert (actors.count("wan"), actors.count("mosaic")) == (20, 20)


def test_a_reader_beside_a_writer_sees_whole_transactions(store: Store, place: Whereabouts) -> None:
    done = threading.Event()

    def write(into: Store) -> None:
        try:
            for digit in "0123456789abcdef":
                _adopt_on(head(into.ledger.entries()), digit)(into)
        finally:
            done.set()

    def read(_: Store) -> int:
        seen = 0
        while not done.is_set():
            entries = place.open().ledger.entries()
            assert entries[-1].transaction_end == entries[-1].seq
            assert len(entries) >= seen
            seen = len(entries)
        return seen

    at_once(place, [write, read])
    assert len(store.ledger.entries()) == 33

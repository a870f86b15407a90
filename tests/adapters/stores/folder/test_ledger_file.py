"""ledger.jsonl: acknowledged is durable, a crash leaves nothing half-recorded, two writers lose nothing."""

import errno
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from muniment.adapters.stores.folder.ledger import FolderLedger
from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.recording import open_record
from muniment.commands.reporting import update_project
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.lines import line_of
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.ports import HeadMovedError, NotRecordedError
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted

OFFICER = Act("m.okafor", "authority", "as agreed")


def _adoption(digit: str) -> Draft:
    return Draft("cssc/text/t1", TextAdopted((("regime.yaml", digit * 64),)), OFFICER)


def _append(store: FolderStore, *drafts: Draft) -> tuple[Entry, ...]:
    return store.ledger.append(drafts, expected_head=head(store.ledger.entries()))


def _afresh(store: FolderStore) -> FolderLedger:
    return FolderLedger(store.path, clock=ScriptedClock("2019-06-01T00:00:00Z"), salts=ScriptedSalts("tests"))


def test_what_was_appended_is_read_by_another_process(store: FolderStore) -> None:
    added = _append(store, _adoption("a"), _adoption("b"))
    assert _afresh(store).entries()[1:] == added
    assert [entry.transaction_end for entry in added] == [3, 3]


def test_a_head_that_moved_stops_the_append(store: FolderStore) -> None:
    before = head(store.ledger.entries())
    _append(store, _adoption("a"))
    with pytest.raises(HeadMovedError):
        store.ledger.append([_adoption("b")], expected_head=before)
    assert len(store.ledger.entries()) == 2


@pytest.mark.parametrize("lost", [1, 2, 40, 400])
def test_a_torn_last_line_never_counted_and_is_set_aside_by_the_next_write(store: FolderStore, lost: int) -> None:
    path = store.path / "ledger.jsonl"
    whole = path.read_bytes()
    _append(store, _adoption("a"), _adoption("b"))
    torn = path.read_bytes()[: -lost - 1]
    path.write_bytes(torn)

    ledger = _afresh(store)
    assert [(p.code, p.severity, p.place.line) for p in ledger.problems()] == [("F001", "warning", 2)]
    assert len(ledger.entries()) == 1
    assert path.read_bytes() == torn

    ledger.append([_adoption("c")], expected_head=head(ledger.entries()))
    assert ledger.problems() == ()
    assert (store.path / "ledger.jsonl.torn").read_bytes() == torn[len(whole) :] + b"\n"
    assert [entry.kind for entry in _afresh(store).entries()] == ["record.opened", "text.adopted"]


def test_a_last_line_that_an_editor_left_without_its_end_still_counts(store: FolderStore) -> None:
    path = store.path / "ledger.jsonl"
    _append(store, _adoption("a"))
    path.write_bytes(path.read_bytes()[:-1])
    assert len(_afresh(store).entries()) == 2
    assert len(store.ledger.entries()) == 2
    _append(store, _adoption("b"))
    assert [len(ledger.entries()) for ledger in (store.ledger, _afresh(store))] == [3, 3]
    assert not (store.path / "ledger.jsonl.torn").exists()


def test_a_ledger_edited_by_hand_is_refused_with_its_line(store: FolderStore) -> None:
    _append(store, _adoption("a"))
    path = store.path / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"m.okafor", b"m.okafir"))
    with pytest.raises(ProblemsFoundError, match=r"ledger\.jsonl:1:1: the entry was altered") as found:
        store.ledger.entries()
    assert [problem.place.line for problem in found.value.problems] == [1, 2]
    with pytest.raises(ProblemsFoundError):
        store.ledger.append([_adoption("b")], expected_head=None)


def test_an_unknown_kind_stops_the_reading(store: FolderStore) -> None:
    entries = store.ledger.entries()
    strange = sealed_onto(
        entries[-1], drafts=[_adoption("a")], recorded_at="2019-05-09T00:00:00Z", salts=ScriptedSalts("")
    )
    renamed = replace(strange[0], kind="text.adapted").sealed()
    with (store.path / "ledger.jsonl").open("ab") as file:
        file.write(line_of(renamed))
    with pytest.raises(
        ProblemsFoundError, match=r"ledger\.jsonl:2:1: there is no kind of entry called 'text\.adapted'"
    ):
        store.ledger.entries()


def test_a_full_disk_leaves_the_ledger_as_it_was(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store.path / "ledger.jsonl"
    whole = path.read_bytes()
    write = os.write

    def full(descriptor: int, content: bytes) -> int:
        if path.stat().st_size > len(whole):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[:100])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(NotRecordedError, match="No space left on device; nothing was recorded"):
            _append(store, _adoption("a"))
    assert path.read_bytes() == whole
    _append(store, _adoption("a"))
    assert len(store.ledger.entries()) == 2


def test_a_script_may_not_date_entries_of_a_real_record(tmp_path: Path) -> None:
    scripted = ScriptedClock("2019-05-08T09:30:00Z")
    ledger = FolderLedger(tmp_path, clock=scripted, salts=ScriptedSalts("tests"))
    ledger.append([Draft("cssc", RecordOpened("cssc", "system"), OFFICER)], expected_head=None)
    with pytest.raises(RefusedError) as refused:
        ledger.append([_adoption("a")], expected_head=head(ledger.entries()))
    assert refused.value.rule == "clock"


def test_the_same_script_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        clock = ScriptedClock("2019-05-08T09:30:00Z")
        store = FolderStore(folder, clock=clock, salts=ScriptedSalts("cssc"))
        open_record(ledger=store.ledger, act=OFFICER, contract="cssc")
        clock.move_to("2019-06-01T08:00:00Z")
        update_project(
            ledger=store.ledger,
            act=OFFICER,
            project="wan",
            as_at="2019-05-31",
            rag="amber",
            stage="delivery",
            why="late survey",
            projects=["wan"],
        )
        written.append((folder / "ledger.jsonl").read_bytes())
    assert written[0] == written[1]


WRITER = """
import sys
from pathlib import Path
from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.reporting import update_project
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock

store = FolderStore(Path(sys.argv[1]), clock=ScriptedClock("2019-06-01T00:00:00Z"), salts=SystemSalts())
for day in range(1, 21):
    update_project(
        ledger=store.ledger, act=Act(sys.argv[2], "supplier", "weekly"), project=sys.argv[2],
        as_at=f"2019-06-{day:02d}", rag="green", stage="delivery", why="on plan", projects=[sys.argv[2]],
    )
"""


def test_two_processes_writing_at_once_lose_nothing(store: FolderStore) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, store.path, name]) for name in ("wan", "mosaic")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    actors = [entry.actor for entry in _afresh(store).entries()]
    assert (actors.count("wan"), actors.count("mosaic")) == (20, 20)


def test_a_thousand_entries_are_read_and_verified_in_a_moment(store: FolderStore) -> None:
    for _ in range(10):
        _append(store, *[_adoption("a")] * 100)
    started = time.process_time()
    assert len(_afresh(store).entries()) == 1001
    assert time.process_time() - started < 1

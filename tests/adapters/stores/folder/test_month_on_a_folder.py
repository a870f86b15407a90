"""The folder's ledger answers as the one in memory does, under everything that ten people can think of."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from muniment.adapters.stores.folder.ledger import FolderLedger
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.lines import line_of
from muniment.domain.record.ports import Ledger
from tests.domain.lifecycle.evidence_acts import START
from tests.domain.lifecycle.month_machine import MonthMachine


def test_the_month_goes_the_same_way_in_a_folder(tmp_path: Path) -> None:
    numbers = count()

    def in_folder() -> Ledger:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        (folder / "ledger.jsonl").write_bytes(b"".join(line_of(entry) for entry in START))
        return FolderLedger(folder, clock=ScriptedClock("2019-10-15T09:00:00Z"), salts=ScriptedSalts("machine"))

    class OnFolder(MonthMachine):
        new_ledger: Callable[[], Ledger] = staticmethod(in_folder)
        steps = 0

    run_state_machine_as_test(OnFolder, settings=settings(max_examples=25, stateful_step_count=50, deadline=None))
    assert OnFolder.steps >= 1_000

"""Ingests a file that somebody sent, in a child process within limits; a file that needs more is one problem."""

import json
import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.intake import Intake, intake_from_dict
from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.ingestion.take_in_child import Errand
from muniment.adapters.ingestion.workbook_child import OUT_OF_MEMORY
from muniment.domain.kernel.problem import Place, Problem

TAKE_IN_CHILD = "muniment.adapters.ingestion.take_in_child"
BESIDE = 3072 * MB
"""Addresses that a process needs besides the engine's memory: its code, its threads, what its allocator holds back."""
_PATIENCE = 3
"""How much longer it may take where a machine is busy with other things."""
SPENT = (-signal.SIGXCPU, -signal.SIGKILL)
FULL = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGXFSZ)


def take_in_apart(delivery: Delivery, *, limits: ReadingLimits) -> Intake:
    """As `take_in`, within limits; a file that needs more is one problem. Nothing is left of a reading that was ended:
    what it makes appears when it is done."""
    into, as_csv = delivery.into, delivery.as_csv
    into.parent.mkdir(parents=True, exist_ok=True)
    seconds = limits.seconds_for(delivery.file.stat().st_size)
    with TemporaryDirectory(prefix=".taking-in-", dir=into.parent) as name:
        folder = Path(name).resolve()
        store, sheet = folder / "store.parquet", folder / "sheet.csv"
        there = replace(
            delivery, file=delivery.file.resolve(), clocks=tuple(delivery.clocks), calendars=dict(delivery.calendars),
            into=store, as_csv=None if as_csv is None else sheet, limits=limits,
        )  # fmt: skip
        errand = Errand(there, answer=folder / "intake.json")
        exit_code = _run(errand, limits=limits, seconds=seconds)
        if exit_code != 0:
            return Intake(None, 0, problems=(_ended(exit_code, Place(delivery.shown_as), seconds, limits),))
        intake = intake_from_dict(json.loads(errand.answer.read_text(encoding="utf-8")), into=into)
        if intake.parquet is not None:
            store.replace(into)
            if as_csv is not None and sheet.is_file():
                sheet.replace(as_csv)
        return intake


def _run(errand: Errand, *, limits: ReadingLimits, seconds: int) -> int:
    """How the process ended: 0 when it is done."""
    bounds = (str(seconds), str(limits.memory + BESIDE), str(limits.disk + limits.unpacked))
    environment = {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TMPDIR": str(errand.answer.parent),
    }
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", TAKE_IN_CHILD, *bounds],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None, "it was asked for"
    try:
        _tell(child.stdin, errand)
        return child.wait(timeout=_PATIENCE * seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGXCPU
    finally:
        child.kill()
        child.wait()
        with suppress(BrokenPipeError):
            child.stdin.close()


def _tell(pipe: IO[bytes], errand: Errand) -> None:
    """The pipe stays open: its end tells the process that nobody waits for it any more."""
    with suppress(BrokenPipeError):  # it died already, and how is asked next
        pickle.dump(errand, pipe)
        pipe.flush()


def _ended(exit_code: int, place: Place, seconds: int, limits: ReadingLimits) -> Problem:
    remedy = "send the rows of this month alone, as plain CSV, or ask whoever runs the site for a higher limit"
    if exit_code in SPENT:
        what = f"reading the file takes longer than {seconds} seconds"
    elif exit_code in FULL:
        memory, disk = limits.memory // MB, limits.disk // MB
        what = f"reading the file takes more than {memory:,} MB of memory and {disk:,} MB of disk, or it is damaged"
    else:
        what = "this file cannot be read: it is damaged, or made to do harm"
    return Problem(place, "E139", what, remedy)

"""Ingests a file that somebody sent, in a child process within limits; a file that needs more is one problem."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from muniment.adapters.ingestion.apart import Bounds, Ending, do_apart
from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.intake import Intake, intake_from_dict, intake_to_dict
from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.ingestion.take_in import take_in
from muniment.domain.kernel.fingerprint import canonical_json
from muniment.domain.kernel.problem import Place, Problem

BESIDE = 3072 * MB
"""Addresses that a process needs besides the engine's memory: its code, its threads, what its allocator holds back."""


@dataclass(frozen=True)
class Errand:
    """A file to be taken in, and where the answer goes: what the child process does."""

    delivery: Delivery
    answer: Path

    def done(self) -> None:
        try:
            found = take_in(self.delivery)
        except duckdb.OutOfMemoryException as error:
            raise MemoryError from error
        self.answer.write_bytes(canonical_json(intake_to_dict(found)))


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
        bounds = Bounds(seconds, memory=limits.memory + BESIDE, written=limits.disk + limits.unpacked)
        ending = do_apart(errand, bounds=bounds, temporary=folder)
        if ending != "done":
            return Intake(None, 0, problems=(_ended(ending, Place(delivery.shown_as), seconds, limits),))
        intake = intake_from_dict(json.loads(errand.answer.read_text(encoding="utf-8")), into=into)
        if intake.parquet is not None:
            store.replace(into)
            if as_csv is not None and sheet.is_file():
                sheet.replace(as_csv)
        return intake


def _ended(ending: Ending, place: Place, seconds: int, limits: ReadingLimits) -> Problem:
    remedy = "send the rows of this month alone, as plain CSV, or ask whoever runs the site for a higher limit"
    if ending == "too long":
        what = f"reading the file takes longer than {seconds} seconds"
    elif ending == "too large":
        memory, disk = limits.memory // MB, limits.disk // MB
        what = f"reading the file takes more than {memory:,} MB of memory and {disk:,} MB of disk, or it is damaged"
    else:
        what = "this file cannot be read: it is damaged, or made to do harm"
    return Problem(place, "E139", what, remedy)

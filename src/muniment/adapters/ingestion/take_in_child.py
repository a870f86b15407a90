"""The child process that ingests a file that somebody sent: it limits its own memory and time first.

python -m muniment.adapters.ingestion.take_in_child SECONDS BYTES DISK
Reads what it was asked from its standard input and writes the answer to the file named there. It ends when that input
does, for then whoever asked is gone.
"""

import os
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import duckdb

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.intake import intake_to_dict
from muniment.adapters.ingestion.take_in import take_in
from muniment.adapters.ingestion.workbook_child import OUT_OF_MEMORY, limit
from muniment.domain.kernel.fingerprint import canonical_json


@dataclass(frozen=True)
class Errand:
    """A file to be taken in, and where the answer goes."""

    delivery: Delivery
    answer: Path

    def done(self) -> None:
        self.answer.write_bytes(canonical_json(intake_to_dict(take_in(self.delivery))))


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def _main(arguments: list[str]) -> int:
    seconds, size, disk = (int(argument) for argument in arguments)
    limit(seconds=seconds, size=size, written=disk)
    # What the parent writes is its own; nothing of the file that was sent is in it.
    errand: Errand = pickle.load(sys.stdin.buffer)  # noqa: S301  # see above
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        errand.done()
    except (duckdb.OutOfMemoryException, MemoryError):
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    # At once: an engine that is taken down piece by piece complains of what it cannot know to be over.
    os._exit(_main(sys.argv[1:]))

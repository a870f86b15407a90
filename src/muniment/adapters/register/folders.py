"""Writing a contract of the register out as a contract folder: the portable form, for git and for auditors."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from muniment.adapters.register.blobs import RegisterBlobs
from muniment.adapters.register.carrying import Carried, carry_blobs, must_be_of, must_not_part
from muniment.adapters.register.store import RegisterStore
from muniment.domain.kernel.problem import raise_if_errors
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.lines import line_of, read_ledger
from muniment.domain.record.ports import NotRecorded
from muniment.domain.record.refused import Refused
from muniment.domain.record.replay import head


def carry_out(store: RegisterStore, *, folder: Path) -> Carried:
    """Export to a folder that is new, or was exported or imported before. The ledger is written last, as a whole.

    Files of the folder that are not the register's stay as they are. Raises Refused where the chains part or the folder
    knows more than the register, NotRecorded where the disk does not take it, ProblemsFound.
    """
    entries = store.ledger.entries()
    must_be_of(entries, contract=store.contract)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / LEDGER_FILE) as data:
            reading = read_ledger(data)
            raise_if_errors(reading.problems)
            _must_not_know_more(reading.entries, entries)
            blobs = carry_blobs(entries, source=store.blobs, into=RegisterBlobs(folder / "blobs"))
            for path, text in store.read_texts().items():
                _write(folder / _inside(path), text.encode())
            kept = _with_erasures(entries, reading.entries)
            _write(folder / LEDGER_FILE, b"".join(line_of(entry) for entry in kept))
    except OSError as wrong:
        raise NotRecorded(f"the folder could not be written: {wrong.strerror} - make room or ask for access") from wrong
    erased = sum(len(there.texts) - len(now.texts) for there, now in zip(reading.entries, kept, strict=False))
    return Carried(len(entries) - len(reading.entries), blobs, erased, head(entries))


def _must_not_know_more(there: Sequence[Entry], entries: Sequence[Entry]) -> None:
    must_not_part(entries, there)
    if len(there) > len(entries):
        what = f"the folder has {len(there) - len(entries)} entries that the register has not"
        raise Refused("one_chain", what, "import the folder first")


def _with_erasures(entries: Sequence[Entry], there: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries without the texts that are erased in the folder already."""
    kept = list(entries)
    for at, known in enumerate(there):
        for name in set(kept[at].texts) - set(known.texts):
            kept[at] = kept[at].without_text(name)
    return tuple(kept)


def _inside(path: str) -> PurePosixPath:
    inside = PurePosixPath(path)
    if inside.is_absolute() or ".." in inside.parts or path == LEDGER_FILE:
        raise Refused("text_path", f"'{path}' is not a file of a contract", "give its place inside the folder")
    return inside


@contextmanager
def _locked(path: Path) -> Iterator[bytes]:
    """The ledger's bytes, while nobody else writes to it; opened again where another file took its name meanwhile."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "rb") as file:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                yield file.read()
                return


def _write(path: Path, content: bytes) -> None:
    """Put a whole file in place, durably, unless it is there already."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Writing a contract of the database out as a contract folder: the portable form, for git and for auditors."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from muniment.adapters.stores.database.import_export import (
    TransferSummary,
    copy_blobs,
    erased_texts,
    must_be_of,
    must_not_part,
    without_texts,
)
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.adapters.stores.files.blobs import FileBlobs
from muniment.adapters.stores.files.durable import written_whole
from muniment.domain.kernel.problem import raise_if_errors
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.lines import line_of, read_ledger
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import head


def export_to_folder(store: DatabaseStore, *, folder: Path) -> TransferSummary:
    """Export to a folder that is new, or was exported or imported before. The ledger is written last, as a whole.

    Files of the folder that are not the database's stay as they are. Raises RefusedError where the chains part, the
    folder knows more than the database or holds a text that the database never had, NotRecordedError where the disk
    does not take it, ProblemsFoundError.
    """
    entries = store.ledger.entries()
    must_be_of(entries, contract=store.contract)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / LEDGER_FILE) as data:
            reading = read_ledger(data)
            raise_if_errors(reading.problems)
            _must_not_know_more(reading.entries, entries)
            texts = {_inside(path): text.encode() for path, text in store.read_texts().items()}
            _must_not_be_edited(folder, texts, store=store)
            blobs = copy_blobs(entries, source=store.blobs, into=FileBlobs(folder / "blobs"))
            for path, text in texts.items():
                _write(folder / path, text)
            kept = tuple(_with_texts(entries, reading.entries))
            _write(folder / LEDGER_FILE, b"".join(line_of(entry) for entry in kept))
    except OSError as error:
        raise NotRecordedError(
            f"the folder could not be written: {error.strerror} - make room or ask for access"
        ) from error
    erased = sum(len(there.texts) - len(now.texts) for there, now in zip(reading.entries, kept, strict=False))
    return TransferSummary(len(entries) - len(reading.entries), blobs, erased, head(entries))


def _must_not_know_more(there: Sequence[Entry], entries: Sequence[Entry]) -> None:
    must_not_part(entries, there)
    if len(there) > len(entries):
        what = f"the folder has {len(there) - len(entries)} entries that the database has not"
        raise RefusedError("one_chain", what, "import the folder first")


def _with_texts(entries: Sequence[Entry], there: Sequence[Entry]) -> Iterator[Entry]:
    """The entries with every free text that either side has, but for those that were erased."""
    both = (replace(entry, texts={**known.texts, **entry.texts}) for entry, known in zip(entries, there, strict=False))
    return without_texts([*both, *entries[len(there) :]], erased_texts(entries))


def _must_not_be_edited(folder: Path, texts: Mapping[PurePosixPath, bytes], *, store: DatabaseStore) -> None:
    """Raises RefusedError where a file would be written over that the database never had: a draft, or another
    contract's."""
    for path, text in texts.items():
        there = folder / path
        content = there.read_bytes() if there.is_file() else text
        if content != text and store.adopted_text(sha256(content).hexdigest()) is None:
            what = (
                f"{path} in the folder is no text that the database ever had: it was edited, or is another contract's"
            )
            raise RefusedError("text_kept", what, "import the folder first, or name another folder")


def _inside(path: str) -> PurePosixPath:
    inside = PurePosixPath(path)
    if inside.is_absolute() or ".." in inside.parts or path == LEDGER_FILE:
        raise RefusedError("text_path", f"'{path}' is not a file of a contract", "give its place inside the folder")
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
    with written_whole(path, beside=path.with_name(f".{path.name}.new")) as file:
        file.write(content)

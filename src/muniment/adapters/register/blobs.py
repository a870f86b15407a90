"""The files of one contract of the register, by their sha256, in a folder beside the database.

A folder and not a table: a file of a gigabyte is written and checked in portions, engines read it where it is, and the
database stays small enough to copy. A folder for each contract and not one for all: otherwise whoever sends a file
would learn whether another contract has it.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256 as hashed
from pathlib import Path
from secrets import token_hex

from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.ports import NotRecorded

PORTION = 1 << 20
INCOMING = ".incoming-"


class RegisterBlobs:
    """A file is written beside its place, synced, renamed into it, and the name synced: never half there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the bytes and returns their sha256. Raises NotRecorded where the disk does not take them."""
        return self._put([content])

    def put_file(self, path: Path) -> str:
        """The same for a file of any size, read in portions."""
        return self._put(_portions(path))

    def has(self, sha256: str) -> bool:
        return re.fullmatch(r"[0-9a-f]{64}", sha256) is not None and self._place(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises ProblemsFound where they are missing or are not what their name says."""
        return self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all to see that they are right. Raises ProblemsFound."""
        if not self.has(sha256):
            raise ProblemsFound([_problem(sha256, "the file is missing", "put it back from a copy")])
        found = hashed()
        for portion in _portions(self._place(sha256)):
            found.update(portion)
        if found.hexdigest() != sha256:
            what = f"the file was altered: its sha256 is {found.hexdigest()[:12]}"
            raise ProblemsFound([_problem(sha256, what, "put the right file back from a copy")])
        return self._place(sha256)

    def drop(self, sha256: str, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Drops the bytes for good; dropped already, nothing happens. Raises NotRecorded, and then they are there.

        `unless` is asked when nobody finds them any more: where it says so, they are put back.
        """
        place, hidden = self._place(sha256), self.folder / f"{INCOMING}dropped-{sha256}"
        try:
            if self.has(sha256):
                place.rename(hidden)
                sync_names(place.parent)
            if hidden.is_file():
                _drop(hidden, place, unless)
                sync_names(self.folder)
        except OSError as wrong:
            raise NotRecorded(f"the file could not be dropped: {wrong.strerror} - ask for access") from wrong

    def unfinished(self) -> tuple[Path, ...]:
        """What a crash left behind of files that were never acknowledged, or what is being written just now."""
        return tuple(sorted(self.folder.glob(f"{INCOMING}*"))) if self.folder.is_dir() else ()

    def _put(self, portions: Iterable[bytes]) -> str:
        try:
            _make(self.folder)
            return self._written(portions)
        except OSError as wrong:
            raise NotRecorded(f"the file could not be kept: {wrong.strerror} - make room or ask for access") from wrong

    def _written(self, portions: Iterable[bytes]) -> str:
        incoming = self.folder / f"{INCOMING}{os.getpid()}-{token_hex(8)}"
        digest = hashed()
        descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                for portion in portions:
                    digest.update(portion)
                    rest = memoryview(portion)
                    while rest:
                        rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            place = self._place(digest.hexdigest())
            _make(place.parent)
            incoming.rename(place)
        finally:
            incoming.unlink(missing_ok=True)
        sync_names(place.parent)
        return digest.hexdigest()

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def _drop(hidden: Path, place: Path, unless: Callable[[], bool]) -> None:
    is_needed = True
    try:
        is_needed = unless()
    finally:
        if is_needed:
            hidden.rename(place)
        else:
            hidden.unlink()


def _portions(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while portion := file.read(PORTION):
            yield portion


def _make(folder: Path) -> None:
    """Make a folder, and those above it, durably."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_names(folder.parent)


def sync_names(folder: Path) -> None:
    """Make the names in a folder durable, not only the bytes behind them."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _problem(sha256: str, what: str, remedy: str) -> Problem:
    return Problem(Place(f"blobs/{sha256[:2]}/{sha256}"), "F010", what, remedy)

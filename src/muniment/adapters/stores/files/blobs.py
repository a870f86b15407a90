"""Files kept by their sha256: blobs/ab/abcdef..., so that `sha256sum` alone can check them.

A folder and not a table of a database: a file of a gigabyte is written and checked in portions, engines read it where
it is, and the database stays small enough to copy. A folder for each contract and not one for all: otherwise whoever
sends a file would learn whether another contract has it.
"""

import os
import re
from collections.abc import Callable, Iterable
from hashlib import sha256 as hashed
from pathlib import Path
from secrets import token_hex

from muniment.adapters.stores.files.durable import make_folder, portions_of, sync_folder, write_all
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.ports import NotRecordedError

INCOMING = ".incoming-"


class FileBlobs:
    """Blobs of one contract. A file is written beside its place, synced, renamed into it, and the name synced: never
    half there. `folder` appears with the first file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the bytes and returns their sha256. Raises NotRecordedError where the disk does not take them."""
        return self._put([content])

    def put_file(self, path: Path) -> str:
        """The same for a file of any size, read in portions."""
        return self._put(portions_of(path))

    def has(self, sha256: str) -> bool:
        return re.fullmatch(r"[0-9a-f]{64}", sha256) is not None and self._place(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises ProblemsFoundError where they are missing or are not what their name says."""
        return self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all to see that they are right. Raises ProblemsFoundError."""
        if not self.has(sha256):
            raise ProblemsFoundError([_problem(sha256, "the file is missing", "put it back from a copy")])
        found = hashed()
        for portion in portions_of(self._place(sha256)):
            found.update(portion)
        if found.hexdigest() != sha256:
            what = f"the file was altered: its sha256 is {found.hexdigest()[:12]}"
            raise ProblemsFoundError([_problem(sha256, what, "put the right file back from a copy")])
        return self._place(sha256)

    def drop(self, sha256: str, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Drops the bytes for good; dropped already, nothing happens. Raises NotRecordedError, and then they are there.

        `unless` is asked when nobody finds them any more: where it says so, they are put back.
        """
        place, hidden = self._place(sha256), self._folder / f"{INCOMING}dropped-{sha256}"
        try:
            if self.has(sha256):
                place.rename(hidden)
                sync_folder(place.parent)
            if hidden.is_file():
                _drop(hidden, place, unless)
                sync_folder(self._folder)
        except OSError as error:
            raise NotRecordedError(f"the file could not be dropped: {error.strerror} - ask for access") from error

    def unfinished(self) -> tuple[Path, ...]:
        """What a crash left behind of files that were never acknowledged, or what is being written just now."""
        return tuple(sorted(self._folder.glob(f"{INCOMING}*"))) if self._folder.is_dir() else ()

    def _put(self, content: Iterable[bytes]) -> str:
        try:
            return self._written(content)
        except OSError as error:
            raise NotRecordedError(
                f"the file could not be kept: {error.strerror} - make room or ask for access"
            ) from error

    def _written(self, content: Iterable[bytes]) -> str:
        make_folder(self._folder)
        incoming = self._folder / f"{INCOMING}{os.getpid()}-{token_hex(8)}"
        digest = hashed()
        descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        try:
            try:
                for portion in content:
                    digest.update(portion)
                    write_all(descriptor, portion)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            place = self._place(digest.hexdigest())
            make_folder(place.parent)
            incoming.rename(place)
        finally:
            incoming.unlink(missing_ok=True)
        sync_folder(place.parent)
        return digest.hexdigest()

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def _drop(hidden: Path, place: Path, unless: Callable[[], bool]) -> None:
    is_needed = True
    try:
        is_needed = unless()
    finally:
        if is_needed:
            hidden.rename(place)
        else:
            hidden.unlink()


def _problem(sha256: str, what: str, remedy: str) -> Problem:
    return Problem(Place(f"blobs/{sha256[:2]}/{sha256}"), "F010", what, remedy)

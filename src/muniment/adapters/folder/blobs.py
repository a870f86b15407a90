"""Files kept by their sha256: blobs/ab/abcdef..., so that `sha256sum` alone can check them."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256 as hashed
from pathlib import Path
from secrets import token_hex

from muniment.adapters.folder.disk import make_folder, sync_folder, write_all
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.ports import NotRecorded

PORTION = 1 << 20
INCOMING = ".incoming-"


class FolderBlobs:
    """Blobs of one contract folder. A blob is written beside its place, synced, and then named: never half there."""

    def __init__(self, contract_folder: Path) -> None:
        self._folder = contract_folder / "blobs"

    def put(self, content: bytes) -> str:
        """Keeps the bytes and returns their sha256. Raises NotRecorded where the disk does not take them."""
        return self._put([content])

    def put_file(self, path: Path) -> str:
        """The same for a file of any size, read in portions."""
        return self._put(_portions(path))

    def has(self, sha256: str) -> bool:
        return _is_digest(sha256) and self._path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises ProblemsFound where they are missing or are not what their name says."""
        return self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all to see that they are right. Raises ProblemsFound."""
        path = self._path(sha256)
        if not self.has(sha256):
            raise ProblemsFound([self._problem(sha256, "the file is missing", "put it back from a copy")])
        digest = hashed()
        for portion in _portions(path):
            digest.update(portion)
        if digest.hexdigest() != sha256:
            what = f"the file was altered: its sha256 is {digest.hexdigest()[:12]}"
            raise ProblemsFound([self._problem(sha256, what, "put the right file back from a copy")])
        return path

    def drop(self, sha256: str, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Drops the bytes for good; dropped already, nothing happens. Raises NotRecorded, and then they are there.

        `unless` is asked when nobody finds them any more: where it says so, they are put back.
        """
        place, hidden = self._path(sha256), self._folder / f"{INCOMING}dropped-{sha256}"
        try:
            if self.has(sha256):
                place.rename(hidden)
                sync_folder(place.parent)
            if hidden.is_file():
                _drop(hidden, place, unless)
                sync_folder(self._folder)
        except OSError as wrong:
            raise NotRecorded(f"the file could not be dropped: {wrong.strerror} - ask for access") from wrong

    def unfinished(self) -> tuple[Path, ...]:
        """What a crash left behind of files that were never acknowledged, or what is being written just now."""
        return tuple(sorted(self._folder.glob(f"{INCOMING}*"))) if self._folder.is_dir() else ()

    def _put(self, portions: Iterable[bytes]) -> str:
        try:
            return self._written(portions)
        except OSError as wrong:
            raise NotRecorded(f"the file could not be kept: {wrong.strerror} - make room or ask for access") from wrong

    def _written(self, portions: Iterable[bytes]) -> str:
        make_folder(self._folder)
        incoming = self._folder / f"{INCOMING}{os.getpid()}-{token_hex(8)}"
        digest = hashed()
        descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        try:
            try:
                for portion in portions:
                    digest.update(portion)
                    write_all(descriptor, portion)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            place = self._path(digest.hexdigest())
            make_folder(place.parent)
            incoming.rename(place)
        finally:
            incoming.unlink(missing_ok=True)
        sync_folder(place.parent)
        return digest.hexdigest()

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _problem(self, sha256: str, what: str, remedy: str) -> Problem:
        return Problem(Place(f"blobs/{sha256[:2]}/{sha256}"), "F010", what, remedy)


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


def _is_digest(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None

"""File helpers that survive a crash: whole files written by fsync and rename; reading and copying in portions."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO

_PORTION = 1 << 20


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte; the system may take them in portions."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, not only the bytes behind them."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, durably."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


@contextmanager
def written_whole(path: Path, *, beside: Path) -> Iterator[BinaryIO]:
    """A file that takes the name `path` when all of it is on the disk. `beside`: its name until then, in the same
    folder; what a crash left there is written over. Raises OSError: unless the last step failed, `path` is as it was.
    """
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def portions(file: IO[bytes]) -> Iterator[bytes]:
    """What is left of an open file."""
    while portion := file.read(_PORTION):
        yield portion


def portions_of(path: Path) -> Iterator[bytes]:
    """All of a file. Raises OSError."""
    with path.open("rb") as file:
        yield from portions(file)


def copied(source: IO[bytes], *, into: IO[bytes]) -> tuple[str, int]:
    """Copy what is left of an open file; its sha256 and size, as they went over."""
    digest, size = sha256(), 0
    for portion in portions(source):
        digest.update(portion)
        size += len(portion)
        into.write(portion)
    return digest.hexdigest(), size

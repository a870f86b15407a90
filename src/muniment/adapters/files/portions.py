"""Reading a file of any size, a portion at a time."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

PORTION = 1 << 20


def portions(file: IO[bytes]) -> Iterator[bytes]:
    """What is left of an open file."""
    while portion := file.read(PORTION):
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

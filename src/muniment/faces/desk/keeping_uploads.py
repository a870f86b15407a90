"""Files that somebody uploaded to be looked at: their bytes beside the register's files, no part of the record."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4


class TooLarge(Exception):
    """More bytes came than a file may have. `limit`: in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the file is larger than {limit} bytes")
        self.limit = limit


class CutOff(Exception):
    """Fewer bytes came than were announced: the connection ended on the way."""

    def __init__(self, announced: int, came: int) -> None:
        super().__init__(f"of {announced:,} bytes that were announced {came:,} came: send it again")


@dataclass(frozen=True)
class SentFile:
    """What somebody says of a file before its bytes come. `month`: 2019-09. `control_rows`: how many rows it holds, by
    their own count. `announced`: how many bytes; None where nothing says so."""

    table: str
    month: str
    file_name: str
    control_rows: int | None
    announced: int | None = None


@dataclass(frozen=True)
class KeptFile:
    """`path`: where the bytes are. `size`: how many there are."""

    number: UUID
    path: Path
    size: int


def keep_file(
    *, files: Path, contract: str, portions: Iterable[bytes], limit: int, announced: int | None = None
) -> KeptFile:
    """Write the bytes as they come, under a name of our own: what the sender called the file is only shown.

    `files`: the folder of the register's files. `announced`: how many bytes there should be, where that was said.
    Raises TooLarge as soon as there are too many, and then no more is read; CutOff where others came than were
    announced. Then nothing is kept.
    """
    number = uuid4()
    folder = files / contract / "uploads" / str(number)
    folder.mkdir(parents=True)
    try:
        size = _written(folder / "sent", portions, limit=limit)
        if announced not in (None, size):
            raise CutOff(announced or 0, size)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return KeptFile(number, folder / "sent", size)


def forget_file(path: Path) -> None:
    """With all that was found in it. `path`: of a KeptFile."""
    shutil.rmtree(path.parent, ignore_errors=True)


def _written(path: Path, portions: Iterable[bytes], *, limit: int) -> int:
    size = 0
    with path.open("wb") as out:
        for portion in portions:
            size += len(portion)
            if size > limit:
                raise TooLarge(limit)
            out.write(portion)
    return size

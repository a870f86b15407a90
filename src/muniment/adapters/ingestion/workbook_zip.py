"""Checks the zip of a workbook before its sheets are read: members, size, compression, XML declarations."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as broken_stream

from muniment.domain.kernel.problem import Place, Problem

MEMBERS = 200
UNCOMPRESSED = 200_000_000
RATIO = 100
SMALL = 100_000
"""Bytes below which a member may have any ratio: a sheet of blanks packs well, and so little harms nobody."""
_PORTION = 1 << 20
OLD_FORMAT = b"\xd0\xcf\x11\xe0"
DECLARATIONS = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
XML = (".xml", ".rels", ".vml")
SAVE_AGAIN = "open it, save it again as an Excel workbook (.xlsx), or save the sheet as CSV"
SAVE_AS_CSV = "save the sheet as CSV in UTF-8 and send that"


class UnreadableWorkbookError(Exception):
    """The workbook is not read. Carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def open_checked(*, file: Path, shown_as: str) -> ZipFile:
    """Open the zip with its every member looked at. Raises UnreadableWorkbookError."""
    place = Place(shown_as)
    if file.stat().st_size > UNCOMPRESSED:
        raise _too_large(place, f"{file.stat().st_size:,} bytes")
    with file.open("rb") as stream:
        if stream.read(len(OLD_FORMAT)) == OLD_FORMAT:
            what = "this is a workbook of the old kind (.xls), or one with a password"
            raise UnreadableWorkbookError(
                Problem(place, "E130", what, "save it as an Excel workbook (.xlsx) without a password")
            )
    try:
        archive = ZipFile(file)
        _check_members(archive.infolist(), place)
        for member in archive.infolist():
            _check_content(archive, member, place)
    except (BadZipFile, broken_stream, EOFError, RuntimeError, ValueError, OSError):
        raise not_a_workbook(place) from None
    return archive


def not_a_workbook(place: Place) -> UnreadableWorkbookError:
    return UnreadableWorkbookError(
        Problem(place, "E130", "this is not an Excel workbook, or it is damaged", SAVE_AGAIN)
    )


def _check_members(members: list[ZipInfo], place: Place) -> None:
    if len(members) > MEMBERS:
        what = f"the workbook is made of {len(members):,} files, and at most {MEMBERS} are read"
        raise UnreadableWorkbookError(Problem(place, "E131", what, SAVE_AS_CSV))
    seen: set[str] = set()
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in name.split("/") or name.casefold() in seen:
            what = "the workbook is packed as no spreadsheet program packs one: a name in it is unsafe, or there twice"
            raise UnreadableWorkbookError(Problem(place, "E130", what, SAVE_AGAIN))
        seen.add(name.casefold())
        if member.file_size > max(SMALL, RATIO * member.compress_size):
            what = f"a part of the workbook unpacks to more than {RATIO} times its size, as a zip bomb does"
            raise UnreadableWorkbookError(Problem(place, "E131", what, SAVE_AS_CSV))
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNCOMPRESSED:
        raise _too_large(place, f"{unpacked:,} bytes when unpacked")


def _too_large(place: Place, size: str) -> UnreadableWorkbookError:
    what = f"the workbook has {size}, and at most {UNCOMPRESSED:,} are read"
    return UnreadableWorkbookError(Problem(place, "E131", what, SAVE_AS_CSV))


def _check_content(archive: ZipFile, member: ZipInfo, place: Place) -> None:
    """Unpack it once: that its size and checksum are as told, and that no XML in it declares anything."""
    with archive.open(member) as stream:
        for portion in _portions(stream):
            if member.filename.lower().endswith(XML) and any(word in portion for word in DECLARATIONS):
                what = "the workbook declares a document type or an entity, which no spreadsheet program does"
                raise UnreadableWorkbookError(Problem(place, "E130", what, SAVE_AGAIN))


def _portions(stream: IO[bytes]) -> Iterator[bytes]:
    """Portions that overlap, so that no word falls between two."""
    tail = b""
    while portion := stream.read(_PORTION):
        yield tail + portion
        tail = portion[-32:]

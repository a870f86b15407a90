"""Checks that a CSV file is UTF-8, and whether its quoting is so plain that every reader of CSV reads it alike."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from muniment.domain.kernel.problem import Place, Problem

CHUNK = 1 << 20
UNTIDY = (b' "', b'\t"', b'" ', b'"\t')
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SAVE_AS_UTF8 = 'save it as UTF-8 (in Excel: Save As, "CSV UTF-8 (comma delimited)")'


@dataclass(frozen=True)
class Encoding:
    """`is_tidy`: no quotation mark stands beside a blank, and no line ends in a lone carriage return. Readers of CSV
    disagree on those."""

    problem: Problem | None
    is_tidy: bool


def inspect_encoding(*, file: Path, shown_as: str) -> Encoding:
    """Read the bytes once, and stop at the first that is not UTF-8 text."""
    line, column, is_tidy, rest, seam = 1, 1, True, b"", b""
    with file.open("rb") as stream:
        start = stream.read(4)
        if start in PACKED:
            return Encoding(_packed(shown_as), is_tidy=False)
        if _is_utf16(start):
            return Encoding(_utf16(shown_as), is_tidy=False)
        stream.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        while (read := stream.read(CHUNK)) or rest:
            good, rest, fault = _split(rest + read, is_last=not read)
            if fault is not None:
                line, column = _moved(line, column, good)
                return Encoding(_fault(Place(shown_as, line, column), fault), is_tidy=False)
            is_tidy = is_tidy and _is_tidy(seam + read)
            seam = read[-1:]
            line, column = _moved(line, column, good)
    return Encoding(None, is_tidy=is_tidy)


def _is_tidy(chunk: bytes) -> bool:
    lone = chunk.count(b"\r") - chunk.count(b"\r\n") - chunk.endswith(b"\r")
    return lone == 0 and not any(mark in chunk for mark in UNTIDY)


def _split(chunk: bytes, *, is_last: bool) -> tuple[bytes, bytes, int | None]:
    """The good bytes, those that wait for the next chunk, and the first bad byte if there is one."""
    nul = chunk.find(0)
    if chunk.isascii() and nul < 0:
        return chunk, b"", None
    until = len(chunk) if nul < 0 else nul
    try:
        chunk[:until].decode()
    except UnicodeDecodeError as error:
        if error.end == len(chunk) and error.reason == "unexpected end of data" and not is_last:
            return chunk[: error.start], chunk[error.start :], None
        return chunk[: error.start], b"", chunk[error.start]
    return (chunk, b"", None) if nul < 0 else (chunk[:nul], b"", 0)


def _moved(line: int, column: int, good: bytes) -> tuple[int, int]:
    last = good.rfind(b"\n")
    if last < 0:
        return line, column + len(good.decode())
    return line + good.count(b"\n"), 1 + len(good[last + 1 :].decode())


def _is_utf16(start: bytes) -> bool:
    with_mark = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return with_mark or (len(start) == 4 and [byte == 0 for byte in start] in ([False, True] * 2, [True, False] * 2))


def _packed(shown_as: str) -> Problem:
    what = "this is a workbook or a zip, not the text of a CSV file"
    return Problem(Place(shown_as), "E102", what, "give the file its own name (.xlsx), or save the sheet as CSV")


def _utf16(shown_as: str) -> Problem:
    return Problem(Place(shown_as), "E102", "the file is in UTF-16, not in UTF-8", SAVE_AS_UTF8)


def _fault(place: Place, byte: int) -> Problem:
    if byte == 0:
        remedy = "the file was damaged or is not text: export it again as CSV in UTF-8"
        return Problem(place, "E102", "byte 0x00 is not text", remedy)
    meant = bytes([byte]).decode("cp1252", errors="replace")
    looks = "" if meant == "\N{REPLACEMENT CHARACTER}" else f"; in Windows-1252 it would be '{meant}'"
    return Problem(place, "E102", f"byte 0x{byte:02x} is not UTF-8{looks}", SAVE_AS_UTF8)

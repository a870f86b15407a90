"""Which characters the documents' font can print. One that it lacks would stop the PDF: it is replaced and reported."""

import struct
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from muniment.domain.kernel.problem import Place, Problem, raise_if_errors

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Source Sans 3"
FACES = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf", "SourceSans3_700Bold.ttf")
REPLACEMENT = "□"


@dataclass(frozen=True)
class MissingGlyph:
    """A character that was replaced in the PDF, and how often."""

    character: str
    name: str
    times: int

    def __str__(self) -> str:
        return f"{self.name} (U+{ord(self.character):04X}), {self.times} {'time' if self.times == 1 else 'times'}"


class GlyphReplacer:
    """Text made fit for the font. Remembers what it replaced."""

    def __init__(self) -> None:
        self._replaced: Counter[str] = Counter()

    def text(self, text: str) -> str:
        """Composed characters, one space for any white space, nothing invisible, and nothing that the font lacks."""
        if text.isascii() and text.isprintable():  # as nearly every text is: every face has these
            return text
        return "".join(self._letter(letter) for letter in unicodedata.normalize("NFC", text))

    @property
    def missing(self) -> tuple[MissingGlyph, ...]:
        """What was replaced, in the order of the characters' numbers."""
        return tuple(
            MissingGlyph(letter, unicodedata.name(letter, "a character without a name").lower(), times)
            for letter, times in sorted(self._replaced.items())
        )

    def _letter(self, letter: str) -> str:
        if letter.isspace() and letter not in "\u00a0\u202f\u2009":
            return " "
        if unicodedata.category(letter) in {"Cc", "Cf"} or letter in "\ufe0e\ufe0f":
            return ""
        if ord(letter) in printable_characters():
            return letter
        self._replaced[letter] += 1
        return REPLACEMENT


@cache
def printable_characters() -> frozenset[int]:
    """Code points that every face of the font has. Raises ProblemsFoundError where the set-up has not copied the
    font."""
    found: list[set[int]] = []
    problems: list[Problem] = []
    for face in FACES:
        try:
            found.append(_characters_of((FONTS / face).read_bytes()))
        except OSError:
            problems.append(_font_problem(face, "is not here"))
        except (struct.error, ValueError):
            problems.append(_font_problem(face, "is damaged"))
    raise_if_errors(problems)
    return frozenset(set.intersection(*found))


def _font_problem(face: str, how: str) -> Problem:
    what, remedy = f"the font that documents are set in {how}", "run 'make install', which copies it"
    return Problem(Place(f"fonts/{face}"), "P001", what, remedy)


def _characters_of(font: bytes) -> set[int]:
    """The characters of a TrueType font: its `cmap` table, formats 4 and 12 (OpenType 1.9, chapter cmap)."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    characters: set[int] = set()
    for n in range(count):
        _, _, start = struct.unpack_from(">HHL", cmap, 4 + 8 * n)
        (form,) = struct.unpack_from(">H", cmap, start)
        if form == 4:
            characters |= _segments(cmap[start:])
        elif form == 12:
            characters |= _groups(cmap[start:])
    return characters


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for n in range(count):
        name, _, start, length = struct.unpack_from(">4sLLL", font, 12 + 16 * n)
        if name == tag:
            return font[start : start + length]
    raise ValueError(f"the font has no table {tag.decode()}")


def _segments(subtable: bytes) -> set[int]:
    (double,) = struct.unpack_from(">H", subtable, 6)
    count = double // 2
    characters: set[int] = set()
    for n in range(count):
        last, first, delta, skip = (
            struct.unpack_from(">H", subtable, 14 + part * double + 2 * n + (2 if part else 0))[0] for part in range(4)
        )
        for character in range(first, last + 1):
            glyph = character + delta
            if skip:
                place = 16 + 3 * double + 2 * n + skip + 2 * (character - first)
                (found,) = struct.unpack_from(">H", subtable, place) if place + 2 <= len(subtable) else (0,)
                glyph = found + delta if found else 0
            if glyph % 0x10000 and character != 0xFFFF:
                characters.add(character)
    return characters


def _groups(subtable: bytes) -> set[int]:
    (count,) = struct.unpack_from(">L", subtable, 12)
    characters: set[int] = set()
    for n in range(count):
        first, last, glyph = struct.unpack_from(">LLL", subtable, 16 + 12 * n)
        characters.update(range(first if glyph else first + 1, last + 1))
    return characters

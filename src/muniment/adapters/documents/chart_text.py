"""Measures a chart's text: estimated widths, line wrapping, boxes that must not overlap, labels spread apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FONT_SIZE = 11.0
LINE_HEIGHT = 13.0
_NARROW, _WIDE = "iljtfrI.,:;|'!()[] -", "mwMW%@"


@dataclass(frozen=True)
class Box:
    """A rectangle in the chart's units, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def overlap(self, others: Iterable["Box"]) -> float:
        """The area that it shares with the others."""
        return sum(
            (min(self.right, other.right) - max(self.left, other.left))
            * (min(self.bottom, other.bottom) - max(self.top, other.top))
            for other in others
            if self.meets(other)
        )


def text_width(text: str) -> float:
    """A generous estimate, so that a label fits in the package's font and in a browser's own sans serif alike."""
    return sum(_em(letter) for letter in text) * FONT_SIZE


def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.34
    if letter in _WIDE:
        return 0.92
    if ord(letter) > 0x2E7F:
        return 1.05
    return 0.68 if letter.isupper() else 0.58


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """The text in lines of at most that width; a word that is longer by itself is broken."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while text_width(word) > width and len(word) > 1:
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or text_width(word[:n]) <= width)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return tuple(lines) or ("",)


def spread(wanted: Sequence[tuple[float, float]], *, top: float, bottom: float) -> list[float]:
    """Centres for labels of (wanted centre, height), nearest to where they want to be without overlapping, in the same
    order. Labels taller together than the space start at its top."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n][0])
    centres = [0.0] * len(wanted)
    edge = top
    for n in order:
        centre, height = wanted[n]
        centres[n] = max(centre, edge + height / 2)
        edge = centres[n] + height / 2
    edge = bottom
    for n in reversed(order):
        height = wanted[n][1]
        centres[n] = min(centres[n], edge - height / 2)
        edge = centres[n] - height / 2
    edge = top
    for n in order:
        height = wanted[n][1]
        centres[n] = max(centres[n], edge + height / 2)
        edge = centres[n] + height / 2
    return centres


def rows_for(spans: Sequence[tuple[float, float]]) -> list[int]:
    """A row number for each span, first come first placed, such that no two spans of a row meet."""
    ends: list[float] = []
    rows: list[int] = []
    for left, right in spans:
        row = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        if row == len(ends):
            ends.append(right)
        else:
            ends[row] = right
        rows.append(row)
    return rows

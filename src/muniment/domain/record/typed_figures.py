"""Figures that people type into prose, each declared with its source."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.reader import PayloadReader, PayloadWrong


@dataclass(frozen=True)
class TypedFigure:
    """`figure` as it stands in the text (4.72%, 30 January 2020). `source`: where whoever typed it has it from."""

    figure: str
    source: str


def typed_figures(source: PayloadReader) -> tuple[TypedFigure, ...]:
    """The declared figures of a payload. Raises PayloadWrong."""
    pairs = source.pairs("typed")
    if not all(figure and why for figure, why in pairs):
        raise PayloadWrong("'typed' must give every figure and its source")
    return tuple(TypedFigure(figure, why) for figure, why in pairs)


def as_pairs(typed: Iterable[TypedFigure]) -> Json:
    return [[figure.figure, figure.source] for figure in typed]


def undeclared(text: str, *, typed: Iterable[TypedFigure], names: Iterable[str]) -> tuple[str, ...]:
    """The words of a text that hold digits and are neither declared nor one of the agreed text's own `names`."""
    allowed = sorted({*names, *(figure.figure for figure in typed)}, key=len, reverse=True)
    for figure in allowed:
        text = _whole(figure).sub(" ", text)
    return tuple(_words_with_digits(text))


def is_typed_in(text: str, figure: str) -> bool:
    """Whether the figure stands in the text as a whole: 35 is not in 35.7, nor in 1,035."""
    return _whole(figure).search(text) is not None


def _whole(figure: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w£$€])(?<!\d[.,]){re.escape(figure)}(?![.,]?\d|\w|%)")


def _words_with_digits(text: str) -> Iterator[str]:
    for word in text.split():
        if any(character.isnumeric() for character in word):
            yield word.strip(".,;:!?()[]\"'")

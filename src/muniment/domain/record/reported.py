"""Figures that people printed, said or typed: each with where it stood or where it comes from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import of_kind

ReportedHow = Literal["report", "addendum", "spoken"]
REPORTED_HOW: tuple[ReportedHow, ...] = get_args(ReportedHow)


@dataclass(frozen=True)
class FigureReported:
    """`fact`: CSC_KPI_04/2019-09/value, count/met_target/2019-11. `printed`: the text as it stood or was said.
    `where`: osmb/2020-01-30/6a. `on`: the day on which it was published or said."""

    kind: ClassVar[str] = "figure.reported"
    version: ClassVar[int] = 1
    fact: str
    printed: str
    where: str
    how: ReportedHow
    on: date

    def fields(self) -> dict[str, Json]:
        return {
            "fact": self.fact,
            "printed": self.printed,
            "where": self.where,
            "how": self.how,
            "on": self.on.isoformat(),
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            fact=source.line("fact"),
            printed=source.line("printed"),
            where=source.line("where"),
            how=source.choice("how", REPORTED_HOW),
            on=source.day("on"),
        )


@dataclass(frozen=True)
class ReportedFigure:
    """A reported figure as the record has it."""

    id: str
    figure: FigureReported
    recorded: EntryReference


def figures_reported(entries: Iterable[Entry]) -> tuple[ReportedFigure, ...]:
    """Every reported figure, in the order of recording."""
    return tuple(ReportedFigure(e.subject, figure, e.recorded) for e, figure in of_kind(entries, FigureReported))


def reported_on(entries: Iterable[Entry], *, fact: str, on: date) -> ReportedFigure | None:
    """What was last reported of the fact on that day or before, as printed; None where nothing was.

    Of two on the same day the one recorded later counts.
    """
    said = [found for found in figures_reported(entries) if found.figure.fact == fact and found.figure.on <= on]
    return max(said, key=lambda found: (found.figure.on, found.recorded.seq), default=None)


@dataclass(frozen=True)
class TypedFigure:
    """`figure` as it stands in the text (4.72%, 30 January 2020). `source`: where whoever typed it has it from."""

    figure: str
    source: str


def typed_figures(source: PayloadReader) -> tuple[TypedFigure, ...]:
    """The declared figures of a payload. Raises PayloadError."""
    pairs = source.pairs("typed")
    if not all(figure and why for figure, why in pairs):
        raise PayloadError("'typed' must give every figure and its source")
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

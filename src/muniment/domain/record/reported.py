"""Figures as they were reported: what was printed or said, where, whatever the records say now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry, Recorded
from muniment.domain.record.reader import PayloadReader
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
class Reported:
    """A reported figure as the record has it."""

    id: str
    figure: FigureReported
    recorded: Recorded


def figures_reported(entries: Iterable[Entry]) -> tuple[Reported, ...]:
    """Every reported figure, in the order of recording."""
    return tuple(Reported(e.subject, figure, e.recorded) for e, figure in of_kind(entries, FigureReported))


def reported_on(entries: Iterable[Entry], *, fact: str, on: date) -> Reported | None:
    """What was last reported of the fact on that day or before, as printed; None where nothing was.

    Of two on the same day the one recorded later counts.
    """
    said = [found for found in figures_reported(entries) if found.figure.fact == fact and found.figure.on <= on]
    return max(said, key=lambda found: (found.figure.on, found.recorded.seq), default=None)

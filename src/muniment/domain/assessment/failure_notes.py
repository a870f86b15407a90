"""Failure notes: why a KPI failed in a period, what followed from it, and what is done about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadReader
from muniment.domain.record.replay import payload_of
from muniment.domain.record.reported import TypedFigure, as_pairs, typed_figures
from muniment.domain.record.snapshot import folded


@dataclass(frozen=True)
class FailureExplained:
    """`period`: the month, or the last month of a longer measurement period. `typed`: figures typed into the texts."""

    kind: ClassVar[str] = "failure.explained"
    version: ClassVar[int] = 1
    kpi: str
    period: Month
    cause: str
    effect: str
    remedy: str
    typed: tuple[TypedFigure, ...] = ()

    def fields(self) -> dict[str, Json]:
        return {"kpi": self.kpi, "period": str(self.period), "typed": as_pairs(self.typed)}

    def texts(self) -> dict[str, str]:
        return {"cause": self.cause, "effect": self.effect, "remedy": self.remedy}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            kpi=source.line("kpi"),
            period=source.month("period"),
            cause=source.free_text("cause"),
            effect=source.free_text("effect"),
            remedy=source.free_text("remedy"),
            typed=typed_figures(source),
        )


@dataclass(frozen=True)
class FailureNote:
    """A note as the record has it. `id`: cssc/CSC_KPI_04/2019-09/f1."""

    id: str
    explained: FailureExplained
    recorded: EntryReference

    @property
    def kpi(self) -> str:
        return self.explained.kpi

    @property
    def period(self) -> Month:
        return self.explained.period


def failure_notes_known(entries: Iterable[Entry]) -> tuple[FailureNote, ...]:
    """Every note, in the order of recording; a later one for the same KPI and period takes the earlier one's place."""
    with folded(entries, _Fold) as fold:
        return tuple(fold.found)


class _Fold:
    def __init__(self) -> None:
        self.found: list[FailureNote] = []

    def take(self, entry: Entry) -> None:
        if entry.kind == FailureExplained.kind:
            self.found.append(FailureNote(entry.subject, payload_of(entry, FailureExplained), entry.recorded))


def current_notes(notes: Iterable[FailureNote]) -> Mapping[tuple[str, Month], FailureNote]:
    """(KPI, month) -> the latest note."""
    return {(note.kpi, note.period): note for note in notes}

"""The ledger entry that confirms a locked statement: what changed after the lock asks for no restatement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import of_kind


@dataclass(frozen=True)
class StatementConfirmed:
    """`number`: of the version that is confirmed. `known`: the day as known on which it was looked at. `computed_on`:
    seq of the last entry that was looked at. `effect`: what would differ, "no effect" or "number only"."""

    kind: ClassVar[str] = "statement.kept"
    version: ClassVar[int] = 1
    month: Month
    number: int
    known: date
    computed_on: int
    effect: str

    def fields(self) -> dict[str, Json]:
        return {
            "month": str(self.month),
            "number": self.number,
            "known": self.known.isoformat(),
            "computed_on": self.computed_on,
            "effect": self.effect,
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        read = cls(
            month=source.month("month"),
            number=source.whole("number"),
            known=source.day("known"),
            computed_on=source.whole("computed_on"),
            effect=source.line("effect"),
        )
        if read.number < 1:
            raise PayloadError("'number' counts from 1")
        return read


def looked_at(entries: Iterable[Entry]) -> Mapping[tuple[Month, int], int]:
    """Month and number of a version that was confirmed -> seq of the last entry that was looked at for it."""
    return {(found.month, found.number): found.computed_on for _, found in of_kind(entries, StatementConfirmed)}

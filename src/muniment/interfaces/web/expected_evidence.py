"""Evidence that has not come, one line for each month that lacks it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from muniment.domain.kernel.period import Month
from muniment.installation.viewer import Viewer
from muniment.installation.waiting import Wait
from muniment.interfaces.web.wording import counted, left_words


@dataclass(frozen=True)
class ExpectedEvidence:
    """Evidence that a month still lacks, all tables together."""

    month: Month
    tables: int
    waiting: Wait
    href: str

    @property
    def is_late(self) -> bool:
        return self.waiting.days_left is not None and self.waiting.days_left < 0

    @property
    def sentence(self) -> str:
        tables = counted(self.tables, "table")
        return f"The supplier must submit evidence for {tables} of {self.month.name} {left_words(self.waiting)}."


def expected_in(viewer: Viewer, waits: Sequence[Wait]) -> list[ExpectedEvidence]:
    """One line for each month that lacks evidence, instead of one for each table."""
    found: dict[str, list[Wait]] = {}
    for waiting in waits:
        if "submit" in waiting.commands:
            found.setdefault(waiting.thing.rpartition("/")[2], []).append(waiting)
    href = reverse("evidence", args=[viewer.contract])
    return [ExpectedEvidence(Month.parse(month), len(tables), tables[0], href) for month, tables in found.items()]


def without_expected(waits: Sequence[Wait]) -> tuple[Wait, ...]:
    """What waits besides evidence that has not come."""
    return tuple(found for found in waits if "submit" not in found.commands)

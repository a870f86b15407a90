"""What the record says beside the figures: disputes, states, locked versions and why KPIs failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.domain.assessment.failure_notes import FailureNote, failure_notes_known
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.states import Things, state_in, states_known
from muniment.domain.record.entry import Entry


@dataclass(frozen=True)
class RecordFacts:
    """`contract`: as things are named by it. `notes`: in the order of recording; of several on a KPI and period the
    last counts."""

    contract: str
    states: Things
    locks: Mapping[Month, tuple[Lock, ...]]
    notes: tuple[FailureNote, ...]

    def is_disputed(self, *, kpi: str, month: Month) -> bool:
        """Whether the result stands in dispute, before the lock or after it."""
        thing = f"{self.contract}/{kpi}/{month}"
        return state_in(self.states, machine="kpi_month", thing=thing) in ("disputed", "settled_in_dispute")

    def state_of(self, month: Month) -> str:
        """Of a month: open, signed, locked ..."""
        return state_in(self.states, machine="month", thing=f"{self.contract}/{month}")

    def notes_on(self, *, kpi: str, month: Month) -> tuple[FailureNote, ...]:
        """Those on the KPI's period that ends in this month."""
        return tuple(note for note in self.notes if (note.kpi, note.period) == (kpi, month))


def record_facts_from(entries: Sequence[Entry], *, contract: str) -> RecordFacts:
    return RecordFacts(contract, states_known(entries), locks_known(entries), failure_notes_known(entries))

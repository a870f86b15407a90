"""Two stores that break their promises, so that the harness can show that it would notice."""

from collections.abc import Sequence

from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import ClockKind, ErasingLedger
from muniment.domain.record.replay import head
from tests.adapters.stores.contract.whereabouts import START


class HastyLedger:
    """Acknowledges what it has not recorded yet: it records each transaction when the next one comes."""

    def __init__(self, ledger: ErasingLedger) -> None:
        self._ledger = ledger
        self._waiting: Sequence[Draft] = ()
        self._promised: tuple[Entry, ...] = ()

    @property
    def clock_kind(self) -> ClockKind:
        return self._ledger.clock_kind

    def entries(self) -> tuple[Entry, ...]:
        return self._ledger.entries() + self._promised

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        """Answers at once. The salts and the clock are those of the real ledger, so what it promises would hold."""
        if self._waiting:
            self._ledger.append(self._waiting, expected_head=head(self._ledger.entries()))
        entries = self._ledger.entries()
        assert head(entries) == expected_head
        contract = entries[0].subject
        self._waiting = drafts
        self._promised = sealed_onto(
            entries[-1], drafts=drafts, recorded_at=ScriptedClock(START).instant(), salts=ScriptedSalts(contract)
        )
        return self._promised

    def drop_text(self, *, seq: int, name: str) -> None:
        self._ledger.drop_text(seq=seq, name=name)


class PiecemealLedger:
    """Records a transaction entry by entry."""

    def __init__(self, ledger: ErasingLedger) -> None:
        self._ledger = ledger

    @property
    def clock_kind(self) -> ClockKind:
        return self._ledger.clock_kind

    def entries(self) -> tuple[Entry, ...]:
        return self._ledger.entries()

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        added: tuple[Entry, ...] = ()
        for draft in drafts:
            added += self._ledger.append([draft], expected_head=added[-1].hash if added else expected_head)
        return added

    def drop_text(self, *, seq: int, name: str) -> None:
        self._ledger.drop_text(seq=seq, name=name)

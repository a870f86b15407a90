"""A ledger that is kept nowhere: to try acts out before they are recorded, and to test rules without a disk."""

from collections.abc import Sequence

from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Clock, ClockKind, HeadMoved, Salts
from muniment.domain.record.replay import head
from muniment.domain.record.snapshot import Snapshot


class MemoryLedger:
    """One chain of entries. It starts with `entries`, and what is appended is gone with it."""

    def __init__(self, *, clock: Clock, salts: Salts, entries: Sequence[Entry] = ()) -> None:
        self._clock = clock
        self._salts = salts
        self._entries = Snapshot(entries)

    @property
    def clock_kind(self) -> ClockKind:
        return self._clock.kind

    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        """Adds the drafts as one transaction. Raises HeadMoved."""
        if head(self._entries) != expected_head:
            raise HeadMoved
        last = self._entries[-1] if self._entries else None
        added = sealed_onto(last, drafts=drafts, recorded_at=self._clock.instant(), salts=self._salts)
        self._entries = self._entries.followed_by(added)
        return added

    def drop_text(self, *, seq: int, name: str) -> None:
        """Drops a text of an entry."""
        entry = self._entries[seq - 1].without_text(name)
        self._entries = Snapshot((*self._entries[: seq - 1], entry, *self._entries[seq:]))

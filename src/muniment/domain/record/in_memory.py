"""A ledger in memory, and a clock and salts that follow a script: for examples, tests and trial runs.

Every run gives the same bytes.
"""

from collections.abc import Sequence
from hashlib import sha256

from muniment.domain.record.chain import is_instant, sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Clock, ClockKind, HeadMovedError, Salts
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
        """Adds the drafts as one transaction. Raises HeadMovedError."""
        if head(self._entries) != expected_head:
            raise HeadMovedError
        last = self._entries[-1] if self._entries else None
        added = sealed_onto(last, drafts=drafts, recorded_at=self._clock.instant(), salts=self._salts)
        self._entries = self._entries.followed_by(added)
        return added

    def drop_text(self, *, seq: int, name: str) -> None:
        """Drops a text of an entry."""
        entry = self._entries[seq - 1].without_text(name)
        self._entries = Snapshot((*self._entries[: seq - 1], entry, *self._entries[seq:]))


class ScriptedClock:
    """Shows the instant that the script last moved it to, and refuses to go back."""

    kind: ClockKind = "scripted"

    def __init__(self, start: str) -> None:
        self._instant = _checked(start)

    def move_to(self, instant: str) -> None:
        """Raises ValueError for an instant before the present one."""
        if _checked(instant) < self._instant:
            raise ValueError(f"the script goes back from {self._instant} to {instant}")
        self._instant = instant

    def instant(self) -> str:
        return self._instant


class ScriptedSalts:
    """Salts that follow from a seed. Whoever knows the seed can guess at an erased text: for examples only."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def salt(self, *, seq: int, name: str) -> str:
        return sha256(f"{self._seed}/{seq}/{name}".encode()).hexdigest()[:32]


def _checked(instant: str) -> str:
    if not is_instant(instant):
        raise ValueError(f"'{instant}' is not a time - write it as 2019-05-08T09:30:00Z")
    return instant

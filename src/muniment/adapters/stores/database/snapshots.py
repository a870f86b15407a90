"""The snapshots that a process keeps of the contracts that it read, the last used first to stay."""

from dataclasses import dataclass, field
from threading import Lock

from muniment.domain.record.snapshot import Snapshot

MOST_ENTRIES = 50_000
"""Entries kept for all contracts together; they take about 3 kB each."""


@dataclass(frozen=True)
class VerifiedEntries:
    """Entries that this process has verified, and how many texts of the contract had been erased by then."""

    entries: Snapshot = field(default_factory=Snapshot)
    erasures: int = 0


class Snapshots:
    """(database, contract) -> what is known of it. Whoever uses it looks first whether that still holds."""

    def __init__(self, most_entries: int = MOST_ENTRIES) -> None:
        self._most = most_entries
        self._known: dict[tuple[str, str], VerifiedEntries] = {}
        self._entries = 0
        self._lock = Lock()

    def of(self, contract: str, *, using: str) -> VerifiedEntries:
        """What is known of the contract; nothing, where it was never read or not for long."""
        return self._known.get((using, contract), VerifiedEntries())

    def keep(self, contract: str, known: VerifiedEntries, *, using: str) -> None:
        """Instead of what was known before. What was used longest ago goes, where it would be too much."""
        with self._lock:
            self._forget((using, contract))
            self._known[using, contract] = known
            self._entries += len(known.entries)
            while self._entries > self._most and len(self._known) > 1:
                self._forget(next(iter(self._known)))

    def clear(self) -> None:
        """Know nothing, as a new process does."""
        with self._lock:
            self._known.clear()
            self._entries = 0

    def _forget(self, key: tuple[str, str]) -> None:
        before = self._known.pop(key, None)
        self._entries -= len(before.entries) if before else 0


SNAPSHOTS = Snapshots()
"""Those of this process."""

"""The snapshots that a process keeps of the contracts that it read, the last used first to stay."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from muniment.domain.record.entry import Entry
from muniment.domain.record.snapshot import Snapshot

MOST_BYTES = 64 * 1024 * 1024
"""Of memory that the entries of all contracts take together, by the estimate of `bytes_of`."""
_ENTRY, _CHARACTER = 1_500, 4
"""Bytes that an entry takes in memory, and each character of its payload: measured on the example's record."""


@dataclass(frozen=True)
class VerifiedEntries:
    """Entries that this process has verified, and how many texts of the contract had been erased by then."""

    entries: Snapshot = field(default_factory=Snapshot)
    erasures: int = 0


class Snapshots:
    """(database, contract) -> what is known of it. Whoever uses it looks first whether that still holds."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._known: dict[tuple[str, str], VerifiedEntries] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def of(self, contract: str, *, using: str) -> VerifiedEntries:
        """What is known of the contract; nothing, where it was never read or not for long."""
        return self._known.get((using, contract), VerifiedEntries())

    def keep(self, contract: str, known: VerifiedEntries, *, using: str) -> None:
        """Instead of what was known before. What was used longest ago goes, where it would be too much."""
        key = (using, contract)
        with self._lock:
            before, size = self._known.pop(key, VerifiedEntries()), self._sizes.pop(key, 0)
            added = len(known.entries) - len(before.entries)
            self._known[key] = known
            # Of a longer record only what was added is looked at: a long one is kept again with every page.
            self._sizes[key] = size + bytes_of(known.entries[-added:]) if added > 0 else size
            while sum(self._sizes.values()) > self._most and len(self._known) > 1:
                oldest = next(iter(self._known))
                del self._known[oldest], self._sizes[oldest]

    def clear(self) -> None:
        """Know nothing, as a new process does."""
        with self._lock:
            self._known.clear()
            self._sizes.clear()


def bytes_of(entries: Iterable[Entry]) -> int:
    """About what they take in memory, with what is computed from them."""
    return sum(_ENTRY + _CHARACTER * len(str(entry.payload)) for entry in entries)


SNAPSHOTS = Snapshots()
"""Those of this process."""

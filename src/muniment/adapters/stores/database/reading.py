"""Reads a contract's ledger from the database, and keeps verified entries so that only new ones are verified."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from muniment.adapters.stores.database.models import LedgerEntry, LedgerText, StoredContract
from muniment.adapters.stores.database.rows import Texts, known_entry, salted, verified_entry
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.lifecycle.kinds import payload_problems
from muniment.domain.record.chain import RESTORE
from muniment.domain.record.entry import LEDGER_FILE, Entry, SaltedText
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


def read_verified_chain(contract: str, *, using: str, known: VerifiedEntries | None = None) -> VerifiedEntries:
    """Every entry, verified. `known`: what this process verified before; None believes nothing verified before.

    Up to the entry that the contract's row names, forms were verified by whoever wrote it; hashes, texts and links are
    looked at nevertheless. Raises ProblemsFoundError where the chain does not hold.
    """
    # The count of erasures comes first: a text erased after it is read again next time, never kept by mistake.
    row = StoredContract.objects.using(using).filter(id=contract).first()
    erasures = row.erasures if row else 0
    before = known.entries if known and known.erasures == erasures else Snapshot()
    rows = _rows(contract, using=using, from_seq=len(before) or 1)
    if before and (not rows or rows[0].hash != before[-1].hash):
        before = Snapshot()
        rows = _rows(contract, using=using, from_seq=1)
    rows = rows[1:] if before else rows
    if row is not None:
        _must_still_have(row, rows, len(before))
    if known is not None and before is known.entries and not rows:
        return known
    trusted = row.verified_seq if row and known is not None else 0
    added = _verified(contract, rows, before[-1] if before else None, using, trusted)
    return VerifiedEntries(before.followed_by(added), erasures)


def _rows(contract: str, *, using: str, from_seq: int) -> list[LedgerEntry]:
    rows = LedgerEntry.objects.using(using).filter(contract=contract, seq__gte=from_seq)
    return list(rows.order_by("seq"))


def _verified(
    contract: str, rows: Sequence[LedgerEntry], last: Entry | None, using: str, trusted: int
) -> tuple[Entry, ...]:
    if not rows:
        return ()
    texts = _texts(contract, using=using, first=rows[0].seq, last=rows[-1].seq)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for row in rows:
        read = known_entry if row.seq <= trusted else verified_entry
        entry = read(row, texts.get(row.seq, {}), last=last)
        if isinstance(entry, Entry):
            entries.append(entry)
            last = entry
        else:
            problems.extend(entry)
    raise_if_errors(problems)
    raise_if_errors(payload_problems(entry for entry in entries if entry.seq > trusted))
    if entries[-1].transaction_end != entries[-1].seq:
        what = "the last transaction is incomplete"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE, entries[-1].seq), "C008", what, RESTORE)])
    return tuple(entries)


def _texts(contract: str, *, using: str, first: int, last: int) -> dict[int, Texts]:
    found: dict[int, dict[str, SaltedText]] = {}
    rows = LedgerText.objects.using(using).filter(contract=contract, seq__gte=first, seq__lte=last)
    for seq, name, salt, text in rows.values_list("seq", "name", "salt", "text"):
        found.setdefault(seq, {})[name] = salted(salt, text)
    return {**found}


def _must_still_have(row: StoredContract, rows: Sequence[LedgerEntry], known: int) -> None:
    """An entry that was verified is never missing afterwards, unless somebody took it out."""
    if row.verified_seq <= known:
        return
    at = row.verified_seq - known - 1
    if at >= len(rows) or (rows[at].seq, rows[at].hash) != (row.verified_seq, row.verified_hash):
        what = f"this ledger once had the head {row.verified_hash[:12]} at entry {row.verified_seq}"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE, row.verified_seq), "C009", what, RESTORE)])

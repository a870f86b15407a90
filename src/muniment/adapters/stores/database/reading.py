"""Reads a chain out of the database, verified on from where this process, or another, verified it last."""

from collections.abc import Sequence

from muniment.adapters.stores.database.models import LedgerEntry, LedgerText, StoredContract
from muniment.adapters.stores.database.rows import Texts, known_entry, salted, verified_entry
from muniment.adapters.stores.database.snapshots import VerifiedEntries
from muniment.commands.entry_kinds import payload_problems
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.record.chain import RESTORE
from muniment.domain.record.entry import LEDGER_FILE, Entry, SaltedText
from muniment.domain.record.snapshot import Snapshot


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

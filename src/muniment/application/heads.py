"""Heads of a record: the hashes of its last entry and of each locked statement, for others to keep and compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from muniment.application.load import open_contract
from muniment.application.stores import ContractPlace
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.entry import LEDGER_FILE, Entry


@dataclass(frozen=True)
class Head:
    """`of`: 'record', or the id of a locked statement. `hash`: of the last entry of the record, or of the entry that
    locked the statement. `sealed`: the statement's fingerprint; None for the record."""

    of: str
    entry: int
    hash: str
    recorded_at: str
    sealed: str | None


def heads_of(*, folder: ContractPlace, known: date | None) -> tuple[str, tuple[Head, ...]]:
    """The contract's id; the head of its record, then of each statement version, oldest month first.

    Raises ProblemsFoundError where the folder keeps no record, or its chain does not hold.
    """
    opened = open_contract(folder=folder, known=known)
    if not opened.entries:
        what = "the folder keeps no record, so it has no head"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE), "B011", what, "open a record first")])
    return opened.text.contract(known=opened.known).id, heads_in(opened.entries)


def heads_in(entries: Sequence[Entry]) -> tuple[Head, ...]:
    """The same of a record that has entries."""
    last = entries[-1]
    heads = [Head("record", last.seq, last.hash, last.recorded_at, None)]
    for _, locks in sorted(locks_known(entries).items()):
        for lock in locks:
            recorded = lock.recorded
            heads.append(Head(lock.id, recorded.seq, recorded.hash, recorded.at, lock.locked.statement))
    return tuple(heads)


def heads_json(contract: str, heads: tuple[Head, ...]) -> Json:
    """`muniment heads --format json`"""
    return {"contract": contract, "heads": [head_json(head) for head in heads]}


def head_json(head: Head) -> dict[str, Json]:
    return {
        "of": head.of,
        "entry": head.entry,
        "head": head.hash,
        "recorded_at": head.recorded_at,
        "sealed": head.sealed,
    }

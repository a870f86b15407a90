"""A statement computed again from what it rests on: the record as it was when it was locked, or as known on a day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from muniment import __version__
from muniment.application.bundle_rows import BundledFile, bundled_files
from muniment.application.evidence import EngineName, counting_evidence_files
from muniment.application.load import OpenedContract, as_adopted, open_contract, read_contract, readable_submissions
from muniment.application.stores import ContractPlace
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.seal import SealedMonth, counted_submissions, seal, upheld_challenges
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.assessment.sealed import CountedSubmission
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.entry import LEDGER_FILE, Entry

_STATEMENT = re.compile(r"([a-z0-9][a-z0-9_-]*)/([0-9]{4}-[0-9]{2})(?:/v([1-9][0-9]*))?")


@dataclass(frozen=True)
class StatementReference:
    """cssc/2019-09/v1. `version` None: the locked statement if there is one, else what is computed now."""

    contract: str
    month: Month
    version: int | None


def statement_reference_of(text: str) -> StatementReference:
    """Read the id of a statement. Raises ValueError."""
    match = _STATEMENT.fullmatch(text)
    if match is None:
        raise ValueError(
            f"'{text}' is not a statement - write it as cssc/2019-09/v1, or cssc/2019-09 before it is locked"
        )
    return StatementReference(match[1], Month.parse(match[2]), int(match[3]) if match[3] else None)


@dataclass(frozen=True)
class Basis:
    """What a statement rests on. `lock`: None where it is not locked. `opened` holds the entries that it was computed
    from, `proof` all that are known, so that later heads are in it too."""

    opened: OpenedContract
    proof: tuple[Entry, ...]
    lock: Lock | None


def basis_of(*, folder: ContractPlace, asked: StatementReference, known: date | None) -> Basis:
    """Open the record as it was when the statement was locked, or as known on the day. Raises ProblemsFoundError."""
    opened = open_contract(folder=folder, known=known)
    contract = opened.text.contract(known=opened.known).id
    subject = f"{asked.contract}/{asked.month}"
    if contract != asked.contract:
        raise ledger_problems_found(
            "B010", f"this folder keeps the contract '{contract}', not '{asked.contract}'", "name its own"
        )
    if not opened.entries:
        raise ledger_problems_found(
            "B011", "the folder keeps no record, so there is nothing to prove a bundle by", "open a record first"
        )
    locks = locks_known(opened.entries).get(asked.month, ())
    if asked.version is None and not locks:
        return Basis(opened, opened.entries, None)
    number = asked.version or len(locks)
    if not 1 <= number <= len(locks):
        there = (
            f"bundle {subject}/v{len(locks)}" if locks else f"lock the month, or bundle {subject} as it is computed now"
        )
        raise ledger_problems_found("B012", f"there is no locked statement {subject}/v{number}", there)
    lock = locks[number - 1]
    return Basis(as_locked(opened, lock), opened.entries, lock)


def as_locked(opened: OpenedContract, lock: Lock) -> OpenedContract:
    """The contract as it was when the statement was computed: its entries, its day and its text."""
    return as_adopted(opened, entries=opened.entries[: lock.locked.computed_on], known=known_at(lock))


def known_at(lock: Lock) -> date | None:
    """The day of knowledge that the locked statement names."""
    return lock.locked.sealed_statement.inputs.known


def up_to_the_lock(basis: Basis) -> tuple[Entry, ...]:
    """The chain as far as the transaction that locked the statement; all of it where it is not locked."""
    if basis.lock is None:
        return basis.proof
    return basis.proof[: basis.proof[basis.lock.recorded.seq - 1].transaction_end]


@dataclass(frozen=True)
class ComputedStatement:
    """A statement computed again, with the files that were read."""

    opened: OpenedContract
    reading: Reading
    month: SealedMonth
    files: tuple[BundledFile, ...]


def compute(
    *,
    opened: OpenedContract,
    month: Month,
    engine: EngineName,
    elsewhere: Mapping[str, Path],
    sealed_as: str | None = None,
) -> ComputedStatement:
    """Read the evidence and seal the month. `sealed_as`: the fingerprint of what was signed or locked before, whose
    words are kept. Raises ProblemsFoundError."""
    reading = read_contract(opened=opened, engine=engine, elsewhere=elsewhere, up_to=month)
    submissions = [submission for submission in readable_submissions(opened.entries) if submission.period <= month]
    found, _ = counting_evidence_files(
        store=opened.store, contract=reading.contract, submissions=submissions, elsewhere={}
    )
    files = bundled_files(files=found, submissions=submissions, up_to=month)
    counted = [
        *counted_submissions(opened.entries, submissions),
        *(_lying_ready(file) for file in files if file.submission is None),
    ]
    sealed = seal(
        reading,
        month=month,
        submissions=counted,
        engine_version=__version__,
        challenges=upheld_challenges(opened.entries),
    )
    return ComputedStatement(opened, reading, sealed.as_sealed(sealed_as), files)


def _lying_ready(file: BundledFile) -> CountedSubmission:
    return CountedSubmission(file.named, file.table, file.period, file.sha256, "not submitted")


def ledger_problems_found(code: str, what: str, remedy: str) -> ProblemsFoundError:
    """A problem with the record as a whole."""
    return ProblemsFoundError([Problem(Place(LEDGER_FILE), code, what, remedy)])

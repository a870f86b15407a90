"""Imports a contract from another store, as often as one likes; and copies entries, files and texts between stores.

What is imported is only ever added: a chain may grow to the longer of the two, and two chains that part are refused.
The longer one says which texts were erased and which rows discarded, and a store that knows less takes no text back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.db import transaction

from muniment.adapters.stores.database.faults import database_writing
from muniment.adapters.stores.database.reading import read_verified_chain
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.adapters.stores.files.blobs import FileBlobs
from muniment.commands.entry_kinds import payload_problems
from muniment.domain.evidence.retention import discarded_files
from muniment.domain.kernel.fingerprint import short
from muniment.domain.kernel.problem import ProblemsFoundError, raise_if_errors
from muniment.domain.record.act import RefusedError
from muniment.domain.record.chain import verify_chain
from muniment.domain.record.entry import Entry
from muniment.domain.record.erasure import TextErased
from muniment.domain.record.index import digests_named
from muniment.domain.record.opened import opening
from muniment.domain.record.ports import Ledger
from muniment.domain.record.replay import head, of_kind


class BlobFiles(Protocol):
    """Blobs that are files."""

    def has(self, sha256: str) -> bool: ...

    def path(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all to see that they are right. Raises ProblemsFoundError."""
        ...


class ReadableStore(Protocol):
    """A contract in any store."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def blobs(self) -> BlobFiles: ...

    def read_texts(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class TransferSummary:
    """What was new to the store that was written to; all 0 where it had everything. `head`: the one both have now.
    `behind`: how many entries the source has not; its agreed text is then older too, and was left where it is."""

    entries: int
    blobs: int
    erased: int
    head: str | None
    behind: int = 0


def import_from_store(source: ReadableStore, *, into: DatabaseStore) -> TransferSummary:
    """Import a contract from another store, such as a folder. Evidence that merely lies ready there is no record.

    Raises RefusedError where the chains part or the contract is another, NotRecordedError, ProblemsFoundError.
    """
    entries = source.ledger.entries()
    must_be_of(entries, contract=into.contract)
    longer = max(into.ledger.entries(), entries, key=len)
    blobs = copy_blobs(longer, source=source.blobs, into=into.blobs)
    with database_writing(into.using), transaction.atomic(using=into.using, durable=True):
        into.ledger.lock()
        own = read_verified_chain(into.contract, using=into.using).entries
        must_not_part(own, entries)
        longer = max(own, entries, key=len)
        gone = erased_texts(longer)
        new = tuple(without_texts(entries[len(own) :], gone))
        raise_if_errors(verify_chain(new, after=own[-1] if own else None))
        raise_if_errors(payload_problems(new))
        if new:
            into.ledger.insert(new)
        erased = [(entry.seq, name) for entry in own for name in entry.texts if (entry.seq, name) in gone]
        if erased:
            into.ledger.delete_texts(erased)
    behind = len(longer) - len(entries)
    texts = source.read_texts()
    if not behind and list(texts.items()) != list(into.read_texts().items()):
        into.write_texts(texts)
    return TransferSummary(len(new), blobs, len(erased), head(longer), behind)


def erased_texts(entries: Sequence[Entry]) -> frozenset[tuple[int, str]]:
    """(seq, name) of every text of which an entry says that it was erased: one that is merely missing was not."""
    return frozenset((erased.entry, erased.name) for _, erased in of_kind(entries, TextErased))


def without_texts(entries: Iterable[Entry], gone: Collection[tuple[int, str]]) -> Iterator[Entry]:
    """The entries without the texts that were erased."""
    for entry in entries:
        for name in [name for name in entry.texts if (entry.seq, name) in gone]:
            entry = entry.without_text(name)
        yield entry


def copy_blobs(entries: Sequence[Entry], *, source: BlobFiles, into: FileBlobs) -> int:
    """Copy every file that an entry names and none discards, where the source has it; how many were new.

    Raises ProblemsFoundError.
    """
    named = digests_named(entries) - discarded_files(entries)
    missing = [digest for digest in sorted(named) if source.has(digest) and not into.has(digest)]
    for digest in missing:
        into.put_file(source.path(digest))
    return len(missing)


def restore_blobs(entries: Sequence[Entry], *, source: BlobFiles, into: FileBlobs) -> int:
    """Copy every file that an entry names and that is missing or altered; how many there were. Reads all of them."""
    named = sorted(digests_named(entries) - discarded_files(entries))
    lost = [digest for digest in named if source.has(digest) and not _is_whole(into, digest)]
    for digest in lost:
        into.put_file(source.path(digest))
    return len(lost)


def _is_whole(blobs: FileBlobs, digest: str) -> bool:
    try:
        blobs.path(digest)
    except ProblemsFoundError:
        return False
    return True


def must_be_of(entries: Sequence[Entry], *, contract: str) -> None:
    """Raises RefusedError where the record is not open, or is that of another contract."""
    opened = opening(entries)
    if opened is None:
        raise RefusedError("record_open", "there is no record to import", "open it first")
    if opened.contract != contract:
        what = f"the record is that of {opened.contract}, not of {contract}"
        raise RefusedError("contract_id", what, f"import it as {opened.contract}")


def must_not_part(one: Sequence[Entry], other: Sequence[Entry]) -> None:
    """Raises RefusedError where neither chain is the beginning of the other."""
    for mine, theirs in zip(one, other, strict=False):
        if mine.hash != theirs.hash:
            what = f"the two records part at entry {mine.seq}: {short(mine.hash)} here, {short(theirs.hash)} there"
            raise RefusedError(
                "one_chain", what, "find out which one was published; the other is not this contract's record"
            )

"""Carrying a contract between stores: same entries, same head, same files, same texts, as often as one likes.

What is carried is only ever added: a chain may grow to the longer of the two, and two chains that part are refused. A
text that was erased on either side stays erased on the side that is written to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.db import transaction

from muniment.adapters.register.blobs import RegisterBlobs
from muniment.adapters.register.faults import writing
from muniment.adapters.register.reading import read_chain
from muniment.adapters.register.store import RegisterStore
from muniment.domain.kernel.fingerprint import short
from muniment.domain.kernel.problem import raise_if_errors
from muniment.domain.lifecycle.kinds import payload_problems
from muniment.domain.record.chain import verify_chain
from muniment.domain.record.digests import digests_named
from muniment.domain.record.entry import Entry
from muniment.domain.record.opened import opening
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused
from muniment.domain.record.replay import head


class Files(Protocol):
    """Blobs that are files."""

    def has(self, sha256: str) -> bool: ...

    def path(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all to see that they are right. Raises ProblemsFound."""
        ...


class Kept(Protocol):
    """A contract in any store."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def blobs(self) -> Files: ...

    def read_texts(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Carried:
    """What was new to the store that was written to; all 0 where it had everything. `head`: the one both have now."""

    entries: int
    blobs: int
    erased: int
    head: str | None


def carry_in(source: Kept, *, into: RegisterStore) -> Carried:
    """Import a contract from another store, such as a folder. Evidence that merely lies ready there is no record.

    Raises Refused where the chains part or the contract is another, NotRecorded, ProblemsFound.
    """
    entries = source.ledger.entries()
    must_be_of(entries, contract=into.contract)
    blobs = carry_blobs(entries, source=source.blobs, into=into.blobs)
    with writing(into.using), transaction.atomic(using=into.using, durable=True):
        into.ledger.lock()
        own = read_chain(into.contract, using=into.using).entries
        must_not_part(own, entries)
        new = entries[len(own) :]
        raise_if_errors(verify_chain(new, after=own[-1] if own else None))
        raise_if_errors(payload_problems(new))
        if new:
            into.ledger.insert(new)
        erased = [(mine.seq, name) for mine, theirs in zip(own, entries, strict=False) for name in _only(mine, theirs)]
        if erased:
            into.ledger.delete_texts(erased)
    texts = source.read_texts()
    if list(texts.items()) != list(into.read_texts().items()):
        into.write_texts(texts)
    return Carried(len(new), blobs, len(erased), head(max(own, entries, key=len)))


def carry_blobs(entries: Sequence[Entry], *, source: Files, into: RegisterBlobs) -> int:
    """Copy every file that an entry names, where the source has it; how many were new. Raises ProblemsFound."""
    missing = [digest for digest in sorted(digests_named(entries)) if source.has(digest) and not into.has(digest)]
    for digest in missing:
        into.put_file(source.path(digest))
    return len(missing)


def must_be_of(entries: Sequence[Entry], *, contract: str) -> None:
    """Raises Refused where the record is not open, or is that of another contract."""
    opened = opening(entries)
    if opened is None:
        raise Refused("record_open", "there is no record to carry", "open it first")
    if opened.contract != contract:
        what = f"the record is that of {opened.contract}, not of {contract}"
        raise Refused("contract_id", what, f"carry it as {opened.contract}")


def must_not_part(one: Sequence[Entry], other: Sequence[Entry]) -> None:
    """Raises Refused where neither chain is the beginning of the other."""
    for mine, theirs in zip(one, other, strict=False):
        if mine.hash != theirs.hash:
            what = f"the two records part at entry {mine.seq}: {short(mine.hash)} here, {short(theirs.hash)} there"
            raise Refused(
                "one_chain", what, "find out which one was published; the other is not this contract's record"
            )


def named_files(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """The entries that say that a file was kept, each with its sha256."""
    for entry in entries:
        digest = entry.payload.get("sha256")
        if isinstance(digest, str):
            yield entry, digest


def _only(mine: Entry, theirs: Entry) -> Iterator[str]:
    return (name for name in mine.texts if name not in theirs.texts)

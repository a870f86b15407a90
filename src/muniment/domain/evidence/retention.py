"""Discarded evidence of old months: the ledger entry, and which submissions, files and months it covers.

The files go; their sha256 and everything that was decided stay in the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.domain.record.reader import PayloadError, PayloadReader, checked_digest
from muniment.domain.record.replay import of_kind


@dataclass(frozen=True)
class RowsDiscarded:
    """The files of every submission for a month before `before` are discarded. `files`: (submission, sha256)."""

    kind: ClassVar[str] = "rows.discarded"
    version: ClassVar[int] = 1
    before: Month
    files: tuple[tuple[str, str], ...]

    def fields(self) -> dict[str, Json]:
        return {"before": str(self.before), "files": [[submission, digest] for submission, digest in self.files]}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        before, files = source.month("before"), source.pairs("files")
        if not files:
            raise PayloadError("'files' must name what was discarded")
        return cls(before, tuple((submission, checked_digest(digest, "files")) for submission, digest in files))


def discarded_submissions(entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of submissions whose rows were discarded."""
    return frozenset(submission for _, found in of_kind(entries, RowsDiscarded) for submission, _ in found.files)


def discarded_files(entries: Iterable[Entry]) -> frozenset[str]:
    """The sha256 of every file that no submission needs any more. A file that came twice stays until both are gone."""
    known = tuple(entries)
    return frozenset(digest for _, digest in _files_received(known)) - {digest for _, digest in files_needed(known)}


def files_needed(entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    """(submission, sha256) of every file that must be there: what its rows are read from, and the workbook behind."""
    known = tuple(entries)
    gone = discarded_submissions(known)
    return frozenset(received for received in _files_received(known) if received[0] not in gone)


def _files_received(entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (entry.subject, digest)
        for entry, found in of_kind(entries, SubmissionReceived)
        for digest in (found.sha256, found.workbook)
        if digest is not None
    )


def discarded_before(entries: Iterable[Entry]) -> Month | None:
    """The first month whose rows were not discarded; None where none were."""
    return max((found.before for _, found in of_kind(entries, RowsDiscarded)), default=None)

"""Evidence files as they were submitted, approved and accepted, and which of them counts.

The accepted submission counts. Until one is accepted the latest one counts, provisionally; after it a later one is a
proposal until it is accepted too. What was withdrawn or superseded never counts again: it can be handed in once more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.evidence.acceptance import (
    AcceptanceWithdrawn,
    RejectedRow,
    SubmissionAccepted,
    SubmissionApproved,
    SubmissionWithdrawn,
    TableRejection,
)
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadReader, checked_digest
from muniment.domain.record.replay import misrecorded, payload_of
from muniment.domain.record.snapshot import folded

FileKind = Literal["csv", "parquet"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)


@dataclass(frozen=True)
class SubmissionReceived:
    """`sha256` names the blob that holds the file. `supersedes`: id of the submission that this one replaces.
    `after_lock`: the version of the month's statement (v1) that was locked before this came. `workbook`: sha256 of the
    workbook that was sent, where the file was read from one."""

    kind: ClassVar[str] = "submission.received"
    version: ClassVar[int] = 1
    table: str
    period: Month
    file_name: str
    file_kind: FileKind
    sha256: str
    rows: int
    supersedes: str | None
    after_lock: str | None = None
    workbook: str | None = None

    @property
    def is_nil(self) -> bool:
        """Whether it says that there was nothing. Every file that somebody hands in has a row."""
        return self.rows == 0

    def fields(self) -> dict[str, Json]:
        return {
            "table": self.table,
            "period": str(self.period),
            "file_name": self.file_name,
            "kind": self.file_kind,
            "sha256": self.sha256,
            "rows": self.rows,
            "supersedes": self.supersedes,
            **({"after_lock": self.after_lock} if self.after_lock else {}),
            **({"workbook": self.workbook} if self.workbook else {}),
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            table=source.line("table"),
            period=source.month("period"),
            file_name=source.line("file_name"),
            file_kind=source.choice("kind", FILE_KINDS),
            sha256=source.digest("sha256"),
            rows=source.whole("rows"),
            supersedes=source.line_or_none("supersedes"),
            after_lock=source.line_if_given("after_lock"),
            workbook=_digest_if_given(source, "workbook"),
        )


def _digest_if_given(source: PayloadReader, name: str) -> str | None:
    found = source.line_if_given(name)
    return None if found is None else checked_digest(found, name)


@dataclass(frozen=True)
class Acceptance:
    """An acceptance that stands. Its entry's reason is the officer's."""

    rejected: tuple[RejectedRow, ...]
    after_lock: str | None
    recorded: EntryReference


@dataclass(frozen=True)
class Submission:
    """A submission as the record has it. `id`: cssc/calls/2019-09/s1. `superseded_by`: one that took its place; a
    proposal takes the place of an accepted one only when it is accepted too."""

    id: str
    received: SubmissionReceived
    superseded_by: str | None
    recorded: EntryReference
    approved: EntryReference | None = None
    accepted: Acceptance | None = None
    withdrawn: EntryReference | None = None

    @property
    def table(self) -> str:
        return self.received.table

    @property
    def period(self) -> Month:
        return self.received.period

    @property
    def is_current(self) -> bool:
        """Whether it stands: neither superseded nor withdrawn."""
        return self.superseded_by is None and self.withdrawn is None

    @property
    def is_provisional(self) -> bool:
        """Whether its figures may still change because the authority has not accepted it."""
        return self.accepted is None

    @property
    def rejected(self) -> tuple[RejectedRow, ...]:
        """The rows that do not count."""
        return self.accepted.rejected if self.accepted else ()


@dataclass(frozen=True)
class _Place:
    """`latest`: the last submission that stands. `accepted`: the one that is accepted."""

    latest: str | None = None
    accepted: str | None = None


class _Fold:
    def __init__(self) -> None:
        self.found: dict[str, Submission] = {}
        self.places: dict[tuple[str, Month], _Place] = {}

    def take(self, entry: Entry) -> None:
        match entry.kind:
            case SubmissionReceived.kind:
                self._received(entry, payload_of(entry, SubmissionReceived))
            case SubmissionApproved.kind:
                known = self._latest(entry)
                self.found[known.id] = replace(known, approved=entry.recorded)
            case SubmissionWithdrawn.kind:
                self._withdrawn(entry)
            case SubmissionAccepted.kind:
                self._accepted(entry, payload_of(entry, SubmissionAccepted))
            case AcceptanceWithdrawn.kind:
                self._acceptance_withdrawn(entry)

    def _received(self, entry: Entry, received: SubmissionReceived) -> None:
        key = (received.table, received.period)
        place = self.places.get(key, _Place())
        if received.supersedes != place.latest or entry.subject in self.found:
            what = f"{entry.subject} does not supersede the current submission of its table and month"
            raise misrecorded(entry, what, "submit the file again")
        if received.supersedes is not None and received.supersedes != place.accepted:
            self._supersede(received.supersedes, by=entry.subject)
        self.found[entry.subject] = Submission(entry.subject, received, None, entry.recorded)
        self.places[key] = replace(place, latest=entry.subject)

    def _withdrawn(self, entry: Entry) -> None:
        known = self._latest(entry)
        place = self.places[known.table, known.period]
        if known.id == place.accepted:
            raise misrecorded(entry, f"{known.id} is accepted and cannot be withdrawn", "propose a new one")
        self.found[known.id] = replace(known, withdrawn=entry.recorded)
        self.places[known.table, known.period] = replace(place, latest=place.accepted)

    def _accepted(self, entry: Entry, accepted: SubmissionAccepted) -> None:
        known = self._latest(entry)
        place = self.places[known.table, known.period]
        if known.id == place.accepted:
            raise misrecorded(entry, f"{known.id} is accepted already", "accept a submission once")
        if place.accepted is not None:
            self._supersede(place.accepted, by=known.id)
        acceptance = Acceptance(accepted.rejected, accepted.after_lock, entry.recorded)
        self.found[known.id] = replace(known, accepted=acceptance)
        self.places[known.table, known.period] = _Place(known.id, known.id)

    def _acceptance_withdrawn(self, entry: Entry) -> None:
        known = self.found.get(entry.subject)
        place = self.places.get((known.table, known.period)) if known else None
        if known is None or place is None or place.accepted != known.id:
            raise misrecorded(entry, f"{entry.subject} is not accepted", "only an acceptance can be withdrawn")
        self.found[known.id] = replace(known, accepted=None)
        if place.latest is not None and place.latest != known.id:
            self._supersede(known.id, by=place.latest)
        self.places[known.table, known.period] = replace(place, accepted=None)

    def _latest(self, entry: Entry) -> Submission:
        known = self.found.get(entry.subject)
        if known is None or self.places[known.table, known.period].latest != known.id:
            what = f"{entry.subject} is not the latest submission of its table and month"
            raise misrecorded(entry, what, "act on the latest one")
        return known

    def _supersede(self, earlier: str, *, by: str) -> None:
        self.found[earlier] = replace(self.found[earlier], superseded_by=by)


def submissions_known(entries: Iterable[Entry]) -> tuple[Submission, ...]:
    """Every submission, in the order of receipt. Raises ProblemsFoundError where one supersedes what is not current."""
    with folded(entries, _Fold) as fold:
        return tuple(fold.found.values())


def counting_submissions(entries: Iterable[Entry]) -> Mapping[tuple[str, Month], Submission]:
    """(table, month) -> the submission that counts: the accepted one, else the latest, which is provisional."""
    with folded(entries, _Fold) as fold:
        counting = {key: place.accepted or place.latest for key, place in fold.places.items()}
        return {key: fold.found[id_] for key, id_ in counting.items() if id_ is not None}


def latest_submission(entries: Iterable[Entry], *, table: str, month: Month) -> Submission | None:
    """The last submission that stands for a table and month: a proposal, where an accepted one counts."""
    with folded(entries, _Fold) as fold:
        latest = fold.places.get((table, month), _Place()).latest
        return None if latest is None else fold.found[latest]


def rejections(entries: Iterable[Entry]) -> tuple[TableRejection, ...]:
    """Every row that does not count in the evidence that does, by table and month."""
    counting = counting_submissions(entries)
    return tuple(
        TableRejection(table, month, rejected.row, rejected.reason)
        for (table, month) in sorted(counting)
        for rejected in counting[table, month].rejected
    )

"""Evidence files as they were submitted. A later one for the same table and month supersedes the earlier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, Recorded
from muniment.domain.record.reader import PayloadReader
from muniment.domain.record.replay import misrecorded, of_kind

FileKind = Literal["csv", "parquet"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)


@dataclass(frozen=True)
class SubmissionReceived:
    """`sha256` names the blob that holds the file. `supersedes`: id of the submission that this one replaces."""

    kind: ClassVar[str] = "submission.received"
    version: ClassVar[int] = 1
    table: str
    period: Month
    file_name: str
    file_kind: FileKind
    sha256: str
    rows: int
    supersedes: str | None

    def fields(self) -> dict[str, Json]:
        return {
            "table": self.table,
            "period": str(self.period),
            "file_name": self.file_name,
            "kind": self.file_kind,
            "sha256": self.sha256,
            "rows": self.rows,
            "supersedes": self.supersedes,
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
        )


@dataclass(frozen=True)
class Submission:
    """A submission as the record has it. `id`: cssc/calls/2019-09/s1."""

    id: str
    received: SubmissionReceived
    superseded_by: str | None
    recorded: Recorded

    @property
    def table(self) -> str:
        return self.received.table

    @property
    def period(self) -> Month:
        return self.received.period

    @property
    def is_current(self) -> bool:
        return self.superseded_by is None


def submissions_known(entries: Iterable[Entry]) -> tuple[Submission, ...]:
    """Every submission, in the order of receipt. Raises ProblemsFound where one supersedes what is not current."""
    found: dict[str, Submission] = {}
    current: dict[tuple[str, Month], str] = {}
    for entry, received in of_kind(entries, SubmissionReceived):
        place = (received.table, received.period)
        if received.supersedes != current.get(place) or entry.subject in found:
            what = f"{entry.subject} does not supersede the current submission of its table and month"
            raise misrecorded(entry, what, "submit the file again")
        if received.supersedes is not None:
            found[received.supersedes] = replace(found[received.supersedes], superseded_by=entry.subject)
        found[entry.subject] = Submission(entry.subject, received, None, entry.recorded)
        current[place] = entry.subject
    return tuple(found.values())


def current_submissions(submissions: Iterable[Submission]) -> Mapping[tuple[str, Month], Submission]:
    """(table, month) -> the submission that counts."""
    return {(found.table, found.period): found for found in submissions if found.is_current}

"""Ledger entries that approve, accept or withdraw a submission; and the rows that an acceptance rejects."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.reader import PayloadError, PayloadReader


@dataclass(frozen=True)
class RejectedRow:
    """A row that does not count, although its file was accepted. Its disposition is "rejected: reason"."""

    row: str
    reason: str


@dataclass(frozen=True)
class TableRejection:
    """A rejected row with the table and month whose evidence it was taken out of."""

    table: str
    month: Month
    row: str
    reason: str


@dataclass(frozen=True)
class SubmissionApproved:
    """The supplier's approver, who did not prepare it, stands by the submission."""

    kind: ClassVar[str] = "submission.approved"
    version: ClassVar[int] = 1

    def fields(self) -> dict[str, Json]:
        return {}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:  # noqa: ARG003  # an approval says nothing but its entry
        return cls()


@dataclass(frozen=True)
class SubmissionWithdrawn:
    """Its supplier took the submission back before it was accepted."""

    kind: ClassVar[str] = "submission.withdrawn"
    version: ClassVar[int] = 1

    def fields(self) -> dict[str, Json]:
        return {}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:  # noqa: ARG003  # a withdrawal says nothing but its entry
        return cls()


@dataclass(frozen=True)
class SubmissionAccepted:
    """`rejected`: named rows that do not count. `after_lock`: the statement version that was locked by then."""

    kind: ClassVar[str] = "submission.accepted"
    version: ClassVar[int] = 1
    rejected: tuple[RejectedRow, ...] = ()
    after_lock: str | None = None

    def fields(self) -> dict[str, Json]:
        rows: list[Json] = [row.row for row in self.rejected]
        return {"rejected": rows, **({"after_lock": self.after_lock} if self.after_lock else {})}

    def texts(self) -> dict[str, str]:
        return {f"rejected {number}": row.reason for number, row in enumerate(self.rejected, start=1)}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        rows, reasons = source.lines("rejected"), source.free_texts("rejected ")
        if len(rows) != len(reasons) or len(set(rows)) != len(rows):
            raise PayloadError("'rejected' must name each row once, with its reason")
        pairs = zip(rows, reasons, strict=True)
        return cls(tuple(RejectedRow(row, reason) for row, reason in pairs), source.line_if_given("after_lock"))


@dataclass(frozen=True)
class AcceptanceWithdrawn:
    """An acceptance was a mistake, and its month is not locked."""

    kind: ClassVar[str] = "acceptance.withdrawn"
    version: ClassVar[int] = 1

    def fields(self) -> dict[str, Json]:
        return {}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:  # noqa: ARG003  # it says nothing but its entry
        return cls()


def rejected_rows(pairs: Iterable[tuple[str, str]]) -> tuple[RejectedRow, ...]:
    """(row id, reason) pairs as values."""
    return tuple(RejectedRow(row, reason) for row, reason in pairs)

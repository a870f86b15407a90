"""Signing and locking a month: two people, one statement, and a sealed copy of what was signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar, Self

from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_statement import SealedFormError, SealedStatement, read_sealed
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.index import entries_of
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import misrecorded, of_kind, payload_of
from muniment.domain.record.snapshot import folded


@dataclass(frozen=True)
class StatementSigned:
    """The first signature. `statement`: fingerprint of the statement that was seen, as known on the day `known`.
    `computed_on`: seq of the last entry then. `overdue`: (table, why the month is settled without it)."""

    kind: ClassVar[str] = "statement.signed"
    version: ClassVar[int] = 1
    month: Month
    statement: str
    known: date
    computed_on: int
    overdue: tuple[tuple[str, str], ...] = ()

    def fields(self) -> dict[str, Json]:
        tables: list[Json] = [table for table, _ in self.overdue]
        return {
            "month": str(self.month),
            "statement": self.statement,
            "known": self.known.isoformat(),
            "computed_on": self.computed_on,
            "overdue": tables,
        }

    def texts(self) -> dict[str, str]:
        return {f"overdue {number}": why for number, (_, why) in enumerate(self.overdue, start=1)}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        tables, reasons = source.lines("overdue"), source.free_texts("overdue ")
        if len(tables) != len(reasons):
            raise PayloadError("'overdue' must give every table and why")
        return cls(
            month=source.month("month"),
            statement=source.digest("statement"),
            known=source.day("known"),
            computed_on=source.whole("computed_on"),
            overdue=tuple(zip(tables, reasons, strict=True)),
        )


@dataclass(frozen=True)
class MonthLocked:
    """The second signature, or an approved restatement. `number`: 1 for v1. `sealed`: the outputs and inputs as they
    were signed, `statement` their fingerprint. `is_authority_alone`: both signatures are the authority's."""

    kind: ClassVar[str] = "month.locked"
    version: ClassVar[int] = 1
    month: Month
    number: int
    statement: str
    sealed: dict[str, Json]
    computed_on: int
    is_authority_alone: bool = False

    @property
    def name(self) -> str:
        return f"v{self.number}"

    @cached_property
    def sealed_statement(self) -> SealedStatement:
        """What is sealed, typed. Raises SealedFormError."""
        return read_sealed(self.sealed)

    def fields(self) -> dict[str, Json]:
        return {
            "month": str(self.month),
            "number": self.number,
            "statement": self.statement,
            "sealed": self.sealed,
            "computed_on": self.computed_on,
            "authority_alone": self.is_authority_alone,
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        alone = source.value("authority_alone")
        if not isinstance(alone, bool):
            raise PayloadError("'authority_alone' must be true or false")
        read = cls(
            month=source.month("month"),
            number=source.whole("number"),
            statement=source.digest("statement"),
            sealed=source.fields_of("sealed"),
            computed_on=source.whole("computed_on"),
            is_authority_alone=alone,
        )
        if sealed_fingerprint(read.sealed) != read.statement:
            raise PayloadError("'sealed' is not what was signed: its fingerprint is another")
        try:
            read.sealed_statement  # noqa: B018  # kept for whoever asks
        except SealedFormError as error:
            raise PayloadError(f"'sealed' is no statement: {error}") from error
        return read


@dataclass(frozen=True)
class Signature:
    """A first signature as the record has it."""

    signed: StatementSigned
    recorded: EntryReference


@dataclass(frozen=True)
class Lock:
    """A locked statement. `id`: cssc/2019-09/v1. `first`: the first signature; None for a restatement."""

    id: str
    locked: MonthLocked
    first: Signature | None
    recorded: EntryReference


def signatures_known(entries: Iterable[Entry]) -> Mapping[Month, Signature]:
    """Month -> its last first signature, whether or not it still stands."""
    return {signed.month: Signature(signed, entry.recorded) for entry, signed in of_kind(entries, StatementSigned)}


def locks_known(entries: Iterable[Entry]) -> Mapping[Month, tuple[Lock, ...]]:
    """Month -> its locked statements, v1 first. Raises ProblemsFoundError where a number is missing or given twice."""
    with folded(entries, _Locks) as locks:
        return dict(locks.found)


class _Locks:
    def __init__(self) -> None:
        self.found: dict[Month, tuple[Lock, ...]] = {}
        self._signatures: dict[Month, Signature] = {}

    def take(self, entry: Entry) -> None:
        if entry.kind == StatementSigned.kind:
            signed = payload_of(entry, StatementSigned)
            self._signatures[signed.month] = Signature(signed, entry.recorded)
        elif entry.kind == MonthLocked.kind:
            locked = payload_of(entry, MonthLocked)
            earlier = self.found.get(locked.month, ())
            if locked.number != len(earlier) + 1:
                raise misrecorded(entry, f"{entry.subject} does not follow v{len(earlier)}", "lock the next version")
            first = self._signatures.get(locked.month) if locked.number == 1 else None
            self.found[locked.month] = (*earlier, Lock(entry.subject, locked, first, entry.recorded))


def version_locked(entries: Iterable[Entry], month: Month) -> str | None:
    """The version of the month's statement that is locked (v1, v2 ...), None where none is."""
    numbers = [
        entry.payload["number"]
        for entry in entries_of(entries, MonthLocked.kind)
        if entry.payload.get("month") == str(month)
    ]
    return f"v{numbers[-1]}" if numbers else None

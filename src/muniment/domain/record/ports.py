"""Interfaces that a store implements for the record: ledger, files by sha256 (blobs), clock and salts."""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from muniment.domain.record.entry import Draft, Entry

ClockKind = Literal["scripted", "system"]


class HeadMovedError(Exception):
    """Somebody else recorded something in between: read again, decide again."""


class NotRecordedError(Exception):
    """The store could not write. Nothing was recorded; the message says why and what to do."""


class Clock(Protocol):
    """Never goes back."""

    @property
    def kind(self) -> ClockKind: ...

    def instant(self) -> str:
        """UTC to the second: 2019-05-08T09:30:00Z."""
        ...


class Salts(Protocol):
    def salt(self, *, seq: int, name: str) -> str:
        """32 hex digits for the text `name` of entry `seq`."""
        ...


class Ledger(Protocol):
    """One chain of entries. A transaction is recorded as a whole or not at all, and is durable once acknowledged."""

    @property
    def clock_kind(self) -> ClockKind: ...

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, verified. Raises ProblemsFoundError where the chain does not hold."""
        ...

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        """Records the drafts in one transaction, if the head is still the expected one (None: still empty).

        Raises HeadMovedError, RefusedError or NotRecordedError; then nothing was recorded.
        """
        ...


class TextDropper(Protocol):
    """A store that can drop a free text; the chain, and every hash in it, stay as they were."""

    def drop_text(self, *, seq: int, name: str) -> None:
        """Drops a text of an entry, so that nobody can read it again. Dropped already: nothing happens.

        Raises NotRecordedError where the store could not write; then the text is still there.
        """
        ...


class Blobs(Protocol):
    """Bytes named by their sha256."""

    def put(self, content: bytes) -> str:
        """Keeps the bytes durably and returns their sha256."""
        ...

    def has(self, sha256: str) -> bool: ...

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises ProblemsFoundError where they are missing or are not what their name says."""
        ...


class DroppingBlobs(Blobs, Protocol):
    """Blobs that can be dropped for good."""

    def drop(self, sha256: str, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Drops the bytes, so that nobody can read them again. Dropped already: nothing happens. Raises
        NotRecordedError.

        `unless` is asked when nobody finds them any more: where it says so, they are put back.
        """
        ...


class ErasingLedger(Ledger, TextDropper, Protocol):
    """A ledger that can drop texts."""

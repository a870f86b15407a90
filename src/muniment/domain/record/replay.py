"""Reads ledger entries: those of one kind with their typed payloads, and those recorded before an instant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.entry import LEDGER_FILE, Entry, Payload
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.snapshot import folded

_P = TypeVar("_P", bound=Payload)


class _OfKind(Generic[_P]):
    def __init__(self, payload: type[_P]) -> None:
        self._payload = payload
        self.found: list[tuple[Entry, _P]] = []

    def take(self, entry: Entry) -> None:
        if entry.kind == self._payload.kind:
            self.found.append((entry, payload_of(entry, self._payload)))


@dataclass(frozen=True)
class _Typed(Generic[_P]):
    """Begins the reading of one kind, and is equal to itself wherever that kind is asked for."""

    payload: type[_P]

    def __call__(self) -> _OfKind[_P]:
        return _OfKind(self.payload)


def head(entries: Sequence[Entry]) -> str | None:
    """The hash of the last entry; None for an empty ledger."""
    return entries[-1].hash if entries else None


def known_on(entries: Sequence[Entry], *, until: str) -> tuple[Entry, ...]:
    """The entries recorded before the UTC instant `until`, 2019-11-30T00:00:00Z.

    For "known on a day" hand in the instant at which the contract's zone begins the day after.
    """
    return tuple(entry for entry in entries if entry.recorded_at < until)


def of_kind(entries: Iterable[Entry], payload: type[_P]) -> Iterator[tuple[Entry, _P]]:
    """Every entry of that kind with its payload. Raises ProblemsFoundError where one is not as its kind demands."""
    with folded(entries, _Typed(payload)) as read:
        found = tuple(read.found)
    yield from found


def payload_of(entry: Entry, payload: type[_P]) -> _P:
    """The payload as its kind typed it. Raises ProblemsFoundError with the line of the ledger."""
    if entry.version > payload.version:
        newer = f"'{entry.kind}' has form {entry.version}, this Muniment reads up to {payload.version}"
        raise misrecorded(entry, newer, "read the record with a newer Muniment")
    reader = PayloadReader(fields=entry.payload, texts={name: entry.text(name) or "" for name in entry.commitments})
    try:
        read = payload.read(reader)
        reader.finish()
    except PayloadError as error:
        raise misrecorded(entry, f"{entry.kind}: {error}", "this entry was not written by Muniment") from error
    return read


def misrecorded(entry: Entry, what: str, remedy: str) -> ProblemsFoundError:
    """The problem of an entry that cannot be what it says, at its line of the ledger."""
    return ProblemsFoundError([Problem(Place(LEDGER_FILE, entry.seq), "C020", what, remedy)])

"""Reading entries as their kinds typed them, and as the record stood at an instant."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.entry import LEDGER_FILE, Entry, Payload
from muniment.domain.record.reader import PayloadReader, PayloadWrong

P = TypeVar("P", bound=Payload)


def head(entries: Sequence[Entry]) -> str | None:
    """The hash of the last entry; None for an empty ledger."""
    return entries[-1].hash if entries else None


def known_on(entries: Sequence[Entry], *, until: str) -> tuple[Entry, ...]:
    """The entries recorded before the UTC instant `until`, 2019-11-30T00:00:00Z.

    For "known on a day" hand in the instant at which the contract's zone begins the day after.
    """
    return tuple(entry for entry in entries if entry.recorded_at < until)


def of_kind(entries: Iterable[Entry], payload: type[P]) -> Iterator[tuple[Entry, P]]:
    """Every entry of that kind with its payload. Raises ProblemsFound where one is not as its kind demands."""
    for entry in entries:
        if entry.kind == payload.kind:
            yield entry, payload_of(entry, payload)


def payload_of(entry: Entry, payload: type[P]) -> P:
    """The payload as its kind typed it. Raises ProblemsFound with the line of the ledger."""
    if entry.version > payload.version:
        newer = f"'{entry.kind}' has form {entry.version}, this Muniment reads up to {payload.version}"
        raise misrecorded(entry, newer, "read the record with a newer Muniment")
    reader = PayloadReader(fields=entry.payload, texts={name: entry.text(name) or "" for name in entry.commitments})
    try:
        read = payload.read(reader)
        reader.finish()
    except PayloadWrong as wrong:
        raise misrecorded(entry, f"{entry.kind}: {wrong}", "this entry was not written by Muniment") from wrong
    return read


def misrecorded(entry: Entry, what: str, remedy: str) -> ProblemsFound:
    """The problem of an entry that cannot be what it says, at its line of the ledger."""
    return ProblemsFound([Problem(Place(LEDGER_FILE, entry.seq), "C020", what, remedy)])

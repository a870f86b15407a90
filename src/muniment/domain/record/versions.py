"""Which entries are about a thing, and whether it moved on since somebody looked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import about_since, last_about, things_of


@dataclass(frozen=True)
class UnseenEntry:
    """An entry that the person had not seen. `at`: UTC."""

    seq: int
    kind: str
    subject: str
    actor: str
    at: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.kind} on {self.subject} by {self.actor}, {self.at}"


class StaleError(RefusedError):
    """The thing moved on. Both sides are kept: `wanted`, what the person meant to do, and `since`, what happened."""

    def __init__(self, *, thing: str, seen: int, wanted: str, since: Sequence[UnseenEntry]) -> None:
        happened = "; ".join(str(change) for change in since)
        what = f"{thing} has moved on since entry {seen}, before you could {wanted} ({happened})"
        super().__init__("stale", what, "look at what happened, and repeat it if it still holds")
        self.thing = thing
        self.seen = seen
        self.wanted = wanted
        self.since = tuple(since)


def version_of(entries: Sequence[Entry], thing: str) -> int:
    """The seq of the last entry about the thing; 0 where there is none.

    A thing is an id or the beginning of one: cssc/calls/2019-09, cssc/CSC_KPI_04/2019-09/g1. The month cssc/2019-09 is
    also what happened to the tables and KPIs of that month.
    """
    last = last_about(entries, thing)
    return last.seq if last else 0


def is_about(subject: str, thing: str) -> bool:
    """Whether an entry on that subject is about the thing."""
    return thing in things_of(subject)


def entries_about(entries: Iterable[Entry], *, about: str = "", kind: str = "", by: str = "") -> tuple[Entry, ...]:
    """Those about a thing, of a kind and by an actor; what is blank is not asked."""
    return tuple(
        entry
        for entry in entries
        if (not about or is_about(entry.subject, about)) and kind in ("", entry.kind) and by in ("", entry.actor)
    )


def must_be_current(entries: Sequence[Entry], *, act: Act, thing: str, wanted: str) -> None:
    """Raises StaleError where the thing moved on since the entry that the person saw; an act without `seen` passes."""
    if act.seen is None:
        return
    if act.seen > len(entries):
        what = f"the record has {len(entries)} entries and nobody can have seen entry {act.seen}"
        raise RefusedError("seen", what, "give the number of the last entry that you saw")
    if since := tuple(_change(entry) for entry in about_since(entries, thing, seen=act.seen)):
        raise StaleError(thing=thing, seen=act.seen, wanted=wanted, since=since)


def _change(entry: Entry) -> UnseenEntry:
    return UnseenEntry(entry.seq, entry.kind, entry.subject, entry.actor, entry.recorded_at)

"""Finding entries: by kind, by the thing that they are about, by idempotency key."""

from collections.abc import Iterable, Iterator

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.domain.record.snapshot import folded

_LENGTH = 64


class _ByKind:
    def __init__(self) -> None:
        self.found: dict[str, list[Entry]] = {}

    def take(self, entry: Entry) -> None:
        self.found.setdefault(entry.kind, []).append(entry)


class _ByThing:
    def __init__(self) -> None:
        self.found: dict[str, list[Entry]] = {}

    def take(self, entry: Entry) -> None:
        for thing in things_of(entry.subject):
            self.found.setdefault(thing, []).append(entry)


class _ByKey:
    def __init__(self) -> None:
        self.first: dict[str, Entry] = {}

    def take(self, entry: Entry) -> None:
        if entry.key is not None:
            self.first.setdefault(entry.key, entry)


def entries_of(entries: Iterable[Entry], *kinds: str) -> tuple[Entry, ...]:
    """The entries of these kinds, in the order of recording."""
    with folded(entries, _ByKind) as by_kind:
        found = [by_kind.found.get(kind, ()) for kind in kinds]
        if len(found) == 1:
            return tuple(found[0])
        return tuple(sorted((entry for some in found for entry in some), key=lambda entry: entry.seq))


def last_about(entries: Iterable[Entry], thing: str) -> Entry | None:
    """The last entry about the thing; None where there is none."""
    with folded(entries, _ByThing) as by_thing:
        about = by_thing.found.get(thing)
        return about[-1] if about else None


def about_since(entries: Iterable[Entry], thing: str, *, seen: int) -> tuple[Entry, ...]:
    """The entries about the thing that came after entry `seen`."""
    found: list[Entry] = []
    with folded(entries, _ByThing) as by_thing:
        for entry in reversed(by_thing.found.get(thing, [])):
            if entry.seq <= seen:
                break
            found.append(entry)
    return tuple(reversed(found))


def first_with_key(entries: Iterable[Entry], key: str) -> Entry | None:
    """The first entry that an act with this idempotency key left; None where there is none."""
    with folded(entries, _ByKey) as by_key:
        return by_key.first.get(key)


def is_month(text: str) -> bool:
    """Whether the text is a month such as 2019-09."""
    try:
        Month.parse(text)
    except ValueError:
        return False
    return True


def things_of(subject: str) -> frozenset[str]:
    """What an entry on the subject is about: cssc/calls/2019-09/s1, cssc/calls/2019-09, cssc/calls, cssc, and the month
    cssc/2019-09, to which also what happened to its tables and KPIs belongs."""
    parts = subject.split("/")
    found = {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}
    if len(parts) > 2 and is_month(parts[2]):
        found.add(f"{parts[0]}/{parts[2]}")
    return frozenset(found)


def digests_named(entries: Iterable[Entry]) -> frozenset[str]:
    """Every text in a payload that is as long as a sha256, and so may name a file."""
    return frozenset(digest for entry in entries for digest in _digests(entry.payload))


def _digests(value: Json) -> Iterator[str]:
    match value:
        case str() if len(value) == _LENGTH:
            yield value
        case dict():
            for item in value.values():
                yield from _digests(item)
        case list():
            for item in value:
                yield from _digests(item)

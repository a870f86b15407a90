"""The files that entries name."""

from collections.abc import Iterable, Iterator

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry

LENGTH = 64


def digests_named(entries: Iterable[Entry]) -> frozenset[str]:
    """Every text in a payload that is as long as a sha256, and so may name a file."""
    return frozenset(digest for entry in entries for digest in _digests(entry.payload))


def _digests(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) == LENGTH:
            yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _digests(item)

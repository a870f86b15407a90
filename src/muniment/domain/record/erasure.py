"""Erasing a free text: the entry and its hash stay, the text goes, and an entry says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry
from muniment.domain.record.reader import PayloadReader
from muniment.domain.record.replay import of_kind


@dataclass(frozen=True)
class TextErased:
    """`entry`: seq of the entry whose text `name` (reason, cause ...) was erased."""

    kind: ClassVar[str] = "text.erased"
    version: ClassVar[int] = 1
    entry: int
    name: str

    def fields(self) -> dict[str, Json]:
        return {"entry": self.entry, "name": self.name}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(entry=source.whole("entry"), name=source.line("name"))


def not_yet_dropped(entries: Iterable[Entry]) -> Iterator[tuple[Entry, TextErased]]:
    """Erasures whose text still stands in the store: a crash came between the entry and the dropping."""
    known = tuple(entries)
    for entry, erased in of_kind(known, TextErased):
        if 0 < erased.entry < entry.seq and erased.name in known[erased.entry - 1].texts:
            yield entry, erased

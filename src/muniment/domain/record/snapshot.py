"""Verified ledger entries that keep what was computed from them, so that later readings go on from there.

A reading is a fold over entries. On a snapshot it is kept, and where entries follow it takes only those, so that what a
command costs does not grow with the record. On any other row of entries the same fold begins with the first one.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from muniment.domain.record.entry import Entry


class Fold(Protocol):
    """A reading under way. What it says depends on the entries that it took, in their order, and on nothing else."""

    def take(self, entry: Entry) -> None: ...


F = TypeVar("F", bound=Fold)


@dataclass(frozen=True)
class _Kept:
    """A fold that took `taken` entries, the last of which has the hash `head`."""

    taken: int
    head: str
    fold: Fold


class Snapshot(tuple[Entry, ...]):
    """Entries that their store verified. A part of them ([:n]) is a plain tuple, and is read from its beginning."""

    _kept: dict[Callable[[], Fold], _Kept]

    def __init__(self, entries: Iterable[Entry] = ()) -> None:  # noqa: ARG002  # the tuple has taken them already
        self._kept = {}

    def followed_by(self, added: Iterable[Entry]) -> "Snapshot":
        """The snapshot with the entries that came after it; its readings go on."""
        longer = Snapshot((*self, *added))
        if self:  # An empty one begins the record of anybody, and of one whose texts were erased since.
            longer._kept = self._kept
        return longer

    @contextmanager
    def folded(self, fold: Callable[[], F]) -> Iterator[F]:
        """The fold of these entries, to look something up in; what it hands out must not change afterwards.

        Whoever uses a kept fold takes it away meanwhile: another thread that comes along begins one of its own.
        """
        taken, current = self._resumed(fold)
        for entry in self[taken:]:
            current.take(entry)
        try:
            yield current
        finally:
            if self:
                self._kept[fold] = _Kept(len(self), self[-1].hash, current)

    def _resumed(self, fold: Callable[[], F]) -> tuple[int, F]:
        """A kept fold, where it stopped at an entry of this snapshot. A hash stands for all that led to it."""
        kept = self._kept.pop(fold, None)
        if kept is None or kept.taken > len(self) or self[kept.taken - 1].hash != kept.head:
            return 0, fold()
        return kept.taken, cast(F, kept.fold)


@contextmanager
def folded(entries: Iterable[Entry], fold: Callable[[], F]) -> Iterator[F]:
    """The fold of the entries: gone on with on a snapshot, else from the first entry. Raises what the fold does."""
    if isinstance(entries, Snapshot):
        with entries.folded(fold) as current:
            yield current
        return
    fresh = fold()
    for entry in entries:
        fresh.take(entry)
    yield fresh

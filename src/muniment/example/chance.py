"""Seeded chance. Only random() is used, whose sequence for a seed is the same in every version of Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Chance:
    """A sequence of chances that the seed decides."""

    def __init__(self, seed: str) -> None:
        self.roll = random.Random(seed).random

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return int(self.roll() * count)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        return self.roll() * 100 < percent

    def pick(self, items: Sequence[_T]) -> _T:
        return items[int(self.roll() * len(items))]

    def shuffled(self, items: Sequence[_T]) -> list[_T]:
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def marks(self, *, marked: int, of: int) -> list[bool]:
        """`of` marks in random order, exactly `marked` of them true."""
        return self.shuffled([index < marked for index in range(of)])

    def parts(self, *, total: int, pieces: int, most: int) -> list[int]:
        """The total as a sum of that many random whole pieces, each from 0 to `most`.

        Raises ValueError when the pieces cannot hold the total.
        """
        if total > pieces * most:
            raise ValueError(f"{pieces} pieces of at most {most} cannot hold {total}")
        found = [0] * pieces
        while total > 0:
            index = self.below(pieces)
            part = min(total, self.between(1, most), most - found[index])
            found[index] += part
            total -= part
        return found

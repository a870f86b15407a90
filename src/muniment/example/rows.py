"""What a table generator gives: a heading and rows, all text."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance


class Rows(NamedTuple):
    """The heading as the file writes it, and the cells of each row."""

    heading: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


Generator = Callable[[Month, Chance], Rows]


def stamp(month: Month) -> str:
    """The part of a row's id that names its month: 1909 for September 2019."""
    return f"{month.year % 100:02d}{month.number:02d}"


def pounds(pence: int) -> str:
    """1234 as 12.34."""
    return f"{pence // 100}.{pence % 100:02d}"

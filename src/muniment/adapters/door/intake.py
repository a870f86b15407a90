"""What the door hands back for one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Problem


@dataclass(frozen=True)
class Flaw:
    """A problem in a row: the column's name in the file, empty where it is the row's, and the row's key as the file has
    it, empty where that cannot be told."""

    problem: Problem
    column: str
    key: str


@dataclass(frozen=True)
class Intake:
    """`parquet` is the normalised store, or None when a problem was found: a file is taken whole or not at all.
    `rows` were read. `ignored` are columns of the file that the table does not have, in file order.

    `flaws`: the problems that are in rows, one by one; `counts` says how many there are of each code in all, and
    `faulty_rows` how many rows have any. `warnings` stop nothing."""

    parquet: Path | None
    rows: int
    rows_by_month: Mapping[Month, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    faulty_rows: int = 0
    warnings: tuple[Problem, ...] = ()

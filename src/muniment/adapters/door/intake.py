"""What the door hands back for one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Problem


@dataclass(frozen=True)
class Intake:
    """`parquet` is the normalised store, or None when a problem was found: a file is taken whole or not at all.
    `rows` were read. `ignored` are columns of the file that the table does not have, in file order."""

    parquet: Path | None
    rows: int
    rows_by_month: Mapping[Month, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()

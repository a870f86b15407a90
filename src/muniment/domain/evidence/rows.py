"""A row of evidence as an engine reads it: its id, the day that decides its month, and its typed cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from muniment.domain.language.columns import Value


@dataclass(frozen=True)
class Row:
    """`id`: the key columns as text, joined by '/'. `day`: the local date in the column that dates the table's rows.
    A missing cell is None."""

    id: str
    day: date
    cells: Mapping[str, Value | None]

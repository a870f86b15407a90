"""A declared column of an evidence table: name, type, listed values, date format; and the types of its values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from muniment.domain.kernel.period import Moment

ColumnType = Literal["number", "text", "date", "datetime", "yes_no"]
Value = Decimal | str | date | Moment | bool


@dataclass(frozen=True)
class Column:
    """A column of an evidence table. `source` is its name in the file, `format` how the file writes its dates
    (strptime codes; None means ISO 8601)."""

    name: str
    type: ColumnType
    may_be_missing: bool = False
    one_of: tuple[str, ...] = ()
    source: str | None = None
    format: str | None = None

    @property
    def name_in_file(self) -> str:
        return self.source or self.name

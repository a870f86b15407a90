"""A table contract: what one evidence table must hold, and which day decides the period of a row."""

from dataclasses import dataclass

from muniment.domain.language.columns import Column


@dataclass(frozen=True)
class Table:
    """`key`: the columns that name a row. `dated_by`: the date or datetime column that decides its month.
    `due_business_days`: how long after the period the evidence is due."""

    name: str
    row_is: str
    key: tuple[str, ...]
    dated_by: str
    columns: tuple[Column, ...]
    due_business_days: int = 5

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError where there is none."""
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

"""Table 1: how many KPIs in force stand where, month by month. The rows partition the KPIs, so they always add up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import CATEGORIES, Category
from muniment.domain.kernel.period import Month


@dataclass(frozen=True)
class Column:
    """One month of Table 1."""

    month: Month
    contract_month: int
    counts: Mapping[Category, int]

    @property
    def total(self) -> int:
        """KPIs in force: the sum of the rows."""
        return sum(self.counts.values())


def table_1(results: Sequence[Result]) -> tuple[Column, ...]:
    """A column per month, in month order."""
    months = sorted({(result.month, result.contract_month) for result in results})
    columns = []
    for month, contract_month in months:
        tally = Counter(result.category for result in results if result.month == month)
        columns.append(Column(month, contract_month, {category: tally[category] for category in CATEGORIES}))
    return tuple(columns)

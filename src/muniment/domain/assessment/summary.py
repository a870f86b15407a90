"""Table 1: the number of KPIs in force in each category, month by month; and the headline sentence of a month.

Every KPI in force is in exactly one row, so the rows always add up.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import Category
from muniment.domain.kernel.period import Month


@dataclass(frozen=True)
class Table1Column:
    """One month of Table 1."""

    month: Month
    contract_month: int
    counts: Mapping[Category, int]

    @property
    def total(self) -> int:
        """KPIs in force: the sum of the rows."""
        return sum(self.counts.values())


def table_1(results: Sequence[Result]) -> tuple[Table1Column, ...]:
    """A column per month, in month order."""
    months = sorted({(result.month, result.contract_month) for result in results})
    columns = []
    for month, contract_month in months:
        tally = Counter(result.category for result in results if result.month == month)
        columns.append(Table1Column(month, contract_month, {category: tally[category] for category in Category}))
    return tuple(columns)


def headline(column: Table1Column) -> str:
    """The month's answer: 'November 2019: 35 of 41 at target, 1 below minimum, 3 mitigated, 2 not measured'."""
    return headline_of(month=column.month, counts=column.counts)


def headline_of(*, month: Month, counts: Mapping[Category, int]) -> str:
    """The same from the counts of the month's column."""
    first, *others = Category
    parts = [f"{counts[first]} of {sum(counts.values())} {first.headline}"]
    parts += [f"{counts[category]} {category.headline}" for category in others if counts[category]]
    return f"{month.name}: {', '.join(parts)}"

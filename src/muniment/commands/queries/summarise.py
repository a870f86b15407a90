"""Table 1 of a range of months."""

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.summary import Column, table_1
from muniment.domain.kernel.period import Month


def summarise(reading: Reading, *, first: Month, last: Month) -> tuple[Column, ...]:
    """A column per month. Raises ProblemsFound for months outside the term."""
    return table_1(reading.results(first=first, last=last))

"""The statement of a month: points, credit and their working."""

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.statement import Statement, statement_of
from muniment.domain.kernel.period import Month


def settle(reading: Reading, *, month: Month) -> Statement:
    """The statement as computed from what was known. Raises ProblemsFound for a month outside the term."""
    return statement_of(
        month=month,
        results=reading.results(first=month, last=month),
        regime=reading.text.regime_at(on=month.first_day, known=reading.known),
        suspensions=reading.text.suspensions(known=reading.known),
    )

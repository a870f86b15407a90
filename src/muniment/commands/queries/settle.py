"""The statement of a month: points, credit and their working; and the credits to date."""

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.settled import credits_before, settled_months, statement_in
from muniment.domain.assessment.statement import Statement
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month


def settle(reading: Reading, *, month: Month) -> Statement:
    """The statement as computed from what was known. Raises ProblemsFound for a month outside the term."""
    return statement_in(reading, month=month, results=reading.results(first=month, last=month))


def credits_to_date(reading: Reading, *, month: Month) -> Money | None:
    """Credits due from the start of the contract to the end of the month: the opening balance, and every month of the
    record. None before the record began, when nobody knows. Raises ProblemsFound for a month outside the term."""
    if month < reading.contract.record_from:
        return None
    settled = settled_months(reading, reading.results(first=min(reading.start, month), last=month))
    return settled[-1].credits_to_date if settled else credits_before(reading)

"""The statement of a month: points, credit and their working; and the credits to date."""

from collections.abc import Sequence

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.statement import Statement, statement_of
from muniment.domain.kernel.money import Money, total
from muniment.domain.kernel.period import Month, months_from


def settle(reading: Reading, *, month: Month) -> Statement:
    """The statement as computed from what was known. Raises ProblemsFound for a month outside the term."""
    return _statement(reading, month=month, results=reading.results(first=month, last=month))


def credits_to_date(reading: Reading, *, month: Month) -> Money | None:
    """Credits due from the start of the contract to the end of the month: the opening balance, and every month of the
    record. None before the record began, when nobody knows. Raises ProblemsFound for a month outside the term."""
    if month < reading.contract.record_from:
        return None
    before = reading.brought_forward.credits if reading.brought_forward else Money(0)
    months = tuple(months_from(reading.start, month))
    results = reading.results(first=min(reading.start, month), last=month)
    due = [
        statement.credit.due
        for each in months
        if (statement := _statement(reading, month=each, results=[r for r in results if r.month == each])).credit
    ]
    return total([reading.contract.opening_credits, before, *due])


def _statement(reading: Reading, *, month: Month, results: Sequence[Result]) -> Statement:
    return statement_of(
        month=month,
        results=results,
        regime=reading.text.regime_at(on=month.first_day, known=reading.known),
        suspensions=reading.text.suspensions(known=reading.known),
    )

"""The statement of one month, or of every month of the record: points, credit and their working; credits to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.statement import Statement, statement_of
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month


@dataclass(frozen=True)
class SettledMonth:
    """A month's results and statement. `credits_to_date`: as settlement.credits_to_date gives them."""

    month: Month
    results: tuple[Result, ...]
    statement: Statement
    credits_to_date: Money | None


def settled_months(reading: Reading, results: Sequence[Result]) -> tuple[SettledMonth, ...]:
    """`results`: those of the reading from its start on, in month order."""
    credits, found = credits_before(reading), []
    for month, of_month in groupby(results, key=lambda result: result.month):
        mine = tuple(of_month)
        statement = statement_in(reading, month=month, results=mine)
        credits += statement.credit.due if statement.credit else Money(0)
        found.append(SettledMonth(month, mine, statement, credits if month >= reading.contract.record_from else None))
    return tuple(found)


def credits_before(reading: Reading) -> Money:
    """Credits due before the first month that can be computed: the opening balance, and months whose rows are gone."""
    before = reading.brought_forward.credits if reading.brought_forward else Money(0)
    return reading.contract.opening_credits + before


def statement_in(reading: Reading, *, month: Month, results: Sequence[Result]) -> Statement:
    """`results`: those of the month."""
    return statement_of(
        month=month,
        results=results,
        regime=reading.text.regime_at(on=month.first_day, known=reading.known),
        suspensions=reading.text.suspensions(known=reading.known),
    )


def settle_month(reading: Reading, *, month: Month) -> Statement:
    """The statement as computed from what was known. Raises ProblemsFoundError for a month outside the term."""
    return statement_in(reading, month=month, results=reading.results(first=month, last=month))


def credits_to_date(reading: Reading, *, month: Month) -> Money | None:
    """Credits due from the start of the contract to the end of the month: the opening balance, and every month of the
    record. None before the record began, when nobody knows. Raises ProblemsFoundError for a month outside the term."""
    if month < reading.contract.record_from:
        return None
    settled = settled_months(reading, reading.results(first=min(reading.start, month), last=month))
    return settled[-1].credits_to_date if settled else credits_before(reading)

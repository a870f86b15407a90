"""Mitigations against the terms of the grounds that the agreed text gives them."""

from datetime import date

from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.mitigation_terms import Asked, departures
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.build_contract import BUSINESS_DAY
from muniment.domain.regime.regime import Contract

_WEEKDAYS = BusinessDays(frozenset(range(5)), frozenset())


def business_days_of(contract: Contract) -> BusinessDays:
    """The contract's Business Days; Monday to Friday where it declares none."""
    calendar = contract.calendars.get(BUSINESS_DAY)
    return calendar if isinstance(calendar, BusinessDays) else _WEEKDAYS


def departures_of(
    *, text: AgreedText, known: date | None, mitigation: Mitigation, asked_on: date | None
) -> tuple[str, ...]:
    """Where a mitigation departs from the terms of its ground, a sentence each. `asked_on`: the local day of asking."""
    contract = text.contract(known=known)
    month = min(max(mitigation.first, contract.start), contract.end)
    ground = text.regime_at(on=month.first_day, known=known).grounds.get(mitigation.ground)
    if asked_on is None or ground is None:
        return ()
    return departures(asked=Asked(mitigation, asked_on), ground=ground, business_days=business_days_of(contract))

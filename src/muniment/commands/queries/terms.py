"""Mitigations against the terms of the grounds that the agreed text gives them."""

from datetime import date

from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.mitigation_terms import Asked, departures, last_day_to_ask
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.build_contract import BUSINESS_DAY
from muniment.domain.regime.regime import Contract, Regime

_WEEKDAYS = BusinessDays(frozenset(range(5)), frozenset())


def business_days_of(contract: Contract) -> BusinessDays:
    """The contract's Business Days; Monday to Friday where it declares none."""
    calendar = contract.calendars.get(BUSINESS_DAY)
    return calendar if isinstance(calendar, BusinessDays) else _WEEKDAYS


def regime_of_month(*, text: AgreedText, known: date | None, month: Month) -> Regime:
    """The text that a month stands under; for one outside the term, that of the nearest month inside."""
    contract = text.contract(known=known)
    inside = min(max(month, contract.start), contract.end)
    return text.regime_at(on=inside.first_day, known=known)


def departures_of(
    *, text: AgreedText, known: date | None, mitigation: Mitigation, asked_on: date | None
) -> tuple[str, ...]:
    """Where a mitigation departs from the terms of its ground, a sentence each. `asked_on`: the local day of asking."""
    ground = regime_of_month(text=text, known=known, month=mitigation.first).grounds.get(mitigation.ground)
    if asked_on is None or ground is None:
        return ()
    business_days = business_days_of(text.contract(known=known))
    return departures(asked=Asked(mitigation, asked_on), ground=ground, business_days=business_days)


def last_day_of_asking(*, text: AgreedText, known: date | None, ground: str, month: Month) -> date:
    """The last day on which mitigation on that ground is asked for in time, for months from `month` on. Raises KeyError
    for a ground that is not in force then."""
    within = regime_of_month(text=text, known=known, month=month).grounds[ground].request_within
    return last_day_to_ask(within=within, first=month, business_days=business_days_of(text.contract(known=known)))

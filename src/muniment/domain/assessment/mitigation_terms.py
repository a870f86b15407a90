"""Checks a mitigation against the terms of its ground: asked for in time, not too long, with the agreed effect.

The terms decide nothing: a person does. What does not fit is said, in `check` and wherever the mitigation is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month, long_date
from muniment.domain.regime.text import GroundText


@dataclass(frozen=True)
class DatedRequest:
    """A request, and the local day on which it was recorded."""

    mitigation: Mitigation
    on: date


def departures(*, asked: DatedRequest, ground: GroundText, business_days: BusinessDays) -> tuple[str, ...]:
    """Where the mitigation departs from the terms of its ground, a sentence each; none where it fits."""
    return tuple(_departures(asked, ground, business_days))


def _departures(asked: DatedRequest, ground: GroundText, business_days: BusinessDays) -> Iterator[str]:
    mitigation = asked.mitigation
    last_day = last_day_to_ask(within=ground.request_within, first=mitigation.first, business_days=business_days)
    if asked.on > last_day:
        yield (
            f"It was asked for on {long_date(asked.on)}; the ground allows requests until {long_date(last_day)} "
            f"({ground.request_within})."
        )
    if ground.longest is not None and mitigation.last >= _end_after(ground.longest, mitigation.first):
        yield f"It runs from {mitigation.first.name} to {mitigation.last.name}; the ground allows {ground.longest}."
    decision = mitigation.decision
    if decision is not None and decision.effect not in (None, ground.effect):
        yield f"It was granted with the effect {decision.effect}; the ground's is {ground.effect}."


def last_day_to_ask(*, within: str, first: Month, business_days: BusinessDays) -> date:
    """The last day on which a request for months from `first` on is in time.

    'before the period': the day before the first month. '5 business days', '10 days', '2 months': counted from the
    last day of the first month, which is the first on which a failure can be known.
    """
    if within == "before the period":
        return first.first_day - timedelta(days=1)
    count, _, unit = within.partition(" ")
    if unit == "business days":
        return business_days.after(first.last_day, int(count))
    if unit == "days":
        return first.last_day + timedelta(days=int(count))
    return first.plus(int(count)).last_day


def _end_after(longest: str, first: Month) -> Month:
    """The first month that is past the longest time."""
    count, _, unit = longest.partition(" ")
    if unit == "months":
        return first.plus(int(count))
    return Month.of(first.first_day + timedelta(days=int(count))).plus(1)

"""The terms of a ground: asked for in time, no longer than it allows, with its own effect."""

from dataclasses import replace
from datetime import date

import pytest

from muniment.domain.assessment.mitigation import Decision, Mitigation
from muniment.domain.assessment.mitigation_terms import DatedRequest, departures, last_day_to_ask
from muniment.domain.kernel.bank_holidays import bank_holidays
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import EntryReference
from muniment.domain.regime.text import GroundText

BUSINESS_DAYS = BusinessDays(frozenset(range(5)), bank_holidays(division="england-and-wales", known=None))
GROUND = GroundText(
    title="T", clause="cl. 1", request_within="10 business days", effect="no_points", longest="6 months"
)
RECORDED = EntryReference(1, "0" * 64, "2019-12-09T09:00:00Z", "p-1", "supplier", "why")
MITIGATION = Mitigation(
    id="cssc/K/2019-11/g1", kpi="K", ground="exceptional", first=Month(2019, 11), last=Month(2019, 11),
    review_on=None, plan=None, requested=RECORDED,
)  # fmt: skip


@pytest.mark.parametrize(
    ("within", "last_day"),
    [
        ("before the period", date(2019, 10, 31)),
        ("10 business days", date(2019, 12, 13)),
        ("10 days", date(2019, 12, 10)),
        ("2 months", date(2020, 1, 31)),
    ],
)
def test_the_last_day_to_ask_for_november(within: str, last_day: date) -> None:
    assert last_day_to_ask(within=within, first=Month(2019, 11), business_days=BUSINESS_DAYS) == last_day


def test_business_days_pass_over_christmas() -> None:
    found = last_day_to_ask(within="20 business days", first=Month(2019, 11), business_days=BUSINESS_DAYS)
    assert found == date(2019, 12, 31)


@pytest.mark.parametrize(("day", "is_late"), [(date(2019, 12, 13), False), (date(2019, 12, 14), True)])
def test_a_request_is_late_from_the_day_after_the_last(day: date, is_late: bool) -> None:
    said = departures(asked=DatedRequest(MITIGATION, day), ground=GROUND, business_days=BUSINESS_DAYS)
    assert bool(said) == is_late
    if is_late:
        (sentence,) = said
        assert sentence.startswith("It was asked for on 14 December 2019; the ground allows requests until 13 December")


@pytest.mark.parametrize(("last", "is_too_long"), [(Month(2020, 4), False), (Month(2020, 5), True)])
def test_six_months_from_november_end_with_april(last: Month, is_too_long: bool) -> None:
    asked = DatedRequest(replace(MITIGATION, last=last), date(2019, 11, 1))
    said = departures(asked=asked, ground=GROUND, business_days=BUSINESS_DAYS)
    assert [sentence.endswith("the ground allows 6 months.") for sentence in said] == [True] * is_too_long


def test_another_effect_than_the_ground_gives_is_said() -> None:
    granted = replace(MITIGATION, decision=Decision("granted", "no_points_no_trigger", RECORDED))
    said = departures(asked=DatedRequest(granted, date(2019, 11, 1)), ground=GROUND, business_days=BUSINESS_DAYS)
    assert said == ("It was granted with the effect no_points_no_trigger; the ground's is no_points.",)


@pytest.mark.parametrize(
    "decision", [None, Decision("granted", "no_points", RECORDED), Decision("refused", None, RECORDED)]
)
def test_what_is_undecided_refused_or_granted_with_the_grounds_own_effect_departs_in_nothing(
    decision: Decision | None,
) -> None:
    asked = DatedRequest(replace(MITIGATION, decision=decision), date(2019, 11, 1))
    assert departures(asked=asked, ground=GROUND, business_days=BUSINESS_DAYS) == ()


def test_a_ground_that_names_no_longest_time_allows_any() -> None:
    asked = DatedRequest(replace(MITIGATION, last=Month(2025, 10)), date(2019, 11, 1))
    endless = GROUND.model_copy(update={"longest": None})
    assert departures(asked=asked, ground=endless, business_days=BUSINESS_DAYS) == ()


@pytest.mark.parametrize(("last", "is_too_long"), [(Month(2019, 12), False), (Month(2020, 1), True)])
def test_forty_five_days_from_november_reach_into_december(last: Month, is_too_long: bool) -> None:
    asked = DatedRequest(replace(MITIGATION, last=last), date(2019, 11, 1))
    ground = GROUND.model_copy(update={"longest": "45 days"})
    said = departures(asked=asked, ground=ground, business_days=BUSINESS_DAYS)
    assert [sentence.endswith("the ground allows 45 days.") for sentence in said] == [True] * is_too_long

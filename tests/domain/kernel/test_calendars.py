"""Business Days are counted after the first day up to and including the last; hours are open until they close."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.bank_holidays import bank_holidays
from muniment.domain.kernel.calendars import BusinessDays, OpeningHours, parse_hours, parse_weekdays
from muniment.domain.kernel.period import Moment

ENGLAND = bank_holidays(division="england-and-wales", known=None)
BUSINESS_DAY = BusinessDays(frozenset(range(5)), ENGLAND)
DESK = OpeningHours(tuple((day, 8 * 3600, 18 * 3600) for day in range(5)), ENGLAND)
DAYS = st.dates(date(2018, 1, 1), date(2022, 12, 31))
MOMENTS = st.builds(lambda day, second: Moment(0, day, second), DAYS, st.integers(0, 86_399))


def at(day: str, time: str) -> Moment:
    hours, minutes = time.split(":")
    return Moment(0, date.fromisoformat(day), int(hours) * 3600 + int(minutes) * 60)


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        ("2019-04-18", "2019-04-18", 0),  # the same day
        ("2019-04-17", "2019-04-18", 1),  # Wednesday to Thursday
        ("2019-04-18", "2019-04-19", 0),  # to Good Friday
        ("2019-04-18", "2019-04-22", 0),  # to Easter Monday
        ("2019-04-18", "2019-04-23", 1),  # over all of Easter
        ("2019-04-19", "2019-04-23", 1),  # from a bank holiday
        ("2019-12-24", "2019-12-27", 1),  # over Christmas and Boxing Day
        ("2019-12-31", "2020-01-02", 1),  # over New Year
        ("2019-11-01", "2019-11-04", 1),  # over a weekend
        ("2019-11-02", "2019-11-03", 0),  # inside a weekend
        ("2019-04-23", "2019-04-18", -1),  # backwards
    ],
)
def test_business_days_after_one_day_up_to_another(a: str, b: str, days: int) -> None:
    assert BUSINESS_DAY.between(date.fromisoformat(a), date.fromisoformat(b)) == days


def test_evidence_is_due_five_business_days_after_the_month() -> None:
    assert BUSINESS_DAY.after(date(2019, 11, 30), 5) == date(2019, 12, 6)
    assert BUSINESS_DAY.after(date(2019, 12, 31), 5) == date(2020, 1, 8)  # New Year's Day does not count
    assert BUSINESS_DAY.after(date(2019, 12, 31), 0) == date(2019, 12, 31)


def test_a_calendar_without_days_has_no_business_day() -> None:
    with pytest.raises(ValueError, match="no Business Days"):
        BusinessDays(frozenset(), frozenset()).after(date(2019, 11, 30), 1)


@given(a=DAYS, b=DAYS, c=DAYS)
def test_days_add_up_along_the_way_and_count_back_the_same(a: date, b: date, c: date) -> None:
    assert BUSINESS_DAY.between(a, b) + BUSINESS_DAY.between(b, c) == BUSINESS_DAY.between(a, c)
    assert BUSINESS_DAY.between(a, b) == -BUSINESS_DAY.between(b, a)


@given(day=DAYS, count=st.integers(1, 30))
def test_so_many_business_days_later_is_a_business_day_and_the_first_such(day: date, count: int) -> None:
    later = BUSINESS_DAY.after(day, count)
    assert BUSINESS_DAY.includes(later)
    assert BUSINESS_DAY.between(day, later) == count
    assert BUSINESS_DAY.between(day, later - timedelta(days=1)) == count - 1


@pytest.mark.parametrize(
    ("day", "time", "is_open"),
    [
        ("2019-11-04", "07:59", False),
        ("2019-11-04", "08:00", True),
        ("2019-11-04", "17:59", True),
        ("2019-11-04", "18:00", False),  # the minute of closing is closed
        ("2019-11-02", "12:00", False),  # Saturday
        ("2019-12-25", "12:00", False),  # Christmas Day
    ],
)
def test_open_from_the_minute_of_opening_until_the_minute_of_closing(day: str, time: str, is_open: bool) -> None:
    assert DESK.is_open(at(day, time)) is is_open


@pytest.mark.parametrize(
    ("a", "b", "minutes"),
    [
        (("2019-11-04", "09:00"), ("2019-11-04", "10:30"), 90),
        (("2019-11-04", "06:00"), ("2019-11-04", "08:30"), 30),
        (("2019-11-04", "17:30"), ("2019-11-05", "08:30"), 60),
        (("2019-11-01", "17:00"), ("2019-11-04", "09:00"), 120),  # over a weekend
        (("2019-12-24", "17:00"), ("2019-12-27", "09:00"), 120),  # over Christmas
        (("2019-11-02", "09:00"), ("2019-11-03", "17:00"), 0),
        (("2019-11-04", "10:30"), ("2019-11-04", "09:00"), -90),
        (("2019-10-26", "12:00"), ("2019-10-28", "09:00"), 60),  # the night on which the clocks go back
    ],
)
def test_service_minutes_between_two_moments(a: tuple[str, str], b: tuple[str, str], minutes: int) -> None:
    assert DESK.seconds_between(at(*a), at(*b)) == minutes * 60


@given(a=MOMENTS, b=MOMENTS, c=MOMENTS)
def test_service_time_adds_up_along_the_way_and_counts_back_the_same(a: Moment, b: Moment, c: Moment) -> None:
    assert DESK.seconds_between(a, b) + DESK.seconds_between(b, c) == DESK.seconds_between(a, c)
    assert DESK.seconds_between(a, b) == -DESK.seconds_between(b, a)


@given(day=DAYS, start=st.integers(0, 86_399), length=st.integers(0, 3600))
def test_service_time_of_one_day_is_the_seconds_that_are_open(day: date, start: int, length: int) -> None:
    end = min(start + length, 86_399)
    step = [DESK.is_open(Moment(0, day, second)) for second in range(start, end)]
    assert DESK.seconds_between(Moment(0, day, start), Moment(0, day, end)) == sum(step)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("Sat", (5,)),
        ("Mon-Wed, Fri", (0, 1, 2, 4)),
        ("Fri-Mon", (4, 5, 6, 0)),
    ],
)
def test_days_of_the_week_in_words(text: str, days: tuple[int, ...]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize("text", ["Monday", "Mon-", "-Fri", "", "Mon-Fri-Sun", "mon-fri"])
def test_what_names_no_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no days"):
        parse_weekdays(text)


def test_hours_in_words() -> None:
    assert parse_hours("08:00-18:00") == (8 * 3600, 18 * 3600)
    assert parse_hours("00:00-24:00") == (0, 86_400)


@pytest.mark.parametrize("text", ["8:00-18:00", "08:00", "18:00-08:00", "08:00-08:00", "08:60-18:00", "08:00-24:01"])
def test_what_is_no_time_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time range|does not open before it closes"):
        parse_hours(text)

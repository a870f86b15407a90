"""The fast tables of a calendar agree with its slow, obvious count, day by day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.domain.evidence.normalised import (
    EPOCH,
    ClockColumn,
    business_days,
    business_days_up_to,
    calendar_fingerprint,
    clock_field,
    day_from,
    day_number,
    layout_fingerprint,
    service_days,
)
from muniment.domain.kernel.calendars import BusinessDays, OpeningHours
from muniment.domain.kernel.period import Moment
from muniment.domain.regime.contract import Table

dates = st.dates(date(1965, 1, 1), date(2030, 12, 31))
holidays = st.frozensets(st.dates(date(2019, 1, 1), date(2019, 12, 31)), max_size=5)
hours = st.tuples(st.integers(0, 86_399), st.integers(1, 86_400)).map(
    lambda pair: (min(pair), max(pair[1], pair[0] + 1))
)


@settings(max_examples=30, deadline=None)
@given(holidays=holidays, weekdays=st.frozensets(st.integers(0, 6), min_size=1), first=dates, width=st.integers(0, 40))
def test_business_days_are_counted_from_1970(
    holidays: frozenset[date], weekdays: frozenset[int], first: date, width: int
) -> None:
    calendar = BusinessDays(weekdays=weekdays, holidays=holidays)
    last = first + timedelta(days=width)
    table = {row.day: row.count for row in business_days(calendar=calendar, first=first, last=last)}
    assert list(table) == list(range(day_number(first), day_number(last) + 1))
    assert table[day_number(last)] - table[day_number(first)] == calendar.between(first, last)
    assert table[day_number(first)] == business_days_up_to(calendar, first)


@settings(max_examples=30, deadline=None)
@given(holidays=holidays, interval=hours, first=dates, width=st.integers(0, 40), second=st.integers(0, 86_399))
def test_service_seconds_are_counted_from_1970(
    holidays: frozenset[date], interval: tuple[int, int], first: date, width: int, second: int
) -> None:
    """The first day by a count from 1970 on, the others by a count from the first."""
    calendar = OpeningHours(hours=tuple((weekday, *interval) for weekday in range(5)), holidays=holidays)
    last = first + timedelta(days=width)
    rows = tuple(service_days(calendar=calendar, first=first, last=last))
    begins = Moment(0, first, 0)
    assert [row.day for row in rows] == list(range(day_number(first), day_number(last) + 1))
    assert rows[0].before == calendar.seconds_between(Moment(0, EPOCH, 0), begins)
    for row in rows:
        inside = max(row.opens, min(second, row.closes)) - row.opens
        at = Moment(0, day_from(row.day), second)
        assert row.before + inside == rows[0].before + calendar.seconds_between(begins, at)
        assert (row.opens <= second < row.closes) == calendar.is_open(at)


def test_a_clock_of_other_holidays_is_another_column() -> None:
    clock = ClockColumn("business_days", "paid_on", "working")
    plain = BusinessDays(weekdays=frozenset(range(5)), holidays=frozenset())
    with_holiday = BusinessDays(weekdays=frozenset(range(5)), holidays=frozenset({date(2019, 8, 26)}))
    assert clock_field(clock, plain).name != clock_field(clock, with_holiday).name
    assert calendar_fingerprint(plain) != calendar_fingerprint(with_holiday)


def test_whatever_changes_the_store_changes_the_layouts_fingerprint(cases: Table) -> None:
    plain = BusinessDays(weekdays=frozenset(range(5)), holidays=frozenset())
    clock = ClockColumn("business_days", "paid_on", "working")
    fingerprints = {
        layout_fingerprint(table=cases, zone="Europe/London", clocks=(), calendars={}),
        layout_fingerprint(table=cases, zone="Europe/Paris", clocks=(), calendars={}),
        layout_fingerprint(table=cases, zone="Europe/London", clocks=[clock], calendars={"working": plain}),
    }
    assert len(fingerprints) == 3

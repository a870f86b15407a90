"""Days and hours for the example's rows: Business Days before and after, service hours, times as text.

No time between midnight and five in the morning is ever given, so none falls in an hour that the clocks skip or repeat.
"""

from datetime import date, timedelta
from functools import cache

from muniment.domain.kernel.bank_holidays import bank_holidays
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month

BUSINESS_DAYS = BusinessDays(frozenset(range(5)), bank_holidays(division="england-and-wales", known=None))
IMT_OPENS, IMT_CLOSES = 7 * 60, 19 * 60
"""Service hours of Information Management & Technology, in minutes after midnight."""


@cache
def days_of(month: Month) -> tuple[date, ...]:
    """Every day of the month."""
    count = (month.last_day - month.first_day).days + 1
    return tuple(month.first_day + timedelta(days=n) for n in range(count))


@cache
def business_days_in(month: Month) -> tuple[date, ...]:
    """The month's Business Days."""
    return tuple(day for day in days_of(month) if BUSINESS_DAYS.includes(day))


@cache
def business_days_between(first: date, last: date) -> tuple[date, ...]:
    """The Business Days from first to last, both included."""
    span = (last - first).days + 1
    return tuple(day for day in (first + timedelta(days=n) for n in range(span)) if BUSINESS_DAYS.includes(day))


@cache
def business_days_before(day: date, count: int) -> date:
    """The Business Day that is `count` Business Days before `day`."""
    while count > 0:
        day -= timedelta(days=1)
        count -= BUSINESS_DAYS.includes(day)
    return day


@cache
def business_days_after(day: date, count: int) -> date:
    """The Business Day that is `count` Business Days after `day`."""
    return BUSINESS_DAYS.after(day, count)


@cache
def last_seen(month: Month) -> date:
    """The last day that a month's evidence can know of: the third Business Day after the month."""
    return business_days_after(month.last_day, 3)


@cache
def clock_times() -> tuple[str, ...]:
    """HH:MM:SS for every second of a day."""
    return tuple(f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86_400))


def local_time(day: date, second: int) -> str:
    """A local time as the evidence writes it: 2019-09-03 10:15:00."""
    return f"{day} {clock_times()[second]}"


def after_service_minutes(*, day: date, minute: int, spend: int) -> tuple[date, int]:
    """The day and minute at which `spend` minutes of IMT service time have passed since that moment."""
    while True:
        if BUSINESS_DAYS.includes(day):
            start = max(minute, IMT_OPENS)
            left = IMT_CLOSES - start
            if spend <= left:
                return day, start + spend
            spend -= max(0, left)
        day, minute = day + timedelta(days=1), 0

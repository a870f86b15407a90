"""Business-day and opening-hours calendars: read from contract text, and counted one day at a time.

Day counts are (a, b]: the day after a is day 1. Opening hours are half-open: open <= t < close.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from muniment.domain.kernel.period import Moment

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class BusinessDays:
    """Which days count as Business Days. `weekdays`: 0 is Monday."""

    weekdays: frozenset[int]
    holidays: frozenset[date]

    def includes(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def between(self, a: date, b: date) -> int:
        """Business Days after a up to and including b; negative when b is before a."""
        if b < a:
            return -self.between(b, a)
        return sum(self.includes(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))

    def after(self, day: date, count: int) -> date:
        """The date that is `count` Business Days after `day`."""
        if not self.weekdays:
            raise ValueError("a calendar without weekdays has no Business Days")
        while count > 0:
            day += timedelta(days=1)
            count -= self.includes(day)
        return day


@dataclass(frozen=True)
class OpeningHours:
    """Service hours: weekday (0 is Monday) -> seconds after local midnight at which they open and close."""

    hours: tuple[tuple[int, int, int], ...]
    holidays: frozenset[date]

    def on(self, day: date) -> tuple[int, int] | None:
        """(open, close) in seconds on that day, or None when closed."""
        if day in self.holidays:
            return None
        return next(((start, end) for weekday, start, end in self.hours if weekday == day.weekday()), None)

    def is_open(self, at: Moment) -> bool:
        hours = self.on(at.day)
        return hours is not None and hours[0] <= at.second < hours[1]

    def seconds_between(self, a: Moment, b: Moment) -> int:
        """Service seconds from a to b, by the clock on the wall; negative when b is before a."""
        if (b.day, b.second) < (a.day, a.second):
            return -self.seconds_between(b, a)
        days = (a.day + timedelta(days=n) for n in range((b.day - a.day).days + 1))
        return sum(
            self._seconds_on(day, a.second if day == a.day else 0, b.second if day == b.day else 86_400) for day in days
        )

    def _seconds_on(self, day: date, start: int, end: int) -> int:
        hours = self.on(day)
        return 0 if hours is None else max(0, min(end, hours[1]) - max(start, hours[0]))


Calendar = BusinessDays | OpeningHours


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Read 'Mon-Fri', 'Sat' or 'Mon-Wed, Fri'. Raises ValueError for anything else."""
    found: list[int] = []
    for part in (part.strip() for part in text.split(",")):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in DAY_NAMES or last not in DAY_NAMES:
            raise ValueError(f"'{text}' names no days - write them as 'Mon-Fri' or 'Mon, Wed, Fri'")
        start, end = DAY_NAMES.index(first), DAY_NAMES.index(last)
        found.extend(range(start, end + 1) if end >= start else [*range(start, 7), *range(end + 1)])
    return tuple(found)


def parse_hours(text: str) -> tuple[int, int]:
    """Read '08:00-18:00' as seconds after midnight; 24:00 is the end of the day."""
    match = re.fullmatch(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})", text)
    if match is None:
        raise ValueError(f"'{text}' is not a time range - write it as 08:00-18:00")
    start = int(match[1]) * 3600 + int(match[2]) * 60
    end = int(match[3]) * 3600 + int(match[4]) * 60
    if not 0 <= start < end <= 86_400 or int(match[2]) > 59 or int(match[4]) > 59:
        raise ValueError(f"'{text}' does not open before it closes, within one day")
    return start, end

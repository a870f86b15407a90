"""Calendar months, measurement periods of whole months, and moments by the contract's local time.

A month is half-open local time: [first day, next month's first day).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodLength = Literal["month", "quarter", "half_year", "year"]
MONTHS_IN: dict[PeriodLength, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, written 2019-11."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError(f"there is no month {self.number}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read '2019-11'. Raises ValueError for anything else."""
        if not re.fullmatch(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])", text):
            raise ValueError(f"'{text}' is not a month - write it as 2019-11")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def name(self) -> str:
        """November 2019."""
        return f"{MONTH_NAMES[self.number - 1]} {self.year}"

    @property
    def short_name(self) -> str:
        """Nov 2019."""
        return f"{MONTH_NAMES[self.number - 1][:3]} {self.year}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.plus(1).first_day - timedelta(days=1)

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def since(self, earlier: "Month") -> int:
        """How many months after `earlier` this month is (0 for the same month)."""
        return (self.year - earlier.year) * 12 + self.number - earlier.number


def months_from(first: Month, last: Month) -> Iterator[Month]:
    """Every month from `first` to `last`, both included; none when `last` is earlier."""
    for offset in range(last.since(first) + 1):
        yield first.plus(offset)


@dataclass(frozen=True, order=True)
class Period:
    """A measurement period: one or more whole months, both ends included."""

    first: Month
    last: Month

    @property
    def first_day(self) -> date:
        return self.first.first_day

    @property
    def last_day(self) -> date:
        return self.last.last_day

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return str(self.last) if self.first == self.last else f"{self.first}..{self.last}"

    @property
    def name(self) -> str:
        """November 2019, or July to September 2019."""
        if self.first == self.last:
            return self.last.name
        first = MONTH_NAMES[self.first.number - 1]
        year = f" {self.first.year}" if self.first.year != self.last.year else ""
        return f"{first}{year} to {self.last.name}"


def period_containing(*, month: Month, length: PeriodLength, start: Month) -> Period:
    """The period of that length, counted from the month `start` of the term, in which `month` falls."""
    size = MONTHS_IN[length]
    offset = month.since(start) // size * size
    first = start.plus(offset)
    return Period(first, first.plus(size - 1))


def long_date(day: date) -> str:
    """30 January 2020."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


@dataclass(frozen=True, order=True)
class Moment:
    """`instant`: whole seconds since 1970-01-01T00:00Z. `day`, `second`: local date and seconds after local midnight
    by the clock on the wall (10:00 is 36,000 on every day, also where an hour was lost or gained)."""

    instant: int
    day: date
    second: int

    def __str__(self) -> str:
        hours, rest = divmod(self.second, 3600)
        return f"{self.day.isoformat()} {hours:02d}:{rest // 60:02d}:{rest % 60:02d}"

"""How pages write days, months and counts."""

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from muniment.domain.kernel.period import Month, long_date


def day_text(day: date | str | None) -> str:
    """14 October 2019; blank for none."""
    if day is None:
        return ""
    return long_date(date.fromisoformat(day[:10]) if isinstance(day, str) else day)


def moment_text(instant: str, zone: str = "Europe/London") -> str:
    """14 October 2019 at 09:30, in the contract's zone, from a UTC instant."""
    local = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return f"{long_date(local.date())} at {local:%H:%M}"


def month_name(month: str) -> str:
    """November 2019, from 2019-11."""
    return Month.parse(month).name


def count_of(number: int, one: str, many: str = "") -> str:
    """1 KPI, 2 KPIs."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def of_kind(kind: str) -> str:
    """An entry's kind as words: 'submission.received' is 'submission received'."""
    return kind.replace(".", " ").replace("_", " ")


def state_words(state: str) -> str:
    """A state's name as words."""
    return state.replace("_", " ")


def thousands(number: str | int) -> str:
    """7,966 from 7966; a decimal keeps its places."""
    whole, point, places = str(number).partition(".")
    return f"{int(whole):,}{point}{places}" if whole.lstrip("-").isdigit() else str(number)


def short_month(month: str) -> str:
    """Nov 2019, from 2019-11."""
    return Month.parse(month).short_name


class Limited(Protocol):
    """What has to be done by a day."""

    @property
    def by(self) -> date | None: ...

    @property
    def days_left(self) -> int | None: ...


def left_words(waiting: Limited) -> str:
    """By 14 October 2019, 3 business days left"""
    if waiting.by is None or waiting.days_left is None:
        return "no limit"
    days = abs(waiting.days_left)
    return f"by {long_date(waiting.by)}, {count_of(days, 'business day')} {'late' if waiting.days_left < 0 else 'left'}"

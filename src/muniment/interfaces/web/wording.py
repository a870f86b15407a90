"""How pages write days, months and counts, and what a rule says."""

import os
import re
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from muniment.application.stores import CLOCK_BEHIND_VARIABLE
from muniment.domain.kernel.period import Month, long_date

_OPTION = re.compile(r" \((?:or )?--[^)]*\)")
"""An option of the command line, named beside the words for it."""
_TOKEN = re.compile(r"[\w@+-]+(?:\.[\w@+-]+)*")


def page_words(text: str) -> str:
    """What a problem says, without what only the command line knows. Refusals name no option of it at all."""
    return _OPTION.sub("", text)


def with_names(text: str, *, actors: Collection[str], name_of: Callable[[str], str]) -> str:
    """The text with people's names for their ids. A sentence that begins with an id may show its first letter large."""

    def shown(found: re.Match[str]) -> str:
        token = found.group()
        ids = (token, token[:1].lower() + token[1:])
        return next((name_of(actor) for actor in ids if actor in actors), token)

    return _TOKEN.sub(shown, text)


def day_text(day: date | str | None, zone: str = "Europe/London") -> str:
    """14 October 2019; blank for none. Of an instant (see moment_text) the day in that zone."""
    if day is None:
        return ""
    if isinstance(day, datetime) or (isinstance(day, str) and "T" in day):
        return long_date(_local(day, zone).date())
    return long_date(date.fromisoformat(day) if isinstance(day, str) else day)


def moment_text(instant: str | datetime, zone: str = "Europe/London") -> str:
    """14 October 2019 at 09:30, in the contract's zone, from a UTC instant.

    A text is the record's own and stands as it is. A datetime is when the machine did something, and is shown by the
    clock of the site, which in a demonstration runs behind."""
    local = _local(instant, zone)
    return f"{long_date(local.date())} at {local:%H:%M}"


def _local(instant: str | datetime, zone: str) -> datetime:
    at = shown_at(instant) if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    return at.astimezone(ZoneInfo(zone))


def shown_at(when: datetime) -> datetime:
    """What the clock of the site showed when the machine's showed `when`."""
    return when - timedelta(seconds=int(os.environ.get(CLOCK_BEHIND_VARIABLE) or 0))


def month_name(month: str) -> str:
    """November 2019, from 2019-11."""
    return Month.parse(month).name


def counted(number: int, one: str, many: str = "") -> str:
    """1 KPI, 2 KPIs."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def kind_words(kind: str) -> str:
    """An entry's kind as words: 'submission.received' is 'submission received'."""
    return kind.replace(".", " ").replace("_", " ")


def state_words(state: str) -> str:
    """A state's name as words."""
    return state.replace("_", " ")


def table_title(table: str) -> str:
    """Contact reviews, from contact_reviews."""
    words = state_words(table)
    return f"{words[:1].upper()}{words[1:]}"


def thousands(number: str | int) -> str:
    """7,966 from 7966; a decimal keeps its places."""
    whole, point, places = str(number).partition(".")
    return f"{int(whole):,}{point}{places}" if whole.lstrip("-").isdigit() else str(number)


def short_month(month: str) -> str:
    """Nov 2019, from 2019-11."""
    return Month.parse(month).short_name


class Deadline(Protocol):
    """What has to be done by a day."""

    @property
    def by(self) -> date | None: ...

    @property
    def days_left(self) -> int | None: ...


def left_words(waiting: Deadline) -> str:
    """By 14 October 2019, 3 business days left"""
    if waiting.by is None or waiting.days_left is None:
        return "no limit"
    days = abs(waiting.days_left)
    return f"by {long_date(waiting.by)}, {counted(days, 'business day')} {'late' if waiting.days_left < 0 else 'left'}"


def sentence(text: str) -> str:
    """With a capital and a stop: what a rule says begins and ends without. An id keeps the letters that it has."""
    text = text.strip()
    first = text.partition(" ")[0]
    begun = text if "/" in first or "_" in first else f"{text[:1].upper()}{text[1:]}"
    return f"{begun}{'' if text.endswith(('.', '!', '?')) else '.'}"

"""The functions of the condition language: what each takes, and how a call of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Parameter = Literal["datetime", "day", "text", "text_or_lower", "prefix", "calendar"]
"""day: a date or datetime column, or a date as written. prefix: a text in quotes."""


@dataclass(frozen=True)
class Function:
    usage: str
    parameters: tuple[Parameter, ...]
    is_condition: bool = False


FUNCTIONS: Mapping[str, Function] = {
    "seconds": Function("seconds(start, end)", ("datetime", "datetime")),
    "minutes": Function("minutes(start, end)", ("datetime", "datetime")),
    "days": Function("days(start, end)", ("day", "day")),
    "months": Function("months(start, end)", ("day", "day")),
    "business_days": Function("business_days(start, end)", ("day", "day")),
    "open_hours": Function("open_hours(start, end, calendar)", ("datetime", "datetime", "calendar")),
    "open": Function("open(time, calendar)", ("datetime", "calendar"), is_condition=True),
    "starts_with": Function("starts_with(text, 'beginning')", ("text_or_lower", "prefix"), is_condition=True),
    "lower": Function("lower(text)", ("text",)),
}

BUSINESS_DAY_CALENDAR = "business_day"
"""The contract's calendar by which business_days counts."""

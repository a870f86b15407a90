"""The system clock in UTC and random salts for a ledger; moments as UTC text.

The clock never goes back. Only the application reads the machine's.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from muniment.domain.record.ports import ClockKind


class SystemClock:
    """UTC to the second from a reading of the machine's clock; it never goes back, even where the machine's does."""

    def __init__(self, read: Callable[[], datetime], *, kind: ClockKind = "system") -> None:
        """`read`: gives the present moment, with its zone. `kind`: "scripted" where that is not the real one."""
        self.kind = kind
        self._read = read
        self._last = ""

    def instant(self) -> str:
        self._last = max(self._last, utc_text(self._read()))
        return self._last


class SystemSalts:
    """Salts that nobody can guess."""

    def salt(self, *, seq: int, name: str) -> str:  # noqa: ARG002  # chance does not depend on what is salted
        return token_hex(16)


def utc_text(moment: datetime) -> str:
    """2019-05-08T09:30:00Z, the second in which the moment lies. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of_day(day: date, *, zone: str) -> str:
    """The instant at which the day is over in the zone, for `known_on`: its entries were recorded before it."""
    next_day = day + timedelta(days=1)
    return utc_text(datetime(next_day.year, next_day.month, next_day.day, tzinfo=ZoneInfo(zone)))

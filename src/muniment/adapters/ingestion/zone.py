"""The contract's time zone as SQL: its changes of offset over the days that a file speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from muniment.adapters.ingestion.sqltext import when

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class OffsetChange:
    """At `instant` (seconds since 1970-01-01T00:00Z) the offset from UTC goes from `before` to `after` (seconds)."""

    instant: int
    before: int
    after: int

    @property
    def skipped_or_repeated(self) -> tuple[int, int]:
        """The half-open stretch of local time that never happened or happened twice."""
        return self.instant + min(self.before, self.after), self.instant + max(self.before, self.after)


@dataclass(frozen=True)
class Offsets:
    """The zone's offsets between two instants: `first`, and then every change, in order of time."""

    first: int
    changes: tuple[OffsetChange, ...]

    def from_utc(self, seconds: str) -> str:
        """SQL: the offset in force at an instant."""
        cases = ((f"{seconds} >= {change.instant}", str(change.after)) for change in reversed(self.changes))
        return when(cases, otherwise=str(self.first))

    def from_wall(self, seconds: str) -> str:
        """SQL: the offset at a local time; NULL where that time never happened or happened twice."""
        return when(self._wall_cases(seconds), otherwise=str(self.first))

    def change_at(self, wall: int) -> OffsetChange | None:
        """The change that makes this local time unreal or ambiguous."""
        stretches = ((change, *change.skipped_or_repeated) for change in self.changes)
        return next((change for change, start, end in stretches if start <= wall < end), None)

    def _wall_cases(self, seconds: str) -> Iterator[tuple[str, str]]:
        for change in reversed(self.changes):
            start, end = change.skipped_or_repeated
            yield f"{seconds} >= {end}", str(change.after)
            yield f"{seconds} >= {start}", "NULL"


@cache
def zone_names() -> frozenset[str]:
    """Every zone of the tz database as tzdata has it: the same on every machine, whatever its own files are."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def offsets_between(*, zone: str, first: int, last: int) -> Offsets:
    """The offsets of the zone from a day before `first` to a day after `last` (seconds, UTC or local)."""
    place = ZoneInfo(zone)
    start = first - 2 * DAY_SECONDS
    changes: list[OffsetChange] = []
    offset = initial = _offset(place, start)
    for instant in range(start, last + 2 * DAY_SECONDS, DAY_SECONDS):
        following = _offset(place, instant + DAY_SECONDS)
        if following != offset:
            at = _first_second_with(place, following, after=instant, until=instant + DAY_SECONDS)
            changes.append(OffsetChange(instant=at, before=offset, after=following))
            offset = following
    return Offsets(first=initial, changes=tuple(changes))


def _first_second_with(place: ZoneInfo, offset: int, *, after: int, until: int) -> int:
    while until - after > 1:
        middle = (after + until) // 2
        after, until = (after, middle) if _offset(place, middle) == offset else (middle, until)
    return until


def _offset(place: ZoneInfo, instant: int) -> int:
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).astimezone(place)
    offset = local.utcoffset()
    assert offset is not None
    return offset.days * DAY_SECONDS + offset.seconds

"""A point in time as evidence has it: the instant, and the day and second that the contract's zone shows."""

from dataclasses import dataclass
from datetime import date


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

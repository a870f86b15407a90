"""Acts that rest on a silence: the agreed text proposes, a person confirms, and the entry says on what it rests."""

from dataclasses import dataclass
from datetime import date

from muniment.domain.record.reader import PayloadWrong


@dataclass(frozen=True)
class BySilence:
    """`after`: the last local day on which an answer was in time. `under`: the term as it stood and its clause,
    contract.yaml:14:26, Schedule 3 paragraph 4.2."""

    after: date
    under: str


def silence_read(after: str | None, under: str | None) -> BySilence | None:
    """From a payload's `silent_after` and `under`, which come together or not at all. Raises PayloadWrong."""
    if after is None and under is None:
        return None
    if after is None or under is None:
        raise PayloadWrong("a silence needs both 'silent_after' and 'under'")
    try:
        day = date.fromisoformat(after)
    except ValueError as problem:
        raise PayloadWrong("'silent_after' must be a date such as 2019-11-30") from problem
    if day.isoformat() != after:
        raise PayloadWrong("'silent_after' must be a date such as 2019-11-30")
    return BySilence(day, under)


def is_over(silence: BySilence, *, recorded_at: str) -> bool:
    """Whether the time for an answer can have been over then. `recorded_at` is UTC, and where clocks are ahead of it a
    day begins on the evening before."""
    return date.fromisoformat(recorded_at[:10]) >= silence.after

"""The clock and the salts of a scripted record: the same bytes in every run."""

from hashlib import sha256

from muniment.domain.record.chain import is_instant
from muniment.domain.record.ports import ClockKind


class ScriptedClock:
    """Shows the instant that the script last moved it to, and refuses to go back."""

    kind: ClockKind = "scripted"

    def __init__(self, start: str) -> None:
        self._instant = _checked(start)

    def move_to(self, instant: str) -> None:
        """Raises ValueError for an instant before the present one."""
        if _checked(instant) < self._instant:
            raise ValueError(f"the script goes back from {self._instant} to {instant}")
        self._instant = instant

    def instant(self) -> str:
        return self._instant


class ScriptedSalts:
    """Salts that follow from a seed. Whoever knows the seed can guess at an erased text: for examples only."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def salt(self, *, seq: int, name: str) -> str:
        return sha256(f"{self._seed}/{seq}/{name}".encode()).hexdigest()[:32]


def _checked(instant: str) -> str:
    if not is_instant(instant):
        raise ValueError(f"'{instant}' is not a time - write it as 2019-05-08T09:30:00Z")
    return instant

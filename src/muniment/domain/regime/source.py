"""Where a value of the agreed text comes from."""

from dataclasses import dataclass

from muniment.domain.kernel.problem import Place


@dataclass(frozen=True)
class Source:
    """Where a value of the agreed text stands, and the change notice that put it there (None: as signed)."""

    place: Place
    notice: str | None

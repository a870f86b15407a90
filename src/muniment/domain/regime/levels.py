"""Service levels ('at most 7%') and bands: reading a level, and finding the band that a value falls in.

A ladder of bands gives only its edges, best first, so that there are neither gaps nor overlaps.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from muniment.domain.kernel.quantity import decimals_of, parse_decimal

Operator = Literal["at most", "at least", "below", "above", "exactly"]
OPERATORS: tuple[Operator, ...] = ("at most", "at least", "below", "above", "exactly")
BandStatus = Literal["met_target", "below_target", "below_minimum"]
"""Where a value stands against the two lines of the schedule: green, amber, red."""


@dataclass(frozen=True)
class Level:
    """'at most 7%'. The edge is in the KPI's unit; a percentage's edge is 7, not 0.07."""

    operator: Operator
    edge: Decimal
    is_percent: bool

    @classmethod
    def parse(cls, text: str) -> "Level":
        """Read a level. Raises ValueError('what - remedy')."""
        match = re.fullmatch(r"(at most|at least|below|above|exactly) ([0-9.,]+)(%?)", text)
        if match is None:
            raise ValueError(
                f"'{text}' is not a service level - write it as 'at most 5%', 'at least 95%' or 'exactly 0'"
            )
        operator = next(name for name in OPERATORS if name == match[1])
        grouped = re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", match[2])
        try:
            return cls(operator, parse_decimal(match[2].replace(",", "") if grouped else match[2]), match[3] == "%")
        except ValueError:
            raise ValueError(f"'{match[2]}' is not a number - write the level as '{operator} 5%'") from None

    def __str__(self) -> str:
        return f"{self.operator} {self.edge:f}{'%' if self.is_percent else ''}"

    def met_by(self, value: Decimal) -> bool:
        """Whether a value, already rounded by the KPI's rule, meets this level."""
        match self.operator:
            case "at most":
                return value <= self.edge
            case "at least":
                return value >= self.edge
            case "below":
                return value < self.edge
            case "above":
                return value > self.edge
            case "exactly":
                return value == self.edge

    @property
    def lower_is_better(self) -> bool:
        return self.operator in ("at most", "below") or (self.operator == "exactly" and self.edge == 0)

    @property
    def decimals(self) -> int:
        return decimals_of(self.edge)

    def allows(self, stricter: "Level") -> bool:
        """Whether every value that meets `stricter` meets this level too."""
        if stricter.operator == "exactly":
            return self.met_by(stricter.edge)
        if self.operator == "exactly" or self.lower_is_better != stricter.lower_is_better:
            return False
        if self.edge == stricter.edge:
            return stricter.operator == self.operator or self.operator in ("at most", "at least")
        return (stricter.edge < self.edge) == self.lower_is_better


@dataclass(frozen=True)
class Band:
    """One rung. `level` is None for the last: anything worse."""

    name: str
    level: Level | None
    standing: BandStatus


def band_for(value: Decimal, bands: tuple[Band, ...]) -> Band:
    """The first band, best to worst, whose level the rounded value meets."""
    return next(band for band in bands if band.level is None or band.level.met_by(value))

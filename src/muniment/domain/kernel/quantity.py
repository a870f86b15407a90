"""Exact numbers: reading and printing decimals and ratios, and rounding them by a rule of the agreed text.

A value is a ratio of integers or Decimals until the contract's one stated rounding.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

RoundingMode = Literal["half_up", "half_even", "up", "down"]
Exact = int | Decimal | Fraction


@dataclass(frozen=True)
class Rounding:
    """A rounding rule as the agreed text states it: '2 dp half up'.

    half_up and up move away from zero, down towards it; half_even is banker's rounding.
    """

    places: int
    mode: RoundingMode = "half_up"

    @classmethod
    def parse(cls, text: str) -> "Rounding":
        """Read '2 dp half up'. Raises ValueError for anything else."""
        match = re.fullmatch(r"([0-9]) dp (half up|half even|up|down)", text)
        if match is None:
            raise ValueError(
                f"'{text}' is not a rounding - write it as '2 dp half up', '0 dp half even' or '1 dp down'"
            )
        modes: dict[str, RoundingMode] = {
            "half up": "half_up", "half even": "half_even", "up": "up", "down": "down",
        }  # fmt: skip
        return cls(int(match[1]), modes[match[2]])

    def __str__(self) -> str:
        return f"{self.places} dp {self.mode.replace('_', ' ')}"

    def apply(self, value: Exact) -> Decimal:
        """Round an exact value once. The result carries exactly `places` decimals."""
        scaled = Fraction(value) * 10**self.places
        return shifted(_whole(scaled, self.mode), self.places)


def _whole(value: Fraction, mode: RoundingMode) -> int:
    magnitude, rest = divmod(abs(value.numerator), value.denominator)
    if _goes_up(magnitude=magnitude, twice_rest=2 * rest, divisor=value.denominator, mode=mode):
        magnitude += 1
    return -magnitude if value < 0 else magnitude


def _goes_up(*, magnitude: int, twice_rest: int, divisor: int, mode: RoundingMode) -> bool:
    if mode == "up":
        return twice_rest > 0
    if mode == "down":
        return False
    if twice_rest == divisor:
        return mode == "half_up" or magnitude % 2 == 1
    return twice_rest > divisor


def shifted(whole: int, places: int) -> Decimal:
    """The Decimal whole / 10**places with exactly `places` decimals, whatever the context's precision."""
    sign = 1 if whole < 0 else 0
    digits = tuple(int(digit) for digit in str(abs(whole)))
    return Decimal((sign, digits, -places))


def decimals_of(value: Decimal) -> int:
    """How many decimals a Decimal is written with: 7.0 has one."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a finite number")
    return max(0, -exponent)


def parse_decimal(text: str) -> Decimal:
    """Read a plain decimal: optional sign, digits, point. No exponent, separator, NaN or infinity."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text, flags=re.ASCII):
        raise ValueError(f"'{text}' is not a number")
    return Decimal(text)


def plain(value: Exact) -> str:
    """An exact number as a person writes it: 59985, 12.5; a ratio that does not end as n/d."""
    ratio = Fraction(value)
    places = next((places for places in range(13) if (ratio * 10**places).denominator == 1), None)
    if places is None:
        return f"{ratio.numerator}/{ratio.denominator}"
    return format(shifted(int(ratio * 10**places), places), "f")


def grouped(value: Exact) -> str:
    """The same with a comma between thousands: 59,985."""
    text = plain(value)
    if "/" in text:
        return text
    whole, _, decimals = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}" + (f".{decimals}" if decimals else "")

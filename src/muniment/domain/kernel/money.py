"""Money in whole pence: reading, adding and printing it, and rounding pounds by a rule that the contract gives."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from muniment.domain.kernel.quantity import Rounding, shifted


@dataclass(frozen=True, order=True)
class Money:
    """An amount in whole pence, pounds sterling."""

    pence: int

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read '£210000.00' or '£210,000.00'. Raises ValueError for anything else."""
        match = re.fullmatch(r"£([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.([0-9]{2})", text)
        if match is None:
            raise ValueError(f"'{text}' is not an amount - write it as '£210000.00'")
        return cls(int(match[1].replace(",", "")) * 100 + int(match[2]))

    @classmethod
    def rounded(cls, pounds: Fraction, rule: Rounding) -> "Money":
        """The exact amount in pounds, rounded once by the contract's rule (at most 2 places)."""
        if rule.places > 2:
            raise ValueError("money is rounded to at most 2 decimal places")
        return cls(int(Fraction(rule.apply(pounds)) * 100))

    @property
    def pounds(self) -> Fraction:
        return Fraction(self.pence, 100)

    @property
    def decimal(self) -> Decimal:
        """Pounds with two decimals, as JSON prints them."""
        return shifted(self.pence, 2)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.pence + other.pence)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.pence - other.pence)

    def __str__(self) -> str:
        sign = "-" if self.pence < 0 else ""
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{sign}£{pounds:,}.{pence:02d}"


def total(amounts: "list[Money] | tuple[Money, ...]") -> Money:
    """The sum of amounts; nothing is £0.00."""
    return Money(sum(amount.pence for amount in amounts))

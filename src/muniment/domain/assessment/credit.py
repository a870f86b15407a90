"""Service credit by points x rate x charge base, with free points and a cap.

Free points are an allowance, not a cliff. Each printed figure is rounded once, from the exact one.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from muniment.domain.kernel.money import Money
from muniment.domain.regime.text import ServiceCreditsText


@dataclass(frozen=True)
class Credit:
    """`before_cap` and `due` in pence; `chargeable_points` are those over the free ones."""

    points: int
    free_points: int
    chargeable_points: int
    per_point: Decimal
    base: Money
    before_cap: Money
    cap: Money
    due: Money
    is_suspended: bool

    @property
    def is_capped(self) -> bool:
        return self.before_cap > self.cap and not self.is_suspended


def credit_of(*, terms: ServiceCreditsText, points: int, base: Money, is_suspended: bool = False) -> Credit:
    """The credit of one month. `per_point` and the cap are percentages of the base."""
    chargeable = max(0, points - terms.free_points)
    exact = chargeable * base.pounds * _share(terms.per_point)
    cap = base.pounds * _share(terms.cap)
    due = Fraction(0) if is_suspended else min(exact, cap)
    return Credit(
        points=points,
        free_points=terms.free_points,
        chargeable_points=chargeable,
        per_point=terms.per_point,
        base=base,
        before_cap=Money.rounded(exact, terms.round),
        cap=Money.rounded(cap, terms.round),
        due=Money.rounded(due, terms.round),
        is_suspended=is_suspended,
    )


def _share(percentage: Decimal) -> Fraction:
    return Fraction(percentage) * Fraction(1, 100)

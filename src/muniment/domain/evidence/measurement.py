"""A measured value: numerator over denominator, exact, and rounded once by the KPI's rule."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from muniment.domain.evidence.tally import Tally
from muniment.domain.kernel.quantity import Rounding
from muniment.domain.regime.measures import Measure


@dataclass(frozen=True)
class Measurement:
    """`denominator` is None for a number of rows. `exact` is in the KPI's unit (a percentage is 0 to 100) and None
    where the denominator is 0. `value` is `exact` rounded; it alone is compared and shown."""

    numerator: Decimal
    denominator: Decimal | None
    exact: Fraction | None
    value: Decimal | None
    tally: Tally


def measured(*, measure: Measure, tally: Tally, is_percent: bool, rounding: Rounding) -> Measurement:
    """The value that a tally gives."""
    numerator, denominator = _parts(measure, tally)
    exact = Fraction(numerator) if denominator is None else _ratio(numerator, denominator, is_percent)
    value = None if exact is None else rounding.apply(exact)
    return Measurement(numerator, denominator, exact, value, tally)


def _parts(measure: Measure, tally: Tally) -> tuple[Decimal, Decimal | None]:
    if measure.shape == "number_of_rows":
        return Decimal(tally.counted), None
    if measure.shape == "ratio_of_rows":
        return Decimal(tally.counted), Decimal(tally.counted + tally.in_total)
    return tally.sum_counted, tally.sum_all


def _ratio(numerator: Decimal, denominator: Decimal, is_percent: bool) -> Fraction | None:
    if denominator == 0:
        return None
    return Fraction(Fraction(numerator), Fraction(denominator)) * (100 if is_percent else 1)

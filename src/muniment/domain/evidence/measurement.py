"""What an engine counts of a measure in a month, and the measured value: numerator over denominator, rounded once."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from muniment.domain.kernel.quantity import Rounding
from muniment.domain.regime.measures import Measure


@dataclass(frozen=True)
class Tally:
    """Every row of the month is in exactly one of the five counts. `left_out` has a count per rule, in rule order.

    `in_total`: rows in the denominator that are not counted. `rejected`: rows that were set aside by name. The sums are
    exact and are 0 where a measure sums nothing: `sum_all` over in-total and counted rows, `sum_counted` over counted
    rows.
    """

    out_of_scope: int
    left_out: tuple[int, ...]
    in_total: int
    counted: int
    sum_all: Decimal = Decimal(0)
    sum_counted: Decimal = Decimal(0)
    rejected: int = 0

    @classmethod
    def empty(cls, rules: int) -> "Tally":
        return cls(0, (0,) * rules, 0, 0)

    @property
    def rows(self) -> int:
        return self.out_of_scope + sum(self.left_out) + self.in_total + self.counted + self.rejected

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            out_of_scope=self.out_of_scope + other.out_of_scope,
            left_out=tuple(a + b for a, b in zip(self.left_out, other.left_out, strict=True)),
            in_total=self.in_total + other.in_total,
            counted=self.counted + other.counted,
            sum_all=self.sum_all + other.sum_all,
            sum_counted=self.sum_counted + other.sum_counted,
            rejected=self.rejected + other.rejected,
        )


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
    if measure.form == "number_of_rows":
        return Decimal(tally.counted), None
    if measure.form == "ratio_of_rows":
        return Decimal(tally.counted), Decimal(tally.counted + tally.in_total)
    return tally.sum_counted, tally.sum_all


def _ratio(numerator: Decimal, denominator: Decimal, is_percent: bool) -> Fraction | None:
    if denominator == 0:
        return None
    return Fraction(Fraction(numerator), Fraction(denominator)) * (100 if is_percent else 1)

"""Numbers of a condition translated to SQL: sums of whole or decimal terms, compared without division or floats.

Every amount is a constant plus integer multiples of terms, each term a column expression over a whole divisor: service
hours are seconds / 3600. A comparison multiplies both sides by the common multiple of the divisors.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import ceil, floor, lcm

from sqlglot import exp

from muniment.adapters.engines.columns import Columns, cell, column, whole
from muniment.domain.evidence.normalised import DECIMALS, WHOLE_DIGITS, business_days_up_to, day_number, instant_of
from muniment.domain.kernel.quantity import plain as plain_number
from muniment.domain.language.tree import (
    Amount,
    BusinessDayCount,
    ColumnValue,
    ComparisonOperator,
    DayConstant,
    DayCount,
    Duration,
    NumberConstant,
    OpenHours,
    Sum,
)

_Term = ColumnValue | Duration | DayCount | BusinessDayCount | OpenHours
_WIDE = "DECIMAL(38, 6)"
LARGEST = 10**WHOLE_DIGITS
"""No term reaches it: numbers have at most twelve digits before the point, and seconds of three centuries have ten."""
COMPARISONS: dict[ComparisonOperator, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
MIRRORED: dict[ComparisonOperator, ComparisonOperator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
_SIGNS: dict[ComparisonOperator, tuple[int, ...]] = {
    "=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1),
}  # fmt: skip


def completed_months_sql(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """Months completed from start to end (days since 1970-01-01); from the 31st a month completes on its last day.

    Negative when the end is before the start."""
    is_forward = exp.GTE(this=end.copy(), expression=start.copy())
    backward = exp.Neg(this=exp.paren(_forward(end, start)))
    return exp.paren(exp.Case().when(is_forward, _forward(start, end)).else_(backward))


def _forward(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    whole_months = exp.Sub(this=_month(end), expression=exp.paren(_month(start)))
    last_of_month = _part("day", _call("last_day", _date(end)))
    completes_on = _call("least", _part("day", _date(start)), last_of_month)
    is_short = exp.LT(this=_part("day", _date(end)), expression=completes_on)
    return exp.Sub(this=whole_months, expression=exp.cast(exp.paren(is_short), "INTEGER"))


def _month(day: exp.Expr) -> exp.Expr:
    years = exp.Mul(this=_part("year", _date(day)), expression=whole(12))
    return exp.Add(this=years, expression=_part("month", _date(day)))


def _date(day: exp.Expr) -> exp.Expr:
    return _call("make_date", exp.cast(day.copy(), "INTEGER"))


def _part(part: str, date: exp.Expr) -> exp.Expr:
    return _call(part, date)


def _call(function: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=function, expressions=list(arguments))


@dataclass
class LinearSum:
    """constant + sum of factor x term."""

    constant: Fraction = Fraction(0)
    factors: dict[_Term, int] = field(default_factory=dict)

    def add(self, amount: Amount, sign: int) -> None:
        """Add an amount, or take it away (sign -1)."""
        match amount:
            case NumberConstant():
                self.constant += sign * Fraction(amount.value)
            case Sum():
                self.add(amount.left, sign)
                self.add(amount.right, sign if amount.operator == "+" else -sign)
            case ColumnValue() | Duration() | DayCount() | BusinessDayCount() | OpenHours():
                self.factors[amount] = self.factors.get(amount, 0) + sign
            case _:
                raise TypeError(f"{amount} is not a number: the condition was never checked")


def compare_numbers(operator: ComparisonOperator, left: Amount, right: Amount, columns: Columns) -> exp.Expr:
    """Whether `left operator right`, exactly, where every column of the two is present."""
    difference = LinearSum()
    difference.add(left, 1)
    difference.add(right, -1)
    multiple = lcm(*(_divisor(term) for term in difference.factors))
    scaled = {term: factor * multiple // _divisor(term) for term, factor in difference.factors.items() if factor}
    limit = -difference.constant * multiple
    if not scaled or abs(limit) >= LARGEST * sum(abs(factor) for factor in scaled.values()):
        return _truth(_holds(operator, -limit))
    if all(factor < 0 for factor in scaled.values()):
        scaled, limit, operator = {term: -factor for term, factor in scaled.items()}, -limit, MIRRORED[operator]
    return _compared(operator, scaled, limit, columns)


def _compared(operator: ComparisonOperator, scaled: dict[_Term, int], limit: Fraction, columns: Columns) -> exp.Expr:
    """The sum of factor x term, at least one factor positive, against the limit."""
    is_decimal = any(isinstance(term, ColumnValue) for term in scaled)
    step = 10**DECIMALS if is_decimal else 1
    if operator in ("=", "!=") and (limit * step).denominator != 1:
        return _truth(operator == "!=")
    is_up = operator in ("<", ">=")
    reached = Fraction(ceil(limit * step) if is_up else floor(limit * step), step)
    plain = len(scaled) == 1 and set(scaled.values()) == {1}
    kind = None if plain else _WIDE if is_decimal else "BIGINT"
    left = [_times(factor, _term(term, columns), kind) for term, factor in scaled.items() if factor > 0]
    right = [_times(-factor, _term(term, columns), kind) for term, factor in scaled.items() if factor < 0]
    if reached or not right:
        right.append(exp.Literal.number(plain_number(reached)))
    return COMPARISONS[operator](this=_added(left), expression=_added(right))


def _holds(operator: ComparisonOperator, difference: Fraction) -> bool:
    """Whether `difference operator 0`: asked where no term can change the answer."""
    sign = (difference > 0) - (difference < 0)
    return sign in _SIGNS[operator]


def _truth(holds: bool) -> exp.Expr:
    return exp.true() if holds else exp.false()


def _times(factor: int, term: exp.Expr, kind: str | None) -> exp.Expr:
    if kind is not None:
        term = exp.cast(term, kind)
    return term if factor == 1 else exp.Mul(this=exp.paren(term), expression=whole(factor))


def _added(terms: list[exp.Expr]) -> exp.Expr:
    return reduce(lambda sum_, term: exp.Add(this=sum_, expression=term), terms)


def _divisor(term: _Term) -> int:
    if isinstance(term, OpenHours):
        return 3600
    return 60 if isinstance(term, Duration) and term.unit == "minutes" else 1


def _term(term: _Term, columns: Columns) -> exp.Expr:
    """The term times its divisor: a number cell as it is, anything else a whole number."""
    match term:
        case ColumnValue():
            return cell(term.column)
        case Duration():
            return _minus(column(instant_of(term.end.column)), column(instant_of(term.start.column)))
        case OpenHours():
            ends = (
                columns.clock("service_seconds", cell=end, calendar=term.calendar) for end in (term.end, term.start)
            )
            return _minus(*ends)
        case BusinessDayCount():
            return _minus(*(_business_days(day, term.calendar, columns) for day in (term.end, term.start)))
        case DayCount(unit="days"):
            return _minus(day_expression(term.end, columns), day_expression(term.start, columns))
        case DayCount():
            return completed_months_sql(day_expression(term.start, columns), day_expression(term.end, columns))


def day_expression(day: ColumnValue | DayConstant, columns: Columns) -> exp.Expr:
    """Days since 1970-01-01."""
    return whole(day_number(day.value)) if isinstance(day, DayConstant) else columns.day(day)


def _business_days(day: ColumnValue | DayConstant, calendar: str, columns: Columns) -> exp.Expr:
    if isinstance(day, DayConstant):
        return whole(business_days_up_to(columns.business_days(calendar), day.value))
    return columns.clock("business_days", cell=day, calendar=calendar)


def _minus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Sub(this=left, expression=right))

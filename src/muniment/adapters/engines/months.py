"""Completed months between two days, as SQL: the same count as the reference engine's."""

from sqlglot import exp

from muniment.adapters.engines.columns import whole


def completed_months(start: exp.Expr, end: exp.Expr) -> exp.Expr:
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

"""Builds the SQL of measures with sqlglot: tallies, dispositions and sample row ids, in one scan of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp, select

from muniment.adapters.engines.columns import Columns, cell, column, whole
from muniment.adapters.engines.conditions import expression_of
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, REJECTED
from muniment.domain.evidence.normalised import ROW_ID, ROW_MONTH
from muniment.domain.regime.measures import Measure

DIALECT = "duckdb"
_MONTH, _ROWS, _ID, _SET_ASIDE = "month", "rows", "id", "set_aside"


@dataclass(frozen=True)
class TallyQuery:
    """One row per month: the month, the rows, and then `widths[n]` figures for measure number n.

    The figures of a measure: each left-out rule, in total, counted, sum_all and sum_counted where it sums, and
    rejected where rows are set aside. Its rows out of scope are the rest."""

    sql: str
    widths: tuple[int, ...]


def tally_query(*, source: str, measures: Sequence[Measure], columns: Columns, sets_aside: bool) -> TallyQuery:
    """The query over a relation named `source`, with $first and $last as months to fill in.

    `sets_aside`: also $set_aside, a list of ids of rows that do not count."""
    inner = select(column(ROW_MONTH).as_(_MONTH)).from_(exp.to_table(source, quoted=True)).where(_within_months())
    outer = select(column(_MONTH), exp.Count(this=exp.Star()).as_(_ROWS))
    widths: list[int] = []
    for number, measure in enumerate(measures):
        inner = inner.select(_disposition(measure, columns, sets_aside).as_(_code(number)))
        figures = [_rows_with(number, code) for code in _codes(measure)]
        for role, summed, codes in _sums(measure):
            inner = inner.select(cell(summed).as_(f"{role}{number}"))
            figures.append(_sum_of(f"{role}{number}", number, codes))
        if sets_aside:
            figures.append(_rows_with(number, REJECTED))
        outer = outer.select(*(figure.as_(f"f{number}_{position}") for position, figure in enumerate(figures)))
        widths.append(len(figures))
    query = outer.from_(inner.subquery("row")).group_by(column(_MONTH)).order_by(column(_MONTH))
    return TallyQuery(sql=query.sql(DIALECT), widths=tuple(widths))


def sample_query(*, source: str, measure: Measure, columns: Columns, sets_aside: bool) -> str:
    """The ids of rows with $disposition between $first and $last (months), the first $limit of them."""
    inner = select(column(ROW_ID).as_(_ID), _disposition(measure, columns, sets_aside).as_("disposition"))
    inner = inner.from_(exp.to_table(source, quoted=True)).where(_within_months())
    wanted = exp.EQ(this=column("disposition"), expression=exp.Placeholder(this="disposition"))
    outer = select(column(_ID)).from_(inner.subquery("row")).where(wanted).order_by(column(_ID))
    return outer.limit(exp.Placeholder(this="limit")).sql(DIALECT)


def dispositions_query(*, source: str, measure: Measure, columns: Columns, sets_aside: bool) -> str:
    """The ids and dispositions of rows with one of $codes between $first and $last (months)."""
    inner = select(column(ROW_ID).as_(_ID), _disposition(measure, columns, sets_aside).as_("disposition"))
    inner = inner.from_(exp.to_table(source, quoted=True)).where(_within_months())
    wanted = exp.Anonymous(this="list_contains", expressions=[exp.Placeholder(this="codes"), column("disposition")])
    outer = select(column(_ID), column("disposition")).from_(inner.subquery("row")).where(wanted)
    return outer.order_by(column(_ID)).sql(DIALECT)


@dataclass(frozen=True)
class SamplesQuery:
    """One row per month: the month, and then for measure number n a list of row ids per disposition in `codes[n]`."""

    sql: str
    codes: tuple[tuple[int, ...], ...]


def samples_query(*, source: str, measures: Sequence[Measure], columns: Columns, sets_aside: bool) -> SamplesQuery:
    """The first $limit ids of every disposition but REJECTED, by month between $first and $last."""
    inner = select(column(ROW_MONTH).as_(_MONTH), column(ROW_ID).as_(_ID))
    inner = inner.from_(exp.to_table(source, quoted=True)).where(_within_months())
    outer = select(column(_MONTH))
    codes = tuple((OUT_OF_SCOPE, *_codes(measure)) for measure in measures)
    for number, (measure, of_measure) in enumerate(zip(measures, codes, strict=True)):
        inner = inner.select(_disposition(measure, columns, sets_aside).as_(_code(number)))
        outer = outer.select(*(_first_ids(number, code).as_(f"s{number}_{code}") for code in of_measure))
    query = outer.from_(inner.subquery("row")).group_by(column(_MONTH)).order_by(column(_MONTH))
    return SamplesQuery(sql=query.sql(DIALECT), codes=codes)


def _first_ids(number: int, code: int) -> exp.Expr:
    least = exp.Anonymous(this="min", expressions=[column(_ID), exp.Placeholder(this="limit")])
    is_code = exp.EQ(this=column(_code(number)), expression=whole(code))
    return exp.Filter(this=least, expression=exp.Where(this=is_code))


def _within_months() -> exp.Expr:
    first, last = exp.Placeholder(this="first"), exp.Placeholder(this="last")
    return exp.Between(this=column(ROW_MONTH), low=first, high=last)


def _disposition(measure: Measure, columns: Columns, sets_aside: bool) -> exp.Expr:
    case = exp.Case()
    if sets_aside:
        case = case.when(_is_set_aside(), whole(REJECTED))
    case = case.when(exp.not_(exp.paren(expression_of(measure.scope, columns))), whole(OUT_OF_SCOPE))
    for number, rule in enumerate(measure.left_out, start=1):
        case = case.when(expression_of(rule.when, columns), whole(number))
    case = case.when(expression_of(measure.counted, columns), whole(COUNTED)).else_(whole(IN_TOTAL))
    return exp.cast(case, "SMALLINT")


def _is_set_aside() -> exp.Expr:
    """A subquery, which DuckDB joins once: a list would be gone through for every row."""
    listed = exp.Anonymous(this="unnest", expressions=[exp.Placeholder(this=_SET_ASIDE)])
    return exp.In(this=column(ROW_ID), query=exp.Subquery(this=select(listed)))


def _codes(measure: Measure) -> tuple[int, ...]:
    return (*range(1, len(measure.left_out) + 1), IN_TOTAL, COUNTED)


def _sums(measure: Measure) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    all_rows = [] if measure.sum_all is None else [("all", measure.sum_all, (IN_TOTAL, COUNTED))]
    counted = [] if measure.sum_counted is None else [("counted", measure.sum_counted, (COUNTED,))]
    return (*all_rows, *counted)


def _code(number: int) -> str:
    return f"d{number}"


def _rows_with(number: int, code: int) -> exp.Expr:
    is_code = exp.paren(exp.EQ(this=column(_code(number)), expression=whole(code)))
    return exp.Sum(this=exp.cast(is_code, "INTEGER"))


def _sum_of(summed: str, number: int, codes: tuple[int, ...]) -> exp.Expr:
    has_code = exp.In(this=column(_code(number)), expressions=[whole(code) for code in codes])
    return exp.Sum(this=exp.Case().when(has_code, column(summed)))

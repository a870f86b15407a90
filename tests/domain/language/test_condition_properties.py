"""Rules that hold for every condition, tried on conditions that nobody thought of."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import event, given
from hypothesis import strategies as st

from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.period import Moment
from muniment.domain.kernel.problem import Place
from muniment.domain.language.columns import Column, ColumnType, Value
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.evaluate import MissingValueError, holds
from muniment.domain.language.tree import (
    Amount,
    Both,
    BusinessDayCount,
    ColumnValue,
    ComparisonCondition,
    ComparisonOperator,
    Condition,
    DayConstant,
    DayCount,
    Duration,
    Either,
    IsOneOf,
    IsOpen,
    IsPresent,
    IsYes,
    LoweredText,
    Not,
    NumberConstant,
    OpenHours,
    StartsWith,
    Sum,
    TextConstant,
)
from tests.domain.language.written import Guarding, columns_of, describe, guarded

CALENDARS: Mapping[str, Calendar] = {
    "business_day": BusinessDays(weekdays=frozenset(range(5)), holidays=frozenset({date(2019, 8, 26)})),
    "hours": OpeningHours(hours=tuple((day, 8 * 3600, 18 * 3600) for day in range(5)), holidays=frozenset()),
}
TYPES: Mapping[str, ColumnType] = {
    "n": "number", "m": "number", "s": "text", "t": "text", "d": "date", "e": "date", "at": "datetime",
    "until": "datetime", "yes": "yes_no", "ok": "yes_no",
}  # fmt: skip
ORDERS: tuple[ComparisonOperator, ...] = ("=", "!=", "<", "<=", ">", ">=")
EQUALITIES: tuple[ComparisonOperator, ...] = ("=", "!=")


def table(*, may_be_missing: bool) -> Mapping[str, Column]:
    return {name: Column(name, kind, may_be_missing=may_be_missing) for name, kind in TYPES.items()}


def cells(kind: ColumnType) -> st.SearchStrategy[ColumnValue]:
    return st.sampled_from([ColumnValue(name, of) for name, of in TYPES.items() if of == kind])


days = st.dates(date(2019, 1, 1), date(2020, 12, 31))
written_days = st.builds(DayConstant, days)
day_ends = st.one_of(cells("date"), cells("datetime"), written_days)
written_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=4)
texts = st.builds(TextConstant, written_texts)
numbers = st.builds(NumberConstant, st.decimals(0, 100, places=2))
text_amounts = st.one_of(cells("text"), texts, st.builds(LoweredText, st.one_of(cells("text"), texts)))
number_leaves: st.SearchStrategy[Amount] = st.one_of(
    numbers,
    cells("number"),
    st.builds(Duration, st.sampled_from(["seconds", "minutes"]), cells("datetime"), cells("datetime")),
    st.builds(DayCount, st.sampled_from(["days", "months"]), day_ends, day_ends),
    st.builds(BusinessDayCount, day_ends, day_ends, st.just("business_day")),
    st.builds(OpenHours, cells("datetime"), cells("datetime"), st.just("hours")),
)
number_amounts = st.recursive(
    number_leaves, lambda part: st.builds(Sum, st.sampled_from(["+", "-"]), part, part), max_leaves=4
)


def lists(item: st.SearchStrategy[Amount], options: st.SearchStrategy[Amount]) -> st.SearchStrategy[Condition]:
    return st.builds(IsOneOf, item, st.lists(options, min_size=1, max_size=3).map(tuple))


uses: st.SearchStrategy[Condition] = st.one_of(
    st.builds(IsYes, st.sampled_from(["yes", "ok"])),
    st.builds(ComparisonCondition, st.sampled_from(ORDERS), number_amounts, number_amounts),
    st.builds(ComparisonCondition, st.sampled_from(EQUALITIES), text_amounts, text_amounts),
    st.builds(ComparisonCondition, st.sampled_from(ORDERS), cells("date"), st.one_of(cells("date"), written_days)),
    st.builds(ComparisonCondition, st.sampled_from(ORDERS), cells("datetime"), cells("datetime")),
    lists(number_amounts, numbers),
    lists(text_amounts, texts),
    lists(cells("date"), written_days),
    st.builds(IsOpen, cells("datetime"), st.just("hours")),
    st.builds(StartsWith, st.one_of(cells("text"), st.builds(LoweredText, cells("text"))), written_texts),
)
presences: st.SearchStrategy[Condition] = st.builds(IsPresent, st.sampled_from(list(TYPES)))


def joined(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def grown(part: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(part, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Not, part), st.builds(Both, parts), st.builds(Either, parts))

    return st.recursive(leaves, grown, max_leaves=6)


conditions = joined(st.one_of(uses, presences))
# Two columns only, so that a guard and a use meet by chance in every order; and any use behind guards of its own.
chance_meetings: st.SearchStrategy[Condition] = st.sampled_from(
    [IsPresent("n"), Not(IsPresent("n")),
         ComparisonCondition(">", ColumnValue("n", "number"), NumberConstant(Decimal(5))), IsPresent("yes"),
     Not(IsPresent("yes")), IsYes("yes")]
)  # fmt: skip
mostly_guarded = st.one_of(
    joined(chance_meetings),
    joined(st.builds(guarded, uses, by=st.sampled_from(get_args(Guarding)))),
    st.tuples(chance_meetings, joined(chance_meetings)).map(Both),
    st.tuples(chance_meetings, joined(chance_meetings)).map(Either),
)
moments = st.integers(0, 700 * 86_400).map(
    lambda n: Moment(instant=n, day=date(2019, 1, 1) + timedelta(days=n // 86_400), second=n % 86_400)
)
values: Mapping[ColumnType, st.SearchStrategy[Value]] = {
    "number": st.decimals(-100, 100, places=2), "text": written_texts, "date": days, "datetime": moments,
    "yes_no": st.booleans(),
}  # fmt: skip
full_rows = st.fixed_dictionaries({name: values[kind] for name, kind in TYPES.items()})
rows = st.fixed_dictionaries({name: st.none() | values[kind] for name, kind in TYPES.items()})


def compiled(text: str, *, may_be_missing: bool) -> Condition | None:
    columns = table(may_be_missing=may_be_missing)
    return compile_condition(text=text, place=Place("regime.yaml"), columns=columns, calendars=CALENDARS)[0]


@given(conditions)
def test_a_condition_said_back_is_read_as_the_same_condition(condition: Condition) -> None:
    assert compiled(describe(condition), may_be_missing=False) == condition


@given(condition=conditions, other=conditions, row=full_rows)
def test_a_condition_is_true_or_false_and_nothing_between(
    condition: Condition, other: Condition, row: Mapping[str, Value | None]
) -> None:
    first, second = holds(condition, row, CALENDARS), holds(other, row, CALENDARS)
    assert holds(Not(condition), row, CALENDARS) is not first
    assert holds(Both((condition, other)), row, CALENDARS) is (first and second)
    assert holds(Either((condition, other)), row, CALENDARS) is (first or second)
    assert holds(Either((condition, Not(condition))), row, CALENDARS)


@given(condition=mostly_guarded, row=rows)
def test_a_condition_that_was_accepted_never_compares_a_missing_value(
    condition: Condition, row: Mapping[str, Value | None]
) -> None:
    accepted = compiled(describe(condition), may_be_missing=True)
    event(f"accepted: {accepted is not None}")
    if accepted is not None:
        assert holds(accepted, row, CALENDARS) in (True, False)


@given(condition=mostly_guarded, row=rows)
def test_an_accepted_condition_means_the_same_to_sql_where_a_missing_value_makes_unknown(
    condition: Condition, row: Mapping[str, Value | None]
) -> None:
    accepted = compiled(describe(condition), may_be_missing=True)
    if accepted is not None:
        assert as_sql_reads_it(accepted, row) is holds(accepted, row, CALENDARS)


@given(uses, st.sampled_from(get_args(Guarding)))
def test_a_use_behind_its_guards_is_accepted(use: Condition, by: Guarding) -> None:
    assert compiled(describe(guarded(use, by=by)), may_be_missing=True) is not None


@given(uses)
def test_a_use_without_its_guard_is_refused(use: Condition) -> None:
    accepted = compiled(describe(use), may_be_missing=True)
    assert (accepted is None) == bool(columns_of(use))


FRAGMENTS = (
    "and", "or", "not", "in", "is", "missing", "present", "true", "(", ")", ",", "+", "-", "=", "!=", "<", ">=", "n",
    "s", "d", "at", "yes", "hours", "business_day", "open", "seconds", "days", "lower", "starts_with", "'x'", "''", "'",
    "1", "2.50", "2019-10-01", "2019-02-30", "\n", '"', "é", "\x00", "\ud800",
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=15).map(" ".join)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    condition, problems = compile_condition(
        text=text, place=Place("regime.yaml", 3, 7), columns=table(may_be_missing=True), calendars=CALENDARS
    )
    assert (condition is None) == bool(problems)
    for problem in problems:
        assert problem.place.line >= 3
        assert problem.place.column >= (7 if problem.place.line == 3 else 1)
        assert problem.what
        assert problem.remedy


@given(st.text("(not )'1+,=", max_size=4_100))
def test_no_heap_of_brackets_makes_the_reader_fail(text: str) -> None:
    condition, problems = compile_condition(
        text=text, place=Place("regime.yaml"), columns=table(may_be_missing=True), calendars=CALENDARS
    )
    assert (condition is None) == bool(problems)


def as_sql_reads_it(condition: Condition, row: Mapping[str, Value | None]) -> bool | None:
    """Three-valued logic: unknown where a test meets a missing value; every part is read, in no order."""
    if isinstance(condition, Not):
        part = as_sql_reads_it(condition.part, row)
        return None if part is None else not part
    if isinstance(condition, Both | Either):
        decides = isinstance(condition, Either)
        parts = [as_sql_reads_it(part, row) for part in condition.parts]
        if decides in parts:
            return decides
        return None if None in parts else not decides
    return _known(lambda: holds(condition, row, CALENDARS))


def _known(answer: Callable[[], bool]) -> bool | None:
    try:
        return answer()
    except MissingValueError:
        return None

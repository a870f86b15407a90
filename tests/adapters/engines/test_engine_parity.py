"""DuckDB gives the tallies of the reference engine, whatever the rows and whatever the measure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.adapters.engines.duckdb_engine import DuckDBEngine
from muniment.adapters.engines.row_source import rows_of
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, REJECTED, Engine
from muniment.domain.evidence.normalised import clocks_of
from muniment.domain.evidence.reference import ReferenceEngine
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Moment, Month, Period
from muniment.domain.language.columns import ColumnType
from muniment.domain.language.tree import (
    Always,
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
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import LeftOutRule, Measure
from tests.domain.language.written import Guarding, guarded

Store = Callable[..., Path]
FIRST, LAST = Month(2019, 3), Month(2019, 12)
SPAN = Period(FIRST, LAST)
SOME_DAYS = [date(2019, 3, 31), date(2019, 8, 1), date(2019, 8, 23), date(2019, 8, 26), date(2019, 12, 31)]

# Both changes of the clocks, both ends of service hours, a bank holiday, a Saturday and a month's end (all UTC).
EDGES = [
    "2019-03-31 00:59:59", "2019-03-31 01:00:00", "2019-10-27 00:30:00", "2019-10-27 01:30:00", "2019-07-31 23:30:00",
    "2019-07-31 22:59:59", "2019-08-23 16:59:59", "2019-08-23 17:00:00", "2019-08-26 10:00:00", "2019-08-27 06:59:59",
    "2019-08-27 07:00:00", "2019-08-24 08:00:00", "2019-08-24 08:00:01", "2019-12-24 18:00:00", "2019-12-31 23:59:59",
]  # fmt: skip
TEXTS = ["billing", "Billing", "BÜRO", "büro", "it's", "a,b", 'say "no"', "%_", " x", "\N{KELVIN SIGN}", "\\", "--"]
DAYS = [date(2019, 1, 31), date(2019, 2, 28), date(2019, 8, 26), date(2020, 2, 29), date(2018, 12, 31)]
NUMBERS = ["0", "1", "-1", "4", "0.5", "0.000001", "-0.000001", "999999999999.999999", "-999999999999.999999", "3600"]
LITERALS = [
    "0",
    "1",
    "4",
    "0.5",
    "0.016667",
    "0.0166666666",
    "3600",
    "999999999999.9999995",
    "1000000000000",
    "12345678901234567",
]

moments = st.one_of(
    st.sampled_from([datetime.fromisoformat(edge).replace(tzinfo=UTC) for edge in EDGES]),
    st.datetimes(datetime(2019, 3, 1), datetime(2019, 12, 31)).map(lambda at: at.replace(tzinfo=UTC, microsecond=0)),
)
days = st.one_of(st.sampled_from(DAYS), st.dates(date(2018, 1, 1), date(2020, 12, 31)))


def maybe(cells: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), cells)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


moment_cells = moments.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}")
day_cells = days.map(date.isoformat)
text_cells = st.sampled_from(TEXTS).map(quoted)
yes_no_cells = st.sampled_from(["yes", "no"])
rows = st.tuples(
    moment_cells, maybe(moment_cells), day_cells, maybe(day_cells), st.sampled_from(NUMBERS),
    maybe(st.sampled_from(NUMBERS)), text_cells, maybe(text_cells), yes_no_cells, maybe(yes_no_cells),
).map(",".join)  # fmt: skip


def cells(*columns: str, kind: ColumnType) -> st.SearchStrategy[ColumnValue]:
    return st.sampled_from([ColumnValue(column, kind) for column in columns])


datetime_cells = cells("opened_at", "closed_at", kind="datetime")
date_cells = cells("due_on", "paid_on", kind="date")
written_days = days.map(DayConstant)
any_days = st.one_of(datetime_cells, date_cells, written_days)
numbers = st.recursive(
    st.one_of(
        st.sampled_from(LITERALS).map(lambda text: NumberConstant(Decimal(text))),
        cells("Amount", "hold_hours", kind="number"),
        st.builds(Duration, st.sampled_from(["seconds", "minutes"]), datetime_cells, datetime_cells),
        st.builds(DayCount, st.sampled_from(["days", "months"]), any_days, any_days),
        st.builds(BusinessDayCount, any_days, any_days, st.just("working")),
        st.builds(OpenHours, datetime_cells, datetime_cells, st.sampled_from(["desk", "round_the_clock"])),
    ),
    lambda parts: st.builds(Sum, st.sampled_from(["+", "-"]), parts, parts),
    max_leaves=4,
)
plain_texts = st.one_of(cells("queue", "note", kind="text"), st.sampled_from(TEXTS).map(TextConstant))
texts = st.one_of(plain_texts, plain_texts.map(LoweredText))
text_columns = cells("queue", "note", kind="text")
operators = st.sampled_from(get_args(ComparisonOperator))
sames = st.sampled_from(["=", "!="])
tests: st.SearchStrategy[Condition] = st.one_of(
    st.builds(ComparisonCondition, operators, numbers, numbers),
    st.builds(ComparisonCondition, operators, st.one_of(date_cells, written_days), st.one_of(date_cells, written_days)),
    st.builds(ComparisonCondition, operators, datetime_cells, datetime_cells),
    st.builds(ComparisonCondition, sames, texts, texts),
    st.builds(IsOneOf, numbers, st.lists(numbers, min_size=1, max_size=3).map(tuple)),
    st.builds(IsOneOf, texts, st.lists(texts, min_size=1, max_size=3).map(tuple)),
    st.builds(IsOneOf, date_cells, st.lists(written_days, min_size=1, max_size=3).map(tuple)),
    st.builds(IsYes, st.sampled_from(["urgent", "disputed"])),
    st.builds(IsOpen, datetime_cells, st.sampled_from(["desk", "round_the_clock"])),
    st.builds(
        StartsWith, st.one_of(text_columns, text_columns.map(LoweredText)), st.sampled_from(["b", "B", "%", "it'", " "])
    ),
)


MISSABLE = {"closed_at", "paid_on", "hold_hours", "note", "disputed"}


leaves = st.one_of(
    st.builds(guarded, tests, by=st.sampled_from(get_args(Guarding)), missable=st.just(MISSABLE)),
    st.builds(IsPresent, st.sampled_from([*sorted(MISSABLE), "ref"])),
    st.just(Always()),
)
conditions = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Both(tuple(some))),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Either(tuple(some))),
        parts.map(Not),
    ),
    max_leaves=4,
)
rules = st.lists(conditions, max_size=2).map(
    lambda some: tuple(LeftOutRule(f"rule {number}", when) for number, when in enumerate(some))
)
measures = st.one_of(
    st.builds(Measure, st.just("m"), st.just("cases"), st.just("ratio_of_rows"), conditions, rules, conditions),
    st.builds(
        Measure, st.just("m"), st.just("cases"), st.just("ratio_of_sums"), conditions, rules, conditions,
        st.just("Amount"), st.just("Amount"),
    ),
)  # fmt: skip


def agree(
    store: Store,
    cases: Table,
    calendars: dict[str, Calendar],
    *,
    some_rows: list[str],
    some_measures: list[Measure],
    is_derived_at_ingest: bool,
    set_aside: frozenset[str],
) -> None:
    clocks = clocks_of(some_measures) if is_derived_at_ingest else frozenset()
    parts = [store(some_rows, clocks=clocks)]
    duckdb = DuckDBEngine(parts={"cases": parts}, tables={"cases": cases}, calendars=calendars)
    stored = tuple(rows_of(parts=parts, table=cases))
    reference = ReferenceEngine(rows=lambda _: stored, calendars=calendars)
    engines: list[Engine] = [duckdb, reference]
    aside = {"cases": set_aside}
    quick, slow = (
        engine.tallies(measures=some_measures, first=FIRST, last=LAST, set_aside=aside) for engine in engines
    )
    assert quick == slow
    quick_rows, slow_rows = (engine.rows_by_month(table="cases") for engine in engines)
    assert quick_rows == slow_rows
    for (_, month), tally in quick.items():
        assert tally.rows == quick_rows[month]
    for disposition in (OUT_OF_SCOPE, 1, IN_TOTAL, COUNTED, REJECTED):
        quick_ids, slow_ids = (
            engine.sample(measure=some_measures[0], period=SPAN, disposition=disposition, limit=3, set_aside=aside)
            for engine in engines
        )
        assert quick_ids == slow_ids
    quick_codes, slow_codes = (
        engine.dispositions(measure=some_measures[0], period=SPAN, codes=(1, COUNTED, REJECTED), set_aside=aside)
        for engine in engines
    )
    assert list(quick_codes.items()) == list(slow_codes.items())
    quick_first, slow_first = (
        engine.samples(measures=some_measures, first=FIRST, last=LAST, limit=3, set_aside=aside) for engine in engines
    )
    for measure, month in quick:
        first_rows = {code: rows for code, rows in quick_first[measure, month].items() if rows}
        assert first_rows == slow_first.get((measure, month), {})
    quick_days, slow_days = (engine.rows_dated(table="cases", days=SOME_DAYS) for engine in engines)
    assert quick_days == slow_days


cases_to_agree_on = given(
    some_rows=st.lists(rows, min_size=1, max_size=25),
    some_measures=st.lists(measures, min_size=1, max_size=5),
    is_derived_at_ingest=st.booleans(),
    set_aside=st.frozensets(st.integers(0, 30).map(lambda number: f"R{number:03d}"), max_size=8),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@cases_to_agree_on
def test_both_engines_give_the_same_tallies_and_samples(
    store: Store,
    cases: Table,
    calendars: dict[str, Calendar],
    some_rows: list[str],
    some_measures: list[Measure],
    is_derived_at_ingest: bool,
    set_aside: frozenset[str],
) -> None:
    agree(
        store, cases, calendars,
        some_rows=some_rows, some_measures=some_measures, is_derived_at_ingest=is_derived_at_ingest,
        set_aside=set_aside,
    )  # fmt: skip


@pytest.mark.proof
@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
@cases_to_agree_on
def test_both_engines_agree_on_thousands_of_measures(
    store: Store,
    cases: Table,
    calendars: dict[str, Calendar],
    some_rows: list[str],
    some_measures: list[Measure],
    is_derived_at_ingest: bool,
    set_aside: frozenset[str],
) -> None:
    agree(
        store, cases, calendars,
        some_rows=some_rows, some_measures=some_measures, is_derived_at_ingest=is_derived_at_ingest,
        set_aside=set_aside,
    )  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(some_rows=st.lists(rows, min_size=2, max_size=12), measure=measures, data=st.data())
def test_shuffling_the_rows_of_a_file_changes_no_tally(
    store: Store,
    cases: Table,
    calendars: dict[str, Calendar],
    some_rows: list[str],
    measure: Measure,
    data: st.DataObject,
) -> None:
    shuffled = data.draw(st.permutations(some_rows))
    tallies = [
        DuckDBEngine(parts={"cases": [store(rows_in_order)]}, tables={"cases": cases}, calendars=calendars).tallies(
            measures=[measure], first=FIRST, last=LAST
        )
        for rows_in_order in (some_rows, shuffled)
    ]
    assert tallies[0] == tallies[1]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.lists(moments, min_size=1, max_size=20))
def test_a_streamed_moment_is_the_one_that_was_written(store: Store, cases: Table, at: list[datetime]) -> None:
    parts = [store([f"{moment:%Y-%m-%dT%H:%M:%SZ},,2019-01-01,,0,,x,,no," for moment in at])]
    cells = [row.cells["opened_at"] for row in rows_of(parts=parts, table=cases)]
    streamed = [cell.instant for cell in cells if isinstance(cell, Moment)]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert sorted(streamed) == sorted((moment - epoch) // timedelta(seconds=1) for moment in at)

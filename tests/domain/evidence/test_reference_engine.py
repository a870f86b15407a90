"""The reference engine: one tally per measure and month, exact sums, row ids in order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, Engine, Row
from muniment.domain.evidence.measurement import Tally
from muniment.domain.evidence.reference import ReferenceEngine, UnreadableRowError
from muniment.domain.kernel.period import Month, Period
from muniment.domain.language.columns import Value
from muniment.domain.language.tree import Always, ColumnValue, ComparisonCondition, IsYes, NumberConstant
from muniment.domain.regime.measures import LeftOutRule, Measure

OCTOBER, NOVEMBER, DECEMBER = Month(2019, 10), Month(2019, 11), Month(2019, 12)
IN_SCOPE = ComparisonCondition(">", ColumnValue("amount", "number"), NumberConstant(Decimal(0)))

COLLECTED = Measure(
    name="debt_collected",
    table="debts",
    form="ratio_of_sums",
    scope=IN_SCOPE,
    left_out=(LeftOutRule("disputed", IsYes("disputed")),),
    counted=IsYes("collected"),
    sum_all="amount",
    sum_counted="amount",
)
DEBTS = Measure(name="debts", table="debts", form="number_of_rows", scope=Always(), left_out=(), counted=Always())
CALLS = Measure(name="calls", table="calls", form="number_of_rows", scope=Always(), left_out=(), counted=Always())


def debt(name: str, day: date, amount: str | None, *, collected: bool = False, disputed: bool = False) -> Row:
    cells: Mapping[str, Value | None] = {
        "amount": None if amount is None else Decimal(amount),
        "collected": collected,
        "disputed": disputed,
    }
    return Row(id=name, day=day, cells=cells)


ROWS = (
    debt("D9", date(2019, 11, 30), "0.10", collected=True),
    debt("D1", date(2019, 11, 1), "0.20", collected=True),
    debt("D2", date(2019, 11, 15), "100"),
    debt("D3", date(2019, 11, 15), "7", collected=True, disputed=True),
    debt("D10", date(2019, 11, 20), "0", collected=True),
    debt("D4", date(2019, 10, 31), "5", collected=True),
    debt("D5", date(2019, 12, 1), "6"),
)


class Evidence:
    """Tables by name, and a note of each reading."""

    def __init__(self, **tables: Sequence[Row]) -> None:
        self.tables = tables
        self.read: list[str] = []

    def __call__(self, table: str) -> Iterable[Row]:
        self.read.append(table)
        return iter(self.tables[table])


def engine(*rows: Row) -> Engine:
    return ReferenceEngine(rows=Evidence(debts=rows or ROWS, calls=()), calendars={})


def test_it_says_its_name() -> None:
    assert engine().name == "reference"


def test_a_month_holds_the_rows_dated_within_it() -> None:
    tallies = engine().tallies(measures=[COLLECTED], first=OCTOBER, last=NOVEMBER)
    assert tallies == {
        (COLLECTED, OCTOBER): Tally(0, (0,), 0, 1, sum_all=Decimal(5), sum_counted=Decimal(5)),
        (COLLECTED, NOVEMBER): Tally(1, (1,), 1, 2, sum_all=Decimal("100.30"), sum_counted=Decimal("0.30")),
    }


def test_every_row_of_a_month_is_in_the_tally_once() -> None:
    tallies = engine().tallies(measures=[COLLECTED, DEBTS], first=OCTOBER, last=DECEMBER)
    by_month = engine().rows_by_month(table="debts")
    assert by_month == {OCTOBER: 1, NOVEMBER: 5, DECEMBER: 1}
    assert {key: tally.rows for key, tally in tallies.items()} == {
        (measure, month): rows for measure in (COLLECTED, DEBTS) for month, rows in by_month.items()
    }


def test_a_measure_without_a_sum_sums_nothing() -> None:
    tally = engine().tallies(measures=[DEBTS], first=NOVEMBER, last=NOVEMBER)[DEBTS, NOVEMBER]
    assert tally == Tally(0, (), 0, 5, sum_all=Decimal(0), sum_counted=Decimal(0))


def test_a_table_is_read_once_for_all_of_its_measures() -> None:
    evidence = Evidence(debts=ROWS, calls=())
    measures = [COLLECTED, CALLS, DEBTS]
    ReferenceEngine(rows=evidence, calendars={}).tallies(measures=measures, first=OCTOBER, last=NOVEMBER)
    assert sorted(evidence.read) == ["calls", "debts"]


def test_a_measure_asked_for_twice_counts_its_rows_once() -> None:
    tallies = engine().tallies(measures=[DEBTS, DEBTS], first=NOVEMBER, last=NOVEMBER)
    assert tallies[DEBTS, NOVEMBER].counted == 5


def test_a_month_without_rows_has_no_tally() -> None:
    assert engine().tallies(measures=[CALLS], first=OCTOBER, last=DECEMBER) == {}


def test_a_sum_keeps_every_digit() -> None:
    rows = [debt(str(n), date(2019, 11, 1), amount) for n, amount in enumerate(("1e29", "0.01", "0.01"))]
    tally = engine(*rows).tallies(measures=[COLLECTED], first=NOVEMBER, last=NOVEMBER)[COLLECTED, NOVEMBER]
    assert str(tally.sum_all) == "100000000000000000000000000000.02"


def test_two_columns_are_summed_each_over_its_own_rows() -> None:
    """`sum_all: invoiced, sum_counted: paid` is a ratio of two columns over the same rows."""
    measure = Measure(
        name="paid",
        table="debts",
        form="ratio_of_sums",
        scope=Always(),
        left_out=(),
        counted=Always(),
        sum_all="invoiced",
        sum_counted="paid",
    )
    rows = [
        Row("1", date(2019, 11, 1), {"invoiced": Decimal(10), "paid": Decimal(7)}),
        Row("2", date(2019, 11, 2), {"invoiced": Decimal(20), "paid": Decimal(5)}),
    ]
    tally = engine(*rows).tallies(measures=[measure], first=NOVEMBER, last=NOVEMBER)[measure, NOVEMBER]
    assert (tally.sum_all, tally.sum_counted) == (Decimal(10 + 20), Decimal(7 + 5))


def test_a_missing_amount_is_never_summed_as_nothing() -> None:
    measure = Measure("paid", "debts", "ratio_of_sums", Always(), (), Always(), sum_all="amount", sum_counted="amount")
    missing = engine(debt("D7", date(2019, 11, 1), None))
    with pytest.raises(UnreadableRowError, match="debts row D7: compared a missing value of 'amount'"):
        missing.tallies(measures=[measure], first=NOVEMBER, last=NOVEMBER)


@pytest.mark.parametrize(
    ("disposition", "limit", "ids"),
    [
        (COUNTED, 9, ("D1", "D9")),
        (COUNTED, 1, ("D1",)),
        (IN_TOTAL, 9, ("D2",)),
        (1, 9, ("D3",)),
        (OUT_OF_SCOPE, 9, ("D10",)),
        (COUNTED, 0, ()),
    ],
)
def test_a_sample_has_the_first_row_ids_in_order(disposition: int, limit: int, ids: tuple[str, ...]) -> None:
    period = Period(NOVEMBER, NOVEMBER)
    assert engine().sample(measure=COLLECTED, period=period, disposition=disposition, limit=limit) == ids


def test_a_sample_of_a_quarter_reaches_over_its_months() -> None:
    quarter = Period(OCTOBER, DECEMBER)
    assert engine().sample(measure=DEBTS, period=quarter, disposition=COUNTED, limit=3) == ("D1", "D10", "D2")


amounts = st.decimals(-10, 100, places=2).map(str)
random_rows = st.lists(
    st.builds(
        lambda number, amount, collected, disputed: debt(
            f"D{number}",
            date(2019, 10, 1) + timedelta(days=number % 92),
            amount,
            collected=collected,
            disputed=disputed,
        ),
        st.integers(0, 10_000),
        amounts,
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
)


@given(st.data(), random_rows)
def test_the_order_of_the_rows_changes_nothing(data: st.DataObject, rows: list[Row]) -> None:
    shuffled = data.draw(st.permutations(rows))
    as_given = engine(*rows).tallies(measures=[COLLECTED], first=OCTOBER, last=DECEMBER)
    assert engine(*shuffled).tallies(measures=[COLLECTED], first=OCTOBER, last=DECEMBER) == as_given


@given(random_rows, st.integers(0, 10))
def test_one_more_left_out_row_changes_nothing_but_its_own_tally(rows: list[Row], more: int) -> None:
    left_out = [debt(f"X{n}", date(2019, 11, 1), "9", collected=True, disputed=True) for n in range(more)]
    anchor = debt("A", date(2019, 11, 1), "1")
    before = engine(anchor, *rows).tallies(measures=[COLLECTED], first=NOVEMBER, last=NOVEMBER)[COLLECTED, NOVEMBER]
    after = engine(anchor, *rows, *left_out).tallies(measures=[COLLECTED], first=NOVEMBER, last=NOVEMBER)[
        COLLECTED, NOVEMBER
    ]
    assert after == before + Tally(0, (more,), 0, 0)

"""What the DuckDB engine does at its edges: no evidence, several files, huge numbers, a fence around it."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from muniment.adapters.engines.duckdb_engine import DuckDBEngine
from muniment.adapters.engines.row_source import rows_of
from muniment.domain.evidence.engine import COUNTED
from muniment.domain.evidence.measurement import Tally
from muniment.domain.evidence.normalised import ClockColumn, clocks_of
from muniment.domain.evidence.reference import ReferenceEngine
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import Place
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.tree import Condition
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import LeftOutRule, Measure

Store = Callable[..., Path]
Compile = Callable[[str], Condition]
AUGUST = Month(2019, 8)


@pytest.fixture
def says(cases: Table, calendars: dict[str, Calendar]) -> Compile:
    """Compile a condition over cases."""

    def compile_text(text: str) -> Condition:
        # The language names the business-day calendar itself; the test's calendars are named by what they do.
        named = {**calendars, "business_day": calendars["working"]}
        condition, problems = compile_condition(
            text=text, place=Place("regime.yaml"), columns=cases.by_name, calendars=named
        )
        assert problems == ()
        assert condition is not None
        return condition

    return compile_text


@pytest.fixture
def named_calendars(calendars: dict[str, Calendar]) -> dict[str, Calendar]:
    return {**calendars, "business_day": calendars["working"]}


def counting(counted: Condition, says: Compile) -> Measure:
    return Measure("m", "cases", "ratio_of_rows", says("true"), (), counted)


def opened(at: str, *, closed: str = "", amount: str = "1", hold: str = "") -> str:
    return f"{at},{closed},2019-01-31,,{amount},{hold},billing,,no,"


def test_a_row_has_the_first_disposition_that_fits_it(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile
) -> None:
    measure = Measure(
        "m", "cases", "ratio_of_sums",
        says("Amount > 0"),
        (LeftOutRule("large", says("Amount > 100")), LeftOutRule("very large", says("Amount > 50"))),
        says("Amount >= 10"),
        "Amount", "Amount",
    )  # fmt: skip
    rows = [opened("2019-08-01 09:00", amount=amount) for amount in ("0", "150", "60", "10.01", "9.99", "20")]
    engine = DuckDBEngine(parts={"cases": [store(rows)]}, tables={"cases": cases}, calendars=calendars)
    tallies = engine.tallies(measures=[measure], first=AUGUST, last=AUGUST)
    assert tallies == {(measure, AUGUST): Tally(1, (1, 1), 1, 2, Decimal(40), Decimal("30.01"))}


def test_a_table_without_evidence_has_no_rows(cases: Table, calendars: dict[str, Calendar], says: Compile) -> None:
    measure = counting(says("urgent"), says)
    nothing: list[dict[str, list[Path]]] = [{}, {"cases": []}]
    for parts in nothing:
        engine = DuckDBEngine(parts=parts, tables={"cases": cases}, calendars=calendars)
        assert engine.tallies(measures=[measure], first=AUGUST, last=AUGUST) == {}
        assert engine.rows_by_month(table="cases") == {}
        assert engine.sample(measure=measure, period=Period(AUGUST, AUGUST), disposition=COUNTED, limit=5) == ()


def test_months_outside_those_asked_for_are_not_counted(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile
) -> None:
    rows = [opened(f"2019-{month:02d}-15 09:00") for month in range(6, 11)]
    engine = DuckDBEngine(parts={"cases": [store(rows)]}, tables={"cases": cases}, calendars=calendars)
    tallies = engine.tallies(measures=[counting(says("true"), says)], first=Month(2019, 7), last=AUGUST)
    assert [month for _, month in tallies] == [Month(2019, 7), AUGUST]
    assert list(engine.rows_by_month(table="cases")) == [Month(2019, month) for month in range(6, 11)]


def test_files_with_and_without_a_derived_clock_are_read_together(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile
) -> None:
    measure = counting(says("closed_at is present and open_hours(opened_at, closed_at, desk) <= 1"), says)
    day = opened("2019-08-23 17:30", closed="2019-08-27 08:29:59")
    late = opened("2019-08-23 17:30", closed="2019-08-27 08:30")
    with_clocks = store([day, late], clocks=clocks_of([measure]))
    without = store([day, late], first_ref=10)
    for parts in ([with_clocks, without], [without, with_clocks], [with_clocks], [without]):
        engine = DuckDBEngine(parts={"cases": parts}, tables={"cases": cases}, calendars=calendars)
        tally = engine.tallies(measures=[measure], first=AUGUST, last=AUGUST)[measure, AUGUST]
        assert (tally.counted, tally.in_total) == (len(parts), len(parts))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2019-08-23 07:59:59", False),
        ("2019-08-23 08:00:00", True),
        ("2019-08-23 17:59:59", True),
        ("2019-08-23 18:00:00", False),
        ("2019-08-24 09:00:00", True),
        ("2019-08-24 09:00:01", False),
        ("2019-08-25 10:00:00", False),
        ("2019-08-26 10:00:00", False),
    ],
)
def test_service_hours_are_half_open_and_closed_on_holidays(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile, at: str, is_open: bool
) -> None:
    measure = counting(says("open(opened_at, desk)"), says)
    for clocks in (clocks_of([measure]), frozenset[ClockColumn]()):
        parts = [store([opened(at)], clocks=clocks)]
        engine = DuckDBEngine(parts={"cases": parts}, tables={"cases": cases}, calendars=calendars)
        assert engine.tallies(measures=[measure], first=AUGUST, last=AUGUST)[measure, AUGUST].counted == is_open


def test_a_clock_derived_by_another_calendar_of_the_same_name_is_not_used(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile
) -> None:
    measure = counting(says("open(opened_at, desk)"), says)
    parts = [store([opened("2019-08-26 10:00")], clocks=[ClockColumn("is_open", "opened_at", "desk")])]
    for desk, open_rows in ((calendars["desk"], 0), (calendars["round_the_clock"], 1)):
        engine = DuckDBEngine(parts={"cases": parts}, tables={"cases": cases}, calendars={**calendars, "desk": desk})
        assert engine.tallies(measures=[measure], first=AUGUST, last=AUGUST)[measure, AUGUST].counted == open_rows


HUGE = "999999999999.999999"


@pytest.mark.parametrize(
    "condition",
    [
        "Amount <= 999999999999.9999999",
        "Amount < 1000000000000",
        "Amount < 123456789012345678",
        "Amount + Amount + Amount + Amount > 3999999999999.999995",
        "Amount + Amount - Amount = 999999999999.999999",
        "Amount - Amount = 0",
        "Amount + open_hours(opened_at, opened_at, desk) < 999999999999.9999991",
        "0 - Amount <= 0 - 999999999999.999999",
        "0 - Amount < 1 and not 0 - Amount > 1",
        "Amount != 0.1234567",
        "not Amount = 0.1234567",
        "Amount in (1, 999999999999.999999)",
        "minutes(opened_at, closed_at) > 1.016666 and minutes(opened_at, closed_at) < 1.016667",
        "minutes(opened_at, closed_at) + hold_hours > 1.516666",
        "minutes(opened_at, closed_at) + hold_hours < 1.516667",
        "days(2019-01-31, opened_at) = 212 and months(2019-01-31, opened_at) = 7",
        "months(opened_at, 2019-01-31) = 0 - 7 and months(opened_at, opened_at) = 0",
        "business_days(2019-08-23, opened_at) = 4 and business_days(opened_at, 2019-08-23) = 0 - 4",
        "starts_with(lower(queue), 'bill') and lower('BILLING') = queue",
    ],
)
def test_comparisons_are_exact_at_the_edges_of_what_a_cell_may_hold(
    store: Store, cases: Table, named_calendars: dict[str, Calendar], says: Compile, condition: str
) -> None:
    guard = "closed_at is present and hold_hours is present and "
    measure = counting(says(guard + f"({condition})"), says)
    parts = [store([opened("2019-08-31 09:00:00", closed="2019-08-31 09:01:01", amount=HUGE, hold="0.5")])]
    engine = DuckDBEngine(parts={"cases": parts}, tables={"cases": cases}, calendars=named_calendars)
    reference = ReferenceEngine(rows=lambda _: rows_of(parts=parts, table=cases), calendars=named_calendars)
    tally = engine.tallies(measures=[measure], first=AUGUST, last=AUGUST)[measure, AUGUST]
    assert tally.counted == 1
    assert reference.tallies(measures=[measure], first=AUGUST, last=AUGUST)[measure, AUGUST] == tally


def test_sums_of_the_largest_amounts_are_exact(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile
) -> None:
    measure = Measure("m", "cases", "ratio_of_sums", says("true"), (), says("true"), "Amount", "Amount")
    rows = [opened("2019-08-01 09:00", amount=HUGE)] * 3 + [opened("2019-08-01 09:00", amount="0.000003")]
    engine = DuckDBEngine(parts={"cases": [store(rows)]}, tables={"cases": cases}, calendars=calendars)
    tally = engine.tallies(measures=[measure], first=AUGUST, last=AUGUST)[measure, AUGUST]
    assert tally.sum_all == tally.sum_counted == Decimal(3_000_000_000_000)


def test_a_sample_is_the_first_ids_in_order(
    store: Store, cases: Table, calendars: dict[str, Calendar], says: Compile
) -> None:
    parts = [store([opened("2019-08-09 09:00"), opened("2019-08-01 09:00"), opened("2019-08-05 09:00")])]
    engine = DuckDBEngine(parts={"cases": parts}, tables={"cases": cases}, calendars=calendars)
    measure = counting(says("true"), says)
    assert engine.sample(measure=measure, period=Period(AUGUST, AUGUST), disposition=COUNTED, limit=2) == (
        "R000",
        "R001",
    )


def test_a_folder_with_a_quotation_mark_in_its_name_is_read(
    store: Store, cases: Table, calendars: dict[str, Calendar], tmp_path: Path
) -> None:
    odd = tmp_path / "it's"
    odd.mkdir()
    part = store([opened("2019-08-09 09:00")]).rename(odd / "cases.parquet")
    engine = DuckDBEngine(parts={"cases": [part]}, tables={"cases": cases}, calendars=calendars)
    assert engine.rows_by_month(table="cases") == {AUGUST: 1}


def test_the_engine_can_read_its_store_and_nothing_else(
    store: Store, cases: Table, calendars: dict[str, Calendar], tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    engine = DuckDBEngine(
        parts={"cases": [store([opened("2019-08-09 09:00")])]}, tables={"cases": cases}, calendars=calendars
    )
    connection = engine._relations.connection
    with pytest.raises(duckdb.PermissionException):
        connection.execute("SELECT * FROM read_text(?)", [str(tmp_path / "secret.txt")])
    with pytest.raises(duckdb.InvalidInputException):
        connection.execute("SET enable_external_access = true")


def test_counting_rows_needs_no_compiler(store: Store, tmp_path: Path) -> None:
    part = store([opened("2019-08-09 09:00")])
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from muniment.adapters.engines.duckdb_engine import DuckDBEngine\n"
        f"engine = DuckDBEngine(parts={{'cases': [Path({str(part)!r})]}}, tables={{}}, calendars={{}})\n"
        "print(len(engine.rows_by_month(table='cases')), 'sqlglot' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1 False\n", "")

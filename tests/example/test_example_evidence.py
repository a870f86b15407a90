"""The story is in the rows: what plain counting finds in the generated evidence, without the engine."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from muniment.domain.kernel.bank_holidays import bank_holidays
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month
from muniment.domain.regime.agreed import read_agreed_text
from muniment.domain.regime.contract import Table
from muniment.example.generator import MONTHS, TABLES, csv_of
from muniment.example.plan import PLANNED_MONTHS

Row = dict[str, str]
BUSINESS_DAYS = BusinessDays(frozenset(range(5)), bank_holidays(division="england-and-wales", known=None))
CONTRACT = Path(__file__).resolve().parents[2] / "src/muniment/example/contract"


@cache
def evidence(table: str, month: Month) -> bytes:
    return csv_of(table=table, month=month)


def rows(table: str, month: Month) -> Iterator[Row]:
    return csv.DictReader(io.StringIO(evidence(table, month).decode()))


def tables() -> list[Table]:
    texts = {path.name: path.read_text(encoding="utf-8") for path in CONTRACT.glob("*.yaml")}
    text, _ = read_agreed_text(texts)
    assert text is not None
    return list(text.contract(known=None).tables.values())


def day_of(written: str) -> date:
    """2019-09-03 10:15:00, 2019-09-03 or 03/09/2019."""
    return datetime.strptime(written, "%d/%m/%Y").date() if "/" in written else date.fromisoformat(written[:10])


def percent(part: int, whole: int) -> str:
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def abandoned_calls(month: Month) -> tuple[int, int]:
    """(abandoned, all) of the calls in service hours that were no tests and did not end in the menu."""
    abandoned = counted = 0
    for row in rows("calls", month):
        offered = datetime.fromisoformat(row["offered_at"])
        is_open = BUSINESS_DAYS.includes(offered.date()) and 8 <= offered.hour < 18
        if row["test_call"] == "yes" or not is_open or row["ended_by"] == "ivr":
            continue
        counted += 1
        waited = (datetime.fromisoformat(row["ended_at"]) - offered).total_seconds()
        abandoned += row["answered_at"] == "" and row["ended_by"] == "caller" and waited > 5
    return abandoned, counted


def assessments_in_time(month: Month) -> tuple[int, int]:
    """(completed within 15 Business Days, all) of the assessments due in the month and not waiting on the client."""
    counted = [row for row in rows("assessments", month) if row["waiting_on_client"] == "no"]
    in_time = sum(
        BUSINESS_DAYS.between(date.fromisoformat(row["referred_on"]), date.fromisoformat(row["completed_on"])) <= 15
        for row in counted
        if row["completed_on"]
    )
    return in_time, len(counted)


def test_abandoned_calls_rise_to_september_and_fall_again() -> None:
    found = [percent(*abandoned_calls(month)) for month in MONTHS]
    assert found == ["5.84", "6.12", "5.97", "6.48", "9.24", "13.28", "4.72", "3.62"]


def test_in_september_7966_of_59985_calls_were_abandoned() -> None:
    assert abandoned_calls(Month(2019, 9)) == (7966, 59985)


def test_financial_assessments_improve_but_stay_below_their_target() -> None:
    found = [percent(*assessments_in_time(month)) for month in MONTHS]
    assert (found[0], found[2]) == ("58.53", "70.71")
    assert all(Decimal(value) < 75 for value in found)


def test_the_device_programme_has_2003_issued_and_80_to_go_at_the_end_of_november() -> None:
    issued = [sum(row["issued_on"] != "" for row in rows("refresh_devices", month)) for month in MONTHS]
    assert issued == sorted(issued)
    assert issued[-1] == 2003
    assert [sum(1 for _ in rows("refresh_devices", month)) for month in MONTHS] == [2083] * 8


def test_a_device_once_issued_keeps_its_day_in_every_later_snapshot() -> None:
    earlier: dict[str, str] = {}
    for month in PLANNED_MONTHS:
        now = {row["device_id"]: row["issued_on"] for row in rows("refresh_devices", month) if row["issued_on"]}
        assert earlier.items() <= now.items()
        earlier = now


def test_five_priority_1_incidents_fall_to_the_supplier_in_november() -> None:
    november = [row for row in rows("incidents", Month(2019, 11)) if row["third_party"] == "no"]
    assert sum(row["priority"] == "1" for row in november) == 5


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_every_row_lies_in_its_month_and_has_a_key_of_its_own(table: Table) -> None:
    for month in PLANNED_MONTHS:
        keys = set()
        for row in rows(table.name, month):
            keys.add(tuple(row[table.column(name).name_in_file] for name in table.key))
            assert Month.of(day_of(row[table.column(table.dated_by).name_in_file])) == month
        assert len(keys) == sum(1 for _ in rows(table.name, month))


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_a_file_has_the_columns_of_its_table_and_leaves_empty_only_what_may_be_missing(table: Table) -> None:
    for row in (row for month in PLANNED_MONTHS[-2:] for row in rows(table.name, month)):
        assert list(row) == [column.name_in_file for column in table.columns]
        empty = {column.name for column in table.columns if row[column.name_in_file] == ""}
        assert empty <= {column.name for column in table.columns if column.may_be_missing}


def test_the_evidence_knows_nothing_that_happened_after_it_was_handed_in() -> None:
    """Handed in from the fourth Business Day after the month."""
    for table in tables():
        names = [column for column in table.columns if column.type in ("date", "datetime") and column.may_be_missing]
        for month in PLANNED_MONTHS if names else ():
            last = BUSINESS_DAYS.after(month.last_day, 3)
            for row in rows(table.name, month):
                for written in (row[column.name_in_file] for column in names):
                    assert written == "" or day_of(written) <= last


def test_no_time_falls_in_an_hour_that_the_clocks_skip_or_repeat() -> None:
    for table in ("calls", "incidents", "call_backs"):
        for row in rows(table, Month(2019, 10)):
            assert not any(cell.startswith("2019-10-27 01") for cell in row.values())


def test_the_evidence_is_the_same_bytes_on_every_machine() -> None:
    """Whoever changes the plan or a generator on purpose changes this digest too."""
    found = sha256(b"".join(evidence(table, month) for table in TABLES for month in MONTHS)).hexdigest()
    assert found == "7b3ad18f1ecafb04d1be88702e79ab61026bd80ac1a9eaac2385bebf5a2edc27"


def test_a_month_does_not_depend_on_what_was_generated_before_it() -> None:
    for table in ("incidents", "payroll_payments", "invoices", "refresh_devices"):
        assert csv_of(table=table, month=MONTHS[3]) == evidence(table, MONTHS[3])


def test_all_months_together_stay_below_700000_rows() -> None:
    assert sum(evidence(table, month).count(b"\n") - 1 for table in TABLES for month in MONTHS) < 700_000


def test_a_month_outside_the_record_is_refused() -> None:
    with pytest.raises(ValueError, match="no evidence for March 2019"):
        csv_of(table="calls", month=Month(2019, 3))

"""The same answers, whatever measures, in whatever order rows and files come, and however often one asks."""

import json
import re
from pathlib import Path
from random import Random
from typing import Protocol

import pytest

from muniment.domain.kernel.period import Month
from muniment.example.generator import MONTHS, csv_of


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


WHOLE = ("--from", "2019-04", "--to", "2019-11", "--format", "json")
REPORT = ("--from", "2019-07", "--to", "2019-11", "--meeting", "2020-01-30")


def report(muniment: Muniment, folder: Path, out: Path) -> tuple[bytes, bytes]:
    ran = muniment("report", folder, *REPORT, "--out", out)
    assert ran.exit == 0, ran.err
    return (out / "report.html").read_bytes(), (out / "report.pdf").read_bytes()


def test_both_engines_give_the_same_bytes_for_the_whole_example(muniment: Muniment, demo: Path) -> None:
    """About a minute: the reference engine reads each of the 640,000 rows in Python."""
    fast = muniment("assess", demo, *WHOLE)
    slow = muniment("assess", demo, *WHOLE, "--engine", "reference")
    assert len(json.loads(fast.out)["rows"]) == 326
    assert fast.out == slow.out


@pytest.mark.parametrize("table", ["calls", "invoices", "incidents", "refresh_devices", "payroll_payments"])
def test_the_order_of_rows_and_their_division_into_files_change_nothing(
    muniment: Muniment, demo: Path, tmp_path: Path, table: str
) -> None:
    heading, rows = "", list[str]()
    for month in MONTHS:
        heading, *of_month = csv_of(table=table, month=month).decode().splitlines()
        rows += of_month
    Random(2019).shuffle(rows)  # noqa: S311 - an order, not a secret
    half = len(rows) // 2
    for name, some in (("b.csv", rows[:half]), ("a.csv", rows[half:])):
        (tmp_path / name).write_text("\n".join([heading, *some, ""]), encoding="utf-8")
    shuffled = muniment("assess", demo, *WHOLE, "--evidence", f"{table}={tmp_path}")
    assert shuffled.exit == 0, shuffled.err
    assert shuffled.out == muniment("assess", demo, *WHOLE).out


def test_a_report_made_twice_is_the_same_bytes(muniment: Muniment, demo: Path, tmp_path: Path) -> None:
    assert report(muniment, demo, tmp_path / "one") == report(muniment, demo, tmp_path / "two")


def test_table_1_of_the_report_is_what_summary_prints(muniment: Muniment, demo: Path, tmp_path: Path) -> None:
    html = report(muniment, demo, tmp_path)[0].decode()
    cell = re.compile(r'<data class="fact" value="(\d+)" data-fact="count/(\w+)/(\d{4}-\d\d)">(\d+)</data>')
    in_report = {(month, row): (int(value), int(shown)) for value, row, month, shown in cell.findall(html)}
    ran = muniment("summary", demo, "--from", "2019-07", "--to", "2019-11", "--format", "json")
    printed = {
        (month["period"], row): (count, count)
        for month in json.loads(ran.out)["months"]
        for row, count in month.items()
        if row not in ("period", "contract_month")
    }
    assert len(printed) == 5 * 6
    assert {place: count for place, count in in_report.items() if place in printed} == {
        place: count for place, count in printed.items() if place in in_report
    }
    assert {row for _, row in in_report} >= {"tsl_achieved", "msl_achieved", "below_msl", "mitigated", "not_measured"}


def test_a_second_demo_replaces_the_first_and_has_the_same_head_and_report(
    muniment: Muniment, demo: Path, own_demo: Path, tmp_path: Path
) -> None:
    (own_demo / "left-over.txt").write_text("from the first demo", encoding="utf-8")
    ran = muniment("demo", "--no-serve", "--out", own_demo)
    assert ran.exit == 0, ran.err
    assert not (own_demo / "left-over.txt").exists()
    assert (own_demo / "ledger.jsonl").read_bytes() == (demo / "ledger.jsonl").read_bytes()
    made = own_demo / "report"
    assert ((made / "report.html").read_bytes(), (made / "report.pdf").read_bytes()) == report(muniment, demo, tmp_path)
    assert "Table 1. November 2019: 35 of 41 at target" in ran.out


def test_evidence_that_was_taken_in_can_be_deleted_and_is_made_again(
    muniment: Muniment, own_demo: Path, demo: Path
) -> None:
    for file in (own_demo / ".muniment").glob("leavers-*.parquet"):
        file.unlink()
    asked = ("--from", str(Month(2019, 11)), "--to", str(Month(2019, 11)), "--format", "json")
    assert muniment("assess", own_demo, *asked).out == muniment("assess", demo, *asked).out

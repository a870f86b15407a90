"""The example's months, as the command line tells them: Table 1, statuses, levels, mitigation, credits."""

import csv
import json
from pathlib import Path
from typing import Protocol

import pytest

INTENDED = Path(__file__).parents[1] / "example" / "intended_status.csv"
CATEGORIES = ("tsl_achieved", "msl_achieved", "below_msl", "mitigated", "not_measured")
Row = dict[str, str | bool | None]


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


def table_1(muniment: Muniment, demo: Path) -> list[dict[str, int]]:
    ran = muniment("summary", demo, "--from", "2019-07", "--to", "2019-11", "--format", "json")
    months: list[dict[str, int]] = json.loads(ran.out)["months"]
    return months


def assessed(muniment: Muniment, demo: Path, first: str, last: str, *more: str) -> list[Row]:
    ran = muniment("assess", demo, "--from", first, "--to", last, *more, "--format", "json")
    assert ran.exit == 0, ran.err
    rows: list[Row] = json.loads(ran.out)["rows"]
    return rows


def test_every_month_of_table_1_adds_up_to_the_kpis_in_force(muniment: Muniment, demo: Path) -> None:
    months = table_1(muniment, demo)
    assert [str(month["period"]) for month in months] == ["2019-07", "2019-08", "2019-09", "2019-10", "2019-11"]
    for month in months:
        assert sum(month[category] for category in CATEGORIES) == month["total"] == 41


def test_november_is_35_achieved_1_below_minimum_3_mitigated_2_not_measured(muniment: Muniment, demo: Path) -> None:
    november = table_1(muniment, demo)[-1]
    assert [november[category] for category in CATEGORIES] == [35, 0, 1, 3, 2]


def test_table_1_counts_the_rows_that_assess_prints(muniment: Muniment, demo: Path) -> None:
    rows = assessed(muniment, demo, "2019-07", "2019-11")
    for month in table_1(muniment, demo):
        of_month = [row["category"] for row in rows if row["period"] == month["period"]]
        assert [of_month.count(category) for category in CATEGORIES] == [month[category] for category in CATEGORIES]


def test_every_kpi_stands_where_the_story_wants_it_in_every_month(muniment: Muniment, demo: Path) -> None:
    with INTENDED.open(encoding="utf-8", newline="") as file:
        intended = {
            (row["kpi"], month): status
            for row in csv.DictReader(file)
            for month, status in row.items()
            if month != "kpi"
        }
    rows = assessed(muniment, demo, "2019-04", "2019-11")
    found = {(row["kpi"], row["period"]): row["status"] for row in rows}
    assert found == {place: status for place, status in intended.items() if status != "not_in_force"}


def test_abandoned_calls_are_amber_red_green_green_from_august(muniment: Muniment, demo: Path) -> None:
    rows = assessed(muniment, demo, "2019-08", "2019-11", "--kpi", "CSC_KPI_04")
    assert [(row["value"], row["status"], row["points"]) for row in rows] == [
        ("9.24", "below_target", "2"),
        ("13.28", "below_minimum", "12"),  # 6 points, doubled by the repeat failure
        ("4.72", "met_target", "0"),
        ("3.62", "met_target", "0"),
    ]


@pytest.mark.parametrize(
    ("month", "target", "notice", "place"),
    [
        ("2019-09", "at most 7%", None, "regime.yaml"),
        ("2019-10", "at most 5%", "CCN-031", "changes/CCN-031.yaml"),
    ],
)
def test_a_level_applies_from_the_notices_date_and_names_its_line(
    muniment: Muniment, demo: Path, month: str, target: str, notice: str | None, place: str
) -> None:
    found = json.loads(muniment("explain", demo, "CSC_KPI_04", month, "--format", "json").out)["levels"]["target"]
    assert (found["level"], found["notice"]) == (target, notice)
    file, line, _ = found["place"].split(":")
    assert file == place
    assert target in (demo / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_mitigation_takes_the_points_and_leaves_number_and_status(muniment: Muniment, demo: Path) -> None:
    rows = {row["period"]: row for row in assessed(muniment, demo, "2019-04", "2019-11", "--kpi", "ACF_KPI_03")}
    assert (rows["2019-04"]["value"], rows["2019-04"]["status"]) == ("58.53", "below_minimum")
    assert (rows["2019-06"]["value"], rows["2019-06"]["status"]) == ("70.71", "below_target")
    for row in rows.values():
        assert (row["category"], row["mitigated"], row["points"]) == ("mitigated", True, "0")


@pytest.mark.parametrize(
    ("month", "points", "due"),
    [("2019-08", "6", "0.00"), ("2019-09", "27", "18190.00"), ("2019-11", "6", "0.00")],
)
def test_a_credit_is_a_tenth_of_a_percent_for_each_point_over_ten(
    muniment: Muniment, demo: Path, month: str, points: str, due: str
) -> None:
    statement = json.loads(muniment("statement", demo, "--period", month, "--format", "json").out)
    assert (statement["points"], statement["credit"]["due"]) == (points, due)
    assert sum(int(line["points"]) for line in statement["lines"]) == int(points)
    chargeable = max(0, int(points) - 10)
    pence = int(statement["credit"]["base"].replace(".", "")) * chargeable
    assert pence % 1000 == 0
    assert statement["credit"]["due"] == f"{pence // 1000 // 100}.{pence // 1000 % 100:02d}"


def test_a_statement_shows_its_working_and_ends_with_the_total(muniment: Muniment, demo: Path) -> None:
    ran = muniment("statement", demo, "--period", "2019-09")
    assert "27 points - 10 free = 17 chargeable; x 0.1% x £1,070,000.00 = £18,190.00" in ran.out
    assert "September 2019 (contract month 54): 27 service points, credit £18,190.00" in ran.out

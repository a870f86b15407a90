"""What was known on a day: no reading command knows more than the record did at the end of that day."""

import json
from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


Row = dict[str, str | bool | None]


def assessed(muniment: Muniment, demo: Path, *, kpi: str, month: str, known: str) -> Row:
    ran = muniment(
        "assess", demo, "--from", month, "--to", month, "--kpi", kpi, "--known", known, "--format", "json"
    )  # fmt: skip
    assert ran.exit == 0, ran.err
    found = json.loads(ran.out)
    assert found["known"] == known
    row: Row = found["rows"][0]
    return row


@pytest.mark.parametrize(("known", "target"), [("2019-08-18", "at most 7%"), ("2019-08-19", "at most 5%")])
def test_a_notice_is_known_from_the_day_it_was_signed(muniment: Muniment, demo: Path, known: str, target: str) -> None:
    row = assessed(muniment, demo, kpi="CSC_KPI_04", month="2019-10", known=known)
    assert (row["target"], row["status"]) == (target, "not_due")


@pytest.mark.parametrize(
    ("known", "category", "points"), [("2019-12-16", "msl_achieved", "1"), ("2019-12-17", "mitigated", "0")]
)
def test_a_mitigation_relieves_nothing_before_it_is_decided(
    muniment: Muniment, demo: Path, known: str, category: str, points: str
) -> None:
    """The election's demand: asked for on 9 December, granted on 17 December 2019."""
    row = assessed(muniment, demo, kpi="CSC_KPI_06", month="2019-11", known=known)
    assert (row["value"], row["status"], row["category"], row["points"]) == ("84.91", "below_target", category, points)


def test_before_its_evidence_came_a_month_is_not_due_and_the_months_before_it_are_as_ever(
    muniment: Muniment, demo: Path
) -> None:
    months = {}
    for known in ("2019-10-31", "2020-01-21"):
        ran = muniment("summary", demo, "--from", "2019-07", "--to", "2019-11", "--known", known, "--format", "json")
        months[known] = json.loads(ran.out)["months"]
    assert months["2019-10-31"][:3] == months["2020-01-21"][:3]
    assert [month["not_measured"] for month in months["2019-10-31"][3:]] == [41, 41]


def test_before_the_record_was_opened_nothing_is_measured(muniment: Muniment, demo: Path) -> None:
    row = assessed(muniment, demo, kpi="CSC_KPI_04", month="2019-04", known="2019-03-01")
    assert (row["status"], row["value"]) == ("not_due", None)


def test_without_a_day_the_last_entrys_day_is_asked_and_said(muniment: Muniment, demo: Path) -> None:
    assert "as known on 2020-01-21" in muniment("summary", demo, "--from", "2019-11", "--to", "2019-11").out


def test_a_notice_signed_after_the_record_ends_is_known_when_one_asks_for_its_day(
    muniment: Muniment, demo: Path
) -> None:
    """CCN-044 was signed on 8 November 2021 and retires IMT_KPI_14 from October 2021."""
    for known, exit_code in (("2021-11-07", 0), ("2021-11-08", 1)):
        ran = muniment(
            "assess", demo, "--from", "2021-10", "--to", "2021-10", "--kpi", "IMT_KPI_14", "--known", known
        )  # fmt: skip
        assert ran.exit == exit_code, ran.err

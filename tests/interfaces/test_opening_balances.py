"""A contract that joins mid-term brings its credits with it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import make_small_contract

OPENING = 'zone: Europe/London\nrecord_from: 2019-05\nopening: {credits_to_date: "£1234.50"}\n'


@pytest.fixture
def late(tmp_path: Path, change: Callable[[Path, Mapping[str, str]], None]) -> Path:
    """The small contract, whose record begins in May."""
    folder = make_small_contract(tmp_path / "tiny").folder
    change(folder / "contract.yaml", {"zone: Europe/London\n": OPENING})
    return folder


def _shown(muniment: Muniment, folder: Path, month: str) -> tuple[str | None, str]:
    """Credits to date, and the credit due for the month."""
    asked = muniment("statement", folder, "--period", month, "--format", "json")
    assert asked.exit == 0, asked.err
    shown = json.loads(asked.out)
    return shown["credits_to_date"], shown["credit"]["due"]


def test_credits_to_date_are_the_opening_balance_and_every_month_since(muniment: Muniment, late: Path) -> None:
    (may, may_due), (june, june_due) = (_shown(muniment, late, month) for month in ("2019-05", "2019-06"))
    assert (may_due, june_due) == ("200.00", "500.00")
    assert (may, june) == ("1434.50", "1934.50")


def test_before_the_record_nobody_knows_them(muniment: Muniment, late: Path) -> None:
    assert _shown(muniment, late, "2019-04")[0] is None


def test_without_an_opening_balance_they_begin_with_the_contract(muniment: Muniment, tmp_path: Path) -> None:
    folder = make_small_contract(tmp_path / "tiny").folder
    shown = [_shown(muniment, folder, month) for month in ("2019-04", "2019-05", "2019-06")]
    due = [int(credit.replace(".", "")) for _, credit in shown]
    pence = [int((to_date or "").replace(".", "")) for to_date, _ in shown]
    assert pence == [sum(due[: n + 1]) for n in range(3)]


def test_the_statement_says_them(muniment: Muniment, late: Path) -> None:
    assert "Service credits to date    £1,934.50" in muniment("statement", late, "--period", "2019-06").out


def test_opening_points_are_refused_by_name(
    muniment: Muniment, late: Path, change: Callable[[Path, Mapping[str, str]], None]
) -> None:
    change(late / "contract.yaml", {'credits_to_date: "£1234.50"': "points: {2019-04: 3}"})
    asked = muniment("check", late)
    assert (asked.exit, "points" in asked.out) == (1, True)

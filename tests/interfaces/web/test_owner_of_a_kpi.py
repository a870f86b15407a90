"""A KPI's owner, as the agreed text names them, stands wherever the KPI is shown; where it names none, nothing does."""

import json
from pathlib import Path

import pytest

from tests.interfaces.api.conftest import calling
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import SmallContract, make_small_contract
from tests.interfaces.web.conftest import STRANGER, Site
from tests.interfaces.web.june import SEEN, TINY, words_in

OWNER = "Owner: Reception Manager"


@pytest.fixture
def small(tmp_path: Path) -> SmallContract:
    return make_small_contract(tmp_path / "tiny")


def test_the_command_line_names_the_owner_or_nobody(small: SmallContract, muniment: Muniment) -> None:
    span = ("--from", "2019-05", "--to", "2019-05", "--format", "json")
    rows = json.loads(muniment("assess", small.folder, *span).out)["rows"]
    assert {row["kpi"]: row["owner"] for row in rows} == {
        "SEEN": "Reception Manager", "LOST": None, "LATE": None, "QUARTER": None,
    }  # fmt: skip
    explained = json.loads(muniment("explain", small.folder, "SEEN", "2019-05", "--format", "json").out)
    assert explained["owner"] == "Reception Manager"


def test_pages_name_the_owner_once_per_kpi(site: Site) -> None:
    browser = site.signed_in(STRANGER)
    assert words_in(browser.get(f"{TINY}/months/2019-05")).count("Owner:") == 1
    assert OWNER in words_in(browser.get(f"{TINY}/months/2019-05"))
    assert "Owner Reception Manager" in words_in(browser.get(SEEN))
    assert "Owner" not in words_in(browser.get(SEEN.replace("SEEN", "LOST")))


def test_the_api_names_the_owner_of_a_month_a_kpi_and_its_history(site: Site) -> None:
    caller = calling(site, STRANGER)
    owners = {
        found["kpi"]: found["owner"] for found in caller.get("/contracts/tiny/months/2019-05").objects("results")
    }  # fmt: skip
    assert owners == {"SEEN": "Reception Manager", "LOST": "", "LATE": "", "QUARTER": ""}
    for address in ("/contracts/tiny/months/2019-05/kpis/SEEN", "/contracts/tiny/kpis/SEEN"):
        assert caller.get(address).said["owner"] == "Reception Manager"


def test_the_report_names_the_owner_under_the_kpi(small: SmallContract, muniment: Muniment, tmp_path: Path) -> None:
    span = ("--from", "2019-05", "--to", "2019-05", "--meeting", "2019-07-04", "--known", "2019-06-20")
    assert muniment("report", small.folder, *span, "--out", tmp_path).exit == 0
    page = (tmp_path / "report.html").read_text()
    assert (page.count("Owner:"), f"<p>{OWNER}</p>" in page) == (1, True)

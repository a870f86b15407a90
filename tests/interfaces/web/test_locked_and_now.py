"""A locked month shows what was signed, and says beside it what is computed now."""

import csv
import io

import pytest

from tests.interfaces.api.conftest import calling
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import FINANCE, MANAGER, TINY, bring_to, words_in

ADDRESS = f"{TINY}/statements/2019-06"


@pytest.fixture
def changed_since_lock(site: Site) -> Site:
    bring_to(site, "changed_since_lock")
    return site


def test_the_home_page_answers_with_the_locked_statement_and_says_now_beside_it(changed_since_lock: Site) -> None:
    page = words_in(changed_since_lock.signed_in(MANAGER).get(TINY))
    assert "June 2019: 1 of 4 at target, 3 below target" in page
    assert "Locked months show what was signed." in page
    assert "£500.00 now £700.00" in page


def test_the_statements_show_the_credit_that_was_locked(changed_since_lock: Site) -> None:
    browser = changed_since_lock.signed_in(MANAGER)
    assert "£500.00 now £700.00" in words_in(browser.get(f"{TINY}/statements"))
    one = words_in(browser.get(ADDRESS))
    assert "Credit due £500.00 now £700.00" in one
    assert "As locked in v1" in one


def test_the_month_page_says_what_v1_says_where_a_row_is_another_now(changed_since_lock: Site) -> None:
    page = words_in(changed_since_lock.signed_in(MANAGER).get(f"{TINY}/months/2019-06"))
    assert "June 2019: 1 of 4 at target, 3 below target" in page
    assert "This is the locked statement, v1." in page
    assert "47.37% 9 / 19 v1: 78.95%" in page
    assert "v1: MSL achieved" in page


def test_the_page_of_a_figure_says_what_v1_says_where_it_is_another_now(changed_since_lock: Site) -> None:
    browser = changed_since_lock.signed_in(MANAGER)
    page = words_in(browser.get(f"{TINY}/months/2019-06/kpis/SEEN"))
    assert "SEEN in June 2019: 47.37%, below minimum" in page
    assert "The locked statement, v1 , says 78.95%: MSL achieved, 1 service point." in page
    assert "The locked statement" not in words_in(browser.get(f"{TINY}/months/2019-06/kpis/LOST"))


def test_a_month_that_says_what_it_said_says_nothing_of_now(site: Site) -> None:
    bring_to(site, "locked")
    browser = site.signed_in(MANAGER)
    assert "Credit due £500.00 Cap of the month £1,000.00" in words_in(browser.get(ADDRESS))
    assert "This is the locked statement" not in words_in(browser.get(f"{TINY}/months/2019-06"))


def test_a_program_reads_the_same(changed_since_lock: Site) -> None:
    manager = calling(changed_since_lock, MANAGER)
    june = next(month for month in manager.get("/contracts/tiny/months").objects() if month["month"] == "2019-06")
    assert june["credit_due"] == "£500.00"
    assert isinstance(june["now"], dict)
    assert june["now"]["credit_due"] == "£700.00"
    said = manager.get("/contracts/tiny/statements/2019-06").said
    assert isinstance(said["stands"], dict)
    assert (said["stands"]["version"], said["stands"]["credit_due"], said["differs"]) == (1, "£500.00", True)


def test_what_finance_gets_of_a_restated_month_is_the_difference(site: Site) -> None:
    bring_to(site, "restated")
    line = next(csv.DictReader(io.StringIO(site.signed_in(FINANCE).get(f"{ADDRESS}/finance.csv").content.decode())))
    assert (line["statement"], line["credit"], line["credit_before"], line["difference"]) == (
        "v2", "700.00", "500.00", "200.00",
    )  # fmt: skip
    said = calling(site, FINANCE).get("/contracts/tiny/statements/2019-06/finance").said
    assert (said["credit"], said["credit_before"], said["difference"]) == ("700.00", "500.00", "200.00")
    file = calling(site, FINANCE).get("/contracts/tiny/statements/2019-06/finance.csv").content.decode()
    assert next(csv.DictReader(io.StringIO(file))) == line


def test_of_a_first_version_the_whole_credit_is_left_to_adjust(site: Site) -> None:
    bring_to(site, "locked")
    line = next(csv.DictReader(io.StringIO(site.signed_in(MANAGER).get(f"{ADDRESS}/finance.csv").content.decode())))
    assert (line["credit"], line["credit_before"], line["difference"]) == ("500.00", "", "500.00")

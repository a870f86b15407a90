"""How pages name things and moments: in words, and in a demonstration by its own clock."""

from datetime import UTC, datetime

import pytest

from muniment.application.stores import CLOCK_BEHIND_VARIABLE
from muniment.domain.lifecycle.subjects import thing_words
from muniment.example.cast import CONTRACT_MANAGER, PREPARER
from muniment.installation.models import Upload
from muniment.interfaces.web.wording import moment_text, table_title
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import MANAGER, OFFICER, TINY, VISITS, bring_to, record, upload, words_in
from tests.interfaces.web.june import PREPARER as TINY_PREPARER


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("cssc/contact_reviews/2019-12", "contact reviews, December 2019"),
        ("cssc/contact_reviews/2019-12/s2", "s2 of contact reviews, December 2019"),
        ("cssc/CSC_KPI_04/2019-09/g1", "g1 of CSC_KPI_04, September 2019"),
        ("cssc/2019-09", "September 2019"),
        ("cssc/2019-09/v1", "v1 of September 2019"),
        ("cssc/appointments/a1", "cssc/appointments/a1"),
    ],
)
def test_a_thing_is_called_what_people_call_it(thing: str, words: str) -> None:
    assert thing_words(thing) == words


def test_a_table_begins_a_title_with_a_capital() -> None:
    assert table_title("contact_reviews") == "Contact reviews"


def test_what_the_record_says_of_a_moment_stands_and_the_machines_clock_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, str(24 * 60 * 60))
    assert moment_text("2020-01-22T09:00:00Z") == "22 January 2020 at 09:00"
    assert moment_text(datetime(2026, 7, 2, 9, 0, tzinfo=UTC)) == "1 July 2026 at 10:00"
    monkeypatch.delenv(CLOCK_BEHIND_VARIABLE)
    assert moment_text(datetime(2026, 7, 2, 9, 0, tzinfo=UTC)) == "2 July 2026 at 10:00"


def test_a_file_that_was_just_uploaded_came_on_the_day_of_the_demonstration(site: Site) -> None:
    bring_to(site, "submitted")
    upload(site, TINY_PREPARER, visits(JUNE, late=9), name="again.csv")
    assert Upload.objects.filter(file_name="again.csv").exists()
    page = words_in(site.signed_in(TINY_PREPARER).get(VISITS))
    assert "again.csv uploaded 22 January 2020 at" in page


def test_the_evidence_page_begins_with_what_is_overdue(site: Site) -> None:
    page = words_in(site.signed_in(CONTRACT_MANAGER).get("/contracts/cssc/evidence"))
    assert "32 tables are overdue for December 2019" in page


def test_what_waits_is_said_in_words(site: Site) -> None:
    page = words_in(site.signed_in(PREPARER).get("/"))
    assert "Submit evidence for contact reviews, December 2019" in page
    assert "cssc/contact_reviews" not in page


def test_nothing_is_offered_that_an_open_challenge_stands_against(site: Site) -> None:
    bring_to(site, "approved")
    assert f"{VISITS}/s2/accept" in site.signed_in(OFFICER).get(VISITS).content.decode()
    bring_to(site, "challenged")
    page = site.signed_in(OFFICER).get(VISITS)
    assert "s2: challenged" in words_in(page)
    assert f"{VISITS}/s2/accept" not in page.content.decode()


def test_the_trail_shows_the_head_and_how_it_is_compared(site: Site) -> None:
    browser, last = site.signed_in(MANAGER), record(site)[-1]
    assert f"The last one is entry {last.seq}: {last.hash[:12]}" in words_in(browser.get(f"{TINY}/audit-trail"))
    page = words_in(browser.get(f"{TINY}/heads"))
    assert f"The head of the record is {last.hash[:12]}, of entry {last.seq}" in page
    assert last.hash in page
    assert "tiny/2019-05/v1" in page

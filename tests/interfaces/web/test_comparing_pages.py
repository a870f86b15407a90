"""What a later submission changes stands on a page of its own, before anybody accepts it."""

import pytest

from muniment.installation import comparison_jobs
from muniment.installation.models import Job
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    APPROVER,
    AUDITOR,
    OFFICER,
    PREPARER,
    TINY,
    VISITS,
    Answer,
    act,
    bring_to,
    upload,
    words_in,
)

DECEMBER = f"{TINY}/evidence/visits/2019-12"


def rows_in(answer: Answer) -> list[str]:
    return answer.content.decode("utf-8-sig").splitlines()


@pytest.fixture
def submitted(site: Site) -> Site:
    """June's visits came twice: the second time another visitor had to wait."""
    bring_to(site, "submitted")
    return site


@pytest.mark.parametrize("person", [OFFICER, AUDITOR, APPROVER], ids=lambda person: person.role)
def test_the_page_begins_with_what_changed(submitted: Site, person: object) -> None:
    page = words_in(submitted.signed_in(person).get(f"{VISITS}/compare"))  # type: ignore[arg-type]  # the test client's answer
    assert "s2 has as many rows as s1: 1 changed" in page
    assert "Rows in s1 40 Rows in s2 40 Changed 1 Added 0 Gone 0 The same 39" in page
    assert "What changed: seen_at in 1 row." in page
    assert "=V2019-06-006 seen_at from 2019-06-07 14:34:00 to 2019-06-07 14:45:00" in page


def test_it_says_what_the_change_does_to_the_figures(submitted: Site) -> None:
    page = words_in(submitted.signed_in(OFFICER).get(f"{VISITS}/compare"))
    assert "What it does to the figures" in page
    assert "SEEN % of visitors seen within ten minutes Jun 2019" in page


def test_whoever_accepts_or_approves_is_led_to_it(submitted: Site) -> None:
    place = f"{VISITS}/compare?which=s2&amp;with=s1"
    assert place in submitted.signed_in(APPROVER).get(f"{VISITS}/s2/approve").content.decode()
    assert place in submitted.signed_in(OFFICER).get(f"{VISITS}/s2/accept").content.decode()
    assert f"{VISITS}/compare" in submitted.signed_in(AUDITOR).get(VISITS).content.decode()


def test_every_row_that_differs_is_in_the_file(submitted: Site) -> None:
    heading, row = rows_in(submitted.signed_in(OFFICER).get(f"{VISITS}/compare/differences.csv?which=s2&with=s1"))
    assert heading.startswith("what became of the row,row,visit in s1,visit in s2,")
    assert row.startswith("changed,'=V2019-06-006,")


def test_a_single_submission_has_nothing_to_be_compared_with(submitted: Site) -> None:
    page = words_in(submitted.signed_in(OFFICER).get(f"{TINY}/evidence/parcels/2019-06/compare"))
    assert "Parcels, June 2019: there are no two submissions to compare" in page
    assert "One file came." in page


def test_a_submission_that_is_not_there_is_not_found(submitted: Site) -> None:
    assert submitted.signed_in(OFFICER).get(f"{VISITS}/compare?which=s7&with=s1").status_code == 404


def test_of_three_any_two_can_be_compared(submitted: Site) -> None:
    sent = upload(submitted, PREPARER, visits(JUNE, late=9))
    act(submitted, PREPARER, f"{TINY}/uploads/{sent.id}/submit")
    browser = submitted.signed_in(OFFICER)
    assert "s3 has as many rows as s2: 2 changed" in words_in(browser.get(f"{VISITS}/compare"))
    assert "s3 has as many rows as s1: 3 changed" in words_in(browser.get(f"{VISITS}/compare?which=s1&with=s3"))


def test_large_files_are_compared_by_the_worker_and_the_result_is_kept(
    submitted: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_jobs, "AT_ONCE", 50)
    browser, address = submitted.signed_in(OFFICER), f"{VISITS}/compare?which=s2&with=s1"
    assert "s2 and s1 are large: comparing them takes a while" in words_in(browser.get(address))
    assert browser.get(f"{VISITS}/compare/differences.csv").status_code == 404
    asked = browser.post(f"{VISITS}/compare/start", {"which": "s2", "with": "s1"})
    assert asked.status_code == 303
    assert [job.state for job in submitted.work()] == [Job.DONE]
    assert address.replace("&", "&amp;") in browser.get(asked.headers["Location"]).content.decode()
    for person in (OFFICER, AUDITOR):
        assert "s2 has as many rows as s1: 1 changed" in words_in(submitted.signed_in(person).get(address))
    answer = browser.get(f"{VISITS}/compare/differences.csv")
    assert len(b"".join(answer).decode().splitlines()) == 2

"""What waits is kept by the worker: pages open no record for it, and say when the record or the day has moved on."""

from datetime import date

import pytest

from muniment.adapters.stores.database.ledger import DatabaseLedger
from muniment.adapters.stores.database.models import WaitingProjection
from muniment.adapters.stores.database.waiting import WaitingRow, keep_waiting, waiting_rows
from muniment.application.kept_waiting import WAITING_FORM, contracts_to_renew
from muniment.application.stores import CLOCK_BEHIND_VARIABLE, open_store
from muniment.commands.evidence import approve_submission
from muniment.domain.record.act import Act
from muniment.domain.record.ports import NotRecordedError
from muniment.installation.viewer import DATABASE_ALIAS
from muniment.installation.waiting import renew_waits
from tests.interfaces.web.conftest import Site, behind
from tests.interfaces.web.june import APPROVER, MANAGER, OFFICER, TINY, VISITS, act, words_in

BEHIND = "is being brought up to date"
DAY = 24 * 60 * 60


def _approved_elsewhere(site: Site) -> None:
    """By the command line, say, of which no page knows."""
    who = Act(APPROVER.id, "supplier", "It is right.", on=date(2020, 1, 22))
    approve_submission(ledger=open_store(site.where("tiny")).ledger, act=who, submission="tiny/visits/2019-06/s1")


def test_pages_of_what_waits_open_no_record(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = site.signed_in(MANAGER)
    browser.get(TINY)

    def opened(ledger: DatabaseLedger) -> None:  # as it is called
        pytest.fail("the page opened the record")

    monkeypatch.setattr(DatabaseLedger, "entries", opened)
    for address in ("/", TINY, f"{TINY}/months/2019-06"):
        assert browser.get(address).status_code == 200, address
    assert "approver must approve visits, June 2019" in words_in(browser.get(TINY))


def test_what_waits_next_is_known_before_the_figures_are_computed_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever acted does not wait for it, and what waits does not wait for the figures."""
    monkeypatch.setattr("muniment.application.projections.compute_projections", _fails)
    act(site, APPROVER, f"{VISITS}/s1/approve")
    browser = site.signed_in(OFFICER)
    assert BEHIND in words_in(browser.get("/"))
    site.work()
    page = words_in(browser.get("/"))
    assert "Accept or challenge visits" in page
    assert BEHIND not in page


def _fails(*_: object, **__: object) -> None:
    raise NotRecordedError("the figures could not be computed")


def test_a_page_says_that_what_waits_is_behind_until_the_worker_has_looked(site: Site) -> None:
    browser = site.signed_in(OFFICER)
    assert BEHIND not in words_in(browser.get("/"))
    _approved_elsewhere(site)
    for address in ("/", TINY):
        assert BEHIND in words_in(browser.get(address)), address
    renew_waits()
    for address in ("/", TINY):
        assert BEHIND not in words_in(browser.get(address)), address
    assert "Accept or challenge visits" in words_in(browser.get("/"))


def test_a_contract_of_which_nothing_is_kept_yet_says_so(site: Site) -> None:
    WaitingProjection.objects.all().delete()
    page = words_in(site.signed_in(MANAGER).get("/"))
    assert BEHIND in page
    assert "Reception Contract" in page
    renew_waits()
    assert BEHIND not in words_in(site.signed_in(MANAGER).get("/"))


def test_days_left_are_those_of_the_day_of_looking(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the worker has come to it, and as the worker has them afterwards."""
    act(site, APPROVER, f"{VISITS}/s1/approve")
    site.work()
    browser = site.signed_in(OFFICER)
    assert "10 business days left" in words_in(browser.get("/"))
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, str(int(behind()) - 2 * DAY))
    before = words_in(browser.get("/"))
    assert "8 business days left" in before
    assert BEHIND in before
    renew_waits()
    after = words_in(browser.get("/"))
    assert "8 business days left" in after
    assert BEHIND not in after


def test_a_contract_that_another_worker_has_begun_with_is_left_to_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _approved_elsewhere(site)
    done: list[str] = []
    monkeypatch.setattr(
        "muniment.installation.waiting.renew_waiting", lambda where, **_: done.append(str(where.contract))
    )
    renew_waits()
    renew_waits()
    assert done == ["tiny"]


@pytest.mark.usefixtures("site")
def test_what_rests_on_less_of_the_record_does_not_replace_what_rests_on_more() -> None:
    kept = waiting_rows(["tiny"], form=WAITING_FORM, using=DATABASE_ALIAS)["tiny"]
    older = WaitingRow("tiny", WAITING_FORM, kept.seq - 1, kept.known, "Older", kept.content, kept.length)
    keep_waiting(older, using=DATABASE_ALIAS)
    assert waiting_rows(["tiny"], form=WAITING_FORM, using=DATABASE_ALIAS)["tiny"] == kept


@pytest.mark.usefixtures("site")
def test_what_another_version_kept_is_computed_again() -> None:
    WaitingProjection.objects.update(form=WAITING_FORM + 1)
    assert waiting_rows(["cssc", "tiny"], form=WAITING_FORM, using=DATABASE_ALIAS) == {}
    assert contracts_to_renew(today=date(2020, 1, 22), using=DATABASE_ALIAS) == ("cssc", "tiny")

"""What waits is said where people look for it, and one link leads from there to where it is done."""

import os
import re
from datetime import datetime
from time import time
from typing import TYPE_CHECKING, cast

import pytest

from muniment.application.load import open_contract
from muniment.application.stores import CLOCK_BEHIND_VARIABLE, open_store
from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.kernel.period import Month
from muniment.example.cast import CONTRACT_MANAGER
from muniment.installation.viewer import Viewer, viewer_of
from muniment.interfaces.web.addresses import place_of
from tests.interfaces.api.conftest import calling
from tests.interfaces.test_agreed_terms import DEEMED
from tests.interfaces.web.conftest import Site, behind
from tests.interfaces.web.june import (
    AUDITOR,
    DECIDER,
    MANAGER,
    PREPARER,
    SEEN,
    TINY,
    act,
    bring_to,
    errors_in,
    record,
    typed,
    words_in,
)

if TYPE_CHECKING:
    from muniment.application.contract_text import TextStore

LATE = f"{TINY}/months/2019-06/kpis/LATE"
RESOLVE = f"{TINY}/disputes/LATE/2019-06/d1/resolve"
RESTATEMENT = f"{TINY}/restatements/2019-06/r1"
REQUEST = f"{TINY}/mitigations/SEEN/2020-03/g1"


def test_the_home_page_says_that_evidence_is_late(site: Site) -> None:
    page = words_in(site.signed_in(CONTRACT_MANAGER).get("/contracts/cssc"))
    assert "The supplier must submit evidence for 32 tables of December 2019" in page
    assert "Nothing waits in this contract" not in page


def test_a_dispute_is_shown_with_both_figures_and_resolved_from_there(site: Site) -> None:
    bring_to(site, "challenged")
    browser = site.signed_in(DECIDER)
    assert f'href="{LATE}#dispute"' in browser.get("/").content.decode()
    page = browser.get(LATE)
    words = words_in(page)
    (raised,) = disputes_known(record(site))
    assert "The supplier says 0 visitors" in words
    assert f"The authority's figure {raised.disputed.authority_value}" in words
    assert "Why It is time. Other Approver" in words
    assert f'href="{RESOLVE}"' in page.content.decode()
    assert RESOLVE not in site.signed_in(PREPARER).get(LATE).content.decode()
    act(site, DECIDER, RESOLVE, outcome="not_upheld")
    page = browser.get(LATE)
    assert "figure stands: It is time. Other Decider" in words_in(page)
    assert RESOLVE not in page.content.decode()


def test_a_proposed_restatement_is_reached_from_work_month_and_statement(site: Site) -> None:
    bring_to(site, "proposed")
    browser = site.signed_in(DECIDER)
    for address in ("/", TINY, f"{TINY}/months/2019-06", f"{TINY}/statements/2019-06"):
        assert f'href="{RESTATEMENT}"' in browser.get(address).content.decode(), address
    bring_to(site, "restated")
    statement = site.signed_in(AUDITOR).get(f"{TINY}/statements/2019-06")
    assert f'href="{RESTATEMENT}"' in statement.content.decode()
    assert "approved" in words_in(statement)


def test_a_reason_is_only_asked_for_tables_that_the_statement_uses(site: Site) -> None:
    page = site.signed_in(CONTRACT_MANAGER).get("/contracts/cssc/statements/2019-12/sign").content.decode()
    asked = set(re.findall(r'name="without_(\w+)"', page))
    opened = open_contract(folder=site.where(), known=None)
    used = {kpi.measure.table for kpi, _ in opened.text.kpis_in_force(month=Month(2019, 12), known=None).values()}
    assert asked
    assert asked <= used
    late = calling(site, CONTRACT_MANAGER).get("/contracts/cssc/statements/2019-12").said["overdue"]
    assert isinstance(late, list)
    assert asked == {str(table) for table in late}


def test_a_reason_is_asked_for_evidence_that_came_and_was_not_accepted(site: Site) -> None:
    asked = {}
    for state in ("submitted", "closed"):
        bring_to(site, state)
        page = site.signed_in(MANAGER).get(f"{TINY}/statements/2019-06/sign").content.decode()
        asked[state] = re.findall(r'name="without_(\w+)"', page)
    assert asked == {"submitted": ["parcels", "visits"], "closed": []}


def _viewer(site: Site) -> Viewer:
    found = viewer_of(site.account(MANAGER), "tiny")
    assert found
    return found


@pytest.mark.parametrize(
    ("thing", "place"),
    [
        ("tiny/visits/2019-06", f"{TINY}/evidence/visits/2019-06"),
        ("tiny/SEEN/2019-06", SEEN),
        ("tiny/visits/2019-06/s2", f"{TINY}/evidence/visits/2019-06"),
        ("tiny/visits/2019-06/q1", f"{TINY}/evidence/visits/2019-06/q1"),
        ("tiny/seen/2019-06/f1", f"{TINY}/months/2019-06/kpis/seen#failure"),
        ("tiny/SEEN/2019-06/d1", f"{SEEN}#dispute"),
        ("tiny/VISITS/2019-06/s1", f"{TINY}/evidence/VISITS/2019-06"),
    ],
)
def test_what_the_contract_has_tells_a_table_from_a_kpi(site: Site, thing: str, place: str) -> None:
    assert place_of(_viewer(site), thing) == place


def test_what_is_done_tells_them_apart_too(site: Site) -> None:
    viewer = _viewer(site)
    assert place_of(viewer, "tiny/VISITS/2019-06", commands=("approve",)) == f"{TINY}/evidence/VISITS/2019-06"
    assert place_of(viewer, "tiny/late/2019-06", commands=("resolve_dispute",)).startswith(
        f"{TINY}/months/2019-06/kpis/"
    )


def _at(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, str(int(time() - datetime.fromisoformat(moment).timestamp())))


def test_a_request_after_midnight_in_london_is_late_by_the_day_in_london(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """23:30 of 7 April in UTC; the ground is asked for until the 7th."""
    bring_to(site, "submitted")
    _at("2020-04-07T23:30:00+00:00", monkeypatch)
    assert os.environ[CLOCK_BEHIND_VARIABLE]
    act(site, PREPARER, f"{TINY}/months/2020-03/kpis/SEEN/request-mitigation", ground="authority_act", last="2020-03")
    page = words_in(site.signed_in(DECIDER).get(REQUEST))
    assert "Warning" in page
    assert "8 April 2020 at 00:3" in page
    assert "8 April 2020" in words_in(site.signed_in(DECIDER).get(f"{TINY}/mitigations"))
    said = calling(site, DECIDER).get("/contracts/tiny/mitigations/SEEN/2020-03/g1").said
    assert said["departures"]


def test_a_request_ends_with_the_contract(site: Site) -> None:
    bring_to(site, "submitted")
    address = f"{SEEN}/request-mitigation"
    answer = site.signed_in(PREPARER).post(address, typed(site, ground="authority_act", last="9999-12"))
    assert answer.status_code == 422
    assert "9999-12 is not within the contract" in str(errors_in(answer))


def test_a_request_that_nobody_decided_in_time_is_deemed_decided(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_to(site, "challenged")
    store = cast("TextStore", open_store(site.where("tiny")))
    texts = dict(store.read_texts())
    store.write_texts({**texts, "contract.yaml": texts["contract.yaml"] + DEEMED})
    address = f"{TINY}/mitigations/SEEN/2019-06/g1/decide"
    assert "eemed" not in words_in(site.signed_in(DECIDER).get(address))
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, str(int(behind()) - 14 * 24 * 60 * 60))
    page = words_in(site.signed_in(DECIDER).get(address))
    assert "Deemed granted with the effect: no service points, as nobody decided by 29 January 2020" in page
    assert "contract.yaml:15:28, Sch 3 para 7" in page
    act(site, DECIDER, address, outcome="granted", effect="no_points", deemed="on")
    decided = record(site)[-1]
    assert (decided.kind, decided.payload["silent_after"]) == ("mitigation.decided", "2020-01-29")

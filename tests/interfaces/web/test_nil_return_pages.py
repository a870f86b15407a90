"""A nil return by page and by API: reached where a file is asked for, and refused to whoever may not."""

from muniment.application.stores import open_store
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.lifecycle.refusals import ActRefused
from tests.interfaces.api.conftest import calling
from tests.interfaces.web.conftest import SMALL_TEAM, Site
from tests.interfaces.web.june import act, typed, words_in

_, OFFICER, PREPARER, APPROVER, _, _ = SMALL_TEAM
MONTH = "/contracts/tiny/evidence/parcels/2019-07"
S1 = "tiny/parcels/2019-07/s1"


def test_a_page_offers_it_where_a_file_is_asked_for(site: Site) -> None:
    page = site.signed_in(PREPARER).get(MONTH)
    assert f'href="{MONTH}/nil-return"' in page.content.decode()
    act(site, PREPARER, f"{MONTH}/nil-return", reason="No parcel came in July.")
    shown = words_in(site.signed_in(PREPARER).get(MONTH))
    assert f"{S1}: submitted" in shown
    assert "Nil return: there was nothing" in shown
    act(site, APPROVER, f"{MONTH}/s1/approve")
    act(site, OFFICER, f"{MONTH}/s1/accept", rejected="")
    site.work()
    assert "accepted" in words_in(site.signed_in(PREPARER).get(MONTH))


def test_an_officer_is_refused_and_not_offered_it(site: Site) -> None:
    client = site.signed_in(OFFICER)
    assert "nil-return" not in client.get(MONTH).content.decode()
    answer = client.post(f"{MONTH}/nil-return", typed(site))
    assert answer.status_code == 403
    assert "You may not declare a nil return" in words_in(answer)
    assert open_store(site.where("tiny")).ledger.entries()[-1].kind == ActRefused.kind


def test_a_program_declares_it_with_the_scope_that_submits(site: Site) -> None:
    address = f"{MONTH}/nil-return"
    reads = calling(site, PREPARER, scopes=["read"])
    assert reads.post(address, {"reason": "No parcel came."}, key="n-1").status == 403
    submits = calling(site, PREPARER, scopes=["submit"])
    came = submits.post(address, {"reason": "No parcel came."}, key="n-1")
    assert (came.status, came.said["kind"], came.said["subject"]) == (201, "submission.received", S1)
    assert submits.post(address, {"reason": "No parcel came."}, key="n-1").said == came.said
    again = submits.post(address, {"reason": "No parcel came."}, key="n-2")
    assert (again.status, again.said["rule"]) == (422, "nothing_new")
    assert (
        calling(site, PREPARER).post(f"{address.replace('parcels', 'pigs')}", {"reason": "x"}, key="n-3").status == 404
    )
    assert submissions_known(open_store(site.where("tiny")).ledger.entries())[-1].received.is_nil

"""The same form twice, a page that stood open too long, two people at once, and the way back: one effect."""

import re

from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    APPROVER,
    MANAGER,
    OFFICER,
    PARCELS,
    PREPARER,
    TINY,
    VISITS,
    Answer,
    act,
    done,
    errors_in,
    record,
    typed,
    upload,
    whole_team,
    words_in,
)


def _hidden(answer: Answer) -> dict[str, str]:
    """The fields of a form that nobody types."""
    found = re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', answer.content.decode())
    return dict(found)


def test_the_same_form_sent_twice_has_one_effect(site: Site) -> None:
    client, given = site.signed_in(APPROVER), typed(site, key="pressed-twice")
    before = len(done(site))
    first, second = (client.post(f"{PARCELS}/s1/approve", given) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(done(site)) == before + 1


def test_the_same_key_for_another_form_is_refused(site: Site) -> None:
    """A key stands for one act: it cannot be used to hide another behind it."""
    client = site.signed_in(APPROVER)
    client.post(f"{PARCELS}/s1/approve", typed(site, key="taken"))
    before = done(site)
    answer = client.post(f"{VISITS}/s1/approve", typed(site, key="taken"))
    assert answer.status_code in (409, 422)
    assert done(site) == before


def test_the_way_back_after_success_leads_to_no_second_effect(site: Site) -> None:
    """The browser's back button shows the form as it was; sending it again is the same form again."""
    client = site.signed_in(OFFICER)
    act(site, APPROVER, f"{VISITS}/s1/approve")
    form = client.get(f"{VISITS}/s1/accept")
    given = {"reason": "It is whole.", "rejected": "", **_hidden(form)}
    client.post(f"{VISITS}/s1/accept", given)
    before = done(site)
    assert client.post(f"{VISITS}/s1/accept", given).status_code == 303
    fresh = client.get(f"{VISITS}/s1/accept")
    again = client.post(f"{VISITS}/s1/accept", {**given, **_hidden(fresh)})
    assert again.status_code in (403, 422), "opened anew, the rule speaks"
    assert done(site) == before


def test_a_page_that_stood_open_too_long_shows_both_versions_and_keeps_the_text(site: Site) -> None:
    officer = site.signed_in(OFFICER)
    act(site, APPROVER, f"{VISITS}/s1/approve")
    stale = {
        "question": "Why so many?",
        "rows": "",
        "reason": "Six <waited>.",
        **_hidden(officer.get(f"{VISITS}/s1/challenge")),
    }
    act(site, OFFICER, f"{VISITS}/s1/accept", rejected="")
    before = done(site)
    answer = officer.post(f"{VISITS}/s1/challenge", stale)
    page = words_in(answer)
    assert answer.status_code == 409
    assert f"as it stood at entry {stale['seen']}" in page
    assert f"submission accepted on tiny/visits/2019-06/s1, by {OFFICER.name}" in page
    assert f"(entry {len(before)})" in page
    assert "Why so many?" in page
    assert "Six &lt;waited&gt;." in answer.content.decode()
    assert done(site) == before


def test_after_looking_it_can_be_sent_again(site: Site) -> None:
    preparer = site.signed_in(PREPARER)
    stale = {"reason": "A better file comes.", **_hidden(preparer.get(f"{VISITS}/s1/withdraw"))}
    act(site, APPROVER, f"{VISITS}/s1/approve")
    answer = preparer.post(f"{VISITS}/s1/withdraw", stale)
    assert answer.status_code == 409
    again = preparer.post(f"{VISITS}/s1/withdraw", {**stale, **_hidden(answer)})
    assert again.status_code == 303, errors_in(again)
    assert record(site)[-1].kind == "submission.withdrawn"
    assert record(site)[-1].text("reason") == "A better file comes."


def test_two_people_at_once_leave_one_decision(site: Site) -> None:
    """Both opened the page while it was open; the second is told what the first did."""
    act(site, APPROVER, f"{VISITS}/s1/approve")
    officer, manager = site.signed_in(OFFICER), site.signed_in(MANAGER)
    accepting = {"rejected": "", "reason": "Fine.", **_hidden(officer.get(f"{VISITS}/s1/accept"))}
    asking = {"question": "Why?", "rows": "", "reason": "Odd.", **_hidden(manager.get(f"{VISITS}/s1/challenge"))}
    answers = [officer.post(f"{VISITS}/s1/accept", accepting), manager.post(f"{VISITS}/s1/challenge", asking)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "submission accepted on tiny/visits/2019-06/s1" in words_in(answers[1])


def test_something_else_that_moved_on_does_not_make_a_form_stale(site: Site) -> None:
    whole_team(site)
    approver = site.signed_in(APPROVER)
    given = {"reason": "Right.", **_hidden(approver.get(f"{VISITS}/s1/approve"))}
    act(site, APPROVER, f"{PARCELS}/s1/approve")
    assert approver.post(f"{VISITS}/s1/approve", given).status_code == 303


def test_a_file_cannot_be_submitted_twice_from_two_tabs(site: Site) -> None:
    sent = upload(site, PREPARER, visits(JUNE, late=7))
    client, address = site.signed_in(PREPARER), f"{TINY}/uploads/{sent.id}/submit"
    tabs = [{"reason": "June.", **_hidden(client.get(address))} for _ in range(2)]
    before = len(done(site))
    answers = [client.post(address, tab) for tab in tabs]
    assert answers[0].status_code == 303
    assert answers[1].status_code in (409, 422), "another key, and the table has moved on"
    assert len(done(site)) == before + 1

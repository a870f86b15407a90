"""Two people sign what they saw: figures are shown as they are today, or said to be being computed."""

import html
from datetime import datetime
from time import time

import pytest

from muniment.adapters.stores.database.models import MonthResult, Page, Projection
from muniment.adapters.stores.database.pages import projection_basis
from muniment.application.projected import projected_as_signed, projected_kpi_month, projected_statement
from muniment.application.projections import compute_projections, recompute_projections
from muniment.application.read_models.statements import StatementPage
from muniment.application.stores import CLOCK_BEHIND_VARIABLE
from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.period import Month
from muniment.installation.jobs import NOT_AGAIN, REFRESHES, ask_refreshes, look_after_jobs
from muniment.installation.models import Job
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    APPROVER,
    DECIDER,
    MANAGER,
    OFFICER,
    PREPARER,
    SEEN,
    TINY,
    VISITS,
    Answer,
    act,
    bring_to,
    done,
    record,
    settle,
    shown_to,
    typed,
    upload,
    words_in,
)

JUNE_STATEMENT = f"{TINY}/statements/2019-06"
SIGN, LOCK = f"{JUNE_STATEMENT}/sign", f"{JUNE_STATEMENT}/lock"
DATABASE = "default"
FEWER = "\n".join(f"=V2019-06-{number:03d}=a test of the desk" for number in range(7))
"""The visitors who were seen late: accepted without them, June costs nothing."""


def _on(patch: pytest.MonkeyPatch, moment: str) -> None:
    patch.setenv(CLOCK_BEHIND_VARIABLE, str(int(time() - datetime.fromisoformat(moment).timestamp())))


def _accept_fewer(site: Site) -> None:
    """The officer takes the acceptance back and accepts without the late ones; the worker has not come round."""
    act(site, OFFICER, f"{VISITS}/s2/withdraw-acceptance")
    act(site, OFFICER, f"{VISITS}/s2/accept", rejected=FEWER)


def _words(answer: Answer) -> str:
    return html.unescape(words_in(answer))


def _projected(month: str, *, is_signed: bool = False) -> StatementPage:
    read = projected_as_signed if is_signed else projected_statement
    found = read("tiny", month, using=DATABASE)
    assert found is not None
    return found


def _credit_due(month: str) -> str:
    return _projected(month).shown.credit_due


# ---- signing


def test_figures_that_are_behind_the_record_cannot_be_signed(site: Site) -> None:
    bring_to(site, "decided")
    before = _credit_due("2019-06")
    _accept_fewer(site)
    answer = site.signed_in(MANAGER).get(SIGN)
    assert "The statement of June 2019 is being computed" in _words(answer)
    assert "newer entries are being computed" in _words(answer)
    assert before not in _words(answer)
    assert b'name="reason"' not in answer.content
    assert answer.headers["Refresh"] == "5"
    site.work()
    assert before != _credit_due("2019-06")
    assert b'name="reason"' in site.signed_in(MANAGER).get(SIGN).content


def test_a_signature_on_other_figures_than_those_shown_is_refused_with_both(site: Site) -> None:
    """The form stood open while the figures moved; it says that it saw the entries, and still shows the old figures."""
    bring_to(site, "decided")
    shown = shown_to(site, MANAGER, SIGN)
    before = _credit_due("2019-06")
    _accept_fewer(site)
    site.work()
    now = _credit_due("2019-06")
    answer = site.signed_in(MANAGER).post(SIGN, typed(site, **shown))
    assert answer.status_code == 409
    assert f"a credit of {before}, and it comes to" in _words(answer)
    assert f"a credit of {now} now" in _words(answer)
    assert done(site)[-1].kind != "statement.signed"
    assert shown_to(site, MANAGER, SIGN)["statement"] in answer.content.decode(), "the form shows the figures of now"


def test_the_worker_refuses_to_sign_what_the_person_did_not_see(site: Site) -> None:
    """Asked for while the pages were behind, so that only the computing finds it out."""
    bring_to(site, "decided")
    shown = shown_to(site, MANAGER, SIGN)
    before = _credit_due("2019-06")
    _accept_fewer(site)
    answer = site.signed_in(MANAGER).post(SIGN, typed(site, **shown))
    job = Job.objects.get(id=str(answer.headers["Location"]).rpartition("/")[2])
    site.work()
    ended = _words(site.signed_in(MANAGER).get(answer.headers["Location"]))
    job.refresh_from_db()
    assert isinstance(job.found, dict)
    assert job.found["rule"] == "as_shown"
    assert "The statement is another one now" in ended
    assert f"you were shown {shown['figures']}" in ended
    assert before in shown["figures"]
    assert f"a credit of {_credit_due('2019-06')} now" in ended
    assert "Look again, and send it again" in ended
    assert "What you typed is kept." in ended
    assert done(site)[-1].kind != "statement.signed"


def test_a_signature_without_what_was_shown_is_refused(site: Site) -> None:
    bring_to(site, "decided")
    assert site.signed_in(MANAGER).post(SIGN, typed(site)).status_code == 409


def test_the_second_person_is_shown_what_the_first_one_signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a later day too, whatever the day has changed by then."""
    bring_to(site, "signed")
    (signed,) = [entry for entry in record(site) if entry.kind == "statement.signed"][-1:]
    assert _projected("2019-06", is_signed=True).fingerprint == signed.payload["statement"]
    _on(monkeypatch, "2020-02-10T09:00:00Z")
    assert "being computed" in _words(site.signed_in(APPROVER).get(LOCK))
    site.work()
    assert shown_to(site, APPROVER, LOCK)["statement"] == signed.payload["statement"]
    settle(site, APPROVER, LOCK)
    assert locks_known(record(site))[Month(2019, 6)][-1].locked.statement == signed.payload["statement"]


def test_the_fingerprint_on_the_page_is_the_one_that_is_signed(site: Site) -> None:
    bring_to(site, "decided")
    shown = _projected("2019-06").fingerprint
    settle(site, MANAGER, SIGN)
    assert record(site)[-1].payload["statement"] == shown


# ---- the day


def test_figures_of_another_day_are_behind(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence that did not come changes a figure by its due date alone."""
    recompute_projections(site.where("tiny"))
    _on(monkeypatch, "2020-02-10T09:00:00Z")
    month = _words(site.signed_in(MANAGER).get(f"{TINY}/months/2019-12"))
    assert "Figures are as known on 22 January 2020; those of today are being computed." in month
    assert "is being computed" in _words(site.signed_in(MANAGER).get(f"{TINY}/statements/2019-12/sign"))


def test_the_worker_computes_what_is_of_another_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    recompute_projections(site.where("tiny"))
    _on(monkeypatch, "2020-03-20T09:00:00Z")
    ask_refreshes()
    ask_refreshes()
    assert sorted(Job.objects.filter(kind="refresh", state=Job.WAITING).values_list("contract", flat=True)) == [
        "cssc", "tiny",
    ]  # fmt: skip
    Job.objects.filter(contract="cssc").delete()
    site.work()
    stand = projection_basis("tiny", using=DATABASE)
    assert stand is not None
    assert str(stand.known) == "2020-03-20"
    for address in ("", "/months/2020-02", "/statements/2020-02"):
        answer = site.signed_in(MANAGER).get(f"{TINY}{address}")
        assert answer.status_code == 200
        assert "being computed" not in _words(answer)
    assert site.signed_in(MANAGER).get(f"{TINY}/statements/2020-02/sign").status_code == 200


def test_the_worker_computes_what_was_done_at_the_command_line(site: Site) -> None:
    recompute_projections(site.where("tiny"))
    recompute_projections(site.where("cssc"))
    ask_refreshes()
    assert not Job.objects.filter(kind="refresh").exists()
    act(site, APPROVER, f"{VISITS}/s1/approve")
    Job.objects.all().delete()
    ask_refreshes()
    assert [job.contract for job in Job.objects.filter(kind="refresh")] == ["tiny"]


def test_what_another_version_kept_is_computed_again_and_never_read(site: Site) -> None:
    recompute_projections(site.where("tiny"))
    Projection.objects.filter(contract="tiny").update(form=0)
    Page.objects.filter(contract="tiny").update(content='{"title":"A title"}')
    MonthResult.objects.filter(contract="tiny").update(content="[]")
    addresses = {
        "": 200, "/months/2019-05": 503, "/months/2019-05/kpis/SEEN": 503, "/kpis/SEEN": 503, "/statements": 200,
        "/statements/2019-05": 503, "/evidence": 200, "/mitigations": 200, "/reports": 200,
    }  # fmt: skip
    browser = site.signed_in(MANAGER)
    assert {address: browser.get(f"{TINY}{address}").status_code for address in addresses} == addresses
    assert "being computed" in _words(browser.get(TINY))
    Job.objects.filter(contract="tiny").delete()
    ask_refreshes()
    site.work()
    assert [browser.get(f"{TINY}{address}").status_code for address in addresses if address != "/kpis/SEEN"] == [
        200
    ] * 8
    assert "being computed" not in _words(browser.get(TINY))


def test_what_could_not_be_computed_is_not_tried_again_at_once(site: Site) -> None:
    act(site, APPROVER, f"{VISITS}/s1/approve")
    failed = Job.objects.get(kind="refresh", contract="tiny")
    Job.objects.filter(id=failed.id).update(state=Job.FAILED, ended_at=failed.asked_at)
    ask_refreshes()
    assert not Job.objects.filter(state=Job.WAITING, contract="tiny").exists()
    Job.objects.filter(id=failed.id).update(ended_at=failed.asked_at - NOT_AGAIN)
    ask_refreshes()
    assert Job.objects.filter(state=Job.WAITING, contract="tiny").count() == 1
    assert REFRESHES > 1


def test_figures_whose_worker_died_are_computed_by_the_next_one(site: Site) -> None:
    act(site, APPROVER, f"{VISITS}/s1/approve")
    Job.objects.filter(kind="refresh").update(state=Job.RUNNING, attempt="dead", tries=1, alive_at=None)
    look_after_jobs()
    site.work()
    stand = projection_basis("tiny", using=DATABASE)
    assert stand is not None
    assert stand.seq == len(record(site))


def test_a_refusal_makes_no_figure_old(site: Site) -> None:
    bring_to(site, "decided")
    site.signed_in(MANAGER).post(f"{TINY}/statements/2019-05/sign", typed(site))
    assert record(site)[-1].kind == "act.refused"
    assert "being computed" not in _words(site.signed_in(MANAGER).get(SIGN))


def test_the_doctor_finds_nothing_wrong_in_figures_of_yesterday(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    recompute_projections(site.where("tiny"))
    stand = projection_basis("tiny", using=DATABASE)
    assert stand is not None
    _on(monkeypatch, "2020-03-20T09:00:00Z")
    assert compute_projections(site.where("tiny"), known=stand.known).stand == stand


# ---- what else rests on a figure


def test_a_dispute_records_the_figure_of_today_or_waits_for_it(site: Site) -> None:
    bring_to(site, "decided")
    _accept_fewer(site)
    given = {"supplier_value": "100%"}
    answer = site.signed_in(APPROVER).post(f"{SEEN}/dispute", typed(site, **given))
    assert answer.status_code == 422
    assert "being computed again" in _words(answer)
    site.work()
    given = typed(site, **given)
    for _ in range(2):
        assert site.signed_in(APPROVER).post(f"{SEEN}/dispute", given).status_code == 303
    dispute = disputes_known(record(site))[-1]
    shown = projected_kpi_month("tiny", "2019-06", "SEEN", using=DATABASE)
    assert shown is not None
    assert dispute.disputed.authority_value == shown.shown


def test_what_an_answer_to_a_request_costs_is_shown_as_it_is_today_or_not_at_all(site: Site) -> None:
    bring_to(site, "challenged")
    address = f"{TINY}/mitigations/SEEN/2019-06/g1"
    assert "What each answer would mean" in _words(site.signed_in(DECIDER).get(f"{address}/decide"))
    act(site, PREPARER, f"{VISITS}/q1/answer", answer="A coach came.")
    for shown in (address, f"{address}/decide"):
        said = _words(site.signed_in(DECIDER).get(shown))
        assert "What each answer would mean is being computed." in said
        assert "Points without" not in said


def test_old_months_that_lack_evidence_are_counted_and_can_be_reached(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _on(monkeypatch, "2020-03-20T09:00:00Z")
    client = site.signed_in(MANAGER)
    newest = _words(client.get(f"{TINY}/evidence"))
    assert "16 tables are overdue for 8 months from July 2019 to February 2020" in newest
    assert "Older months, to August 2019" in newest
    older = client.get(f"{TINY}/evidence?until=2019-08")
    assert f"{TINY}/evidence/visits/2019-07" in older.content.decode()
    assert "Newer months, to February 2020" in _words(older)


# ---- uploads


def test_a_file_that_was_submitted_is_not_offered_again(site: Site) -> None:
    sent = upload(site, PREPARER, visits(JUNE, late=7))
    act(site, PREPARER, f"{TINY}/uploads/{sent.id}/submit")
    said = _words(site.signed_in(PREPARER).get(f"{TINY}/uploads/{sent.id}"))
    assert "visits.csv: submitted as s2" in said
    assert "Go on to submit it" not in said
    again = site.signed_in(PREPARER).get(f"{TINY}/uploads/{sent.id}/submit")
    assert (again.status_code, again.headers["Location"]) == (303, f"{TINY}/uploads/{sent.id}")


def test_a_preview_says_when_the_record_has_moved_on_and_is_looked_at_again(site: Site) -> None:
    sent = upload(site, PREPARER, visits(JUNE, late=3))
    address = f"{TINY}/uploads/{sent.id}"
    assert "moved on" not in _words(site.signed_in(PREPARER).get(address))
    act(site, APPROVER, f"{VISITS}/s1/approve")
    assert "which has moved on since" in _words(site.signed_in(PREPARER).get(address))
    assert "which has moved on since" in _words(site.signed_in(PREPARER).get(f"{address}/submit"))
    assert site.signed_in(PREPARER).post(f"{address}/look-again").status_code == 303
    site.work()
    assert "moved on" not in _words(site.signed_in(PREPARER).get(address))

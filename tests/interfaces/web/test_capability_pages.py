"""What each capability's pages say and leave behind: mitigation, disputes, statements, restatements, reports, text."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from muniment.application.import_export import export_contract_folder
from muniment.application.stores import open_store
from muniment.domain.assessment.month_lock import locks_known
from muniment.example.cast import CONTRACT_MANAGER, PROJECT_OFFICE, Person
from muniment.installation.models import Job, NoticeDraft
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import JUNE, MAY
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    APPROVER,
    AUDITOR,
    DECIDER,
    FINANCE,
    MANAGER,
    NOTICE,
    OFFICER,
    PREPARER,
    SEEN,
    TINY,
    act,
    bring_to,
    done,
    errors_in,
    record,
    typed,
    whole_team,
    words_in,
)

REQUEST = f"{TINY}/mitigations/SEEN/2019-06/g1"
MAY_V1 = f"{TINY}/statements/2019-05/v1"


def _words(site: Site, person: Person, address: str) -> str:
    answer = site.signed_in(person).get(address)
    assert answer.status_code == 200, address
    return words_in(answer)


# ---- mitigation


def test_a_request_shows_what_each_answer_would_cost(site: Site) -> None:
    bring_to(site, "challenged")
    page = _words(site, DECIDER, f"{REQUEST}/decide")
    assert "What each answer would mean" in page
    assert re.search(r"June 2019 \d+ \d+ £[\d,.]+ £[\d,.]+", page)
    assert "1 of 2 mitigation requests wait for a decision" in _words(site, DECIDER, f"{TINY}/mitigations")


def test_a_late_request_says_so_before_it_is_decided(site: Site) -> None:
    """The ground must be asked for within five business days, and half a year has gone by."""
    bring_to(site, "challenged")
    assert re.search(r"Warning [^.]*(5 business days|5 July 2019)", _words(site, DECIDER, REQUEST))


def test_a_grant_is_an_entry_and_changes_no_status(site: Site) -> None:
    bring_to(site, "closed")
    before = _words(site, AUDITOR, SEEN)
    act(site, DECIDER, f"{REQUEST}/decide", outcome="granted", effect="no_points", rows="", days="")
    site.work()
    after = _words(site, AUDITOR, SEEN)
    value = re.search(r"SEEN in June 2019: [\d.]+%, below (target|minimum)", before)
    assert value
    assert f"{value[0]}, mitigated" in after
    assert done(site)[-1].kind == "mitigation.decided"


def test_in_part_means_named_rows_or_days(site: Site) -> None:
    bring_to(site, "closed")
    before = done(site)
    answer = site.signed_in(DECIDER).post(
        f"{REQUEST}/decide", typed(site, outcome="granted_in_part", effect="no_points")
    )
    assert answer.status_code == 422
    assert errors_in(answer)
    assert done(site) == before


def test_whoever_asked_does_not_decide_and_cannot_withdraw_what_is_decided(site: Site) -> None:
    bring_to(site, "decided")
    assert site.signed_in(PREPARER).get(f"{REQUEST}/decide").status_code == 403
    answer = site.signed_in(PREPARER).post(f"{REQUEST}/withdraw", typed(site))
    assert answer.status_code == 422
    assert done(site)[-1].kind != "mitigation.withdrawn"


# ---- disputes


def test_a_dispute_keeps_both_figures_and_marks_the_result(site: Site) -> None:
    bring_to(site, "challenged")
    page = _words(site, AUDITOR, f"{TINY}/months/2019-06/kpis/LATE")
    assert "Disputed" in page
    assert "tiny/LATE/2019-06/d1" in page
    resolving = _words(site, DECIDER, f"{TINY}/disputes/LATE/2019-06/d1/resolve")
    assert "The supplier says 0 visitors." in resolving
    assert "The authority's figure:" in resolving.replace("&#39;", "'")


def test_a_dispute_is_resolved_once(site: Site) -> None:
    bring_to(site, "decided")
    again = site.signed_in(DECIDER).post(f"{TINY}/disputes/LATE/2019-06/d1/resolve", typed(site, outcome="upheld"))
    assert again.status_code in (409, 422)
    assert "Disputed" not in _words(site, AUDITOR, f"{TINY}/months/2019-06/kpis/LATE")


# ---- statements


def test_a_locked_version_shows_what_was_sealed(site: Site) -> None:
    """Not what would be computed now: May's visits were sent again after its lock."""
    (lock,) = locks_known(record(site))[MAY]
    html = site.signed_in(AUDITOR).get(MAY_V1).content.decode()
    assert lock.locked.statement in html
    sealed = json.loads(json.dumps(lock.locked.sealed))["statement"]
    rows = re.findall(
        r"<tr><th scope=\"row\">(\w+)<br>.*?data-label=\"Points\">(\d+)<.*?data-label=\"Working\">([^<]*)<", html
    )
    assert rows == [(line["kpi"], str(line["points"]), line["working"]) for line in sealed["lines"]]


def test_the_file_for_finance_has_the_statements_own_figures(site: Site, muniment: Muniment, tmp_path: Path) -> None:
    """The last locked version's: June as it is locked here, and as the command line computes it."""
    whole_team(site)
    bring_to(site, "locked")
    site.work()
    sent = site.signed_in(FINANCE).get(f"{TINY}/statements/2019-06/finance.csv")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="tiny-2019-06-v1-credit.csv"'
    (line,) = csv.DictReader(io.StringIO(sent.content.decode()))
    export_contract_folder(site.where("tiny"), folder=tmp_path / "tiny")
    said = json.loads(muniment("statement", tmp_path / "tiny", "--period", "2019-06", "--format", "json").out)
    credit = said["credit"]
    assert [line[name] for name in ("points", "base", "before_cap", "cap", "credit", "working")] == [
        said["points"], credit["base"], credit["before_cap"], credit["cap"], credit["due"], said["credit_working"]
    ]  # fmt: skip
    assert line["fingerprint"] == locks_known(record(site))[JUNE][0].locked.statement
    assert f"£{credit['due']}" in _words(site, FINANCE, f"{TINY}/statements/2019-06/finance")


def test_nobody_signs_twice(site: Site) -> None:
    """The manager who signed first may lock by role, and not this month."""
    bring_to(site, "signed")
    answer = site.signed_in(MANAGER).post(f"{TINY}/statements/2019-06/lock", typed(site))
    assert answer.status_code == 403
    assert "may not" in words_in(answer)
    assert done(site)[-1].kind == "statement.signed"


def test_a_signature_lapses_when_something_comes_in_between(site: Site) -> None:
    bring_to(site, "signed")
    act(site, OFFICER, f"{TINY}/evidence/parcels/2019-06/s1/withdraw-acceptance")
    answer = site.signed_in(APPROVER).post(f"{TINY}/statements/2019-06/lock", typed(site))
    assert answer.status_code in (409, 422)
    assert not locks_known(record(site)).get(JUNE)


def test_the_bundle_of_a_locked_month_is_made_by_the_worker(site: Site) -> None:
    client = site.signed_in(AUDITOR)
    asked = client.post(f"{MAY_V1}/bundle").headers["Location"]
    assert "waiting to begin" in words_in(client.get(asked))
    site.work()
    assert "bundle.zip" in client.get(asked).content.decode()
    file = client.get(f"{asked}/bundle.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as bundle:  # type: ignore[attr-defined]  # the test client's own answer
        assert bundle.testzip() is None
        assert {"README.txt", "verify.py", "audit.xlsx", "ledger/proof.jsonl"} <= {*bundle.namelist()}
    file.close()


# ---- restatements


def test_late_evidence_leads_to_a_second_version_and_keeps_the_first(site: Site) -> None:
    bring_to(site, "proposed")
    proposed = _words(site, DECIDER, f"{TINY}/restatements/2019-06/r1")
    assert "waits for a decision" in proposed
    assert "Revision" in proposed
    assert "v1 to v2" in proposed
    before = _words(site, AUDITOR, f"{TINY}/statements/2019-06/v1").partition("As signed")[2]
    act(site, DECIDER, f"{TINY}/restatements/2019-06/r1/decide", outcome="approved")
    site.work()
    first, second = (_words(site, AUDITOR, f"{TINY}/statements/2019-06/v{number}") for number in (1, 2))
    assert first.partition("As signed")[2] == before
    assert "Since then there is tiny/2019-06/v2" in first
    assert "v2" in second
    finance = _words(site, AUDITOR, f"{TINY}/statements/2019-06/finance")
    assert "Of which an invoice may have been adjusted for v1 already" in finance
    assert "Difference to adjust" in finance


def test_whoever_proposed_a_restatement_does_not_decide_it(site: Site) -> None:
    bring_to(site, "proposed")
    assert site.signed_in(MANAGER).get(f"{TINY}/restatements/2019-06/r1/decide").status_code == 403


def test_a_month_that_nothing_changed_cannot_be_restated(site: Site) -> None:
    bring_to(site, "locked")
    site.work()
    page = _words(site, MANAGER, f"{TINY}/statements/2019-06")
    assert "Propose a restatement" not in page
    assert "Confirm it as it is" not in page
    before = done(site)
    client = site.signed_in(MANAGER)
    job = client.post(f"{TINY}/statements/2019-06/restate", typed(site)).headers["Location"]
    site.work()
    refused = words_in(client.get(job))
    assert "No restatement of June 2019 was proposed" in refused
    assert "tiny/2019-06/v1 says the same." in refused
    assert "--" not in refused, "words of the command line"
    assert done(site) == before


def test_a_restatement_is_offered_once_something_came_after_the_lock(site: Site) -> None:
    bring_to(site, "changed_since_lock")
    page = _words(site, MANAGER, f"{TINY}/statements/2019-06")
    assert "Propose a restatement" in page
    assert "Confirm it as it is" in page
    for person in (DECIDER, AUDITOR):
        assert "Propose a restatement" not in _words(site, person, f"{TINY}/statements/2019-06")


# ---- reports


def test_a_report_is_made_by_the_worker_and_handed_out_as_files(site: Site) -> None:
    client = site.signed_in(MANAGER)
    day = {"meeting_day": "30", "meeting_month": "1", "meeting_year": "2020"}
    asked = client.post(f"{TINY}/reports", {"first": "2019-04", "last": "2019-06", **day}).headers["Location"]
    (job,) = [job for job in site.work() if job.kind == "report"]
    assert job.state == Job.DONE, job.error
    assert "report.pdf" in client.get(asked).content.decode()
    pdf = client.get(f"{asked}/report.pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]  # the test client's own answer
    pdf.close()
    html = client.get(f"{asked}/report.html")
    assert html.headers["Content-Disposition"].startswith("attachment"), "never run under this address"
    html.close()
    assert "The board report, April 2019 to June 2019" in words_in(client.get(f"{TINY}/reports"))
    assert "The board report" not in _words(site, AUDITOR, f"{TINY}/reports")


def test_a_report_from_back_to_front_is_refused_at_the_form(site: Site) -> None:
    day = {"meeting_day": "30", "meeting_month": "2", "meeting_year": "2020"}
    answer = site.signed_in(MANAGER).post(f"{TINY}/reports", {"first": "2019-06", "last": "2019-04", **day})
    assert answer.status_code == 422
    assert errors_in(answer) == [
        "The last month is before the first: choose a later one",
        "Write a real day, such as 14 10 2019",
    ]
    assert not Job.objects.filter(kind="report").exists()


# ---- agreed text


def _proposed(site: Site) -> str:
    sent = site.signed_in(MANAGER).post(
        f"{TINY}/text/propose", {"name": "CCN-001", "text": NOTICE.replace("\n", "\r\n")}
    )
    assert sent.status_code == 303
    return str(sent.headers["Location"])


def test_a_notice_is_agreed_by_the_supplier_and_then_adopted(site: Site) -> None:
    draft = _proposed(site)
    page = _words(site, APPROVER, draft)
    assert "at least 90%" in page
    assert "at least 92%" in page
    act(site, APPROVER, f"{draft}/agree")
    assert (done(site)[-1].kind, done(site)[-1].actor) == ("notice.agreed", APPROVER.id)
    act(site, MANAGER, f"{draft}/adopt")
    assert done(site)[-1].kind == "text.adopted"
    assert open_store(site.where("tiny")).read_texts()["changes/CCN-001.yaml"] == NOTICE
    assert "CCN-001 More visitors are to be seen" in _words(site, AUDITOR, f"{TINY}/text")
    assert site.signed_in(MANAGER).get(draft).status_code == 404, "it is a draft no more"


def test_without_the_suppliers_agreement_nothing_is_adopted(site: Site) -> None:
    draft = _proposed(site)
    before, texts = done(site), open_store(site.where("tiny")).read_texts()
    answer = site.signed_in(MANAGER).post(f"{draft}/adopt", typed(site))
    assert answer.status_code in (403, 422)
    assert "the supplier has not agreed to this text" in words_in(answer).lower()
    assert done(site) == before
    assert open_store(site.where("tiny")).read_texts() == texts


def test_agreement_is_to_one_text_and_not_to_what_it_became(site: Site) -> None:
    draft = _proposed(site)
    act(site, APPROVER, f"{draft}/agree")
    found = NoticeDraft.objects.get()
    found.text = found.text.replace("92%", "99%")
    found.save()
    assert "the supplier has not agreed yet" in _words(site, MANAGER, draft)
    assert site.signed_in(MANAGER).post(f"{draft}/adopt", typed(site)).status_code in (403, 422)


def test_a_wrong_notice_shows_its_problem_at_the_line(site: Site) -> None:
    sent = site.signed_in(MANAGER).post(
        f"{TINY}/text/propose", {"name": "CCN-001", "text": NOTICE.replace("SEEN", "SEEM")}
    )
    page = _words(site, MANAGER, str(sent.headers["Location"]))
    assert "It cannot be adopted as it is" in page
    assert "changes/CCN-001.yaml:6:" in page


# ---- projects and the audit trail


def test_a_projects_update_stands_beside_the_one_before(site: Site) -> None:
    client = site.signed_in(PROJECT_OFFICE)
    page = client.get("/contracts/cssc/projects").content.decode()
    address = re.findall(r'href="(/contracts/cssc/projects/[^"]+/update)"', page)[0]
    form = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', form))
    given = {
        "as_at_day": "22", "as_at_month": "1", "as_at_year": "2020", "rag": "red", "stage": "Delivery",
        "why": "The supplier left.", "path_to_green": "Another comes.", "typed": "", "reason": "Monthly update.",
        **hidden,
    }  # fmt: skip
    assert client.post(address, given).status_code == 303
    after = words_in(client.get("/contracts/cssc/projects"))
    assert "The supplier left." in after
    typed_figure = {
        **given,
        "why": "It is 40% late.",
        **dict(re.findall(r'name="(key|seen)" value="([^"]*)"', client.get(address).content.decode())),
    }
    assert client.post(address, typed_figure).status_code == 422, "a figure without a source"


@pytest.mark.parametrize(("query", "entries"), [
    ("?kind=month.locked", 1), ("?about=tiny/visits/2019-05", 2), ("?by=p-3", 1), ("?kind=month.locked&by=p-1", 0),
    ("?about=nothing", 0),
])  # fmt: skip
def test_the_trail_shows_what_was_asked_for(site: Site, query: str, entries: int) -> None:
    page = _words(site, AUDITOR, f"{TINY}/audit-trail{query}")
    assert f"{entries} {'entry' if entries == 1 else 'entries'} in the audit trail" in page


def test_what_the_other_side_was_refused_is_not_in_ones_audit_trail(site: Site) -> None:
    whole_team(site)
    bring_to(site, "approved")
    site.signed_in(APPROVER).post(
        f"{TINY}/evidence/visits/2019-06/s2/approve", typed(site, key="another", reason="Hush.")
    )
    kinds = {
        person.role: "act refused" in _words(site, person, f"{TINY}/audit-trail")
        for person in (APPROVER, OFFICER, AUDITOR)
    }
    assert kinds == {"supplier_approver": True, "contract_officer": False, "auditor": True}


def test_a_manager_of_the_example_finds_no_job_of_the_small_contract(site: Site) -> None:
    asked = site.signed_in(MANAGER).post(f"{MAY_V1}/bundle").headers["Location"]
    for person in (AUDITOR, CONTRACT_MANAGER):
        assert site.signed_in(person).get(asked).status_code == 404


def test_the_home_page_names_the_mitigation_in_force(site: Site) -> None:
    """One that was granted until a month that is not over."""
    bring_to(site, "closed")
    asked = f"{TINY}/months/2019-06/kpis/LOST"
    act(site, PREPARER, f"{asked}/request-mitigation", ground="authority_act", last="2020-02", plan="Better shelves.")
    address = f"{TINY}/mitigations/LOST/2019-06/g1"
    act(site, DECIDER, f"{address}/decide", outcome="granted", effect="no_points", rows="", days="")
    site.work()
    page = site.signed_in(AUDITOR).get(TINY)
    assert page.status_code == 200
    said = words_in(page).partition("Mitigation in force")[2]
    assert "LOST" in said
    assert "June 2019" in said
    assert "February 2020" in said
    assert f'href="{address}"' in page.content.decode()

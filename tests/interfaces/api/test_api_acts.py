"""Acting by the API: one effect for one key, both sides of a stale act, refusals with their rule and who could."""

from muniment.application.stores import open_store
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.example.cast import CONTRACT_MANAGER, CONTRACT_OFFICER, Person
from tests.interfaces.api.conftest import Answer, ApiCaller, calling
from tests.interfaces.small_contract import visits
from tests.interfaces.web.conftest import SMALL_TEAM, STRANGER, Site

_, OFFICER, PREPARER, APPROVER, DECIDER, OTHER_AUDITOR = SMALL_TEAM
TINY = "/contracts/tiny"
JUNE = f"{TINY}/submissions/visits/2019-06/s1"
WHY: Json = {"reason": "It is right and whole."}


def _done(came: Answer, kind: str) -> dict[str, Json]:
    assert came.status == 201, came.content
    assert came.said["kind"] == kind
    return came.said


def _worked(site: Site, caller: ApiCaller, asked: Answer, kind: str) -> dict[str, Json]:
    """The entry that an act left which the worker does."""
    assert asked.status == 202, asked.content
    assert (asked.said["kind"], asked.said["state"], asked.said["entry"]) == ("act", "waiting", None)
    site.work()
    job = caller.get(asked.headers["Location"])
    assert (job.said["state"], job.said["error"], job.said["rule"]) == ("done", "", None)
    entry = caller.get(f"{TINY}/entries/{job.said['entry']}").said
    assert entry["kind"] == kind
    return entry


def _length(site: Site) -> int:
    return len(open_store(site.where("tiny")).ledger.entries())


def _submitted(site: Site, *, by: Person, month: str = "2019-07") -> dict[str, Json]:
    """A file looked at and submitted."""
    preparer = calling(site, by, scopes=["submit"])
    name = f"{TINY}/evidence/visits/{month}/uploads?file_name=visits.csv&control_rows=40"
    taken = preparer.send("POST", name, body=visits(Month.parse(month)).encode())
    assert taken.status == 202, taken.content
    site.work()
    return _done(preparer.post(f"{TINY}/uploads/{taken.said['id']}/submit", WHY, key=month), "submission.received")


def test_a_file_is_looked_at_before_it_is_submitted(site: Site) -> None:
    preparer = calling(site, PREPARER, scopes=["submit"])
    name = f"{TINY}/evidence/visits/2019-07/uploads?file_name=visits.csv&control_rows=40"
    taken = preparer.send("POST", name, body=visits(Month(2019, 7)).encode())
    assert (taken.status, taken.said["look"], taken.said["size"]) == (202, None, len(visits(Month(2019, 7)).encode()))
    upload = f"{TINY}/uploads/{taken.said['id']}"
    early = preparer.post(f"{upload}/submit", WHY, key="early")
    assert (early.status, early.said["rule"]) == (422, "looked_at")
    site.work()
    look = preparer.get(upload).object("look")
    assert (look["can_be_submitted"], look["rows_read"], look["control_rows"]) == (True, 40, 40)
    assert preparer.get(f"{TINY}/jobs/{taken.said['job']}").said["state"] == "done"
    assert preparer.get(f"{TINY}/uploads").said["total"] == 1
    entry = _done(preparer.post(f"{upload}/submit", WHY, key="k-1"), "submission.received")
    assert entry["subject"] == "tiny/visits/2019-07/s1"
    assert preparer.get(upload).said["submitted_as"] == "tiny/visits/2019-07/s1"
    assert preparer.get(f"{TINY}/uploads").said["total"] == 0
    again = preparer.post(f"{upload}/submit", WHY, key="k-1")
    assert again.said == entry


def test_a_file_with_problems_says_them_and_cannot_be_submitted(site: Site) -> None:
    preparer = calling(site, PREPARER)
    broken = visits(Month(2019, 7)).replace("2019-07-01 08:30:00", "2019-09-01 08:30:00").encode()
    taken = preparer.send("POST", f"{TINY}/evidence/visits/2019-07/uploads?file_name=v.csv", body=broken)
    site.work()
    upload = f"{TINY}/uploads/{taken.said['id']}"
    look = preparer.get(upload).object("look")
    assert look["rows_with_problems"]
    assert preparer.get(f"{upload}/problems.csv").content.startswith(b"\xef\xbb\xbfrow,column")
    came = preparer.post(f"{upload}/submit", WHY, key="k-1")
    assert (came.status, came.said["rule"]) == (422, "sound_file")
    assert preparer.send("DELETE", upload).status == 204
    assert preparer.get(upload).status == 404
    assert not list(site.folder.glob("*/tiny/uploads/*"))


def test_an_upload_has_its_bounds(site: Site, settings_limit: int) -> None:
    preparer = calling(site, PREPARER)
    address = f"{TINY}/evidence/visits/2019-07/uploads"
    large = preparer.send("POST", f"{address}?file_name=v.csv", body=b"x" * (settings_limit + 1))
    assert (large.status, large.said["type"]) == (413, "urn:muniment:problem:too-large")
    assert preparer.send("POST", f"{address}?file_name=v.csv", body=b"").status == 422
    assert preparer.send("POST", f"{address}?file_name=v.exe", body=b"x").status == 422
    assert preparer.send("POST", f"{address}?file_name=../v.csv", body=b"x").status == 422
    assert preparer.post(f"{address}?file_name=v.csv", {"a": 1}).status == 415
    assert preparer.get(f"{TINY}/uploads").said["total"] == 0
    assert not list(site.folder.glob("*/tiny/uploads/*"))


def test_the_same_key_has_one_effect(site: Site) -> None:
    approver = calling(site, APPROVER)
    first = _done(approver.post(f"{JUNE}/approve", WHY, key="k-1"), "submission.approved")
    length = _length(site)
    again = approver.post(f"{JUNE}/approve", WHY, key="k-1")
    assert (again.status, again.said) == (201, first)
    assert _length(site) == length
    other: Json = {"reason": "Something else."}
    came = approver.post(f"{JUNE}/approve", other, key="k-1")
    assert (came.status, came.said["type"]) == (409, "urn:muniment:problem:idempotency-key")


def test_an_act_without_a_key_or_a_reason_is_not_done(site: Site) -> None:
    approver, length = calling(site, APPROVER), _length(site)
    without_key = approver.post(f"{JUNE}/approve", WHY)
    assert (without_key.status, without_key.said["fields"]) == (
        422, [{"where": "header.Idempotency-Key", "what": "Field required"}]
    )  # fmt: skip
    error: tuple[Json, ...] = (
        {}, {"reason": ""}, {"reason": 1}, {"reason": "x", "more": 1}, {"reason": "x", "seen": "5"}, [], "x",
    )  # fmt: skip
    for body in error:
        assert approver.post(f"{JUNE}/approve", body, key="k-1").status == 422, body
    assert approver.post(f"{JUNE}/approve", {"reason": "  "}, key="k-1").said["rule"] == "reason_given"
    broken = approver.send("POST", f"{JUNE}/approve", headers={"Idempotency-Key": "k"})
    assert broken.status == 422
    assert _length(site) == length


def test_a_body_that_is_no_json_is_said_to_be_none(site: Site) -> None:
    from django.test import Client

    signed = {"Authorization": f"Bearer {calling(site, APPROVER).token}", "Idempotency-Key": "k"}
    for content in ("{", '{"reason": "\\ud800"}', "\x00", '{"reason": NaN}'):
        came = Client().generic(
            "POST", f"/api/v1{JUNE}/approve", content, content_type="application/json", headers=signed
        )
        assert came.status_code in (400, 422), content
    large = Client().generic(
        "POST", f"/api/v1{JUNE}/approve", '"' + "x" * 3_000_000 + '"', content_type="application/json", headers=signed
    )
    assert large.status_code == 413


def test_a_stale_act_is_shown_both_sides(site: Site) -> None:
    officer = calling(site, OFFICER)
    seen = int(officer.get(f"{TINY}/evidence/visits/2019-06").headers["Muniment-Entry"])
    _done(calling(site, APPROVER).post(f"{JUNE}/approve", WHY, key="a"), "submission.approved")
    came = officer.post(f"{JUNE}/accept", {"reason": "Complete.", "seen": seen}, key="b")
    assert (came.status, came.said["type"], came.said["rule"]) == (409, "urn:muniment:problem:stale", "stale")
    assert (came.said["wanted"], came.said["thing"]) == ("accept a submission", "tiny/visits/2019-06")
    (since,) = came.objects("since")
    assert (since["seq"], since["kind"], since["actor"]) == (seen + 1, "submission.approved", APPROVER.id)
    now = int(officer.get(f"{TINY}/evidence/visits/2019-06").headers["Muniment-Entry"])
    _done(officer.post(f"{JUNE}/accept", {"reason": "Complete.", "seen": now}, key="c"), "submission.accepted")
    assert officer.get(JUNE).said["accepted"]


def test_a_refusal_names_its_rule_and_who_could(site: Site) -> None:
    role = calling(site, OTHER_AUDITOR).post(f"{JUNE}/accept", WHY, key="a")
    assert (role.status, role.said["rule"]) == (403, "role")
    assert role.said["who_could"] == f"a contract officer ({OFFICER.id}) could"
    state = calling(site, OFFICER).post(f"{JUNE}/accept", WHY, key="b")
    assert (state.status, state.said["type"]) == (422, "urn:muniment:problem:refused")


def test_four_eyes_are_kept(site: Site) -> None:
    sent = _submitted(site, by=APPROVER)
    came = calling(site, APPROVER).post(f"{TINY}/submissions/visits/2019-07/s1/approve", WHY, key="x")
    assert (came.status, came.said["rule"], sent["actor"]) == (403, "four_eyes", APPROVER.id)


def test_a_question_goes_to_and_fro(site: Site) -> None:
    approver, officer = calling(site, APPROVER), calling(site, OFFICER)
    _done(approver.post(f"{JUNE}/approve", WHY, key="1"), "submission.approved")
    asked: Json = {
        "reason": "It looks thin.",
        "question": "Where are the visits of the 29th?",
        "rows": ["=V2019-06-001"],
    }
    _done(officer.post(f"{JUNE}/challenge", asked, key="2"), "evidence.challenged")
    one = f"{TINY}/challenges/visits/2019-06/q1"
    assert officer.get(one).said["is_open"]
    _done(
        approver.post(f"{one}/answer", {"reason": "We looked.", "answer": "We were shut."}, key="3"),
        "challenge.answered",
    )
    closing: Json = {"reason": "That explains it.", "outcome": "withdrawn"}
    _done(officer.post(f"{one}/close", closing, key="4"), "challenge.closed")
    said = officer.get(one).said
    assert (said["answer"], said["outcome"], said["is_open"]) == ("We were shut.", "withdrawn", False)
    _done(officer.post(f"{JUNE}/accept", WHY, key="5"), "submission.accepted")
    _done(officer.post(f"{JUNE}/withdraw-acceptance", WHY, key="6"), "acceptance.withdrawn")
    assert officer.get(f"{TINY}/challenges").said["total"] == 1


def _accepted(site: Site, *submissions: str) -> None:
    for place in submissions:
        address = f"{TINY}/submissions/{place}"
        _done(
            calling(site, APPROVER).post(f"{address}/approve", WHY, key=f"approve {place}".replace(" ", "-")),
            "submission.approved",
        )
        _done(calling(site, OFFICER).post(f"{address}/accept", WHY, key=f"accept-{place}"), "submission.accepted")
    site.work()


def _read(caller: ApiCaller, statement: str) -> dict[str, Json]:
    """A body for a signature, by somebody who has just read the statement."""
    return {"reason": "It is right and whole.", "fingerprint": caller.get(statement).said["fingerprint"]}


def test_a_month_is_signed_and_locked_by_two(site: Site) -> None:
    _accepted(site, "visits/2019-06/s1", "parcels/2019-06/s1")
    june, manager, approver = f"{TINY}/statements/2019-06", calling(site, STRANGER), calling(site, APPROVER)
    for kpi in manager.get(f"{TINY}/months/2019-06").objects("results"):
        if kpi["status"] in ("below_target", "below_minimum"):
            note: Json = {"reason": "For the board.", "cause": "A queue.", "effect": "A wait.", "remedy": "A desk."}
            _done(
                calling(site, PREPARER).post(
                    f"{TINY}/months/2019-06/kpis/{kpi['kpi']}/failure-explanations", note, key=str(kpi["kpi"])
                ),
                "failure.explained",
            )
    site.work()
    what_is_signed = _read(manager, june)
    asked = manager.post(f"{june}/sign", what_is_signed, key="sign")
    signed = _worked(site, manager, asked, "statement.signed")
    assert manager.get(june).said["state"] == "signed"
    # The record has grown since, and the first answer is still the answer.
    assert manager.post(f"{june}/sign", what_is_signed, key="sign").said["entry"] == signed["seq"]
    what_is_locked = _read(approver, june)
    assert what_is_locked["fingerprint"] == what_is_signed["fingerprint"]
    locked = _worked(site, approver, approver.post(f"{june}/lock", what_is_locked, key="lock"), "month.locked")
    assert approver.post(f"{june}/lock", what_is_locked, key="lock").said["entry"] == locked["seq"]
    length = _length(site)
    again = manager.post(f"{june}/sign", what_is_signed, key="sign")
    assert (again.status, again.said["id"], again.said["entry"]) == (202, asked.said["id"], signed["seq"])
    site.work()
    assert _length(site) == length
    version = manager.get(f"{june}/versions/1").said
    assert (version["fingerprint"], version["head"]) == (locked["payload"]["statement"], locked["hash"])  # type: ignore[index,call-overload]  # an object
    asked = manager.post(f"{june}/versions/1/bundle")
    assert asked.status == 202
    site.work()
    job = manager.get(f"{TINY}/jobs/{asked.said['id']}").said
    assert job["files"] == [{"name": "bundle.zip", "what": "The bundle of tiny/2019-06/v1"}]
    file = manager.get(f"{TINY}/jobs/{asked.said['id']}/files/bundle.zip")
    assert (file.status, file.kind, file.content[:2]) == (200, "application/zip", b"PK")
    assert approver.get(f"{TINY}/jobs/{asked.said['id']}").status == 404


def test_an_answer_rests_on_no_more_of_the_record_than_its_figures(site: Site) -> None:
    """Whoever sends that number as `seen` has seen no entry that the figures know nothing of."""
    manager, june = calling(site, STRANGER), f"{TINY}/statements/2019-06"
    before = _length(site)
    _done(calling(site, APPROVER).post(f"{JUNE}/approve", WHY, key="c"), "submission.approved")
    for address in (june, f"{TINY}/months", f"{TINY}/months/2019-06", f"{TINY}/months/2019-06/kpis/SEEN", TINY):
        assert manager.get(address).headers["Muniment-Entry"] == str(before)
    assert manager.get(june).said["computed_on"]["is_behind"] is True  # type: ignore[index,call-overload]  # an object
    sent: Json = {**_read(manager, june), "seen": before}
    assert manager.post(f"{june}/sign", sent, key="d").status == 409
    site.work()
    assert manager.get(june).headers["Muniment-Entry"] == str(_length(site))


def test_a_signature_names_the_statement_that_was_read(site: Site) -> None:
    manager, june = calling(site, STRANGER), f"{TINY}/statements/2019-06"
    without = manager.post(f"{june}/sign", WHY, key="a")
    assert (without.status, "body.fingerprint" in str(without.said["detail"])) == (422, True)
    other = manager.post(f"{june}/sign", {**_read(manager, june), "fingerprint": "0" * 64}, key="b")
    assert (other.status, other.said["type"], other.said["rule"]) == (409, "urn:muniment:problem:stale", "as_shown")
    assert "look at the statement as it is now" in str(other.said["who_could"])
    assert manager.get(f"{TINY}/jobs").said["total"] == 0


def test_what_the_worker_refuses_is_said_by_its_job_with_the_rule(site: Site) -> None:
    manager, june = calling(site, STRANGER), f"{TINY}/statements/2019-06"
    early = _read(manager, june)
    asked = manager.post(f"{june}/sign", early, key="early")
    assert asked.status == 202
    site.work()
    job = manager.get(asked.headers["Location"]).said
    assert (job["state"], job["entry"], job["rule"]) == ("failed", None, "evidence_accepted")
    assert "visits" in str(job["error"])
    length = _length(site)
    again = manager.post(f"{june}/sign", early, key="early")
    assert (again.status, again.said["id"], again.said["state"]) == (202, job["id"], "failed")
    other: Json = {**early, "reason": "Something else."}
    assert manager.post(f"{june}/sign", other, key="early").said["type"] == "urn:muniment:problem:idempotency-key"
    assert _length(site) == length
    assert manager.get(june).said["state"] == "open"


def test_what_needs_no_computing_is_refused_at_once(site: Site) -> None:
    manager, approver = calling(site, STRANGER), calling(site, APPROVER)
    june, may = f"{TINY}/statements/2019-06", f"{TINY}/statements/2019-05"
    of_june = _read(manager, june)
    assert approver.post(f"{june}/sign", of_june, key="a").status == 403
    locked = manager.post(f"{may}/sign", of_june, key="b")
    assert (locked.status, locked.said["type"]) == (422, "urn:muniment:problem:refused")
    seen = int(manager.get(june).headers["Muniment-Entry"])
    _done(approver.post(f"{JUNE}/approve", WHY, key="c"), "submission.approved")
    stale = manager.post(f"{june}/sign", {**of_june, "seen": seen}, key="d")
    assert (stale.status, stale.said["type"]) == (409, "urn:muniment:problem:stale")
    assert manager.get(f"{TINY}/jobs").said["total"] == 0


def test_an_act_is_on_what_was_there_when_it_was_asked_for(site: Site) -> None:
    """Without `seen` too: what comes before the worker begins was not meant to be signed."""
    manager, june = calling(site, STRANGER), f"{TINY}/statements/2019-06"
    asked = manager.post(f"{june}/sign", _read(manager, june), key="sign")
    _done(calling(site, APPROVER).post(f"{JUNE}/approve", WHY, key="c"), "submission.approved")
    site.work()
    job = manager.get(asked.headers["Location"]).said
    assert (job["state"], job["rule"]) == ("failed", "stale")


def test_a_locked_statement_that_nothing_asks_to_restate_is_confirmed(site: Site) -> None:
    """May's visits came again with one late: that changes a result, so that confirming it is refused."""
    _accepted(site, "visits/2019-05/s2")
    manager, may = calling(site, STRANGER), f"{TINY}/statements/2019-05"
    asked = manager.post(f"{may}/confirm", WHY, key="confirm")
    assert asked.status == 202
    site.work()
    job = manager.get(asked.headers["Location"]).said
    assert (job["state"], job["rule"]) == ("failed", "restatement_due")
    assert manager.post(f"{TINY}/statements/2019-06/confirm", WHY, key="open").status == 422


def test_a_locked_month_is_restated_by_two(site: Site) -> None:
    _accepted(site, "visits/2019-05/s2")
    manager, decider = calling(site, STRANGER), calling(site, DECIDER)
    asked = manager.post(f"{TINY}/statements/2019-05/restatements", WHY, key="propose")
    proposed = _worked(site, manager, asked, "restatement.proposed")
    again = manager.post(f"{TINY}/statements/2019-05/restatements", WHY, key="propose").said
    assert (again["id"], again["entry"]) == (asked.said["id"], proposed["seq"])
    one = f"{TINY}/restatements/2019-05/r1"
    assert manager.get(one).said["differences"]
    deciding: Json = {"reason": "The evidence is sound.", "outcome": "approved"}
    _done(decider.post(f"{one}/decide", deciding, key="decide"), "restatement.decided")
    assert manager.get(f"{TINY}/statements/2019-05/versions/2").status == 200
    assert manager.get(f"{TINY}/statements/2019-05/versions/1").said["later"] == [2]


def test_mitigation_is_asked_for_and_decided(site: Site) -> None:
    preparer, decider = calling(site, PREPARER), calling(site, DECIDER)
    k = f"{TINY}/months/2019-06/kpis/SEEN"
    (ground,) = preparer.get(f"{k}/grounds").objects()
    assert ground["ground"] == "authority_act"
    asking: Json = {"reason": "The doors were shut.", "ground": "authority_act", "last": "2019-06"}
    _done(preparer.post(f"{k}/mitigations", asking, key="ask"), "mitigation.requested")
    site.work()
    one = f"{TINY}/mitigations/SEEN/2019-06/g1"
    said = decider.get(one).said
    assert said["departures"]
    assert said["impact"]
    deciding: Json = {
        "reason": "They were.",
        "outcome": "granted_in_part",
        "effect": "no_points",
        "days": ["2019-06-03"],
    }
    entry = _done(decider.post(f"{one}/decide", deciding, key="decide"), "mitigation.decided")
    assert entry["payload"]["days"] == ["2019-06-03"]  # type: ignore[index,call-overload]  # an object
    assert calling(site, APPROVER).post(f"{one}/withdraw", WHY, key="late").status == 422


def test_a_result_is_disputed_and_resolved(site: Site) -> None:
    approver = calling(site, APPROVER)
    disputing: Json = {"reason": "We count it otherwise.", "supplier_value": "99.00%"}
    k = f"{TINY}/months/2019-06/kpis/SEEN"
    entry = _done(approver.post(f"{k}/disputes", disputing, key="d"), "result.disputed")
    site.work()
    assert approver.post(f"{k}/disputes", disputing, key="d").said == entry
    explained = approver.get(k)
    assert explained.said["is_disputed"]
    (dispute,) = explained.objects("disputes")
    assert dispute["supplier_value"] == "99.00%"
    resolving: Json = {"reason": "The log says so.", "outcome": "not_upheld"}
    _done(
        calling(site, DECIDER).post(f"{TINY}/disputes/SEEN/2019-06/d1/resolve", resolving, key="r"), "dispute.resolved"
    )


def test_somebody_is_appointed_invited_stood_in_for_and_leaves(site: Site, administrator: ApiCaller) -> None:
    body: Json = {
        "reason": "Joins.", "email": "new.person@example.org", "name": "New Person", "role": "finance",
        "first": "2020-02-01",
    }  # fmt: skip
    nameless: Json = {**body, "name": ""} if isinstance(body, dict) else None
    assert administrator.post("/contracts/cssc/people", nameless, key="n").said["rule"] == "named"
    entry = _done(administrator.post("/contracts/cssc/people", body, key="p"), "person.appointed")
    assert administrator.post("/contracts/cssc/people", body, key="p").said == entry
    person = entry["payload"]["person"]  # type: ignore[index,call-overload]  # an object
    link = administrator.post(f"/contracts/cssc/people/{person}/invitation")
    assert str(link.said["link"]).startswith("http://localhost/")
    number = str(entry["subject"]).rpartition("/")[2]
    standing: Json = {"reason": "On leave.", "person": CONTRACT_OFFICER.id, "first": "2020-02-03", "last": "2020-02-07"}
    _done(
        administrator.post(f"/contracts/cssc/people/appointments/{number}/delegate", standing, key="d"),
        "delegation.made",
    )
    ending: Json = {"reason": "Leaves.", "last": "2020-03-31"}
    _done(administrator.post(f"/contracts/cssc/people/appointments/{number}/end", ending, key="e"), "appointment.ended")
    listed = administrator.get("/contracts/cssc/people?limit=200").objects()
    assert {"New Person", "2020-03-31"} <= {str(value) for item in listed for value in item.values()}
    assert administrator.post(f"/contracts/cssc/people/{CONTRACT_MANAGER.id}x/invitation").status == 404


def test_an_appointment_that_is_refused_leaves_no_account(site: Site, administrator: ApiCaller) -> None:
    from muniment.installation.models import Account

    before = Account.objects.count()
    body: Json = {
        "reason": "Joins.", "email": "n.p@example.org", "name": "N P", "role": "finance", "first": "2020-02-01",
        "last": "2020-01-01",
    }  # fmt: skip
    assert administrator.post("/contracts/cssc/people", body, key="p").status == 422
    assert Account.objects.count() == before


def test_a_project_is_updated(site: Site) -> None:
    manager = calling(site, CONTRACT_MANAGER)
    body: Json = {
        "reason": "For the board.", "as_at": "2020-01-21", "rag": "green", "stage": "In delivery", "why": "All is well."
    }  # fmt: skip
    _done(manager.post("/contracts/cssc/projects/tessera/updates", body, key="u"), "project.updated")
    items = manager.get("/contracts/cssc/projects").objects()
    latest = next(item["latest"] for item in items if item["project"] == "tessera")
    assert isinstance(latest, dict)
    assert (latest["as_at"], latest["rag"]) == ("2020-01-21", "green")
    undeclared: Json = {**body, "why": "It is 14 days late."} if isinstance(body, dict) else None
    assert manager.post("/contracts/cssc/projects/tessera/updates", undeclared, key="v").status == 422


def test_a_report_is_asked_for_of_months_that_are_over(site: Site) -> None:
    manager = calling(site, CONTRACT_MANAGER)
    asked = manager.post("/contracts/cssc/reports", {"first": "2019-07", "last": "2019-11", "meeting": "2020-01-30"})
    assert (asked.status, asked.said["state"], asked.said["files"]) == (202, "waiting", [])
    assert manager.get("/contracts/cssc/jobs").said["total"] == 1
    error = manager.post("/contracts/cssc/reports", {"first": "2019-11", "last": "2019-07", "meeting": "2020-01-30"})
    assert (error.status, error.said["rule"]) == (422, "months")

"""The agreed text by the API: read with its problems, and changed by two sides as on the pages."""

from typing import cast

from muniment.application.contract_text import TextStore
from muniment.application.stores import open_store
from muniment.domain.kernel.fingerprint import Json
from muniment.installation.models import NoticeDraft
from tests.interfaces.api.conftest import Answer, calling
from tests.interfaces.web.conftest import SMALL_TEAM, Site
from tests.interfaces.web.june import NOTICE

MANAGER, OFFICER, _, APPROVER, _, AUDITOR = SMALL_TEAM
TINY = "/contracts/tiny"
WHY: Json = {"reason": "Both sides agreed to it."}


def _proposed(site: Site, text: str = NOTICE) -> Answer:
    return calling(site, MANAGER).post(f"{TINY}/notices", {"notice": "CCN-001", "text": text})


def _length(site: Site) -> int:
    return len(open_store(site.where("tiny")).ledger.entries())


def test_a_notice_is_proposed_agreed_to_and_adopted(site: Site) -> None:
    manager = calling(site, MANAGER)
    proposed = _proposed(site)
    assert (proposed.status, proposed.said["is_agreed"], proposed.said["can_be_adopted"]) == (201, False, True)
    assert (proposed.said["effective"], proposed.said["problems"]) == ("2020-01-01", [])
    (change,) = proposed.objects("changes")
    assert (change["kpi"], "at least 90%" in str(change["before"]), "at least 92%" in str(change["after"])) == (
        "SEEN", True, True
    )  # fmt: skip
    one = f"{TINY}/notices/{proposed.said['id']}"
    alone = manager.post(f"{one}/adopt", WHY, key="k-0")
    assert (alone.status, alone.said["rule"]) == (422, "both_sides")
    length = _length(site)
    agreed = calling(site, APPROVER).post(f"{one}/agree", WHY, key="a-1")
    assert (agreed.status, agreed.said["kind"], agreed.said["actor"]) == (201, "notice.agreed", APPROVER.id)
    assert calling(site, APPROVER).post(f"{one}/agree", WHY, key="a-1").said == agreed.said
    assert _length(site) == length + 1
    assert manager.get(one).said["is_agreed"]
    assert manager.get(one).object("agreed")["by"] == APPROVER.id
    entry = manager.post(f"{one}/adopt", WHY, key="k-1")
    assert (entry.status, entry.said["kind"]) == (201, "text.adopted")
    assert open_store(site.where("tiny")).read_texts()["changes/CCN-001.yaml"] == NOTICE
    assert manager.post(f"{one}/adopt", WHY, key="k-1").said == entry.said
    assert manager.post(f"{one}/adopt", WHY, key="k-2").status == 404
    assert manager.get(one).status == 404
    text = manager.get(f"{TINY}/text")
    assert [found["notice"] for found in text.objects("notices")] == ["CCN-001"]
    assert all(file["is_as_adopted"] for file in text.objects("files"))
    assert manager.get(f"{TINY}/notices").said["total"] == 0


def test_what_is_wrong_in_a_notice_is_said_at_its_line(site: Site) -> None:
    came = _proposed(site, NOTICE.replace("SEEN", "SEEM"))
    assert (came.status, came.said["can_be_adopted"], came.said["changes"]) == (201, False, [])
    (problem, *_) = came.objects("problems")
    assert (problem["file"], problem["line"], problem["severity"]) == ("changes/CCN-001.yaml", 6, "error")
    assert "did you mean 'SEEN'?" in str(problem["remedy"])
    one = f"{TINY}/notices/{came.said['id']}"
    for caller, command in ((calling(site, APPROVER), "agree"), (calling(site, MANAGER), "adopt")):
        refused = caller.post(f"{one}/{command}", WHY, key=command)
        assert (refused.status, refused.said["type"]) == (422, "urn:muniment:problem:problems-found")
    assert calling(site, MANAGER).get(one).said["is_agreed"] is False
    assert "changes/CCN-001.yaml" not in open_store(site.where("tiny")).read_texts()


def test_a_notice_is_dropped(site: Site) -> None:
    one = f"{TINY}/notices/{_proposed(site).said['id']}"
    manager = calling(site, MANAGER)
    assert manager.send("DELETE", one).status == 204
    assert (manager.get(one).status, manager.get(f"{TINY}/notices").said["total"]) == (404, 0)
    assert manager.send("DELETE", one).status == 404


def test_only_the_suppliers_approver_agrees_and_only_the_authority_proposes(site: Site) -> None:
    one = f"{TINY}/notices/{_proposed(site).said['id']}"
    came = calling(site, MANAGER).post(f"{one}/agree", WHY, key="a")
    assert (came.status, came.said["rule"]) == (403, "role")
    assert came.said["what"] == "you are contract manager, and may not agree to a change notice"
    assert came.said["who_could"] == f"a supplier approver ({APPROVER.id}) could"
    for caller in (calling(site, OFFICER), calling(site, APPROVER)):
        assert caller.post(f"{TINY}/notices", {"notice": "CCN-002", "text": "x"}).status == 403
        assert caller.send("DELETE", one).status == 403
        assert caller.post(f"{one}/adopt", WHY, key="k").status == 403
    assert calling(site, AUDITOR).get(one).said["is_agreed"] is False


def test_a_number_that_is_taken_is_refused(site: Site) -> None:
    one = f"{TINY}/notices/{_proposed(site).said['id']}"
    calling(site, APPROVER).post(f"{one}/agree", WHY, key="a")
    assert calling(site, MANAGER).post(f"{one}/adopt", WHY, key="k").status == 201
    again = _proposed(site)
    assert (again.status, again.said["rule"]) == (422, "notice_new")
    for name in ("../x", "a b", "", "x" * 42):
        came = calling(site, MANAGER).post(f"{TINY}/notices", {"notice": name, "text": "x"})
        assert came.status == 422, name
    assert NoticeDraft.objects.count() == 1


def test_agreeing_to_a_notice_and_adopting_it_need_a_token_that_binds(site: Site) -> None:
    one = f"{TINY}/notices/{_proposed(site).said['id']}"
    for caller, address in (
        (calling(site, APPROVER, scopes=["read", "submit", "act"]), f"{one}/agree"),
        (calling(site, MANAGER, scopes=["read", "submit", "act"]), f"{one}/adopt"),
        (calling(site, MANAGER, scopes=["read", "submit", "act"]), f"{TINY}/text/adopt"),
    ):
        came = caller.post(address, WHY, key="k")
        assert (came.status, came.said["type"]) == (403, "urn:muniment:problem:scope")
        assert came.said["detail"] == (
            "The token lacks the scope 'bind'. Make one that has it on your account page, at /account/tokens/new, "
            "where you confirm who you are; it is valid for a day."
        )


def test_files_that_were_changed_are_adopted_as_they_are(site: Site) -> None:
    manager = calling(site, MANAGER)
    nothing_new = manager.post(f"{TINY}/text/adopt", WHY, key="k-0")
    assert (nothing_new.status, nothing_new.said["rule"]) == (422, "nothing_new")
    store = cast("TextStore", open_store(site.where("tiny")))
    texts = dict(store.read_texts())
    texts["regime.yaml"] = texts["regime.yaml"].replace("Visitors never seen", "Visitors who were never seen")
    store.write_texts(texts)
    drifted = {found["path"] for found in manager.get(f"{TINY}/text").objects("files") if not found["is_as_adopted"]}
    assert drifted == {"regime.yaml"}
    entry = manager.post(f"{TINY}/text/adopt", WHY, key="k-1")
    assert (entry.status, entry.said["kind"]) == (201, "text.adopted")
    assert manager.post(f"{TINY}/text/adopt", WHY, key="k-1").said == entry.said

"""Rows that an act names have to be there: a mistyped one is refused, and nothing is recorded."""

import pytest

from muniment.application.stores import open_store
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.replay import payload_of
from tests.interfaces.api.conftest import ApiCaller, calling
from tests.interfaces.web.conftest import SMALL_TEAM, Site

_, OFFICER, PREPARER, APPROVER, DECIDER, _ = SMALL_TEAM
TINY = "/contracts/tiny"
JUNE = f"{TINY}/submissions/visits/2019-06/s1"
WHY: Json = {"reason": "It is right and whole."}


def _length(site: Site) -> int:
    return len(open_store(site.where("tiny")).ledger.entries())


def _is_refused(site: Site, caller: ApiCaller, address: str, body: dict[str, Json]) -> None:
    length = _length(site)
    came = caller.post(address, body, key="named")
    assert (came.status, came.kind, came.said["rule"]) == (422, "application/problem+json", "row_known")
    assert "there is no row '=V2019-06-0O1' in " in str(came.said["what"])
    assert str(came.said["who_could"]).startswith("did you mean '=V2019-06-0")
    assert _length(site) == length


@pytest.fixture
def approved(site: Site) -> Site:
    assert calling(site, APPROVER).post(f"{JUNE}/approve", WHY, key="approve").status == 201
    return site


def test_a_row_that_is_not_in_the_file_is_not_rejected(approved: Site) -> None:
    rejected: Json = [{"row": "=V2019-06-0O1", "reason": "a test visit"}]
    body: dict[str, Json] = {"reason": "Complete but for one.", "rejected": rejected}
    _is_refused(approved, calling(approved, OFFICER), f"{JUNE}/accept", body)
    right: Json = {**body, "rejected": [{"row": "=V2019-06-001", "reason": "a test visit"}]}
    assert calling(approved, OFFICER).post(f"{JUNE}/accept", right, key="right").status == 201


def test_a_row_that_is_not_in_the_file_is_not_challenged(approved: Site) -> None:
    body: dict[str, Json] = {"reason": "It looks odd.", "question": "What is this?", "rows": ["=V2019-06-0O1"]}
    _is_refused(approved, calling(approved, OFFICER), f"{JUNE}/challenge", body)


def test_a_row_that_is_not_in_the_evidence_is_not_relieved(approved: Site) -> None:
    assert calling(approved, OFFICER).post(f"{JUNE}/accept", WHY, key="accept").status == 201
    asking: Json = {"reason": "The doors were shut.", "ground": "authority_act", "last": "2019-06"}
    k = f"{TINY}/months/2019-06/kpis/SEEN/mitigations"
    assert calling(approved, PREPARER).post(k, asking, key="ask").status == 201
    body: dict[str, Json] = {"reason": "In part.", "outcome": "granted_in_part", "effect": "no_points"}
    one = f"{TINY}/mitigations/SEEN/2019-06/g1/decide"
    _is_refused(approved, calling(approved, DECIDER), one, {**body, "rows": ["=V2019-06-0O1"]})
    came = calling(approved, DECIDER).post(one, {**body, "rows": ["=V2019-06-001"]}, key="right")
    assert came.status == 201


def test_what_a_role_does_not_let_somebody_try_is_remembered_once(approved: Site) -> None:
    length = _length(approved)
    for _ in range(2):
        came = calling(approved, PREPARER).post(f"{JUNE}/accept", WHY, key="not-mine")
        assert (came.status, came.said["rule"]) == (403, "role")
    entries = open_store(approved.where("tiny")).ledger.entries()
    assert len(entries) == length + 1
    refused = payload_of(entries[-1], ActRefused)
    assert (entries[-1].actor, refused.rule) == (PREPARER.id, "authority_only")
    assert refused.about == "tiny/visits/2019-06"

"""What the API reads is what the pages and the command line show."""

import csv
import io
from typing import cast

import pytest

from muniment.application.contract_text import TextStore
from muniment.application.heads import heads_json, heads_of
from muniment.application.projected import projected_kpi_month, projected_statement
from muniment.application.read_models.stored import dump
from muniment.application.stores import CLOCK_BEHIND_VARIABLE, open_store
from muniment.domain.kernel.fingerprint import Json
from muniment.example.cast import AUDITOR, CONTRACT_MANAGER, FINANCE, PREPARER
from muniment.installation.waiting import renew_waits
from tests.interfaces.api.conftest import Described, asked, calling
from tests.interfaces.test_agreed_terms import DEEMED
from tests.interfaces.web.conftest import SMALL_TEAM, STRANGER, Site, behind

DONE_NOWHERE = {
    "read_upload", "read_upload_problems", "read_job", "read_job_file", "read_challenge", "read_mitigation",
    "read_restatement", "read_notice", "compare_submissions",
}  # fmt: skip
"""What reads a thing that the example's month has none of."""


def test_whatever_can_be_read_of_the_example_can_be_read(site: Site, every_operation: list[Described]) -> None:
    caller = calling(site, PREPARER)
    for operation in every_operation:
        if operation.method == "GET":
            wanted = 404 if operation.name in DONE_NOWHERE else 200
            assert asked(caller, operation).status == wanted, operation.name


def test_an_explanation_is_the_projected_one(site: Site) -> None:
    said = calling(site, AUDITOR).get("/contracts/cssc/months/2019-09/kpis/CSC_KPI_04").said
    found = projected_kpi_month("cssc", "2019-09", "CSC_KPI_04", using="default")
    assert found is not None
    projected = dump(found)
    assert said["value"] == "13.28"
    assert said["working"] == "Below minimum: 6 points x 2, failing for 2 periods running = 12 points."
    same = [key for key in said if key in projected]
    assert len(same) > 25
    assert {key: said[key] for key in same} == {key: projected[key] for key in same}


def test_a_statement_is_the_projected_one_and_says_where_it_stands(site: Site) -> None:
    said = calling(site, FINANCE).get("/contracts/cssc/statements/2019-11").said
    found = projected_statement("cssc", "2019-11", using="default")
    assert found is not None
    projected = dump(found)
    for key in ("lines", "points", "credit", "credit_working", "credits_to_date", "table_1", "kpis"):
        assert said[key] == projected[key], key
    assert (said["state"], said["signature"]) == ("locked", None)


def test_a_locked_version_carries_its_fingerprint_and_what_finance_needs(site: Site) -> None:
    caller = calling(site, FINANCE)
    version = caller.get("/contracts/cssc/statements/2019-09/versions/1").said
    finance = caller.get("/contracts/cssc/statements/2019-09/finance").said
    assert finance == version["finance"]
    assert finance["fingerprint"] == version["fingerprint"]
    line = caller.get("/contracts/cssc/statements/2019-09/finance.csv")
    (row,) = csv.DictReader(io.StringIO(line.content.decode()))
    assert (row["credit"], row["statement"], row["fingerprint"]) == (finance["credit"], "v1", finance["fingerprint"])


def test_a_month_adds_up(site: Site) -> None:
    caller = calling(site, AUDITOR)
    assert len(caller.get("/contracts/cssc/months/2019-11").objects("results")) == 41
    november = next(m for m in caller.get("/contracts/cssc/months").objects() if m["month"] == "2019-11")
    assert november["counts"] == {
        "tsl_achieved": 35, "msl_achieved": 0, "below_msl": 1, "mitigated": 3, "not_measured": 2
    }  # fmt: skip


def test_heads_are_those_that_the_command_line_prints(site: Site) -> None:
    contract, heads = heads_of(folder=site.where(), known=None)
    printed = heads_json(contract, heads)
    assert isinstance(printed, dict)
    assert calling(site, AUDITOR).get("/contracts/cssc/heads").said["items"] == printed["heads"]


def test_entries_can_be_hashed_again(site: Site) -> None:
    from muniment.domain.kernel.fingerprint import fingerprint

    for entry in calling(site, AUDITOR).get("/contracts/cssc/entries?limit=20").objects():
        hashed = {name: value for name, value in entry.items() if name not in ("hash", "texts")}
        assert fingerprint(hashed) == entry["hash"]


def test_what_is_new_is_what_comes_after_the_last_entry(site: Site) -> None:
    caller = calling(site, AUDITOR)
    came = caller.get("/contracts/cssc/entries?after=870&limit=3")
    numbers = [item["seq"] for item in came.objects()]
    assert numbers == [871, 872, 873]
    last = int(came.headers["Muniment-Entry"])
    assert caller.get(f"/contracts/cssc/entries?after={last}").said == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("address", "limit"),
    [("/contracts/cssc/evidence", 60), ("/contracts/cssc/entries", 200), ("/contracts/cssc/people", 2)],
)
def test_pages_of_a_list_hold_everything_once(site: Site, address: str, limit: int) -> None:
    caller = calling(site, AUDITOR)
    found, link = [], f"{address}?limit={limit}"
    while link:
        came = caller.get(link)
        assert came.status == 200
        assert len(came.objects()) <= limit
        found += [str(item) for item in came.objects()]
        link = str(came.said["next"] or "")
    assert len(found) == len({*found}) > limit


def test_filters_go_along_with_the_next_page(site: Site) -> None:
    came = calling(site, AUDITOR).get("/contracts/cssc/entries?kind=submission.accepted&limit=2")
    assert "kind=submission.accepted" in str(came.said["next"])
    assert {item["kind"] for item in came.objects()} == {"submission.accepted"}


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "offset=-1", "limit=1e3"])
def test_a_page_has_its_bounds(site: Site, query: str) -> None:
    came = calling(site, AUDITOR).get(f"/contracts/cssc/people?{query}")
    assert (came.status, came.said["type"]) == (422, "urn:muniment:problem:not-valid")


def test_a_misspelt_parameter_is_not_lost(site: Site) -> None:
    came = calling(site, AUDITOR).get("/contracts/cssc/entries?limt=5")
    assert came.status == 422
    assert came.objects("fields") == [
        {"where": "query.limt", "what": "there is no such parameter - did you mean 'limit'?"}
    ]
    assert calling(site, AUDITOR).get("/me?x=1").status == 422


def test_a_supplier_sees_no_refusals_of_the_other_side(site: Site) -> None:
    refused = calling(site, CONTRACT_MANAGER).post(
        "/contracts/cssc/submissions/calls/2019-09/s1/challenge", {"reason": "Why?", "question": "Why?"}, key="k-1"
    )
    assert refused.status == 422
    theirs = calling(site, CONTRACT_MANAGER).get("/contracts/cssc/entries?kind=act.refused")
    number = theirs.objects()[-1]["seq"]
    other = calling(site, PREPARER)
    assert number not in [item["seq"] for item in other.get("/contracts/cssc/entries?kind=act.refused").objects()]
    assert other.get(f"/contracts/cssc/entries/{number}").status == 404


def test_what_waits_says_whether_it_waits_for_you(site: Site) -> None:
    for person, is_theirs in ((PREPARER, True), (AUDITOR, False)):
        waits = calling(site, person).get("/contracts/cssc/waiting?limit=1").objects()
        assert [item["is_yours"] for item in waits] == [is_theirs]


def test_what_waits_says_what_is_deemed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    store = cast("TextStore", open_store(site.where("tiny")))
    texts = dict(store.read_texts())
    store.write_texts({**texts, "contract.yaml": texts["contract.yaml"] + DEEMED})
    _, officer, _, approver, *_ = SMALL_TEAM
    visits = "/contracts/tiny/submissions/visits/2019-06/s1"
    assert calling(site, approver).post(f"{visits}/approve", {"reason": "Right."}, key="1").status == 201
    asking: Json = {"reason": "It looks thin.", "question": "Why so few?"}
    assert calling(site, officer).post(f"{visits}/challenge", asking, key="2").status == 201
    waiting = "/contracts/tiny/waiting?limit=200&subject=tiny/visits/2019-06"
    in_time = calling(site, officer).get(waiting).objects()
    assert [item["deemed"] for item in in_time] == [None]
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, str(int(behind()) - 14 * 24 * 60 * 60))
    renew_waits()
    late = [item for item in calling(site, officer).get(waiting).objects() if item["deemed"]]
    assert [item["deemed"] for item in late] == [
        {
            "of": "tiny/visits/2019-06/q1", "due": "2020-01-29", "then": "upheld", "effect": None,
            "under": "contract.yaml:14:28, Sch 3 para 4",
        }
    ]  # fmt: skip
    closing: Json = {"reason": "Nobody answered.", "outcome": "upheld", "is_deemed": True}
    closed = calling(site, officer).post("/contracts/tiny/challenges/visits/2019-06/q1/close", closing, key="3")
    assert (closed.status, closed.said["kind"]) == (201, "challenge.closed")


def test_the_small_contract_is_read_by_its_own_people(site: Site) -> None:
    caller = calling(site, STRANGER)
    assert [item["contract"] for item in caller.get("/contracts").objects()] == ["tiny"]
    assert caller.get("/contracts/tiny/statements/2019-05").status == 200


@pytest.mark.parametrize(
    "address",
    [
        "/contracts/cssc/months/2019-13", "/contracts/cssc/months/2019-11/kpis/..%2f", "/contracts/c%00/months",
        "/contracts/cssc/entries/0", "/contracts/cssc/text/file?path=../secret-key", "/contracts/cssc/kpis/home",
        "/contracts/cssc/evidence/calls/2099-12", "/contracts/cssc/statements/2019-11/versions/9999",
        "/contracts/cssc/jobs/00000000-0000-4000-8000-000000000000/files/..",
    ],
)  # fmt: skip
def test_a_wrong_name_is_the_callers_mistake(site: Site, address: str) -> None:
    assert calling(site, AUDITOR).get(address).status in (404, 422)

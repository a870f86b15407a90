"""Who may open which page and send which form: every route, every role, own and other contract, in several states.

The routes come from the URL configuration, the rows from here. A route that has no row fails.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from muniment.application.load import open_contract
from muniment.domain.lifecycle.appointments import ROLES, Role
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.example.cast import CONTRACT_MANAGER, EVERYBODY, Person
from muniment.installation.models import Job, NoticeDraft, Upload
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import STRANGER, Site
from tests.interfaces.web.june import (
    MANAGER,
    NOTICE,
    PREPARER,
    SECOND_PREPARER,
    STEPS,
    TEAM,
    TINY,
    VISITS,
    Answer,
    bring_to,
    record,
    upload,
    whole_team,
)

ALL: frozenset[Role] = frozenset(ROLES)
SUPPLIER: frozenset[Role] = frozenset({"supplier_preparer", "supplier_approver"})
APPROVER: frozenset[Role] = frozenset({"supplier_approver"})
OFFICER: frozenset[Role] = frozenset({"contract_officer"})
VALIDATING: frozenset[Role] = frozenset({"contract_officer", "contract_manager"})
MANAGING: frozenset[Role] = frozenset({"contract_manager"})
DECIDING: frozenset[Role] = frozenset({"decision_maker"})
ADMINISTERING: frozenset[Role] = frozenset({"administrator"})
ADOPTING: frozenset[Role] = MANAGING | ADMINISTERING
DELEGATING = ALL - {"project_office", "democratic_services", "auditor"}


@dataclass(frozen=True)
class Row:
    """Who may open a page of a contract. `is_form`: it takes a form too. `only_form`: it answers to nothing else.
    `is_own`: only whoever made the thing sees it; to others of the contract who may do such an act it is not there."""

    who: frozenset[Role]
    is_form: bool = False
    only_form: bool = False
    is_own: bool = False


def page(who: frozenset[Role] = ALL, *, is_own: bool = False) -> Row:
    return Row(who, is_own=is_own)


def form(who: frozenset[Role], *, is_own: bool = False) -> Row:
    return Row(who, is_form=True, is_own=is_own)


def button(who: frozenset[Role], *, is_own: bool = False) -> Row:
    return Row(who, is_form=True, only_form=True, is_own=is_own)


OF_A_CONTRACT: Mapping[str, Row] = {
    "contract": page(),
    "month": page(),
    "kpi": page(),
    "kpi_month": page(),
    "evidence": page(),
    "table_month": page(),
    "template": page(),
    "compare": page(),
    "start_comparison": button(ALL),
    "compare_file": page(),
    "upload": form(SUPPLIER),
    "upload_report": page(SUPPLIER, is_own=True),
    "upload_problems": page(SUPPLIER, is_own=True),
    "upload_submit": form(SUPPLIER, is_own=True),
    "upload_discard": button(SUPPLIER, is_own=True),
    "upload_look_again": button(SUPPLIER, is_own=True),
    "declare_nil_return": form(SUPPLIER),
    "approve": form(APPROVER),
    "withdraw_submission": form(SUPPLIER),
    "accept": form(OFFICER),
    "withdraw_acceptance": form(VALIDATING),
    "challenge_evidence": form(VALIDATING),
    "challenge": page(),
    "answer_challenge": form(SUPPLIER),
    "close_challenge": form(VALIDATING),
    "left_out": button(ALL),
    "mitigations": page(),
    "mitigation": page(),
    "request_mitigation": form(SUPPLIER),
    "decide_mitigation": form(DECIDING),
    "withdraw_mitigation": form(SUPPLIER),
    "dispute": form(APPROVER),
    "resolve_dispute": form(DECIDING),
    "explain_failure": form(SUPPLIER | VALIDATING | {"report_author"}),
    "statements": page(),
    "statement": page(),
    "statement_version": page(),
    "sign": form(MANAGING),
    "lock": form(APPROVER | MANAGING | DECIDING),
    "restate": form(MANAGING),
    "confirm_statement": form(MANAGING),
    "restatement": page(),
    "decide_restatement": form(DECIDING),
    "finance": page(),
    "finance_csv": page(),
    "bundle": button(ALL),
    "projects": page(),
    "update_project": form(SUPPLIER | MANAGING | {"project_office", "report_author"}),
    "reports": form(ALL),
    "job": page(is_own=True),
    "job_file": page(is_own=True),
    "agreed_text": page(),
    "text_file": page(),
    "adopt_text": form(ADOPTING),
    "propose_notice": form(ADOPTING),
    "notice_draft": page(),
    "agree_notice": form(APPROVER),
    "drop_notice": button(ADOPTING),
    "adopt_notice": form(ADOPTING),
    "people": page(),
    "appoint": form(ADMINISTERING),
    "end_appointment": form(ADMINISTERING),
    "delegate": form(DELEGATING),
    "invite_again": button(ADMINISTERING),
    "audit_trail": page(),
    "heads": page(),
}
"""Route -> who may: written down a second time on purpose, so that the permissions are not their own proof."""

ANYBODY = (
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "invitation", "mfa_authenticate",
    "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
    "socialaccount_login_error", "demo_sign_in",
)  # fmt: skip
"""Pages for people who are not signed in."""
SIGNED_IN = (
    "my_work", "contracts", "account", "change_name", "new_token", "end_token", "account_reauthenticate",
    "confirm_elsewhere", "account_change_password", "account_set_password", "usersessions_list", "mfa_index",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn",
    "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
)  # fmt: skip
"""Pages of one's own, which belong to no contract."""

FRESH, MIDDLE, LOCKED = "fresh", "challenged", "proposed"
IN_TEST = (FRESH, MIDDLE, LOCKED)
IN_PROOF = tuple(state for state in STEPS if state not in IN_TEST)
THERE: Mapping[str, str] = {
    "s2": "submitted", "q1": "challenged", "g1": "challenged", "d1": "challenged", "v1": "locked", "r1": "proposed"
}  # fmt: skip
"""Thing of June -> the state in which it is first there."""
NEEDS: Mapping[str, str] = {
    **dict.fromkeys(("approve", "withdraw_submission", "accept", "withdraw_acceptance", "challenge_evidence"), "s2"),
    **dict.fromkeys(("start_comparison", "compare_file"), "s2"),
    **dict.fromkeys(("challenge", "answer_challenge", "close_challenge"), "q1"),
    **dict.fromkeys(("mitigation", "decide_mitigation", "withdraw_mitigation"), "g1"),
    "resolve_dispute": "d1",
    **dict.fromkeys(("statement_version", "finance", "finance_csv", "bundle"), "v1"),
    **dict.fromkeys(("restatement", "decide_restatement"), "r1"),
}  # fmt: skip
"""Route -> the thing that it is about."""


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    """By which the test client calls the site."""
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])


@dataclass(frozen=True)
class Route:
    name: str
    parts: tuple[str, ...]
    view: Callable[..., HttpResponse]

    @property
    def is_of_contract(self) -> bool:
        return "contract" in self.parts


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for found in patterns:
        if isinstance(found, URLResolver):
            yield from _walk(found.url_patterns, before + str(found.pattern))
        else:
            yield before + str(found.pattern), found


def _routes() -> list[Route]:
    """Every page. The addresses of the API have tables of their own, beside its tests."""
    found = _walk(get_resolver().url_patterns)
    pages = [pattern for address, pattern in found if not address.startswith("api/")]
    return [Route(str(p.name), tuple(re.findall(r"[<:](\w+)>", str(p.pattern))), p.callback) for p in pages]


@dataclass(frozen=True)
class World:
    """A contract in a state: the words that stand in addresses, and who made what is made for one person."""

    contract: str
    state: str
    parts: Mapping[str, str]
    people: Mapping[str, Person]
    owner: Person

    def has(self, route: str) -> bool:
        """Whether what the route is about is there."""
        needs = NEEDS.get(route)
        return needs is None or (self.state != FRESH and [*STEPS].index(THERE[needs]) <= [*STEPS].index(self.state))

    def address(self, route: Route, **other: str) -> str:
        own = {**self.parts, **other}
        if route.name in ("end_appointment", "delegate"):
            own["number"] = "a1"
        if route.name == "resolve_dispute":
            own["kpi"] = "LATE"
        if route.name == "invite_again":
            own["account"] = "1"
        if route.name == "text_file":
            own["name"] = "contract.yaml"
        return reverse(route.name, kwargs={part: own[part] for part in route.parts})


def _world(site: Site, state: str) -> World:
    """June of the small contract in that state; a fresh month is December, of which nothing came."""
    whole_team(site)
    month = "2019-12" if state == FRESH else "2019-06"
    if state != FRESH:
        bring_to(site, state)
    content = visits(JUNE, late=9).replace("2019-06", month)
    sent = upload(site, PREPARER, content, address=f"{TINY}/evidence/visits/{month}", name="never submitted.csv")
    asked = site.signed_in(PREPARER).post(f"{VISITS}/rows").headers["Location"]
    site.work()
    draft = NoticeDraft.objects.create(
        contract="tiny", path="changes/CCN-001.yaml", text=NOTICE, proposed_by=MANAGER.id
    )
    parts = {
        "contract": "tiny", "month": month, "kpi": "SEEN", "table": "visits", "submission": "s2", "challenge_id": "q1",
        "request_id": "g1", "dispute_id": "d1", "number": "1", "restatement": "r1", "project": "none",
        "upload": str(sent.id), "job": asked.rpartition("/")[2], "name": "rows.csv", "draft": str(draft.id),
        "kind": "appointments",
    }  # fmt: skip
    return World("tiny", state, parts, {person.role: person for person in TEAM if person != SECOND_PREPARER}, PREPARER)


def _example(site: Site) -> World:
    """The example, for what the small contract has not: projects."""
    project = next(iter(open_contract(folder=site.where(), known=None).followed.projects))
    parts = {"contract": "cssc", "project": project}
    return World("cssc", MIDDLE, parts, {person.role: person for person in EVERYBODY}, PREPARER)


def _expected(world: World, route: Route, person: Person | None, method: str) -> int:
    row = OF_A_CONTRACT[route.name]
    if row.only_form and method == "GET":
        return 405
    if person is None:
        return 302
    if person.role not in row.who:
        return 403
    is_there = world.has(route.name) and not (row.is_own and person != world.owner)
    if not is_there:
        return 404
    if method == "GET":
        return 302 if route.name == "kpi" else 200
    return 422


def _differences(site: Site, world: World, routes: list[Route]) -> Iterator[str]:
    people: list[Person | None] = [*world.people.values(), None]
    for person in people:
        client = Client() if person is None else site.signed_in(person)
        for route in routes:
            row, address = OF_A_CONTRACT[route.name], world.address(route)
            for method in ("GET", "POST"):
                expected = _expected(world, route, person, method)
                if method == "POST" and (not row.is_form or (row.only_form and expected == 422)):
                    continue
                answer = client.generic(method, address)
                answer.close()
                found = answer.status_code
                if found != expected:
                    yield f"{method} {address} by {person.role if person else 'nobody'}: {found}, expected {expected}"


def _matrix(site: Site, state: str) -> list[str]:
    world = _world(site, state)
    before = record(site)
    routes = [route for route in _routes() if route.is_of_contract and route.name != "update_project"]
    found = [*_differences(site, world, routes)]
    left = record(site)[len(before) :]
    assert record(site)[: len(before)] == before
    assert {entry.kind for entry in left} <= {ActRefused.kind}, "a form without its fields left more than a refusal"
    assert {entry.actor for entry in left} <= {person.id for person in world.people.values()}
    assert {str(entry.payload["rule"]) for entry in left} <= {"role", "authority_only", "supplier_only"}
    return found


def test_every_route_has_a_row() -> None:
    routes = _routes()
    assert {route.name for route in routes if route.is_of_contract} == {*OF_A_CONTRACT}
    assert {route.name for route in routes if not route.is_of_contract} == {*ANYBODY, *SIGNED_IN}
    without = [route.name for route in routes if not hasattr(route.view, "access")]
    assert not without, "a view of no decorator: nobody said who may open it"


@pytest.mark.parametrize("state", IN_TEST)
def test_each_role_opens_its_pages_and_no_others(site: Site, state: str) -> None:
    assert _matrix(site, state) == []


@pytest.mark.proof
@pytest.mark.parametrize("state", IN_PROOF)
def test_each_role_opens_its_pages_and_no_others_in_every_state(site: Site, state: str) -> None:
    assert _matrix(site, state) == []


def test_projects_are_updated_by_those_who_may(site: Site) -> None:
    routes = [route for route in _routes() if route.name in ("projects", "update_project")]
    assert [*_differences(site, _example(site), routes)] == []


@pytest.mark.parametrize("state", [MIDDLE])
def test_a_stranger_sees_what_is_not_there_and_no_more(site: Site, state: str) -> None:
    """Byte for byte: a contract of others answers like one that does not exist, to every method."""
    world, stranger = _world(site, state), site.signed_in(CONTRACT_MANAGER)
    before = record(site)
    for route in (route for route in _routes() if route.is_of_contract):
        row = OF_A_CONTRACT[route.name]
        there, missing = world.address(route), world.address(route, contract="tinier")
        for method in [name for name in ("GET", "POST") if name == "POST" or not row.only_form]:
            answers = [stranger.generic(method, address) for address in (there, missing)]
            assert [answer.status_code for answer in answers] == [404, 404], (method, there)
            assert _without_token(answers[0]) == _without_token(answers[1]), (method, there)
    assert record(site) == before


def _without_token(answer: Answer) -> str:
    """The page, but for the token that is another one in every form."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode())


def test_what_is_asked_of_one_contract_is_not_found_in_another(site: Site) -> None:
    """Uploads, jobs and drafts are rows of one table for all contracts."""
    world, client = _world(site, FRESH), site.signed_in(CONTRACT_MANAGER)
    of_uploads = {"upload_report", "upload_problems", "upload_submit", "upload_discard", "upload_look_again"}
    of_drafts = {"notice_draft", "agree_notice", "drop_notice", "adopt_notice"}
    for route in _routes():
        if route.name in of_uploads | of_drafts | {"job", "job_file"}:
            role = "supplier_approver" if route.name in of_uploads | {"agree_notice"} else "contract_manager"
            client = site.signed_in(next(person for person in EVERYBODY if person.role == role))
            own = {name: str(uuid4()) for name in ("upload", "job", "draft")}
            method = "POST" if OF_A_CONTRACT[route.name].only_form else "GET"
            theirs, none = (
                client.generic(method, world.address(route, **parts))
                for parts in ({"contract": "cssc"}, {"contract": "cssc", **own})
            )
            assert theirs.status_code == none.status_code == 404, route.name
            assert _without_token(theirs) == _without_token(none), route.name
    assert Upload.objects.filter(contract="tiny").exists()
    assert NoticeDraft.objects.filter(contract="tiny", dropped=False).exists()


def test_somebody_elses_upload_and_job_are_not_there_for_a_colleague(site: Site) -> None:
    world, colleague = _world(site, FRESH), site.signed_in(SECOND_PREPARER)
    for route in _routes():
        row = OF_A_CONTRACT.get(route.name)
        if row is not None and row.is_own:
            other = {"upload": str(uuid4()), "job": str(uuid4())}
            method = "POST" if row.only_form else "GET"
            theirs, none = (
                colleague.generic(method, world.address(route)),
                colleague.generic(method, world.address(route, **other)),
            )
            assert theirs.status_code == none.status_code == 404, route.name
            assert _without_token(theirs) == _without_token(none)
    assert "never submitted" not in colleague.get(f"{TINY}/evidence/visits/2019-12").content.decode()
    assert "never submitted" in site.signed_in(PREPARER).get(f"{TINY}/evidence/visits/2019-12").content.decode()


def test_nothing_of_a_foreign_contract_is_counted_or_named(site: Site) -> None:
    """Neither the small contract's title nor its id nor its people, on any page of somebody of the example."""
    _world(site, MIDDLE)
    client = site.signed_in(CONTRACT_MANAGER)
    pages = ("/", "/contracts", "/account", "/account/tokens/new", *(f"/contracts/cssc{rest}" for rest in (
        "", "/evidence", "/statements", "/mitigations", "/reports", "/text", "/people",
        "/people/appointments/a1/delegate", "/audit-trail", "/audit-trail?about=tiny", f"/audit-trail?by={MANAGER.id}",
        "/projects",
    )))  # fmt: skip
    for address in pages:
        found = client.get(address).content.decode().replace('value="tiny"', "")
        assert not re.search(r"tiny|Reception|Other (Officer|Preparer|Approver)|Nobody Here", found), address
    assert "0 entries" in client.get("/contracts/cssc/audit-trail?about=tiny").content.decode()


def test_without_its_token_no_form_is_read(site: Site) -> None:
    """Every form of every page, sent from elsewhere by somebody who may: 403, and nothing changes."""
    world = _world(site, MIDDLE)
    before, jobs, sent = record(site), Job.objects.count(), Upload.objects.count()
    for route in _routes():
        row = OF_A_CONTRACT.get(route.name)
        if row is None or not row.is_form or route.name == "update_project":
            continue
        person = next(found for found in TEAM if found.role in row.who)
        client = Client(enforce_csrf_checks=True)
        client.cookies = site.signed_in(person).cookies
        answer = client.post(world.address(route), {"reason": "No reason.", "key": "k", "seen": str(len(before))})
        assert answer.status_code == 403, route.name
        assert "This form is too old" in answer.content.decode()
    assert (record(site), Job.objects.count(), Upload.objects.count()) == (before, jobs, sent)


def test_pages_for_those_outside_open_to_them(site: Site) -> None:
    found = {name: Client().get(_outside(name)).status_code for name in ANYBODY}
    assert {*found.values()} <= {200, 302, 401, 404, 405, 410}, found


def test_pages_of_ones_own_open_to_nobody_else(site: Site) -> None:
    for name in SIGNED_IN:
        for method in ("GET", "POST"):
            answer = Client().generic(method, _outside(name))
            assert answer.status_code == 302, (method, name)
            assert answer.headers["Location"].startswith("/account/login"), (method, name)
        assert site.signed_in(STRANGER).get(_outside(name)).status_code in (200, 302, 403, 404, 405), name


def _outside(name: str) -> str:
    route = next(found for found in _routes() if found.name == name)
    words = {"pk": "1", "token": str(UUID(int=1)), "key": "set-password", "uidb36": "1", "provider_id": "organisation"}
    return reverse(name, kwargs={part: words[part] for part in route.parts})

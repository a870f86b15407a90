"""Who is let in: a good token with the scope, for the contracts of its person; and nobody by a browser's session."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from muniment.application.stores import open_store
from muniment.example.cast import ADMINISTRATOR, AUDITOR, CONTRACT_MANAGER, PREPARER
from muniment.installation.models import Account, Token
from muniment.interfaces.api.problems import MEDIA_TYPE
from muniment.interfaces.api.routes import api
from tests.interfaces.api.conftest import EVERY_SCOPE, V1, ApiCaller, Described, asked, calling
from tests.interfaces.web.conftest import STRANGER, Site


@pytest.mark.parametrize("token", ["", "mnm_made-up", "mnm_" + "A" * 43, "\x00", "é"])
def test_a_token_that_is_none_opens_nothing(site: Site, every_operation: list[Described], token: str) -> None:
    for operation in every_operation if not token else every_operation[:3]:
        came = asked(ApiCaller(token), operation)
        assert (came.status, came.kind, came.headers["WWW-Authenticate"]) == (401, MEDIA_TYPE, "Bearer"), operation.name
        assert came.said["type"] == "urn:muniment:problem:token"


def test_an_expired_ended_or_closed_one_opens_nothing(site: Site) -> None:
    caller = calling(site, AUDITOR)
    assert caller.get("/me").status == 200
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert caller.get("/me").status == 401
    Token.objects.update(expires_at=timezone.now() + timedelta(days=1), ended_at=timezone.now())
    assert caller.get("/me").status == 401
    Token.objects.update(ended_at=None)
    Account.objects.filter(actor=AUDITOR.id).update(is_active=False)
    assert caller.get("/me").status == 401


def test_a_browsers_session_opens_nothing(site: Site) -> None:
    browser = site.signed_in(CONTRACT_MANAGER)
    assert browser.get("/contracts/cssc").status_code == 200
    assert browser.get(f"{V1}/contracts/cssc").status_code == 401
    act = f"{V1}/contracts/cssc/statements/2019-12/sign"
    assert browser.post(act, {"reason": "x"}, content_type="application/json").status_code == 401


def test_an_operation_asks_for_its_scope(site: Site, every_operation: list[Described]) -> None:
    with_scopes = {
        scopes: calling(site, ADMINISTRATOR, scopes=scopes)
        for scopes in (("read", "act"), ("act", "bind"), ("read", "submit", "bind"), ("read", "submit", "act"))
    }
    for operation in every_operation:
        lacking = [caller for scopes, caller in with_scopes.items() if not {*scopes} & {*operation.scopes}]
        assert lacking or {*operation.scopes} == {*EVERY_SCOPE}, operation.name
        for caller in lacking:
            came = asked(caller, operation)
            assert (came.status, came.said["type"]) == (403, "urn:muniment:problem:scope"), operation.name


def test_a_contract_of_others_answers_like_one_that_is_not_there(site: Site, every_operation: list[Described]) -> None:
    stranger, restricted = calling(site, STRANGER), calling(site, PREPARER, contract="tiny")
    before = len(open_store(site.where()).ledger.entries())
    for operation in every_operation:
        if "{contract}" not in operation.path:
            continue
        theirs, none = operation.example, operation.example.replace("/cssc", "/nowhere")
        of_others, of_nobody = asked(stranger, operation, theirs), asked(stranger, operation, none)
        other_token = asked(restricted, operation, theirs)
        assert of_others.status == of_nobody.status == other_token.status == 404, operation.name
        assert of_others.content == of_nobody.content == other_token.content
        assert of_others.headers == of_nobody.headers
    assert len(open_store(site.where()).ledger.entries()) == before


def test_a_token_for_one_contract_lists_no_other(site: Site) -> None:
    caller = calling(site, AUDITOR, contract="elsewhere")
    assert caller.get("/contracts").said == {"items": [], "total": 0, "next": None}
    assert caller.get("/me").said["contract"] == "elsewhere"


def test_a_token_says_whose_it_is(site: Site) -> None:
    said = calling(site, AUDITOR, scopes=["read"]).get("/me").said
    assert (said["actor"], said["name"], said["scopes"], said["contract"]) == (AUDITOR.id, AUDITOR.name, ["read"], None)


def test_a_token_that_calls_too_often_is_told_when_to_try_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.throttle, "calls", 3)
    busy, other = calling(site, AUDITOR), calling(site, AUDITOR)
    answers = [busy.get("/me") for _ in range(8)]
    # A minute may end in between, which lets three more calls through.
    assert 429 in [came.status for came in answers]
    last = next(came for came in answers if came.status == 429)
    assert last.said["type"] == "urn:muniment:problem:too-many-requests"
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert other.get("/me").status == 200


def test_reading_goes_on_where_calls_cannot_be_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    caller = calling(site, AUDITOR)
    assert caller.get("/me").status == 200
    monkeypatch.setattr(cache, "add", full)
    assert caller.get("/me").status == 200


def test_nothing_of_an_answer_is_kept_by_proxies(site: Site) -> None:
    assert calling(site, AUDITOR).get("/contracts/cssc").headers["Cache-Control"] == "no-store"

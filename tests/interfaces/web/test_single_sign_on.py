"""Single sign-on, against an identity provider that runs in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.test import Client

from muniment.example.cast import AUDITOR, CONTRACT_MANAGER
from muniment.installation.models import Account
from muniment.interfaces.web.sign_in import is_verified
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.identity_provider import CLIENT, PASSWORD, SECRET
from tests.interfaces.web.sign_in_steps import give_password, no_demo, sign_in, words_of

CALLBACK = "/account/oidc/organisation/login/callback"
LOGIN = "/account/oidc/organisation/login"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("provider")
    command = [
        sys.executable,
        "-m",
        "tests.interfaces.web.identity_provider",
        str(folder),
        "0",
        f"http://testserver{CALLBACK}",
    ]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        yield f"http://127.0.0.1:{port}"
        process.kill()


@pytest.fixture(autouse=True)
def _configured(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    no_demo(monkeypatch)
    app = {"provider_id": "organisation", "name": "Wolds account", "client_id": CLIENT, "secret": SECRET,
           "settings": {"server_url": server, "oauth_pkce_enabled": True}}  # fmt: skip
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", {"openid_connect": {"APPS": [app]}})
    monkeypatch.setattr(settings, "OIDC_NAME", "the Wolds account")


class Elsewhere:
    """A person's browser at the provider."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.session = requests.Session()

    def answer(self, address: str) -> str:
        """Follow our redirect, sign in there if asked to, and come back with the address that leads to us."""
        for _ in range(8):
            reply = self.session.get(address, allow_redirects=False)
            if reply.status_code == 200:
                reply = self._type_password(reply)
            address = urljoin(reply.url, reply.headers["Location"])
            if address.startswith("http://testserver"):
                return address.removeprefix("http://testserver")
        raise AssertionError(address)

    def _type_password(self, page: requests.Response) -> requests.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        typed = {"login": self.name, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
        return self.session.post(page.url, data=typed, allow_redirects=False)


def _come(client: Client, name: str, *, then: str = "") -> str:
    """Sign in by single sign-on as far as the address that the provider sends the browser back to."""
    asked = client.post(f"{LOGIN}?next={then}" if then else LOGIN)
    return Elsewhere(name).answer(asked.headers["Location"])


def _is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_a_person_with_an_account_signs_in_and_goes_where_they_wanted(site: Site) -> None:
    client = site.stranger()
    assert "Sign in with the Wolds account" in words_of(client.get("/account/login"))
    back = client.get(_come(client, "saoirse", then="/contracts/cssc/audit-trail"))
    assert back.headers["Location"] == "/contracts/cssc/audit-trail"
    assert f"Who you are in every record {AUDITOR.id}" in words_of(client.get("/account"))
    assert SocialAccount.objects.get().user.actor == AUDITOR.id


def test_the_second_time_they_are_known_by_their_subject(site: Site) -> None:
    first = site.stranger()
    first.get(_come(first, "saoirse"))
    Account.objects.filter(actor=AUDITOR.id).update(email="new.address@wolds.example")
    EmailAddress.objects.all().delete()
    again = site.stranger()
    again.get(_come(again, "saoirse"))
    assert AUDITOR.id in words_of(again.get("/account"))


def test_coming_by_single_sign_on_leaves_the_password_as_it_is(site: Site) -> None:
    email, client = give_password(site, AUDITOR), site.stranger()
    client.get(_come(client, "saoirse"))
    assert sign_in(site.stranger(), email).status_code == 302
    assert site.account(AUDITOR).has_usable_password()


@pytest.mark.parametrize("name", ["visitor", "unverified"])
def test_without_an_account_under_a_verified_address_nobody_comes_in(site: Site, name: str) -> None:
    client, before = site.stranger(), Account.objects.count()
    said = client.get(_come(client, name))
    assert said.status_code == 403
    assert "You have no account here" in words_of(said)
    assert "Ask the administrator of the contract to appoint you" in words_of(said)
    assert not _is_signed_in(client)
    assert Account.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_an_account_that_was_closed_is_closed_here_too(site: Site) -> None:
    Account.objects.filter(actor=AUDITOR.id).update(is_active=False)
    client = site.stranger()
    client.get(_come(client, "saoirse"))
    assert not _is_signed_in(client)


def test_signing_in_starts_with_a_form_of_ours(site: Site) -> None:
    client = site.stranger()
    page = client.get(LOGIN)
    assert page.status_code == 200, "an address that somebody is led to sends nobody away"
    assert Client(enforce_csrf_checks=True).post(LOGIN).status_code == 403


def test_the_request_is_bound_by_state_and_proof_key(site: Site) -> None:
    asked = parse_qs(urlsplit(site.stranger().post(LOGIN).headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 16
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [f"http://testserver{CALLBACK}"]


def test_an_answer_meant_for_another_browser_is_refused(site: Site) -> None:
    """An attacker who has the victim open the attacker's answer would have them work in the attacker's account."""
    mine, victim = site.stranger(), site.stranger()
    answer = _come(mine, "saoirse")
    refused = victim.get(answer)
    assert refused.status_code == 401
    assert not _is_signed_in(victim)


def test_an_answer_works_once(site: Site) -> None:
    client = site.stranger()
    answer = _come(client, "saoirse")
    client.get(answer)
    client.post("/account/logout")
    assert client.get(answer).status_code == 401
    assert not _is_signed_in(client)


@pytest.mark.parametrize("forged", ["code=made-up", "error=server_error", "error=access_denied", ""])
def test_a_forged_answer_is_refused(site: Site, forged: str) -> None:
    client = site.stranger()
    state = parse_qs(urlsplit(client.post(LOGIN).headers["Location"]).query)["state"][0]
    assert client.get(f"{CALLBACK}?{forged}&state={state}").status_code in {302, 401}
    assert not _is_signed_in(client)


def test_single_sign_on_never_leads_to_another_site(site: Site) -> None:
    client = site.stranger()
    back = client.get(_come(client, "saoirse", then="https://evil.example/"))
    assert back.headers["Location"] == "/"


def test_a_provider_that_is_not_configured_is_not_there(site: Site) -> None:
    assert site.stranger().post("/account/oidc/another/login").status_code == 404


def test_nobody_connects_another_identity_to_their_account(site: Site) -> None:
    client = site.stranger()
    sign_in(client, give_password(site, CONTRACT_MANAGER))
    asked = client.post(f"{LOGIN}?process=connect")
    assert client.get(Elsewhere("visitor").answer(asked.headers["Location"])).status_code == 403
    assert not SocialAccount.objects.exists()


APPOINT = "/account/tokens/new"


def _asked_again(client: Client) -> str:
    """The address at the provider that we send a person to who has to confirm who they are."""
    asked = client.get(APPOINT)
    assert asked.headers["Location"] == "/account/reauthenticate?next=%2Faccount%2Ftokens%2Fnew"
    led = client.get(asked.headers["Location"])
    assert led.headers["Location"].startswith("/account/reauthenticate/elsewhere")
    page = client.get(led.headers["Location"])
    assert "You will be asked to sign in with the Wolds account" in words_of(page)
    return client.post("/account/reauthenticate/elsewhere", {"next": APPOINT}).headers["Location"]


def test_who_comes_by_single_sign_on_confirms_there_and_what_was_typed_is_kept(site: Site) -> None:
    client = site.stranger()
    client.get(_come(client, "saoirse"))
    address = _asked_again(client)
    client.post(APPOINT, {"name": "typed before", "scopes": ["read"]})
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    back = client.get(Elsewhere("saoirse").answer(address))
    assert back.headers["Location"] == APPOINT
    page = client.get(APPOINT)
    assert page.status_code == 200
    assert 'value="typed before"' in page.content.decode()


def test_confirming_as_somebody_else_confirms_nothing(site: Site) -> None:
    client = site.stranger()
    client.get(_come(client, "saoirse"))
    refused = client.get(Elsewhere("harriet").answer(_asked_again(client)))
    assert refused.status_code == 403
    assert "answered for somebody other than the person who is signed in here" in words_of(refused)
    assert AUDITOR.id in words_of(client.get("/account")), "who was signed in stays so"
    assert client.get(APPOINT).status_code == 302


def test_a_plain_answer_of_the_provider_confirms_nothing(site: Site) -> None:
    client = site.stranger()
    client.get(_come(client, "saoirse"))
    asked = client.post(f"{LOGIN}?process=redirect&next={APPOINT}")
    assert client.get(Elsewhere("saoirse").answer(asked.headers["Location"])).status_code == 403
    assert client.get(APPOINT).status_code == 302


def _login(**claims: object) -> SimpleNamespace:
    return SimpleNamespace(account=SimpleNamespace(extra_data={"userinfo": {"sub": "1", **claims}}))


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [({"email_verified": True}, True), ({"email_verified": "true"}, True), ({"email_verified": "false"}, False),
     ({"email_verified": False}, False), ({"email_verified": None}, True), ({}, True)],
)  # fmt: skip
def test_a_configured_domain_speaks_only_where_the_provider_is_silent(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, object], is_taken: bool
) -> None:
    monkeypatch.setattr(settings, "OIDC_DOMAINS", frozenset({"wolds.example"}))
    assert is_verified(_login(**said), "ada@wolds.example") is is_taken
    assert not is_verified(_login(), "ada@evil-wolds.example")

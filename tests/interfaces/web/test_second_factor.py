"""The second factor: who needs one, what it takes to set one up, and that it is asked for."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils import timezone

from muniment.domain.lifecycle.permissions import DECIDING_ROLES
from muniment.example.cast import ADMINISTRATOR, AUDITOR, CONTRACT_MANAGER, PREPARER, Person
from muniment.installation.tokens import account_of_token, make_token
from muniment.interfaces.web.second_factor import SecondFactors
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.sign_in_steps import PASSWORD, code_now, give_password, no_demo, sign_in, words_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

APPOINT = "/contracts/cssc/people/appoint"


@pytest.fixture(autouse=True)
def _no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    no_demo(monkeypatch, is_factor_required=True)


def _signed_in(site: Site, person: Person) -> Client:
    client = site.stranger()
    sign_in(client, give_password(site, person))
    return client


def _set_up_app(client: Client) -> str:
    """The app's secret; the person has just confirmed who they are."""
    client.post("/account/reauthenticate", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate")
    secret = re.search(r'<code class="m-key">([A-Z2-7]+)</code>', page.content.decode())
    assert secret
    done = client.post("/account/2fa/totp/activate", {"code": code_now(secret[1])})
    assert done.headers["Location"] == "/account/2fa/recovery-codes"
    return secret[1]


def test_roles_that_bind_others_are_those_that_need_one() -> None:
    assert sorted(DECIDING_ROLES) == [
        "administrator",
        "contract_manager",
        "decision_maker",
        "finance",
        "supplier_approver",
    ]


def test_who_decides_sets_up_a_second_factor_before_acting(site: Site) -> None:
    client = _signed_in(site, ADMINISTRATOR)
    needed = client.get(APPOINT)
    assert needed.status_code == 403
    said = "In this contract you are administrator. Here nobody acts in that role with a password alone"
    assert said in words_of(needed)
    assert b"/account/2fa/totp/activate" in needed.content
    _set_up_app(client)
    assert client.get(APPOINT).status_code == 200


def test_what_was_typed_is_kept_while_the_second_factor_is_set_up(site: Site) -> None:
    client = _signed_in(site, ADMINISTRATOR)
    assert client.post(APPOINT, {"email": "new@wolds.example", "reason": "She joins us."}).status_code == 403
    _set_up_app(client)
    assert f'href="{APPOINT}"' in client.get("/account/2fa").content.decode()
    assert "She joins us." in client.get(APPOINT).content.decode()


def test_who_only_reads_needs_none(site: Site) -> None:
    assert _signed_in(site, AUDITOR).get("/contracts/cssc/people").status_code == 200
    assert _signed_in(site, ADMINISTRATOR).get("/contracts/cssc/people").status_code == 200


def test_tokens_that_bind_end_with_a_second_factor_that_is_taken_away(site: Site) -> None:
    client, now, account = _signed_in(site, CONTRACT_MANAGER), timezone.now(), site.account(CONTRACT_MANAGER)
    _set_up_app(client)
    until = now + timedelta(hours=9)
    _, text = make_token(account=account, name="nightly", scopes=["bind"], contract="", on=now, expires_at=until)
    client.post("/account/2fa/totp/deactivate")
    assert not Authenticator.objects.filter(user=account, type="totp").exists()
    assert account_of_token(text, on=now) is None


def test_with_an_app_a_password_alone_lets_nobody_in(site: Site) -> None:
    secret = _set_up_app(_signed_in(site, CONTRACT_MANAGER))
    client = site.stranger()
    asked = sign_in(client, site.account(CONTRACT_MANAGER).email)
    assert asked.headers["Location"] == "/account/2fa/authenticate"
    assert client.get("/account").status_code == 302
    assert "This code is not right" in words_of(client.post("/account/2fa/authenticate", {"code": "000000"}))
    assert client.post("/account/2fa/authenticate", {"code": code_now(secret)}).headers["Location"] == "/"
    assert client.get("/account").status_code == 200


def test_a_code_of_the_app_lets_in_once(site: Site) -> None:
    """Who looks over a shoulder has half a minute in which to use what they saw."""
    secret = _set_up_app(_signed_in(site, CONTRACT_MANAGER))
    code = code_now(secret)
    for answer in (302, 200):
        client = site.stranger()
        sign_in(client, site.account(CONTRACT_MANAGER).email)
        assert client.post("/account/2fa/authenticate", {"code": code}).status_code == answer


def test_a_recovery_code_lets_in_once(site: Site) -> None:
    client = _signed_in(site, CONTRACT_MANAGER)
    _set_up_app(client)
    shown = client.get("/account/2fa/recovery-codes").content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", shown)
    assert len(codes) == 10
    assert not re.search(r"<li>\d{8}</li>", client.get("/account/2fa/recovery-codes").content.decode()), "shown once"
    for answer in (302, 200):
        other = site.stranger()
        sign_in(other, site.account(CONTRACT_MANAGER).email)
        assert other.post("/account/2fa/authenticate", {"code": codes[0]}).status_code == answer


def test_guessing_codes_is_limited(site: Site) -> None:
    _set_up_app(_signed_in(site, CONTRACT_MANAGER))
    client = site.stranger()
    sign_in(client, site.account(CONTRACT_MANAGER).email)
    said = [words_of(client.post("/account/2fa/authenticate", {"code": f"{n:06d}"})) for n in range(7)]
    assert "There were too many attempts. Wait five minutes" in said[-1]


def test_the_apps_secret_is_not_readable_in_the_database(site: Site) -> None:
    secret = _set_up_app(_signed_in(site, CONTRACT_MANAGER))
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in json.dumps(kept)
    assert SecondFactors().decrypt(kept) == secret


def test_a_secret_of_another_key_opens_nothing_and_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = SecondFactors().encrypt("JBSWY3DPEHPK3PXP")
    monkeypatch.setattr(settings, "SECRET_KEY", "a key of another day, long enough to be one")
    assert SecondFactors().decrypt(kept) != "JBSWY3DPEHPK3PXP"


def test_changing_second_factors_asks_first_who_one_is(site: Site) -> None:
    client = _signed_in(site, PREPARER)
    for page in ("totp/activate", "keys/add", "recovery-codes/generate"):
        assert client.get(f"/account/2fa/{page}").headers["Location"].startswith("/account/reauthenticate"), page


def test_the_code_of_the_app_is_drawn_without_an_image_from_elsewhere(site: Site) -> None:
    client = _signed_in(site, PREPARER)
    client.post("/account/reauthenticate", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate").content.decode()
    assert '<svg role="img" aria-label="QR code' in page
    assert "data:image" not in page
    assert "style=" not in page


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Says nothing between the dots of a test run."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def address(site: Site) -> Iterator[str]:  # its database is what is served
    """The site, where a browser finds it. Passkeys are bound to a name, so the server is called localhost."""
    with make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), _Server, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(browser: "Browser") -> Iterator["BrowserContext"]:
    with browser.new_context() as context:
        yield context


def _give_authenticator(page: "Page") -> None:
    """A device with a fingerprint reader that always knows the finger."""
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
              "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": device})


@pytest.mark.browser
def test_a_passkey_is_added_signs_in_alone_and_confirms(site: Site, address: str, visit: "BrowserContext") -> None:
    email = give_password(site, CONTRACT_MANAGER)
    page = visit.new_page()
    error: list[str] = []
    page.on("console", lambda said: error.append(said.text) if said.type == "error" else None)
    _give_authenticator(page)
    page.goto(f"{address}/account/login")
    page.get_by_label("E-mail address").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{address}/account/2fa/keys/add")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Keep these recovery codes now").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="My work").wait_for()
    page.goto(f"{address}/account/2fa/keys/reauthenticate?next=/account")
    page.get_by_role("button", name="Use your passkey or security key").click()
    page.get_by_role("heading", name="Your account").wait_for()
    assert error == []


@pytest.mark.browser
def test_without_javascript_the_page_says_what_to_do(address: str, browser: "Browser") -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/account/login")
        assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
        assert page.get_by_text("needs JavaScript and a browser that knows passkeys").is_visible()
        assert page.get_by_role("button", name="Sign in", exact=True).is_visible()

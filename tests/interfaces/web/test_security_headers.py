"""What every page tells the browser, and what the site is when it is served to others."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from muniment.example.cast import CONTRACT_MANAGER
from muniment.settings.email_server import email_server
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.sign_in_steps import no_demo


@pytest.fixture(autouse=True)
def _no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    no_demo(monkeypatch)


def _pages(site: Site) -> list[tuple[Client, str]]:
    known = site.signed_in(CONTRACT_MANAGER)
    theirs = [(known, page) for page in ("/", "/contracts/cssc/people", "/no/such/page")]
    return [(site.stranger(), "/account/login"), *theirs]


def test_no_page_may_run_or_fetch_anything_from_elsewhere(site: Site) -> None:
    for client, page in _pages(site):
        policy = client.get(page).headers["Content-Security-Policy"]
        said = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
        assert said["default-src"] == ["'none'"], page
        assert {tuple(said[kind]) for kind in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {
            ("'self'",)
        }
        assert said["base-uri"] == ["'none'"]


def test_no_page_may_be_framed(site: Site) -> None:
    for client, page in _pages(site):
        answer = client.get(page)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_no_page_is_guessed_at_or_named_to_others(site: Site) -> None:
    for client, page in _pages(site):
        answer = client.get(page)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Server" not in answer.headers


def test_no_page_has_a_script_or_a_style_within_it(site: Site) -> None:
    for client, page in _pages(site):
        html = client.get(page).content.decode()
        assert "style=" not in html, page
        assert "<style" not in html
        assert html.count("<script") == html.count("<script src=")
        assert " on" not in "".join(part.split(">")[0] for part in html.split("<button"))


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(site: Site) -> None:
    client = site.signed_in(CONTRACT_MANAGER)
    client.get("/account/name")
    session, token = client.cookies["muniment"], client.cookies["muniment-csrf"]
    for cookie in (session, token):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert not session["domain"]


NAMES = (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS", "DEBUG", "IS_SECOND_FACTOR_REQUIRED", "IS_DEMO",
    "ALLAUTH_TRUSTED_PROXY_COUNT", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "CONTENT_SECURITY_POLICY",
)  # fmt: skip
READ = f"import json, muniment.settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES!r}}}))"


KEY = "import json, muniment.settings as s; print(json.dumps({'SECRET_KEY': str(s.SECRET_KEY)}))"
"""What signs asks for the key, and only that makes one."""


def _settings(folder: Path, *, read: str = READ, **variables: str) -> dict[str, object]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("MUNIMENT_")}
    database = {"MUNIMENT_DATABASE": f"sqlite:///{folder}/database.sqlite3"}
    run = subprocess.run(
        [sys.executable, "-c", read], env={**own, **database, **variables}, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(run.stdout)
    return found


def test_served_to_others_the_site_takes_https_only_and_asks_for_a_second_factor(tmp_path: Path) -> None:
    found = _settings(tmp_path, MUNIMENT_ADDRESS="https://muniment.wolds.example")
    assert found["SESSION_COOKIE_NAME"] == "__Host-muniment"
    assert found["CSRF_COOKIE_NAME"] == "__Host-muniment-csrf"
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert str(found["ALLOWED_HOSTS"]).startswith("['muniment.wolds.example'")
    assert found["IS_SECOND_FACTOR_REQUIRED"] is True
    assert found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert found["DEBUG"] is found["IS_DEMO"] is False


def test_on_one_machine_the_second_factor_is_a_choice(tmp_path: Path) -> None:
    assert _settings(tmp_path)["IS_SECOND_FACTOR_REQUIRED"] is False
    assert _settings(tmp_path, MUNIMENT_SECOND_FACTOR="required")["IS_SECOND_FACTOR_REQUIRED"] is True


def test_a_form_may_lead_to_the_organisations_sign_in_and_nowhere_else(tmp_path: Path) -> None:
    found = _settings(tmp_path, MUNIMENT_OIDC_SERVER="https://id.wolds.example/tenant")
    assert """'form-action': ["'self'", 'https://id.wolds.example']""" in str(found["CONTENT_SECURITY_POLICY"])


def test_the_sites_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = tmp_path / "database.sqlite3-files" / "secret-key"
    assert _settings(tmp_path, read=KEY) != _settings(tmp_path, read=KEY)
    assert not key.exists(), "nothing is left behind where no database is"
    key.parent.mkdir()
    _settings(tmp_path)
    assert not key.exists(), "nothing is left behind by whoever only reads"
    first = _settings(tmp_path, read=KEY)["SECRET_KEY"]
    assert key.stat().st_mode & 0o077 == 0
    assert _settings(tmp_path, read=KEY)["SECRET_KEY"] == first == key.read_text(encoding="utf-8")
    assert len(str(first)) >= 50


def test_e_mail_goes_out_enciphered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_EMAIL_URL", "smtp://site:a%40b@mail.wolds.example")
    server = email_server()
    assert (server.host, server.port, server.user, server.password) == ("mail.wolds.example", 587, "site", "a@b")
    assert not server.is_direct, "STARTTLS"
    monkeypatch.setenv("MUNIMENT_EMAIL_URL", "smtps://mail.wolds.example")
    assert (email_server().port, email_server().is_direct) == (465, True)


def test_a_wrong_e_mail_address_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_EMAIL_URL", "http://site:hidden@mail.wolds.example")
    with pytest.raises(ValueError, match="write smtp://") as error:
        email_server()
    assert "hidden" not in str(error.value)

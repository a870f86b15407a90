"""Coming in and going out: who gets in, what a wrong guess learns, and what a session is worth."""

import re
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.core import mail
from django.test import Client
from django.utils import timezone

from muniment.example.cast import ADMINISTRATOR, AUDITOR, CONTRACT_MANAGER, FINANCE, PREPARER
from muniment.installation.models import Account
from muniment.installation.tokens import Scope, account_of_token, make_token
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.sign_in_steps import PASSWORD, give_password, no_demo, sign_in, words_of

WRONG = "The e-mail address or the password is not right"


@pytest.fixture(autouse=True)
def _no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    no_demo(monkeypatch)


def _is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_a_person_signs_in_with_a_password_and_goes_where_they_wanted(site: Site) -> None:
    email, client, wanted = give_password(site, AUDITOR), site.stranger(), "/contracts/cssc/audit-trail"
    asked = client.get(wanted)
    assert asked.headers["Location"] == f"/account/login?next={wanted}"
    assert sign_in(client, email, then=wanted).headers["Location"] == wanted
    assert _is_signed_in(client)


def test_passwords_are_kept_as_argon2(site: Site) -> None:
    give_password(site, AUDITOR)
    assert site.account(AUDITOR).password.startswith("argon2$argon2id$")


def test_a_wrong_guess_does_not_learn_whether_there_is_such_an_account(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = give_password(site, AUDITOR)
    hashed: list[str] = []
    encode = hashers.Argon2PasswordHasher.encode

    def noting(hasher: hashers.Argon2PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", noting)
    known = sign_in(site.stranger(), email, password="wrong")
    unknown = sign_in(site.stranger(), "nobody@wolds.example", password="wrong")
    assert hashed == ["wrong"], "a guess at no account takes the time of a hash too"
    assert WRONG in words_of(known)
    assert _without_typed(known.content) == _without_typed(unknown.content)


def _without_typed(html: bytes) -> str:
    return re.sub(r'value="[^"]*"', "", html.decode())


def test_a_password_is_never_written_back_into_the_page(site: Site) -> None:
    again = sign_in(site.stranger(), give_password(site, AUDITOR), password="nearly-my-password")
    assert b"nearly-my-password" not in again.content


def test_an_account_that_was_closed_lets_nobody_in(site: Site) -> None:
    email = give_password(site, AUDITOR)
    Account.objects.filter(email=email).update(is_active=False)
    client = site.stranger()
    sign_in(client, email)
    assert not _is_signed_in(client)


def test_nobody_registers(site: Site) -> None:
    for address in ("/account/signup", "/account/signup/", "/accounts/signup/", "/account/email/"):
        assert site.stranger().post(address, {"email": "me@example.org", "password1": PASSWORD}).status_code == 404


def test_after_five_wrong_guesses_the_right_password_has_to_wait(site: Site) -> None:
    email, client = give_password(site, AUDITOR), site.stranger()
    for _ in range(5):
        sign_in(client, email, password="a guess")
    said = sign_in(client, email)
    assert "There were too many attempts. Wait five minutes" in words_of(said)
    assert not _is_signed_in(client)
    assert sign_in(client, give_password(site, FINANCE)).status_code == 302, "others are not kept out"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http://127.0.0.1/x"],
)
def test_signing_in_never_leads_to_another_site(site: Site, elsewhere: str) -> None:
    then = sign_in(site.stranger(), give_password(site, AUDITOR), then=elsewhere)
    assert then.headers["Location"] == "/"


def test_a_session_gets_a_new_id_when_somebody_signs_in(site: Site) -> None:
    client = site.stranger()
    client.get("/account/login")
    session = client.session
    session["planted"] = "by somebody who knows the id"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before or ""
    sign_in(client, give_password(site, AUDITOR))
    assert client.session.session_key != before
    stale = site.stranger()
    stale.cookies[settings.SESSION_COOKIE_NAME] = before or ""
    assert not _is_signed_in(stale)


def test_signing_out_takes_a_form_and_ends_the_session(site: Site) -> None:
    client = site.stranger()
    sign_in(client, give_password(site, AUDITOR))
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get("/account/logout")
    assert _is_signed_in(client), "an address that somebody is led to signs nobody out"
    client.post("/account/logout")
    thief = site.stranger()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not _is_signed_in(thief)


def test_a_form_from_another_site_is_refused(site: Site) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = sign_in(client, give_password(site, AUDITOR))
    assert refused.status_code == 403
    assert "Nothing was recorded" in words_of(refused)


@pytest.mark.parametrize(("idle", "age"), [(3601, 3601), (30, 10 * 3600 + 1)])
def test_a_session_ends_after_an_idle_hour_and_after_a_working_day(site: Site, idle: int, age: int) -> None:
    client = site.stranger()
    sign_in(client, give_password(site, AUDITOR))
    assert _is_signed_in(client)
    session = client.session
    session["seen_at"], session["began_at"] = time.time() - idle, time.time() - age
    session.save()
    assert not _is_signed_in(client)
    assert "nobody used this session for a while" in words_of(client.get("/account/login"))


def test_a_person_sees_where_they_are_signed_in_and_ends_the_rest(site: Site) -> None:
    email = give_password(site, AUDITOR)
    here, there = site.stranger(), site.stranger()
    sign_in(there, email)
    sign_in(here, email)
    assert "You are signed in in 2 places" in words_of(here.get("/account/sessions"))
    here.post("/account/sessions")
    assert _is_signed_in(here)
    assert not _is_signed_in(there)


def test_changing_the_password_signs_out_everywhere_else(site: Site) -> None:
    email = give_password(site, AUDITOR)
    here, there = site.stranger(), site.stranger()
    sign_in(there, email)
    sign_in(here, email)
    new = "quite another set of words"
    changed = here.post("/account/password/change", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.headers["Location"] == "/account"
    assert _is_signed_in(here)
    assert not _is_signed_in(there)


def test_tokens_that_bind_end_with_the_password_that_they_were_given_by(site: Site) -> None:
    now, account = timezone.now(), site.account(AUDITOR)
    of_reading: list[Scope] = ["read"]
    of_binding: list[Scope] = ["read", "bind"]
    reading, binding = (
        make_token(account=account, name="n", scopes=scopes, contract="", on=now, expires_at=now + timedelta(hours=9))
        for scopes in (of_reading, of_binding)
    )
    here, new = site.stranger(), "quite another set of words"
    sign_in(here, give_password(site, AUDITOR))
    here.post("/account/password/change", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert account_of_token(binding[1], on=now) is None
    assert account_of_token(reading[1], on=now) is not None


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "at least 12 characters"), ("password1234", "too common"), ("saoirse venn 1", "too similar to the")],
)
def test_a_poor_password_is_refused_with_the_reason(site: Site, password: str, said: str) -> None:
    client = site.stranger()
    give_password(site, AUDITOR)
    Account.objects.filter(actor=AUDITOR.id).update(name="Saoirse Venn", email="saoirse.venn@wolds.example")
    sign_in(client, "saoirse.venn@wolds.example")
    typed = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert said in words_of(client.post("/account/password/change", typed))


def test_without_e_mail_the_page_says_to_ask_an_administrator(site: Site) -> None:
    page = site.stranger().get("/account/password/reset")
    assert "Ask an administrator for a new password" in words_of(page)


@pytest.fixture
def _post_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_EMAIL_SENT", True)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    monkeypatch.setattr(mail, "outbox", [], raising=False)


@pytest.mark.usefixtures("_post_office")
def test_a_new_password_comes_by_e_mail_and_its_link_works_once(site: Site) -> None:
    email, client = give_password(site, AUDITOR), site.stranger()
    asked = client.post("/account/password/reset", {"email": email})
    assert asked.headers["Location"] == "/account/password/reset/done"
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    new = {"password1": "words of a new kind", "password2": "words of a new kind"}
    done = client.post(form.redirect_chain[-1][0], new)
    assert done.headers["Location"] == "/account/password/reset/key/done"
    assert sign_in(client, email, password="words of a new kind").status_code == 302
    assert "This link does not work any more" in words_of(site.stranger().get(link[1], follow=True))


@pytest.mark.usefixtures("_post_office")
def test_asking_for_a_new_password_does_not_tell_who_has_an_account(site: Site) -> None:
    known = site.stranger().post("/account/password/reset", {"email": give_password(site, AUDITOR)})
    unknown = site.stranger().post("/account/password/reset", {"email": "nobody@wolds.example"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert len(mail.outbox) == 2, "both get an e-mail, so that the time tells nothing either"
    assert "There is no account with this address here" in str(mail.outbox[1].body)


@pytest.mark.usefixtures("_post_office")
def test_the_link_leads_to_the_configured_address_whatever_the_request_says(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ADDRESS", "https://muniment.wolds.example")
    asked = {"email": give_password(site, AUDITOR)}
    site.stranger().post("/account/password/reset", asked, headers={"host": "localhost"})
    assert "https://muniment.wolds.example/account/password/reset/key/" in str(mail.outbox[0].body)


def test_a_mail_server_that_is_away_breaks_no_page_and_is_noted(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(settings, "IS_EMAIL_SENT", True)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(settings, "EMAIL_HOST", "localhost")
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)
    asked = site.stranger().post("/account/password/reset", {"email": give_password(site, AUDITOR)})
    assert asked.status_code == 302
    assert "an e-mail was not sent, see MUNIMENT_EMAIL_URL" in caplog.text


def test_a_request_under_another_name_is_refused(site: Site) -> None:
    assert site.stranger().get("/account/login", headers={"host": "evil.example"}).status_code == 400


def test_sample_people_are_listed_in_a_demonstration_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Agnes Thorley" not in words_of(site.stranger().get("/account/login"))
    monkeypatch.setattr(settings, "IS_DEMO", True)
    page = words_of(site.stranger().get("/account/login"))
    assert "Agnes Thorley administrator of cssc" in page
    assert "Saoirse Venn auditor of cssc" in page


def test_one_becomes_a_sample_person_in_a_demonstration_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"account": site.account(PREPARER).pk}
    refused = site.stranger()
    assert refused.post("/demo/sign-in", wanted).status_code == 404
    assert not _is_signed_in(refused)
    monkeypatch.setattr(settings, "IS_DEMO", True)
    client = site.stranger()
    assert client.get("/demo/sign-in").status_code == 405
    assert client.post("/demo/sign-in", {**wanted, "next": "//evil.example"}).headers["Location"] == "/"
    assert _is_signed_in(client)


def test_the_security_log_names_people_by_their_id(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    email, client = give_password(site, AUDITOR), site.stranger()
    with caplog.at_level("INFO", logger="muniment.security"):
        sign_in(client, email, password="wrong")
        sign_in(client, email)
        client.post("/account/logout")
    said = [record.getMessage() for record in caplog.records if record.name == "muniment.security"]
    assert said == [
        "a sign-in failed from 127.0.0.1",
        f"{AUDITOR.id} signed in from 127.0.0.1",
        f"{AUDITOR.id} signed out",
    ]


def test_typed_text_is_kept_while_one_confirms_who_one_is(site: Site) -> None:
    client = site.stranger()
    sign_in(client, give_password(site, ADMINISTRATOR))
    page = client.get("/contracts/cssc/people/appoint")
    assert page.status_code == 200, "who has just signed in is not asked again"
    _age_proof(client)
    typed = {"email": "new@wolds.example", "name": "New Person", "role": "finance", "reason": "She joins us.",
             "key": "k-1", "seen": "9", "first_day": "1", "first_month": "2", "first_year": "2020"}  # fmt: skip
    sent = client.post("/contracts/cssc/people/appoint", typed)
    assert sent.headers["Location"] == "/account/reauthenticate?next=%2Fcontracts%2Fcssc%2Fpeople%2Fappoint"
    assert not Account.objects.filter(email="new@wolds.example").exists()
    error = client.post(sent.headers["Location"], {"password": "wrong"})
    assert "This is not your password" in words_of(error)
    back = client.post(sent.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == "/contracts/cssc/people/appoint"
    form = client.get(back.headers["Location"]).content.decode()
    assert 'value="new@wolds.example"' in form
    assert "She joins us." in form


def _age_proof(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= timedelta(minutes=16).total_seconds()
    session.save()


def test_who_signed_in_a_while_ago_confirms_before_making_a_token(site: Site) -> None:
    client = site.stranger()
    sign_in(client, give_password(site, CONTRACT_MANAGER))
    _age_proof(client)
    assert client.get("/account/tokens/new").headers["Location"].startswith("/account/reauthenticate")

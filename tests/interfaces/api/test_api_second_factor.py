"""A token is no way around the second factor, nor around a password that was changed because somebody had it."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail
from django.utils import timezone

from muniment.domain.kernel.fingerprint import Json
from muniment.installation.accounts import new_password
from muniment.installation.tokens import account_of_token, make_token
from tests.interfaces.api.conftest import calling
from tests.interfaces.web.conftest import SMALL_TEAM, Site
from tests.interfaces.web.june import NOTICE
from tests.interfaces.web.sign_in_steps import give_password, no_demo

MANAGER, OFFICER, _, APPROVER, DECIDER, AUDITOR = SMALL_TEAM
TINY = "/contracts/tiny"
NOTICES = f"{TINY}/notices"
WHY: Json = {"reason": "It is time."}
NEW = "another horse of a battery"  # of people who do not exist


def test_without_the_second_factor_that_the_site_asks_for_a_token_does_nothing_in_a_role_that_decides(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it was made when the site did not ask for one, or before its person was given the role."""
    manager = calling(site, MANAGER)
    one = f"{NOTICES}/{manager.post(NOTICES, {'notice': 'CCN-001', 'text': NOTICE}).said['id']}"
    monkeypatch.setattr(settings, "IS_SECOND_FACTOR_REQUIRED", True)
    for came in (
        manager.post(NOTICES, {"notice": "CCN-002", "text": NOTICE}),
        manager.send("DELETE", one),
        manager.post(f"{TINY}/text/adopt", WHY, key="k-1"),
        calling(site, APPROVER).post(f"{one}/agree", WHY, key="k-2"),
    ):
        assert (came.status, came.said["rule"]) == (403, "second_factor")
        assert "set one up on your account page" in str(came.said["who_could"])
    assert manager.get(one).status == 200
    Authenticator.objects.create(user=site.account(APPROVER), type=Authenticator.Type.TOTP, data={})
    assert calling(site, APPROVER).post(f"{one}/agree", WHY, key="k-2").status == 201


def test_who_comes_by_the_organisations_sign_in_is_taken_at_its_word_where_that_counts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "IS_SECOND_FACTOR_REQUIRED", True)
    SocialAccount.objects.create(user=site.account(MANAGER), provider="organisation", uid="1")
    body: Json = {"notice": "CCN-001", "text": NOTICE}
    manager = calling(site, MANAGER)
    assert manager.post(NOTICES, body).status == 403
    monkeypatch.setattr(settings, "OIDC_HAS_SECOND_FACTOR", True)
    assert manager.post(NOTICES, body).status == 201


def _token(site: Site) -> str:
    now = timezone.now()
    account = site.account(AUDITOR)
    later = now + timedelta(days=30)
    return make_token(account=account, name="t", scopes=["read"], contract="", on=now, expires_at=later)[1]


def test_tokens_end_when_an_administrator_of_the_machine_gives_a_new_password(site: Site) -> None:
    email, text = give_password(site, AUDITOR), _token(site)
    assert account_of_token(text, on=timezone.now()) is not None
    new_password(email=email, password=NEW)
    assert account_of_token(text, on=timezone.now()) is None


def test_tokens_end_when_their_person_asks_for_a_new_password(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    no_demo(monkeypatch)
    monkeypatch.setattr(settings, "IS_EMAIL_SENT", True)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    email, text, client = give_password(site, AUDITOR), _token(site), site.stranger()
    client.post("/account/password/reset", {"email": email})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    assert account_of_token(text, on=timezone.now()) is not None
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert account_of_token(text, on=timezone.now()) is None

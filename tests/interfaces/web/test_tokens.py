"""Keys to the API: shown once, kept as a digest, worth no more than their person, and ended at once."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from muniment.example.cast import AUDITOR, CONTRACT_MANAGER, CONTRACT_OFFICER, PREPARER
from muniment.installation.models import Account, Token
from muniment.installation.tokens import (
    LONGEST_TOKEN_LIFE,
    Scope,
    account_of_token,
    end_token,
    make_token,
    token_digest,
    tokens_of,
)
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.sign_in_steps import words_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
NEW = "/account/tokens/new"


def _made(account: Account) -> tuple[Token, str]:
    return make_token(account=account, name="nightly", scopes=["read"], contract="", on=NOW, expires_at=TOMORROW)


def test_a_token_opens_the_api_for_its_person(site: Site) -> None:
    _, text = _made(site.account(AUDITOR))
    found = account_of_token(text, on=NOW)
    assert found is not None
    assert found.account.actor == AUDITOR.id
    assert found.last_used_at == NOW


def test_only_its_digest_is_kept(site: Site) -> None:
    made, text = _made(site.account(AUDITOR))
    row = Token.objects.filter(id=made.id).values().get()
    assert text not in str(row)
    assert row["digest"] == token_digest(text)


def test_it_opens_nothing_once_it_expired_ended_or_its_account_is_closed(site: Site) -> None:
    account = site.account(AUDITOR)
    made, text = _made(account)
    assert account_of_token(text, on=TOMORROW) is None
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert account_of_token(text, on=NOW) is None
    Account.objects.filter(pk=account.pk).update(is_active=True)
    assert end_token(account=account, token=made.id, on=NOW)
    assert account_of_token(text, on=NOW) is None
    assert not end_token(account=account, token=made.id, on=NOW)


def test_nobody_ends_the_token_of_another(site: Site) -> None:
    made, text = _made(site.account(AUDITOR))
    assert not end_token(account=site.account(PREPARER), token=made.id, on=NOW)
    assert site.signed_in(PREPARER).post(f"/account/tokens/{made.id}/end").status_code == 404
    assert account_of_token(text, on=NOW) is not None


@given(st.text(max_size=60))
def test_a_made_up_token_has_a_digest_and_no_more(text: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", token_digest(text))


@pytest.mark.parametrize("text", ["", "mnm_", "mnm_guess", "Bearer", "\x00"])
def test_a_made_up_token_opens_nothing(site: Site, text: str) -> None:
    _made(site.account(AUDITOR))
    assert account_of_token(text, on=NOW) is None


@pytest.mark.parametrize(
    ("scopes", "days"), [([], 1), (["read"], 0), (["read"], LONGEST_TOKEN_LIFE.days + 1), (["read", "bind"], 2)]
)
def test_a_token_without_a_scope_or_without_an_early_end_is_refused(site: Site, scopes: list[Scope], days: int) -> None:
    last = NOW + timedelta(days=days)
    with pytest.raises(ValueError, match="a scope and a last day within a year"):
        make_token(account=site.account(AUDITOR), name="x", scopes=scopes, contract="", on=NOW, expires_at=last)


# ---- acts that bind


def _binding(*, days: int = 30) -> dict[str, object]:
    """The form of a token that signs for its person."""
    last = datetime.now(tz=UTC) + timedelta(days=days)
    day = {"last_day": last.day, "last_month": last.month, "last_year": last.year}
    return {"name": "sign", "scopes": ["read", "bind"], "contract": "", **day}


def test_a_token_that_binds_works_for_a_day(site: Site) -> None:
    begun = datetime.now(tz=UTC)
    page = site.signed_in(CONTRACT_MANAGER).post(NEW, _binding())
    assert page.status_code == 201
    made = Token.objects.get()
    assert made.scopes == ["read", "bind"]
    assert begun < made.expires_at <= datetime.now(tz=UTC) + timedelta(days=1)
    assert "sign works for all that you may see until" in words_of(page)
    assert "with the scopes read, bind." in words_of(page)


def test_it_ends_earlier_where_its_person_says_so(site: Site) -> None:
    site.signed_in(CONTRACT_MANAGER).post(NEW, _binding(days=0))
    made = Token.objects.get()
    assert made.expires_at.astimezone(ZoneInfo("Europe/London")).time() == time.max


def test_whoever_does_no_such_act_is_not_offered_it(site: Site) -> None:
    assert "Do acts that bind" in words_of(site.signed_in(CONTRACT_MANAGER).get(NEW))
    assert "Do acts that bind" not in words_of(site.signed_in(AUDITOR).get(NEW))
    page = site.signed_in(AUDITOR).post(NEW, _binding())
    assert page.status_code == 422
    assert "bind is not one of the available choices" in words_of(page)
    assert not Token.objects.exists()


def test_without_the_second_factor_that_the_site_asks_for_no_token_decides(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "IS_SECOND_FACTOR_REQUIRED", True)
    for person, scopes, status in (
        (CONTRACT_MANAGER, ["read", "bind"], 422),
        (CONTRACT_MANAGER, ["act"], 422),
        (CONTRACT_MANAGER, ["read"], 201),
        (CONTRACT_OFFICER, ["act"], 201),
        (CONTRACT_OFFICER, ["bind"], 422),
    ):
        page = site.signed_in(person).post(NEW, _form(scopes=scopes))
        assert page.status_code == status, (person, scopes)
        assert ("Set up a second factor first" in words_of(page)) == (status == 422)
    Authenticator.objects.create(user=site.account(CONTRACT_MANAGER), type=Authenticator.Type.TOTP, data={})
    assert site.signed_in(CONTRACT_MANAGER).post(NEW, _binding()).status_code == 201


def test_it_is_made_only_by_somebody_who_just_said_who_they_are(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_DEMO", False)
    page = site.signed_in(CONTRACT_MANAGER).post(NEW, _binding())
    assert page.status_code == 302
    assert page.headers["Location"].startswith("/account/reauthenticate")
    assert not Token.objects.exists()


def test_the_day_that_the_form_begins_with_is_a_good_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a demonstration too, whose clock is behind: tokens go by the real one."""
    monkeypatch.setattr(settings, "IS_DEMO", True)
    client = site.signed_in(CONTRACT_MANAGER)
    shown = client.get(NEW).content.decode()
    day = {name: _value(shown, name) for name in ("last_day", "last_month", "last_year")}
    assert client.post(NEW, _form(**day)).status_code == 201


def _value(page: str, name: str) -> str:
    (field,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return str(re.findall(r'value="(\d+)"', field)[0])


# ---- the page


def _form(**other: object) -> dict[str, object]:
    last = datetime.now(tz=UTC) + timedelta(days=30)
    day = {"last_day": last.day, "last_month": last.month, "last_year": last.year}
    return {"name": "nightly upload", "scopes": ["read", "submit"], "contract": "cssc", **day, **other}


def _make(client: Client) -> str:
    page = client.post(NEW, _form())
    assert page.status_code == 201
    found = re.search(r"mnm_[\w-]{43}", page.content.decode())
    assert found
    assert "no-store" in page.headers["Cache-Control"]
    return found[0]


def test_the_page_shows_it_once_and_lists_it_without_its_text(site: Site) -> None:
    client = site.signed_in(CONTRACT_MANAGER)
    text = _make(client)
    assert text not in client.get("/account").content.decode()
    assert "nightly upload read, submit cssc" in words_of(client.get("/account"))
    (made,) = tokens_of(site.account(CONTRACT_MANAGER), on=datetime.now(tz=UTC))
    client.post(f"/account/tokens/{made.id}/end")
    assert account_of_token(text, on=datetime.now(tz=UTC)) is None
    assert "nightly upload" not in words_of(client.get("/account"))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"name": ""}, "Say what it is for, so that you know later which one to end"),
        ({"scopes": []}, "Choose what it may do"),
        ({"scopes": ["rule"]}, "rule is not one of the available choices"),
        ({"contract": "tiny"}, "tiny is not one of the available choices"),
        ({"last_year": 2001}, "Choose a day from today on, within a year"),
        ({"last_day": 42}, "Write a real day, such as 14 10 2019"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_makes_nothing(site: Site, other: dict[str, object], said: str) -> None:
    page = site.signed_in(CONTRACT_MANAGER).post(NEW, _form(**other))
    assert page.status_code == 422
    assert said in words_of(page)
    assert not Token.objects.exists()

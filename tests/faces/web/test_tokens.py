"""Keys to the API: shown once, kept as a digest, worth no more than their person, and ended at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from muniment.example.cast import AUDITOR, CONTRACT_MANAGER, PREPARER
from muniment.faces.web.models import Account, Token
from muniment.faces.web.tokens import LONGEST, Scope, account_of_token, digest_of, end_token, make_token, tokens_of
from tests.faces.web.conftest import Site
from tests.faces.web.sign_in_steps import words_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


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
    assert row["digest"] == digest_of(text)


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
    assert re.fullmatch("[0-9a-f]{64}", digest_of(text))


@pytest.mark.parametrize("text", ["", "mnm_", "mnm_guess", "Bearer", "\x00"])
def test_a_made_up_token_opens_nothing(site: Site, text: str) -> None:
    _made(site.account(AUDITOR))
    assert account_of_token(text, on=NOW) is None


@pytest.mark.parametrize(("scopes", "days"), [([], 1), (["read"], 0), (["read"], LONGEST.days + 1)])
def test_a_token_without_a_scope_or_without_an_early_end_is_refused(site: Site, scopes: list[Scope], days: int) -> None:
    last = NOW + timedelta(days=days)
    with pytest.raises(ValueError, match="a scope and a last day within a year"):
        make_token(account=site.account(AUDITOR), name="x", scopes=scopes, contract="", on=NOW, expires_at=last)


def _form(**other: object) -> dict[str, object]:
    last = datetime.now(tz=UTC) + timedelta(days=30)
    day = {"last_day": last.day, "last_month": last.month, "last_year": last.year}
    return {"name": "nightly upload", "scopes": ["read", "submit"], "contract": "cssc", **day, **other}


def _make(client: Client) -> str:
    page = client.post("/account/tokens/new", _form())
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
    page = site.signed_in(CONTRACT_MANAGER).post("/account/tokens/new", _form(**other))
    assert page.status_code == 422
    assert said in words_of(page)
    assert not Token.objects.exists()

"""What somebody typed is not lost when they were signed out meanwhile, and is given back to nobody else."""

import time

import pytest
from django.conf import settings
from django.test import Client

from muniment.example.cast import Person
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import MANAGER, NOTICE, PREPARER, SEEN, TINY, typed
from tests.interfaces.web.sign_in_steps import PASSWORD, give_password, sign_in, words_of

LONG = "A long and careful explanation of what went wrong."
EXPLAIN = f"{SEEN}/explain-failure"


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])


def _idle(site: Site, person: Person) -> Client:
    """Somebody who did nothing for longer than an hour."""
    client = site.signed_in(person)
    client.get("/")
    session = client.session
    session["seen_at"] = time.time() - 3700
    session.save()
    return client


def _explained_too_late(site: Site) -> Client:
    client = _idle(site, PREPARER)
    sent = client.post(EXPLAIN, typed(site, cause=LONG, effect="They stood.", remedy="Chairs."))
    assert sent.headers["Location"] == f"/account/login?next={EXPLAIN}"
    return client


def test_what_was_typed_before_an_idle_hour_is_in_the_form_after_signing_in(site: Site) -> None:
    client = _explained_too_late(site)
    assert "What you typed is kept for an hour" in words_of(client.get("/account/login"))
    assert sign_in(client, give_password(site, PREPARER), then=EXPLAIN).headers["Location"] == EXPLAIN
    assert LONG in client.get(EXPLAIN).content.decode()
    assert LONG not in client.get(EXPLAIN).content.decode(), "it is given back once"


def test_the_text_of_a_notice_is_kept_too(site: Site) -> None:
    client = _idle(site, MANAGER)
    client.post(f"{TINY}/text/propose", {"name": "CCN-009", "text": NOTICE})
    sign_in(client, give_password(site, MANAGER))
    page = client.get(f"{TINY}/text/propose").content.decode()
    assert "CCN-009" in page
    assert "set: {target: at least 92%}" in page


def test_whoever_signs_in_next_at_the_same_browser_does_not_read_it(site: Site) -> None:
    client = _explained_too_late(site)
    sign_in(client, give_password(site, MANAGER))
    page = client.get(EXPLAIN)
    assert page.status_code == 200
    assert LONG not in page.content.decode()


def test_after_another_hour_it_is_gone(site: Site) -> None:
    client = _explained_too_late(site)
    session = client.session
    session[f"kept:{EXPLAIN}"] = {**session[f"kept:{EXPLAIN}"], "until": time.time() - 1}
    session.save()
    sign_in(client, give_password(site, PREPARER))
    assert LONG not in client.get(EXPLAIN).content.decode()


def test_passwords_are_never_kept(site: Site) -> None:
    give_password(site, PREPARER)
    client = _idle(site, PREPARER)
    client.post("/account/password/change", {"oldpassword": PASSWORD, "password1": "a", "password2": "a"})
    client.post(EXPLAIN, {"cause": LONG, "password": PASSWORD})
    kept = {name: value for name, value in client.session.items() if name.startswith("kept:")}
    assert PASSWORD not in str(kept)
    assert "password" not in str(kept)

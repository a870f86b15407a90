"""Accounts as whoever runs the machine keeps them."""

import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.example.cast import CONTRACT_MANAGER, FINANCE
from muniment.installation.accounts import SampleAccount, add_account, close_account, make_sample_accounts, new_password
from muniment.installation.models import Account, Token
from tests.interfaces.conftest import Muniment
from tests.interfaces.web.conftest import Site

GOOD = "a lantern in the long barn"


def added(*, email: str = "new@wolds.example", actor: str | None = None, password: str = GOOD) -> Account:
    return add_account(email=email, name="New Person", actor=actor, password=password)


def test_an_account_gets_an_id_that_says_nothing_about_the_person(site: Site) -> None:
    account = added(email=" New@Wolds.example ")
    assert account.email == "new@wolds.example"
    assert account.actor.startswith("p-")
    assert "new" not in account.actor
    assert account.check_password(GOOD)


def test_an_account_can_act_under_an_id_that_records_have_already(site: Site) -> None:
    assert added(actor="p-9999999999").actor == "p-9999999999"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"email": f"{CONTRACT_MANAGER.id}@example.org"}, "there is an account with this address - give it a new pass"),
        ({"actor": CONTRACT_MANAGER.id}, f"another account acts as {CONTRACT_MANAGER.id} - leave out --actor"),
        ({"email": "new.wolds.example"}, "this is no e-mail address - write it as name@organisation.example"),
        ({"password": "short"}, "This password is too short. It must contain at least 12 characters - choose another"),
    ],
)
def test_an_account_that_cannot_be_is_refused_whole(asked: dict[str, str], says: str, site: Site) -> None:
    before = Account.objects.count()
    with pytest.raises(ProblemsFoundError) as found:
        added(**asked)
    assert says in str(found.value)
    assert Account.objects.count() == before


def test_a_closed_account_signs_nobody_in_and_ends_what_was_begun(site: Site) -> None:
    browser = site.signed_in(FINANCE)
    account = site.account(FINANCE)
    token = Token.objects.create(
        account=account, name="export", digest="d", expires_at=timezone.now() + timedelta(days=1)
    )
    assert browser.get("/contracts", headers={"host": "localhost"}).status_code == 200
    close_account(email=account.email)
    token.refresh_from_db()
    assert token.ended_at is not None
    assert browser.get("/contracts", headers={"host": "localhost"}).status_code == 302


def test_a_closed_account_that_is_added_again_acts_as_before(site: Site) -> None:
    actor = added().actor
    close_account(email="new@wolds.example")
    with pytest.raises(ProblemsFoundError, match=f"the closed account of this address acts as {actor}, not as p-1"):
        added(actor="p-1")
    assert (added().actor, added_is_open()) == (actor, True)


def added_is_open() -> bool:
    return Account.objects.get(email="new@wolds.example").is_active


def test_a_new_password_replaces_the_old_one(site: Site) -> None:
    added()
    account = new_password(email="new@wolds.example", password="a lantern in the short barn")
    assert (account.check_password(GOOD), account.check_password("a lantern in the short barn")) == (False, True)


def test_an_address_that_is_nearly_right_is_suggested(site: Site) -> None:
    added()
    with pytest.raises(ProblemsFoundError, match=r"no account with this address - did you mean 'new@wolds\.example'\?"):
        close_account(email="nwe@wolds.example")


def test_people_are_made_once_and_brought_up_to_date_afterwards(site: Site) -> None:
    assert make_sample_accounts([SampleAccount("p-77", "one@wolds.example", "One")]) == 1
    assert make_sample_accounts([SampleAccount("p-77", "one@wolds.example", "One Married")]) == 0
    assert Account.objects.get(actor="p-77").name == "One Married"
    assert not Account.objects.get(actor="p-77").has_usable_password()


def test_the_command_line_reads_the_password_from_standard_input(
    site: Site, muniment: Muniment, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = ("--database", site.address.database)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    ran = muniment("account", "add", "new@wolds.example", "--name", "New Person", *database)
    assert (ran.exit, GOOD in ran.out + ran.err) == (0, False), ran.err
    assert Account.objects.get(email="new@wolds.example").check_password(GOOD)
    listed = json.loads(muniment("account", "list", "--format", "json", *database).out)["accounts"]
    assert {account["email"]: account["open"] for account in listed}["new@wolds.example"] is True


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("add",), "whose account? - write 'muniment account add EMAIL'"),
        (("add", "a@b.example"), "what are they called? - add --name 'Harriet Okonjo'"),
        (("close", "a@b.example", "--name", "A"), "--name and --actor go with 'account add' - leave them out"),
    ],
)
def test_an_account_command_that_says_too_little_is_wrongly_asked(
    asked: tuple[str, ...], says: str, site: Site, muniment: Muniment
) -> None:
    ran = muniment("account", *asked, "--database", site.address.database)
    assert (ran.exit, says in ran.err) == (2, True), ran.err


def test_a_password_is_never_an_argument(muniment: Muniment) -> None:
    assert "--password" not in muniment("account", "--help").out

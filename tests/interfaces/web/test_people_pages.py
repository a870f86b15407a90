"""Who is appointed, as a page says it; appointing, ending, standing in; and invitations."""

import re
from datetime import timedelta
from time import time

import pytest
from django.test import Client

from muniment.application.stores import open_store
from muniment.domain.lifecycle.appointments import ROLES, PersonAppointed, appointments_known
from muniment.domain.record.replay import payload_of
from muniment.example.cast import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    CONTRACT_MANAGER,
    CONTRACT_OFFICER,
    DECISION_MAKER,
    PREPARER,
    Person,
)
from muniment.installation.invitations import INVITATION_VALID_FOR
from muniment.installation.models import Account
from muniment.interfaces.web.duties import kept_apart, unfilled
from tests.interfaces.web.conftest import STRANGER, Site
from tests.interfaces.web.sign_in_steps import no_demo, sign_in, words_of

PEOPLE = "/contracts/cssc/people"


@pytest.fixture(autouse=True)
def _hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    no_demo(monkeypatch)
    # A browser that a test signs in proved nothing; that acts of weight ask for it is tested with signing in.
    monkeypatch.setattr("django.conf.settings.IS_DEMO", True)


def _seen(site: Site, contract: str = "cssc") -> int:
    return len(open_store(site.where(contract)).ledger.entries())


def _day(name: str, day: str) -> dict[str, str]:
    year, month, number = day.split("-")
    return {f"{name}_day": number, f"{name}_month": month, f"{name}_year": year}


def _appointing(site: Site, **other: str) -> dict[str, str]:
    given = {"email": "ada.new@wolds.example", "name": "Ada New", "role": "finance", "reason": "She joins finance."}
    return {**given, "key": "key-1", "seen": str(_seen(site)), **_day("first", "2020-01-22"), **other}


def _appointment(site: Site, person: Person) -> str:
    known = appointments_known(open_store(site.where()).ledger.entries()).values()
    return next(a.id.split("/")[2] for a in known if a.person == person.id and a.stands_in_for is None)


def _link(page: Client) -> str:
    found = re.search(r"http://testserver(/account/invitation/[^<]+)", page.get(PEOPLE).content.decode())
    assert found
    return found[1]


def test_the_page_names_everybody_their_role_and_their_days(site: Site) -> None:
    page = words_of(site.signed_in(AUDITOR).get(PEOPLE))
    assert "11 people have a part in this contract" in page
    assert f"Agnes Thorley {ADMINISTRATOR.id} Administrator 25 March 2019 until it is ended" in page
    for pair in ("preparer and approver", "requester and decider", "first and second signature"):
        assert pair in page


def test_somebody_without_an_account_stands_there_by_their_id(site: Site) -> None:
    site.account(CONTRACT_OFFICER).delete()
    assert f"{CONTRACT_OFFICER.id} Contract officer 25 March 2019" in words_of(site.signed_in(AUDITOR).get(PEOPLE))


def test_an_auditor_sees_it_and_changes_nothing(site: Site) -> None:
    client = site.signed_in(AUDITOR)
    page = client.get(PEOPLE).content.decode()
    assert "/people/appoint" not in page
    assert "/end" not in page
    number = _appointment(site, CONTRACT_OFFICER)
    for address in ("appoint", f"appointments/{number}/end", f"appointments/{number}/delegate"):
        assert client.post(f"{PEOPLE}/{address}", _appointing(site)).status_code == 403
    assert client.post(f"{PEOPLE}/1/invite").status_code == 403


def test_nobody_of_another_contract_sees_the_page(site: Site) -> None:
    assert site.signed_in(STRANGER).get(PEOPLE).status_code == 404


def test_appointing_somebody_new_makes_an_account_and_shows_a_link_once(site: Site) -> None:
    client = site.signed_in(ADMINISTRATOR)
    assert client.post(f"{PEOPLE}/appoint", _appointing(site)).status_code == 303
    made = Account.objects.get(email="ada.new@wolds.example")
    assert not made.has_usable_password()
    assert re.fullmatch("p-[0-9a-f]{10}", made.actor)
    entry = open_store(site.where()).ledger.entries()[-1]
    assert entry.actor == ADMINISTRATOR.id
    appointed = payload_of(entry, PersonAppointed)
    assert (appointed.person, appointed.role, str(appointed.first)) == (made.actor, "finance", "2020-01-22")
    assert "Ada New" not in str(appointed.fields()), "the name is text beside the record, which can be erased"
    shown = client.get(PEOPLE)
    assert "Hand this link to Ada New. It is shown only now, and works once, for 7 days." in words_of(shown)
    assert b"/account/invitation/" not in client.get(PEOPLE).content


def test_the_invited_person_chooses_a_password_and_the_link_is_used_up(site: Site) -> None:
    client = site.signed_in(ADMINISTRATOR)
    client.post(f"{PEOPLE}/appoint", _appointing(site))
    link, invited = _link(client), site.stranger()
    assert "Welcome, Ada New" in words_of(invited.get(link))
    assert "at least 12 characters" in words_of(invited.post(link, {"password1": "short", "password2": "short"}))
    new = "a handful of words"
    assert invited.post(link, {"password1": new, "password2": new}).headers["Location"] == "/account/login"
    assert sign_in(invited, "ada.new@wolds.example", password=new).headers["Location"] == "/"
    assert "finance" in words_of(invited.get("/account"))
    assert site.stranger().get(link).status_code == 410


def test_an_invitation_ends_after_seven_days(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.signed_in(ADMINISTRATOR)
    client.post(f"{PEOPLE}/appoint", _appointing(site))
    link = _link(client)
    assert timedelta(days=7) == INVITATION_VALID_FOR
    later = time() + INVITATION_VALID_FOR.total_seconds() + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert site.stranger().get(link).status_code == 410


def test_a_made_up_invitation_is_refused(site: Site) -> None:
    assert site.stranger().get("/account/invitation/WzEsIjAiXQ:1:forged").status_code == 410


def test_an_old_link_does_not_open_a_contract_that_came_later(site: Site) -> None:
    """Whoever made the link knows it: it must not lead them into a contract that they do not administer."""
    client = site.signed_in(ADMINISTRATOR)
    client.post(f"{PEOPLE}/appoint", _appointing(site))
    link = _link(client)
    boss = Person("p-00000000aa", "Tiny Boss", "administrator", "authority")
    _make_administrator_of_tiny(site, boss)
    other = site.signed_in(boss)
    there = {**_appointing(site), "seen": str(_seen(site, "tiny"))}
    assert other.post("/contracts/tiny/people/appoint", there).status_code == 303
    assert b"/account/invitation/" not in other.get("/contracts/tiny/people").content, "the account was there already"
    assert site.stranger().get(link).status_code == 410
    again = client.post(f"{PEOPLE}/{Account.objects.get(email='ada.new@wolds.example').pk}/invite", follow=True)
    assert "No link was made for Ada New" in words_of(again)


def _make_administrator_of_tiny(site: Site, boss: Person) -> None:
    from muniment.commands.people import appoint_person
    from muniment.domain.record.act import Act

    act = Act("p-1", "authority", "Somebody has to.")
    ledger = open_store(site.where("tiny")).ledger
    appoint_person(ledger=ledger, act=act, person=boss.id, role="administrator", first="2020-01-01")
    Account.objects.create_user("boss@tiny.example", name=boss.name, actor=boss.id)


def test_a_lost_link_is_made_again_for_somebody_who_has_not_signed_in(site: Site) -> None:
    client = site.signed_in(ADMINISTRATOR)
    client.post(f"{PEOPLE}/appoint", _appointing(site))
    client.get(PEOPLE)
    client.post(f"{PEOPLE}/{Account.objects.get(email='ada.new@wolds.example').pk}/invite")
    assert site.stranger().get(_link(client)).status_code == 200


def test_an_administrator_gets_no_link_into_the_account_of_somebody_who_uses_it(site: Site) -> None:
    account = site.account(DECISION_MAKER)
    account.set_password("their own few words")
    account.save()
    said = site.signed_in(ADMINISTRATOR).post(f"{PEOPLE}/{account.pk}/invite", follow=True)
    assert "No link was made for Desmond Pell" in words_of(said)


def test_the_same_form_sent_twice_appoints_once(site: Site) -> None:
    client, form = site.signed_in(ADMINISTRATOR), _appointing(site)
    before = _seen(site)
    assert [client.post(f"{PEOPLE}/appoint", form).status_code for _ in range(2)] == [303, 303]
    assert _seen(site) == before + 1
    assert Account.objects.filter(email="ada.new@wolds.example").count() == 1


def test_a_refused_appointment_leaves_no_account(site: Site) -> None:
    client = site.signed_in(ADMINISTRATOR)
    error = client.post(f"{PEOPLE}/appoint", _appointing(site, **_day("last", "2020-01-01")))
    assert error.status_code == 422
    assert not Account.objects.filter(email="ada.new@wolds.example").exists()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"name": ""}, "Write their name: nobody with this address has an account here yet"),
        ({"email": "ada"}, "Write an address such as name@example.org"),
        ({"role": ""}, "Choose a role"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_a_wrong_form_says_what_is_wrong(site: Site, other: dict[str, str], said: str) -> None:
    page = site.signed_in(ADMINISTRATOR).post(f"{PEOPLE}/appoint", _appointing(site, **other))
    assert page.status_code == 422
    assert said in words_of(page)


def test_somebody_with_an_account_is_appointed_by_their_address(site: Site) -> None:
    email = site.account(AUDITOR).email
    form = _appointing(site, email=email.upper(), name="", role="report_author")
    assert site.signed_in(ADMINISTRATOR).post(f"{PEOPLE}/appoint", form).status_code == 303
    assert payload_of(open_store(site.where()).ledger.entries()[-1], PersonAppointed).person == AUDITOR.id


def test_an_appointment_is_ended_and_the_person_stays_in_the_list_of_those_before(site: Site) -> None:
    number = _appointment(site, CONTRACT_OFFICER)
    form = {"reason": "He leaves.", "key": "k", "seen": str(_seen(site)), **_day("last", "2020-01-21")}
    client = site.signed_in(ADMINISTRATOR)
    assert "End the appointment of Callum Brierley as contract officer" in words_of(
        client.get(f"{PEOPLE}/appointments/{number}/end")
    )
    client.post(f"{PEOPLE}/appointments/{number}/end", form)
    page = words_of(client.get(PEOPLE))
    assert "Nobody is a contract officer, so nobody can accept a submission." in page
    assert re.search(r"Over .*Callum Brierley .* 25 March 2019 21 January 2020", page)
    assert site.signed_in(CONTRACT_OFFICER).get(PEOPLE).status_code == 404


def test_the_last_administrator_cannot_go(site: Site) -> None:
    number = _appointment(site, ADMINISTRATOR)
    form = {"reason": "I leave.", "key": "k", "seen": str(_seen(site)), **_day("last", "2020-01-22")}
    page = site.signed_in(ADMINISTRATOR).post(f"{PEOPLE}/appointments/{number}/end", form)
    assert page.status_code == 422
    assert "Appoint another administrator first" in words_of(page)


def test_a_holder_lets_somebody_of_the_same_side_stand_in_for_some_days(site: Site) -> None:
    number = _appointment(site, APPROVER)
    client = site.signed_in(APPROVER)
    choice = client.get(f"{PEOPLE}/appointments/{number}/delegate").content.decode()
    assert f'value="{PREPARER.id}"' in choice
    assert f'value="{CONTRACT_MANAGER.id}"' not in choice, "nobody acts for the other party"
    days = {**_day("first", "2020-01-22"), **_day("last", "2020-02-05")}
    form = {"person": PREPARER.id, "reason": "Leave.", "key": "k", "seen": str(_seen(site)), **days}
    assert client.post(f"{PEOPLE}/appointments/{number}/delegate", form).status_code == 303
    page = words_of(client.get(PEOPLE))
    assert "Supplier approver, standing in for Rufus Adeyemi-Clarke 22 January 2020 5 February 2020" in page


def test_nobody_delegates_what_another_holds(site: Site) -> None:
    number = _appointment(site, DECISION_MAKER)
    days = {**_day("first", "2020-01-22"), **_day("last", "2020-02-05")}
    form = {"person": CONTRACT_OFFICER.id, "reason": "Leave.", "key": "k", "seen": str(_seen(site)), **days}
    page = site.signed_in(CONTRACT_MANAGER).post(f"{PEOPLE}/appointments/{number}/delegate", form)
    assert page.status_code in {403, 422}
    assert "or an administrator could delegate it" in words_of(page)


def test_duties_are_said_from_the_table_that_enforces_them() -> None:
    assert kept_apart() == (
        "preparer and approver", "preparer, approver and acceptor", "disputer and resolver", "requester and decider",
        "first and second signature", "proposer and decider",
    )  # fmt: skip
    assert unfilled(ROLES) == ()
    assert any(said.startswith("Nobody is a decision maker, so nobody can") for said in unfilled(["auditor"]))


def test_a_person_changes_the_name_that_others_see(site: Site) -> None:
    client = site.signed_in(AUDITOR)
    assert "Write your name" in words_of(client.post("/account/name", {"name": ""}))
    client.post("/account/name", {"name": "Saoirse <b>Venn</b>"})
    page = client.get(PEOPLE).content.decode()
    assert "Saoirse &lt;b&gt;Venn&lt;/b&gt;" in page
    assert "<b>Venn" not in page


def test_the_account_page_says_who_one_is_in_every_record(site: Site) -> None:
    page = words_of(site.signed_in(AUDITOR).get("/account"))
    assert f"Who you are in every record {AUDITOR.id}" in page
    assert "cssc : auditor" in page

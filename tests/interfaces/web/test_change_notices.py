"""A change notice binds both sides: each stands in the record, and no text is lost when two are adopted at once."""

from hashlib import sha256
from typing import cast

import pytest
from django.conf import settings

from muniment.application import contract_text
from muniment.application.command_context import CommandContext, open_for_act
from muniment.application.contract_text import TextStore, adopt_draft, look_at_draft
from muniment.application.parsed_text import problems_of_text
from muniment.application.stores import open_store
from muniment.commands.contract_text import agree_notice
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.versions import StaleError
from muniment.domain.regime.adoption import adopted_text_known, drift
from muniment.installation.models import NoticeDraft
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    APPROVER,
    AUDITOR,
    MANAGER,
    NOTICE,
    TINY,
    act,
    done,
    errors_in,
    record,
    typed,
    words_in,
)

FIRST, SECOND = "changes/CCN-001.yaml", "changes/CCN-002.yaml"
OTHER = """\
change: CCN-002
title: Fewer parcels may be lost
signed: 2019-12-20
effective: 2020-02-01
amend:
  - kpi: LOST
    was: {target: at most 1.0%}
    set: {target: at most 0.9%}
"""


def _proposed(site: Site, text: str = NOTICE, *, number: str = "CCN-001") -> str:
    sent = site.signed_in(MANAGER).post(f"{TINY}/text/propose", {"name": number, "text": text})
    assert sent.status_code == 303, words_in(sent)
    return str(sent.headers["Location"])


def _agreed(site: Site, path: str, text: str) -> None:
    ledger = open_store(site.where("tiny")).ledger
    agree_notice(ledger=ledger, act=Act(APPROVER.id, "supplier", "as discussed"), notice=path, text=text)


def _adopting(site: Site, *, seen: int | None = None) -> CommandContext:
    return open_for_act(
        folder=site.where("tiny"), actor=MANAGER.id, side="authority", reason="Signed.", seen=seen, key=None
    )


def _files(site: Site) -> dict[str, str]:
    return dict(open_store(site.where("tiny")).read_texts())


def test_the_suppliers_agreement_is_an_entry_with_its_reason_and_the_fingerprint_of_the_text(site: Site) -> None:
    draft = _proposed(site)
    act(site, APPROVER, f"{draft}/agree")
    agreed = done(site)[-1]
    assert (agreed.kind, agreed.subject, agreed.actor) == ("notice.agreed", "tiny/notices/CCN-001", APPROVER.id)
    assert agreed.payload == {"notice": FIRST, "sha256": sha256(NOTICE.encode()).hexdigest()}
    assert (agreed.reason, agreed.on_behalf_of) == ("It is time.", "supplier")
    page = words_in(site.signed_in(AUDITOR).get(draft))
    assert "Agreed by Other Approver" in page
    assert "It is time." in page


def test_agreeing_says_why_and_shows_the_whole_text_first(site: Site) -> None:
    draft = _proposed(site)
    client = site.signed_in(APPROVER)
    page = words_in(client.get(f"{draft}/agree"))
    assert "You agree for the supplier to exactly the text above" in page
    assert "set: {target: at least 92%}" in page
    refused = client.post(f"{draft}/agree", typed(site) | {"reason": ""})
    assert (refused.status_code, errors_in(refused)[0]) == (422, "Say why")
    assert record(site)[-1].kind != "notice.agreed"


def test_nobody_agrees_to_a_text_that_cannot_be_adopted(site: Site) -> None:
    draft = _proposed(site, NOTICE.replace("SEEN", "SEEM"))
    for person, command in ((APPROVER, "agree"), (MANAGER, "adopt")):
        browser = site.signed_in(person)
        assert browser.get(f"{draft}/{command}").headers["Location"] == draft
        refused = browser.post(f"{draft}/{command}", typed(site, key=command))
        assert (refused.status_code, "did you mean" in words_in(refused)) == (422, True)
    assert record(site)[-1].kind not in ("notice.agreed", "text.adopted")


def test_the_same_text_is_agreed_to_once(site: Site) -> None:
    draft = _proposed(site)
    act(site, APPROVER, f"{draft}/agree")
    again = site.signed_in(APPROVER).post(f"{draft}/agree", typed(site, key="another"))
    assert again.status_code == 422
    assert "agreed to this text already" in words_in(again)


def test_agreeing_asks_again_who_one_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = _proposed(site)
    monkeypatch.setattr(settings, "IS_DEMO", False)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])
    sent = site.signed_in(APPROVER).post(f"{draft}/agree", typed(site))
    assert sent.headers["Location"].startswith("/account/reauthenticate")
    assert record(site)[-1].kind != "notice.agreed"


def test_proposing_agreeing_and_dropping_need_the_second_factor_that_the_site_asks_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _proposed(site)
    monkeypatch.setattr(settings, "IS_SECOND_FACTOR_REQUIRED", True)
    for person, address in (
        (MANAGER, f"{TINY}/text/propose"),
        (APPROVER, f"{draft}/agree"),
        (MANAGER, f"{draft}/drop"),
    ):
        sent = site.signed_in(person).post(address, typed(site, name="CCN-009", text=OTHER))
        assert (sent.status_code, "Set up a second factor first" in words_in(sent)) == (403, True), address
    assert NoticeDraft.objects.filter(dropped=False).count() == 1


def test_an_adopted_notice_stays_when_another_is_adopted_at_the_same_moment(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _agreed(site, FIRST, NOTICE)
    _agreed(site, SECOND, OTHER)
    others: list[CommandContext] = [_adopting(site)]

    def looks_long(texts: dict[str, str], **asked: frozenset[str]) -> object:
        """Between reading the files and writing, the other one is quicker."""
        if others:
            adopt_draft(others.pop(), path=SECOND, content=OTHER)
        return problems_of_text(texts, **asked)

    monkeypatch.setattr(contract_text, "problems_of_text", looks_long)
    with pytest.raises(StaleError, match="tiny/text has moved on"):
        adopt_draft(_adopting(site), path=FIRST, content=NOTICE)
    adopted = adopted_text_known(record(site))
    assert adopted is not None
    assert SECOND in _files(site)
    assert FIRST not in _files(site)
    assert drift(adopted=adopted, texts=_files(site)) == ()


def test_what_cannot_be_recorded_leaves_the_files_as_they_were(site: Site) -> None:
    before = _files(site)
    with pytest.raises(RefusedError, match="has not agreed to this text"):
        adopt_draft(_adopting(site), path=FIRST, content=NOTICE)
    assert _files(site) == before


def test_files_that_were_changed_by_nobody_who_acts_are_not_adopted_with_a_notice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _agreed(site, FIRST, NOTICE)
    acting = _adopting(site)
    changed = {**_files(site), "regime.yaml": _files(site)["regime.yaml"] + "# later\n"}

    def looks_long(texts: dict[str, str], **asked: frozenset[str]) -> object:
        open_store(site.where("tiny")).write_texts(changed)  # type: ignore[attr-defined]  # a database's store
        return problems_of_text(texts, **asked)

    monkeypatch.setattr(contract_text, "problems_of_text", looks_long)
    with pytest.raises(RefusedError, match="changed meanwhile"):
        adopt_draft(acting, path=FIRST, content=NOTICE)
    assert _files(site) == changed
    assert record(site)[-1].kind != "text.adopted"


def test_a_second_draft_of_a_number_never_replaces_the_notice_that_was_adopted(site: Site) -> None:
    weaker = NOTICE.replace("at least 92%", "at least 75%")
    one, two = _proposed(site), _proposed(site, weaker)
    act(site, APPROVER, f"{one}/agree")
    act(site, APPROVER, f"{two}/agree")
    act(site, MANAGER, f"{one}/adopt")
    page = words_in(site.signed_in(MANAGER).get(two))
    assert "It cannot be adopted as it is" in page
    assert "the agreed text has a notice changes/CCN-001.yaml - propose it under another number" in page
    refused = site.signed_in(MANAGER).post(f"{two}/adopt", typed(site))
    assert (refused.status_code, "The agreed text has a notice changes/CCN-001.yaml" in words_in(refused)) == (
        422,
        True,
    )
    assert _files(site)[FIRST] == NOTICE


def test_two_files_do_not_have_the_number_of_one_notice(site: Site) -> None:
    texts = {**_files(site), FIRST: NOTICE}
    look = look_at_draft(texts=texts, entries=record(site), path=SECOND, content=OTHER.replace("CCN-002", "CCN-001"))
    (problem,) = (problem for problem in look.problems if problem.code == "R102")
    assert str(problem) == (
        "changes/CCN-002.yaml:1:9: 'CCN-001' is the number of two notices - give one of them another number"
    )
    assert not look.can_be_adopted


def test_adopting_again_with_the_same_key_is_the_same_adoption(site: Site) -> None:
    draft, key = _proposed(site), typed(site, key="one")
    act(site, APPROVER, f"{draft}/agree")
    for _ in range(2):
        acting = open_for_act(
            folder=site.where("tiny"), actor=MANAGER.id, side="authority", reason="Signed.", seen=None, key=key["key"]
        )
        entry = adopt_draft(acting, path=FIRST, content=NOTICE)
        assert entry.kind == "text.adopted"
    assert [found.kind for found in done(site)].count("text.adopted") == 2, (
        "the first text, and the one with the notice"
    )


def test_whoever_adopts_the_files_as_they_are_reads_which_of_them_differ(site: Site) -> None:
    store = cast("TextStore", open_store(site.where("tiny")))
    store.write_texts({**store.read_texts(), FIRST: NOTICE})
    for address in (f"{TINY}/text", f"{TINY}/text/adopt"):
        page = words_in(site.signed_in(MANAGER).get(address))
        assert f"{FIRST}: has not been adopted." in page
        assert "regime.yaml: differs" not in page

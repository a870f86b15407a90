"""A refusal on a page speaks as pages do: people by their names, no option of the command line, the rule and who could.

Whoever sends a form that their role does not let them send leaves a refusal in the record, once for each form.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms

import muniment
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.entry import Entry
from muniment.example.cast import CONTRACT_OFFICER
from muniment.interfaces.web.environment import environment
from muniment.interfaces.web.wording import page_words, with_names
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    AUDITOR,
    OFFICER,
    PARCELS,
    PREPARER,
    TINY,
    VISITS,
    bring_to,
    errors_in,
    record,
    typed,
    upload,
    words_in,
)

SOURCES = Path(muniment.__file__).parent
RULES = {"RefusedError", "Rule"}


def _texts(node: ast.AST) -> Iterator[str]:
    """Every text in the code; a placeholder stands for what is put in."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "N" for part in parts)  # type: ignore[misc]  # a part is a text constant
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _texts(child)


def _is_rule(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RULES


def refusals() -> list[str]:
    """Every text of each function, or of the module's own lines, that refuses."""
    found: list[str] = []
    for package in ("domain", "commands", "adapters", "application", "installation", "interfaces/web"):
        for file in sorted((SOURCES / package).rglob("*.py")):
            for part in ast.parse(file.read_text(encoding="utf-8")).body:
                if any(_is_rule(node) for node in ast.walk(part)):
                    found += _texts(part)
    return found


def test_every_rule_that_a_page_can_meet_is_looked_at() -> None:
    assert len(refusals()) > 300
    assert any("another person of the N could" in text for text in refusals())


def test_no_page_says_an_option_of_the_command_line() -> None:
    assert [text for text in refusals() if "--" in text] == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("as known before 2019-11-30 (--known)", "as known before 2019-11-30"),
        ("signed on 2019-11-30, at 58.53 to 70.71 %", "signed on 2019-11-30, at 58.53 to 70.71 %"),
    ],
)
def test_options_are_left_out_and_the_rest_stays(said: str, shown: str) -> None:
    assert page_words(said) == shown


def test_ids_become_names_also_where_a_sentence_begins_with_one() -> None:
    text = "P-1 asked for tiny/SEEN/2019-06/g1 and may not decide it too. p-2's appointment (p-1)."
    shown = with_names(text, actors={"p-1", "p-2"}, name_of={"p-1": "Ann Lee", "p-2": "Bo Ray"}.__getitem__)
    assert shown == "Ann Lee asked for tiny/SEEN/2019-06/g1 and may not decide it too. Bo Ray's appointment (Ann Lee)."


def test_a_page_names_people_and_not_ids(site: Site) -> None:
    bring_to(site, "submitted")
    answer = site.signed_in(OFFICER).post(f"{VISITS}/s2/accept", typed(site))
    assert answer.status_code == 422
    assert errors_in(answer), "the rule is said"
    refused = site.signed_in(AUDITOR).get(f"{VISITS}/s2/accept")
    assert refused.status_code == 403
    assert "A contract officer (Other Officer) could." in words_in(refused)
    for page in (answer, refused):
        assert not any(person in words_in(page) for person in (OFFICER.id, AUDITOR.id))


def _refused(site: Site) -> list[Entry]:
    return [entry for entry in record(site) if entry.kind == ActRefused.kind]


def test_a_form_that_a_role_does_not_allow_is_a_refusal_in_the_record_once(site: Site) -> None:
    bring_to(site, "submitted")
    before, form = len(_refused(site)), typed(site, key="mine")
    for _ in range(2):
        assert site.signed_in(PREPARER).post(f"{VISITS}/s2/accept", form).status_code == 403
    (left,) = _refused(site)[before:]
    assert (left.actor, left.on_behalf_of) == (PREPARER.id, "supplier")
    assert left.payload == {"act": "submission.accepted", "about": "tiny/visits/2019-06", "rule": "authority_only"}
    assert left.text("reason") == "It is time."
    other = typed(site, key="another")
    assert site.signed_in(PREPARER).post(f"{VISITS}/s2/accept", other).status_code == 403
    assert len(_refused(site)) == before + 2


def test_only_looking_leaves_no_refusal(site: Site) -> None:
    bring_to(site, "submitted")
    before = len(record(site))
    assert site.signed_in(AUDITOR).get(f"{PARCELS}/s1/accept").status_code == 403
    assert len(record(site)) == before


def test_what_stands_in_the_address_cannot_be_written_into_the_record(site: Site) -> None:
    bring_to(site, "submitted")
    address = f"{TINY}/evidence/%0Anonsense%20of%20theirs/2019-06/s2/accept"
    assert site.signed_in(AUDITOR).post(address, typed(site)).status_code == 403
    assert _refused(site)[-1].payload["about"] == "tiny/2019-06"


def test_a_stranger_leaves_nothing(site: Site) -> None:
    before = len(record(site))
    assert site.signed_in(CONTRACT_OFFICER).post(f"{VISITS}/s1/accept", typed(site)).status_code == 404
    assert len(record(site)) == before


def test_a_bad_file_cannot_be_submitted_and_the_page_says_why(site: Site) -> None:
    bring_to(site, "submitted")
    sent = upload(site, PREPARER, "visit,came_at\nV1,yesterday\n", name="bad.csv")
    before = len(record(site))
    answer = site.signed_in(PREPARER).post(f"{TINY}/uploads/{sent.id}/submit", typed(site), follow=True)
    assert "The file was not submitted. There" in words_in(answer)
    assert len(record(site)) == before


class SecretForm(forms.Form):
    secret = forms.CharField(widget=forms.PasswordInput, label="Password")
    name = forms.CharField(label="Name")


def test_what_was_typed_as_a_password_is_never_written_into_a_page() -> None:
    page = environment().from_string('{% from "parts/fields.html" import whole with context %}{{ whole(form) }}')
    shown = page.render(form=SecretForm({"secret": "correct horse", "name": "Ann Lee"}))
    assert ('type="password"' in shown, "correct horse" in shown, "Ann Lee" in shown) == (True, False, True)

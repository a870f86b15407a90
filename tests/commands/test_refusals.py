"""What somebody tried whose role does not let them is refused and remembered, before anything else is asked."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.entry_kinds import KINDS
from muniment.commands.evidence import ACCEPT
from muniment.commands.people import appoint_person
from muniment.commands.refusals import refuse_by_role
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.act import Act, RefusedError

PEOPLE: tuple[tuple[str, Role], ...] = (
    ("m.okafor", "administrator"),
    ("n.hall", "contract_manager"),
    ("c.day", "contract_officer"),
)


@pytest.fixture
def team(store: FolderStore) -> FolderStore:
    for person, role in PEOPLE:
        act = Act("m.okafor", "authority", "They begin.")
        appoint_person(ledger=store.ledger, act=act, person=person, role=role, first="2019-05-01")
    return store


def _accepts(store: FolderStore, person: str) -> None:
    act = Act(person, "authority", "It looks right.")
    refuse_by_role(ledger=store.ledger, act=act, command=ACCEPT, about="cssc/calls/2019-04")


def test_who_may_not_is_refused_and_remembered(team: FolderStore) -> None:
    with pytest.raises(RefusedError, match=r"n\.hall is contract manager on .*, and may not accept a submission"):
        _accepts(team, "n.hall")
    left = team.ledger.entries()[-1]
    assert left.kind == ActRefused.kind
    assert left.payload == {"act": "submission.accepted", "about": "cssc/calls/2019-04", "rule": "role"}


def test_who_may_is_not_stopped_and_leaves_nothing(team: FolderStore) -> None:
    before = team.ledger.entries()
    _accepts(team, "c.day")
    assert team.ledger.entries() == before


def test_a_stranger_is_refused_and_no_matter_of_the_record(team: FolderStore) -> None:
    before = team.ledger.entries()
    with pytest.raises(RefusedError):
        _accepts(team, "s.tranger")
    assert team.ledger.entries() == before


def test_every_act_says_what_it_would_have_left() -> None:
    assert {spec.entry_kind.kind for spec in COMMAND_TABLE.values()} | {ActRefused.kind} == {*KINDS}

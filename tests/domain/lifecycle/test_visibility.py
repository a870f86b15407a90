"""Who sees what of a contract's record."""

from datetime import date

import pytest

from muniment.commands.evidence import accept_submission
from muniment.commands.people import appoint_person
from muniment.commands.recording import open_record
from muniment.domain.lifecycle.visibility import seen_by
from muniment.domain.record.act import Act, Party, RefusedError
from muniment.domain.record.in_memory import MemoryLedger, ScriptedClock, ScriptedSalts

DAY = date(2019, 10, 15)
PEOPLE: tuple[tuple[str, str], ...] = (
    ("preparer", "supplier_preparer"),
    ("officer", "contract_officer"),
    ("checker", "auditor"),
    ("chief", "administrator"),
)


@pytest.fixture
def ledger() -> MemoryLedger:
    """A record with four people, in which the supplier's preparer tried to accept evidence and was refused."""
    made = MemoryLedger(clock=ScriptedClock("2019-10-15T09:00:00Z"), salts=ScriptedSalts("seen"), entries=())
    open_record(ledger=made, act=Act("chief", "authority", "it starts", on=DAY), contract="c")
    for person, role in PEOPLE:
        chief = Act("chief", "authority", f"{person} is appointed", on=DAY)
        appoint_person(ledger=made, act=chief, person=person, role=role, first="2019-10-01")
    with pytest.raises(RefusedError):
        accept_submission(ledger=made, act=by("preparer", "supplier"), submission="c/calls/2019-09/s1")
    return made


def by(actor: str, side: Party) -> Act:
    return Act(actor, side, "as agreed", on=DAY)


@pytest.mark.parametrize(
    ("actor", "sees_refusal"),
    [("preparer", True), ("officer", False), ("checker", True), ("chief", True)],
)
def test_a_refusal_is_seen_by_its_own_side_the_auditor_and_the_administrator(
    ledger: MemoryLedger, actor: str, sees_refusal: bool
) -> None:
    seen = seen_by(ledger.entries(), actor=actor, on=DAY)
    assert ("act.refused" in {entry.kind for entry in seen}) == sees_refusal
    assert len(seen) == len(ledger.entries()) - (not sees_refusal)


def test_a_stranger_and_whoever_has_no_current_appointment_see_nothing(ledger: MemoryLedger) -> None:
    assert seen_by(ledger.entries(), actor="stranger", on=DAY) == ()
    assert seen_by(ledger.entries(), actor="officer", on=date(2019, 9, 30)) == ()


def test_a_record_without_appointments_hides_nothing(ledger: MemoryLedger) -> None:
    opening = ledger.entries()[:1]
    assert seen_by(opening, actor="anybody", on=DAY) == opening

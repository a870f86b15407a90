"""Who may act is in the record: dated, per contract, by role and side; in a record without appointments, by side."""

from datetime import date

import pytest

from muniment.commands.adopt_text import adopt_text
from muniment.commands.appoint_person import appoint_person
from muniment.commands.decide_mitigation import decide_mitigation
from muniment.commands.delegate_appointment import delegate_appointment
from muniment.commands.end_appointment import end_appointment
from muniment.commands.open_record import open_record
from muniment.domain.lifecycle.appointments import roles_of
from muniment.domain.record.act import Act, Party
from muniment.domain.record.in_memory import MemoryLedger
from muniment.domain.record.refused import Refused
from tests.domain.lifecycle.evidence_acts import fresh_ledger

TEXTS = {"contract.yaml": "contract: c\n"}


def by(actor: str, *, side: Party = "authority", on: str = "2019-10-15") -> Act:
    return Act(actor, side, "because", on=date.fromisoformat(on))


@pytest.fixture
def opened() -> MemoryLedger:
    ledger = fresh_ledger()
    open_record(ledger=ledger, act=by("opener"), contract="c")
    return ledger


def _appoint(ledger: MemoryLedger, person: str, role: str, *, actor: str = "opener", last: str | None = None) -> str:
    act = by(actor)
    return appoint_person(ledger=ledger, act=act, person=person, role=role, first="2019-04-01", last=last).subject


def _adopt(ledger: MemoryLedger, actor: str, *, on: str = "2019-10-15", text: str = "contract: c\n") -> str:
    return adopt_text(ledger=ledger, act=by(actor, on=on), texts={"contract.yaml": text}).subject


def _rule(wrong: pytest.ExceptionInfo[Refused]) -> str:
    return wrong.value.rule


def test_without_appointments_the_declared_side_decides(opened: MemoryLedger) -> None:
    assert _adopt(opened, "anybody") == "c/text/t1"


def test_whoever_opened_the_record_makes_the_first_appointment(opened: MemoryLedger) -> None:
    with pytest.raises(Refused, match="opener, who opened it, could") as refused:
        _appoint(opened, "n.hall", "contract_manager", actor="n.hall")
    assert _rule(refused) == "role"
    assert _appoint(opened, "opener", "administrator") == "c/appointments/a1"


def test_whoever_opened_it_is_its_administrator_until_it_has_one(opened: MemoryLedger) -> None:
    _appoint(opened, "m.okafor", "contract_manager")
    _appoint(opened, "n.hall", "administrator")
    with pytest.raises(Refused, match=r"an administrator \(n\.hall\) could"):
        _appoint(opened, "p.lane", "supplier_preparer")
    assert _appoint(opened, "p.lane", "supplier_preparer", actor="n.hall") == "c/appointments/a3"


def test_an_appointment_holds_from_its_first_day_to_its_last(opened: MemoryLedger) -> None:
    _appoint(opened, "m.okafor", "contract_manager", last="2019-10-15")
    assert _adopt(opened, "m.okafor", on="2019-10-15") == "c/text/t1"
    for day in ("2019-10-16", "2019-03-31"):
        with pytest.raises(Refused, match="nobody with a current appointment"):
            _adopt(opened, "m.okafor", on=day, text="contract: c2\n")


def test_a_role_is_for_one_side(opened: MemoryLedger) -> None:
    _appoint(opened, "p.lane", "supplier_approver")
    with pytest.raises(Refused) as refused:
        decide_mitigation(
            ledger=opened, act=by("p.lane"), mitigation="c/K/2019-09/g1", outcome="refused"
        )  # fmt: skip
    assert _rule(refused) == "role"


def test_a_delegate_acts_for_the_days_given_and_as_long_as_the_appointment_holds(opened: MemoryLedger) -> None:
    manager = _appoint(opened, "m.okafor", "contract_manager")
    made = delegate_appointment(
        ledger=opened, act=by("m.okafor"), appointment=manager, person="n.hall", first="2019-10-10", last="2019-10-20"
    )
    assert made.subject == "c/delegations/d1"
    known = opened.entries()
    assert roles_of(known, actor="n.hall", on=date(2019, 10, 20)) == {"contract_manager"}
    assert roles_of(known, actor="n.hall", on=date(2019, 10, 21)) == frozenset()
    end_appointment(ledger=opened, act=by("opener"), appointment=manager, last="2019-10-14")
    assert roles_of(opened.entries(), actor="n.hall", on=date(2019, 10, 15)) == frozenset()


def test_nobody_delegates_what_is_anothers(opened: MemoryLedger) -> None:
    manager = _appoint(opened, "m.okafor", "contract_manager")
    _appoint(opened, "n.hall", "contract_officer")
    with pytest.raises(Refused) as refused:
        delegate_appointment(
            ledger=opened, act=by("n.hall"), appointment=manager, person="x.ray", first="2019-10-10", last="2019-10-20"
        )
    assert _rule(refused) == "own_appointment"


def test_the_last_administrator_stays(opened: MemoryLedger) -> None:
    admin = _appoint(opened, "opener", "administrator")
    with pytest.raises(Refused) as refused:
        end_appointment(ledger=opened, act=by("opener"), appointment=admin, last="2019-12-31")
    assert _rule(refused) == "last_administrator"
    _appoint(opened, "n.hall", "administrator")
    end_appointment(ledger=opened, act=by("opener"), appointment=admin, last="2019-12-31")


def test_the_same_appointment_is_made_once(opened: MemoryLedger) -> None:
    _appoint(opened, "m.okafor", "contract_manager")
    with pytest.raises(Refused, match="has that role already, by c/appointments/a1"):
        _appoint(opened, "M.Okafor", "contract_manager")

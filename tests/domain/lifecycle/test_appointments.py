"""Who may act is in the record: dated, per contract, by role and side; in a record without appointments, by side."""

from datetime import date

import pytest

from muniment.commands.contract_text import adopt_text
from muniment.commands.mitigation import decide_mitigation
from muniment.commands.people import appoint_person, delegate_appointment, end_appointment
from muniment.commands.recording import open_record
from muniment.commands.statements import LOCK, SIGN
from muniment.domain.lifecycle.appointments import roles_of
from muniment.domain.lifecycle.permissions import must_not_stand_in
from muniment.domain.record.act import Act, Party, RefusedError
from muniment.domain.record.entry import EntryReference
from muniment.domain.record.in_memory import MemoryLedger
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


def _rule(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.rule


def test_without_appointments_the_declared_side_decides(opened: MemoryLedger) -> None:
    assert _adopt(opened, "anybody") == "c/text/t1"


def test_whoever_opened_the_record_makes_the_first_appointment(opened: MemoryLedger) -> None:
    with pytest.raises(RefusedError, match="opener, who opened it, could") as refused:
        _appoint(opened, "n.hall", "contract_manager", actor="n.hall")
    assert _rule(refused) == "role"
    assert _appoint(opened, "opener", "administrator") == "c/appointments/a1"


def test_whoever_opened_it_is_its_administrator_until_it_has_one(opened: MemoryLedger) -> None:
    _appoint(opened, "m.okafor", "contract_manager")
    _appoint(opened, "n.hall", "administrator")
    with pytest.raises(RefusedError, match=r"an administrator \(n\.hall\) could"):
        _appoint(opened, "p.lane", "supplier_preparer")
    assert _appoint(opened, "p.lane", "supplier_preparer", actor="n.hall") == "c/appointments/a3"


def test_an_appointment_holds_from_its_first_day_to_its_last(opened: MemoryLedger) -> None:
    _appoint(opened, "m.okafor", "contract_manager", last="2019-10-15")
    assert _adopt(opened, "m.okafor", on="2019-10-15") == "c/text/t1"
    for day in ("2019-10-16", "2019-03-31"):
        with pytest.raises(RefusedError, match="nobody with a current appointment"):
            _adopt(opened, "m.okafor", on=day, text="contract: c2\n")


def test_a_role_is_for_one_side(opened: MemoryLedger) -> None:
    _appoint(opened, "p.lane", "supplier_approver")
    with pytest.raises(RefusedError) as refused:
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
    with pytest.raises(RefusedError) as refused:
        delegate_appointment(
            ledger=opened, act=by("n.hall"), appointment=manager, person="x.ray", first="2019-10-10", last="2019-10-20"
        )
    assert _rule(refused) == "own_appointment"


def test_the_last_administrator_stays(opened: MemoryLedger) -> None:
    admin = _appoint(opened, "opener", "administrator")
    with pytest.raises(RefusedError) as refused:
        end_appointment(ledger=opened, act=by("opener"), appointment=admin, last="2019-12-31")
    assert _rule(refused) == "last_administrator"
    _appoint(opened, "n.hall", "administrator")
    end_appointment(ledger=opened, act=by("opener"), appointment=admin, last="2019-12-31")


def test_the_same_appointment_is_made_once(opened: MemoryLedger) -> None:
    _appoint(opened, "m.okafor", "contract_manager")
    with pytest.raises(RefusedError, match="has that role already, by c/appointments/a1"):
        _appoint(opened, "M.Okafor", "contract_manager")


def test_nobody_gives_themselves_a_role_but_the_first_administrator_of_a_record(opened: MemoryLedger) -> None:
    _appoint(opened, "opener", "administrator")
    with pytest.raises(RefusedError) as refused:
        _appoint(opened, "Opener", "auditor")
    assert _rule(refused) == "own_appointment"
    decider = _appoint(opened, "d.moss", "decision_maker")
    with pytest.raises(RefusedError) as refused:
        _delegate(opened, decider, "opener")
    assert _rule(refused) == "own_appointment"


@pytest.mark.parametrize("role", ["contract_officer", "contract_manager", "decision_maker"])
def test_an_administrator_is_given_no_role_that_decides(opened: MemoryLedger, role: str) -> None:
    _appoint(opened, "opener", "administrator")
    _appoint(opened, "n.hall", "administrator")
    with pytest.raises(RefusedError) as refused:
        _appoint(opened, "n.hall", role)
    assert _rule(refused) == "administers_only"
    deciding = _appoint(opened, "d.moss", role)
    with pytest.raises(RefusedError) as refused:
        _appoint(opened, "d.moss", "administrator")
    assert _rule(refused) == "administers_only"
    with pytest.raises(RefusedError) as refused:
        _delegate(opened, deciding, "n.hall")
    assert _rule(refused) == "administers_only"
    _appoint(opened, "n.hall", "auditor")


def test_nobody_acts_for_both_sides_at_once(opened: MemoryLedger) -> None:
    _appoint(opened, "opener", "administrator")
    _appoint(opened, "p.lane", "supplier_preparer", last="2019-12-31")
    decider = _appoint(opened, "d.moss", "decision_maker")
    with pytest.raises(RefusedError) as refused:
        _appoint(opened, "p.lane", "contract_officer")
    assert _rule(refused) == "one_side"
    with pytest.raises(RefusedError) as refused:
        _delegate(opened, decider, "p.lane")
    assert _rule(refused) == "one_side"
    act = by("opener")
    appoint_person(ledger=opened, act=act, person="p.lane", role="contract_officer", first="2020-01-01")


def test_whoever_stands_in_for_the_first_signer_does_not_sign_second(opened: MemoryLedger) -> None:
    """Nor the other way round: one appointment is behind both."""
    _appoint(opened, "opener", "administrator")
    manager = _appoint(opened, "m.okafor", "contract_manager")
    _delegate(opened, manager, "n.hall", actor="m.okafor")
    _appoint(opened, "d.moss", "decision_maker")
    known = opened.entries()

    def second(first: str, then: str) -> None:
        signed = EntryReference(9, "", "2019-10-15T09:00:00Z", first, "authority", "because")
        must_not_stand_in(known, act=by(then), permission=LOCK, first=signed, first_permission=SIGN)

    for first, then in (("m.okafor", "n.hall"), ("n.hall", "m.okafor")):
        with pytest.raises(RefusedError, match="act under the appointments of one person") as refused:
            second(first, then)
        assert _rule(refused) == "four_eyes"
    second("n.hall", "d.moss")


def test_four_eyes_are_by_the_local_day_where_that_is_another_than_in_utc(opened: MemoryLedger) -> None:
    """23:30 in UTC is half past midnight in London, when an appointment of the next day has begun."""
    appointment = _appoint(opened, "m.okafor", "contract_manager")
    _delegate(opened, appointment, "n.hall", actor="m.okafor")
    known = opened.entries()

    def first_by_the_stand_in(at: str) -> None:
        signed = EntryReference(9, "", at, "n.hall", "authority", "because")
        must_not_stand_in(known, act=by("m.okafor"), permission=LOCK, first=signed, first_permission=SIGN)

    with pytest.raises(RefusedError, match="act under the appointments of one person"):
        first_by_the_stand_in("2019-10-09T23:30:00Z")
    first_by_the_stand_in("2019-10-07T23:30:00Z")


@pytest.mark.parametrize("person", ["prep\ufe0f", "prep\u3164", "pr\u0435p", "p\u200brep", " prep", "-prep", ""])
def test_whoever_is_appointed_has_an_id_that_looks_like_no_other(opened: MemoryLedger, person: str) -> None:
    with pytest.raises(RefusedError) as refused:
        _appoint(opened, person, "supplier_preparer")
    assert _rule(refused) == "person_id"


def test_there_is_never_a_day_without_an_administrator(opened: MemoryLedger) -> None:
    with pytest.raises(RefusedError, match="nobody would be an administrator on 2019-12-01") as refused:
        _appoint(opened, "opener", "administrator", last="2019-11-30")
    assert _rule(refused) == "last_administrator"
    admin = _appoint(opened, "opener", "administrator")
    appoint_person(ledger=opened, act=by("opener"), person="n.hall", role="administrator", first="2020-02-01")
    with pytest.raises(RefusedError, match="nobody would be an administrator on 2020-01-01"):
        end_appointment(ledger=opened, act=by("opener"), appointment=admin, last="2019-12-31")
    end_appointment(ledger=opened, act=by("opener"), appointment=admin, last="2020-01-31")


def _delegate(ledger: MemoryLedger, appointment: str, person: str, *, actor: str = "opener") -> str:
    return delegate_appointment(
        ledger=ledger, act=by(actor), appointment=appointment, person=person, first="2019-10-10", last="2019-12-20"
    ).subject

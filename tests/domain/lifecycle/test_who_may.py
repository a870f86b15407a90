"""Who may act, for how long, and for whom; and what a refused act leaves behind."""

from dataclasses import replace
from datetime import date

import pytest

from muniment.domain.lifecycle.appointments import (
    ROLES,
    Appointment,
    DelegationMade,
    PersonAppointed,
    Role,
    appointments_known,
    last_day_of,
    who_may_stand_in,
)
from muniment.domain.lifecycle.deemed import DeemedProposal, confirm_deemed
from muniment.domain.lifecycle.permissions import (
    DECIDING_ROLES,
    Permission,
    must_act_for,
    must_hold_role,
    must_not_stand_in,
)
from muniment.domain.lifecycle.refusals import refusal_of
from muniment.domain.lifecycle.separation import DECIDERS, must_be_separate
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry, EntryReference
from muniment.domain.record.opened import RecordOpened
from tests.domain.assessment.conftest import RECORDED, record

ADMIN = Act("chief", "authority", "as agreed")
DAY, NEXT_DAY = date(2019, 10, 10), date(2019, 10, 11)
ACCEPT = Permission("accept a submission", ("contract_officer",))
SIGN = Permission("sign a statement", ("contract_manager",))
MANAGER, OFFICER = "c/appointments/a1", "c/appointments/a2"


def held(name: str, person: str, role: Role, last: date | None = None, stands_in_for: str | None = None) -> Appointment:
    return Appointment(name, person, role, date(2019, 4, 1), last, RECORDED, stands_in_for)


def appointed(person: str, role: Role, first: date, last: date | None = None, name: str = MANAGER) -> Draft:
    return Draft(name, PersonAppointed(person, role, first, last), ADMIN)


def delegated(person: str, first: date, last: date, *, of: str = MANAGER, number: int = 1) -> Draft:
    return Draft(f"c/delegations/d{number}", DelegationMade(of, person, first, last), ADMIN)


@pytest.mark.parametrize(
    ("own", "behind", "last"),
    [(DAY, None, DAY), (DAY, NEXT_DAY, DAY), (NEXT_DAY, DAY, DAY), (None, DAY, DAY), (None, None, None)],
)
def test_a_stand_in_ends_with_the_appointment_behind_it_at_the_latest(
    own: date | None, behind: date | None, last: date | None
) -> None:
    stand_in = held("c/delegations/d1", "n.hall", "contract_manager", own, stands_in_for=MANAGER)
    known = {MANAGER: held(MANAGER, "m.okafor", "contract_manager", behind), stand_in.id: stand_in}
    assert last_day_of(stand_in, known) == last
    assert last_day_of(known[MANAGER], known) == behind


def test_those_of_the_same_side_who_are_still_there_may_stand_in() -> None:
    everybody = (
        held(MANAGER, "m.okafor", "contract_manager"),
        held(OFFICER, "n.hall", "contract_officer", last=DAY),
        held("c/appointments/a3", "d.moss", "auditor"),
        held("c/appointments/a4", "gone", "finance", last=date(2019, 10, 9)),
        held("c/appointments/a5", "p.lane", "supplier_approver"),
    )
    known = {appointment.id: appointment for appointment in everybody}
    assert who_may_stand_in(known, known[MANAGER], on=DAY) == {"n.hall", "d.moss"}
    assert who_may_stand_in(known, known["c/appointments/a5"], on=DAY) == frozenset()


def test_an_appointment_and_a_delegation_may_be_for_one_day() -> None:
    entries = record(appointed("m.okafor", "contract_manager", DAY, DAY), delegated("n.hall", DAY, DAY))
    assert [found.last for found in appointments_known(entries).values()] == [DAY, DAY]


def test_somebody_in_none_of_the_roles_that_may_is_told_who_could() -> None:
    entries = record(appointed("m.okafor", "contract_officer", DAY))
    must_hold_role(entries, roles=["auditor", "contract_officer"], permission=ACCEPT, actor="m.okafor", on=DAY)
    with pytest.raises(RefusedError) as refused:
        must_hold_role(entries, roles=["auditor"], permission=ACCEPT, actor="d.moss", on=DAY)
    assert refused.value.rule == "role"
    assert refused.value.what == "you are auditor, and may not accept a submission"
    assert "(m.okafor) could" in refused.value.who_could


def test_an_act_of_one_side_is_not_done_for_the_other() -> None:
    must_act_for("authority", act=ADMIN, what="submit")
    with pytest.raises(RefusedError) as refused:
        must_act_for("supplier", act=ADMIN, what="submit")
    assert (refused.value.rule, refused.value.what) == (
        "supplier_only",
        "chief acts for the authority, which may not submit",
    )


def second_signature(entries: tuple[Entry, ...], at: str) -> None:
    first = EntryReference(9, "", at, "n.hall", "authority", "because")
    act = Act("m.okafor", "authority", "as agreed", on=date(2019, 10, 15))
    must_not_stand_in(entries, act=act, permission=SIGN, first=first, first_permission=SIGN)


@pytest.mark.parametrize("at", ["2019-10-09T23:30:00Z", "2019-10-10T09:00:00Z", "2019-10-11T00:30:00Z"])
def test_a_stand_in_of_one_day_is_known_from_a_moment_in_utc_of_that_day_or_of_one_beside(at: str) -> None:
    entries = record(appointed("m.okafor", "contract_manager", date(2019, 4, 1)), delegated("n.hall", DAY, DAY))
    with pytest.raises(RefusedError) as refused:
        second_signature(entries, at)
    assert refused.value.rule == "four_eyes"


@pytest.mark.parametrize("at", ["2019-10-08T23:30:00Z", "2019-10-12T00:30:00Z"])
def test_nobody_stood_in_two_days_away(at: str) -> None:
    entries = record(appointed("m.okafor", "contract_manager", date(2019, 4, 1)), delegated("n.hall", DAY, DAY))
    second_signature(entries, at)


def test_between_two_that_they_stand_in_for_the_day_after_counts_first() -> None:
    """The local day of a contract in Britain is that of UTC or the one after it."""
    entries = record(
        appointed("m.okafor", "contract_manager", date(2019, 4, 1)),
        appointed("d.moss", "contract_manager", date(2019, 4, 1), name=OFFICER),
        delegated("n.hall", NEXT_DAY, NEXT_DAY),
        delegated("n.hall", date(2019, 10, 9), date(2019, 10, 9), of=OFFICER, number=2),
    )
    with pytest.raises(RefusedError):
        second_signature(entries, "2019-10-10T23:30:00Z")


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [(DAY, None, True), (NEXT_DAY, None, False), (date(2019, 4, 1), date(2019, 9, 30), False)],
)
def test_one_may_change_sides_from_one_day_to_the_next(first: date, last: date | None, is_refused: bool) -> None:
    entries = record(appointed("p.lane", "supplier_approver", date(2019, 10, 1), DAY))
    if not is_refused:
        must_be_separate(entries, person="p.lane", role="contract_officer", first=first, last=last)
        return
    with pytest.raises(RefusedError) as refused:
        must_be_separate(entries, person="p.lane", role="contract_officer", first=first, last=last)
    assert refused.value.rule == "one_side"


def test_the_last_day_for_one_side_is_not_the_first_for_the_other() -> None:
    entries = record(appointed("p.lane", "supplier_approver", DAY))
    with pytest.raises(RefusedError):
        must_be_separate(entries, person="p.lane", role="contract_officer", first=date(2019, 4, 1), last=DAY)


def test_refusals_of_a_record_are_counted_from_one() -> None:
    act = Act("m.okafor", "authority", "as agreed", key="k1", seen=2)
    entries = record(
        Draft("c", RecordOpened("c", "system"), ADMIN), appointed("m.okafor", "contract_officer", date(2019, 4, 1))
    )
    refused = RefusedError("role", "m.okafor may not", "somebody else could")
    for number in (1, 2):
        left = refusal_of(entries, act=act, tried="month.locked", about=None, refused=refused)
        assert left is not None
        assert (left.subject, left.act) == (f"c/refusals/x{number}", Act("m.okafor", "authority", "as agreed"))
        assert left.payload.fields() == {"act": "month.locked", "about": "c", "rule": "role"}
        entries = record(
            Draft("c", RecordOpened("c", "system"), ADMIN),
            appointed("m.okafor", "contract_officer", date(2019, 4, 1)),
            left,
        )


CHALLENGE = DeemedProposal("c/calls/2019-09/q1", "challenge", DAY, "upheld", "cl. 4")
REQUEST = DeemedProposal("c/K1/2019-09/g1", "mitigation request", DAY, "refused", "cl. 7")


@pytest.mark.parametrize(
    ("deemed", "awaited", "says"),
    [
        (
            CHALLENGE,
            "supplier",
            "the supplier did not answer c/calls/2019-09/q1 by 2019-10-10; under deemed (cl. 4) it is to be upheld",
        ),
        (
            REQUEST,
            "authority",
            "the authority did not decide c/K1/2019-09/g1 by 2019-10-10; under deemed (cl. 7) it is to be refused",
        ),
    ],
)
def test_what_is_deemed_says_whose_answer_did_not_come(deemed: DeemedProposal, awaited: str, says: str) -> None:
    assert (deemed.awaited, deemed.says) == (awaited, says)


def test_what_is_deemed_is_confirmed_after_its_time_and_as_agreed() -> None:
    found = confirm_deemed(REQUEST, of=REQUEST.of, on="mitigation request", outcome="refused", day=NEXT_DAY)
    assert (found.after, found.under) == (DAY, "cl. 7")
    for deemed, outcome, day in (
        (None, "refused", NEXT_DAY),
        (replace(REQUEST, of="c/K1/2019-09/g2"), "refused", NEXT_DAY),
        (REQUEST, "granted", NEXT_DAY),
        (REQUEST, "refused", DAY),
    ):
        with pytest.raises(RefusedError) as refused:
            confirm_deemed(deemed, of=REQUEST.of, on="mitigation request", outcome=outcome, day=day)
        assert refused.value.rule == "silence"
    with pytest.raises(RefusedError) as refused:
        confirm_deemed(REQUEST, of=REQUEST.of, on="mitigation request", outcome="granted", day=NEXT_DAY)
    assert refused.value.what == "under deemed (cl. 7) a mitigation request that nobody answers is deemed 'refused'"


def test_lists_of_roles_name_roles_and_whoever_decides_of_a_month_is_no_administrator() -> None:
    assert {*ROLES} >= DECIDING_ROLES | DECIDERS
    assert "administrator" in DECIDING_ROLES - DECIDERS

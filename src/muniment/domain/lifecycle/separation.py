"""Separation of duties: who may not be given an appointment, and that an administrator always remains."""

from collections.abc import Sequence
from datetime import date, timedelta

from muniment.domain.lifecycle.appointments import (
    Appointment,
    PersonAppointed,
    Role,
    appointments_known,
    role_name,
    side_of,
)
from muniment.domain.record.act import Act, RefusedError, is_same_person
from muniment.domain.record.entry import Entry

DECIDERS: frozenset[Role] = frozenset({"contract_officer", "contract_manager", "decision_maker", "supplier_approver"})
"""Roles that decide something of a month, by accepting, closing, deciding, signing or locking: they administer
nothing."""


def must_not_appoint_oneself(*, act: Act, person: str) -> None:
    """Raises RefusedError where somebody gives themselves a role."""
    if is_same_person(act.actor, person):
        what = f"{act.actor} may not give themselves a role"
        raise RefusedError("own_appointment", what, "another administrator could")


def must_be_separate(entries: Sequence[Entry], *, person: str, role: Role, first: date, last: date | None) -> None:
    """Raises RefusedError where the person holds, within those days, a role of the other side, or decides where they
    are to administer, or administers where they are to decide."""
    for other in appointments_known(entries).values():
        if not is_same_person(other.person, person) or not _meets(other, first, last):
            continue
        if side_of(other.role) != side_of(role):
            what = f"{person} is {role_name(other.role)} by {other.id}, for the {side_of(other.role)}"
            raise RefusedError("one_side", what, "an administrator could appoint somebody else, or end that one first")
        if "administrator" in (role, other.role) and {role, other.role} & DECIDERS:
            what = f"{person} is {role_name(other.role)} by {other.id}, and an administrator decides nothing"
            raise RefusedError(
                "administers_only", what, "an administrator could appoint somebody else, or end that one first"
            )


def must_leave_an_administrator(known: Sequence[Appointment], *, from_day: date) -> None:
    """Raises RefusedError where there would be a day, from that one on, on which nobody could appoint anybody.

    `known`: the appointments as they would be. Stand-ins do not count: they end with what they stand in for.
    """
    day = from_day
    for held in sorted((a for a in known if _administers(a)), key=lambda found: found.first):
        if held.first > day:
            break
        if held.last is None:
            return
        day = max(day, held.last + timedelta(days=1))
    what = f"nobody would be an administrator on {day}, and nobody could appoint one then"
    raise RefusedError(
        "last_administrator", what, "appoint another administrator first, from that day on and without a last day"
    )


def first_administrator(entries: Sequence[Entry], *, appointed: PersonAppointed) -> bool:
    """Whether it makes the first administrator of the record."""
    return appointed.role == "administrator" and not any(_administers(a) for a in appointments_known(entries).values())


def _administers(appointment: Appointment) -> bool:
    return appointment.role == "administrator" and appointment.stands_in_for is None


def _meets(other: Appointment, first: date, last: date | None) -> bool:
    return (other.last is None or first <= other.last) and (last is None or other.first <= last)

"""Appoint a person to a role in this contract, from a day on."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.lifecycle.appointments import ROLES, Appointment, PersonAppointed, appointments_known, day_of
from muniment.domain.lifecycle.policies import contract_of, known_day, must_be_in_order, one_of
from muniment.domain.lifecycle.separation import (
    first_administrator,
    must_be_separate,
    must_leave_an_administrator,
    must_not_appoint_oneself,
)
from muniment.domain.record.act import Act, is_same_person, must_be_plain
from muniment.domain.record.entry import Draft, Entry, Recorded
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def appoint_person(
    *,
    ledger: Ledger,
    act: Act,
    person: str,
    role: str,
    first: str,
    last: str | None = None,
    name: str | None = None,
) -> Entry:
    """`person`: the id that they will act under. `last` None: until it is ended. `name` can be erased later.

    Nobody appoints themselves, but for the first administrator of a record. Nobody acts for both sides, and whoever
    administers decides nothing.
    """
    must_be_plain(person)
    appointed = PersonAppointed(
        person=person,
        role=one_of(role, words=ROLES, what="role"),
        first=known_day(first),
        last=known_day(last) if last is not None else None,
        name=name,
    )
    must_be_in_order(appointed.first, appointed.last)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        known = [a for a in appointments_known(entries).values() if a.stands_in_for is None]
        for other in known:
            is_same = is_same_person(other.person, person) and other.role == appointed.role
            ends_before = other.last is not None and other.last < appointed.first
            if is_same and not ends_before and (appointed.last is None or other.first <= appointed.last):
                raise Refused("appointed_once", f"{person} has that role already, by {other.id}", "end that one first")
        if first_administrator(entries, appointed=appointed):
            _must_last(entries, act=act, appointed=appointed)
        else:
            must_not_appoint_oneself(act=act, person=person)
        must_be_separate(entries, person=person, role=appointed.role, first=appointed.first, last=appointed.last)
        return Draft(f"{contract}/appointments/a{len(known) + 1}", appointed, act)

    return record(
        ledger=ledger,
        act=act,
        verb="appoint",
        kind=PersonAppointed,
        decide=decide,
        thing_of=lambda contract: f"{contract}/appointments",
    )


def _must_last(entries: Sequence[Entry], *, act: Act, appointed: PersonAppointed) -> None:
    """Whoever opened the record is no longer its administrator then."""
    recorded = Recorded(0, "", "", act.actor, act.on_behalf_of, act.reason)
    made = Appointment("", appointed.person, appointed.role, appointed.first, appointed.last, recorded)
    must_leave_an_administrator([made], from_day=day_of(act, entries=entries))

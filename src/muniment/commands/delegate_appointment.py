"""Delegate an appointment for some days: its holder, or an administrator, lets another person stand in."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.lifecycle.appointments import DelegationMade, appointments_known, day_of, roles_of, side_of
from muniment.domain.lifecycle.permissions import must_act_for
from muniment.domain.lifecycle.policies import appointment_of, contract_of, known_day, must_be_in_order
from muniment.domain.lifecycle.separation import must_be_separate, must_not_appoint_oneself
from muniment.domain.record.act import Act, is_same_person, must_be_plain
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def delegate_appointment(*, ledger: Ledger, act: Act, appointment: str, person: str, first: str, last: str) -> Entry:
    """`person` acts in the role of the appointment from `first` to `last`, both included."""
    must_be_plain(person)
    made = DelegationMade(appointment, person, known_day(first), known_day(last))
    must_be_in_order(made.first, made.last)

    def decide(entries: Sequence[Entry]) -> Draft:
        behind = appointment_of(entries, appointment=appointment)
        if behind.stands_in_for is not None:
            raise Refused("delegated_once", f"{appointment} is a delegation itself", "its holder could delegate")
        is_holder = is_same_person(behind.person, act.actor)
        if not is_holder and "administrator" not in roles_of(entries, actor=act.actor, on=day_of(act, entries=entries)):
            what = f"{appointment} is {behind.person}'s, not {act.actor}'s"
            raise Refused("own_appointment", what, f"{behind.person} or an administrator could delegate it")
        if is_holder:
            must_act_for(side_of(behind.role), act=act, what="delegate it")
        if is_same_person(behind.person, person):
            raise Refused("own_appointment", f"{person} holds {appointment} already", "name another person")
        must_not_appoint_oneself(act=act, person=person)
        must_be_separate(entries, person=person, role=behind.role, first=made.first, last=made.last)
        number = 1 + sum(a.stands_in_for is not None for a in appointments_known(entries).values())
        return Draft(f"{contract_of(entries)}/delegations/d{number}", made, act)

    return record(ledger=ledger, act=act, verb="delegate", kind=DelegationMade, decide=decide, thing=appointment)

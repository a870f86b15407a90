"""Commands on people: appoint somebody to a role, end an appointment, let another person stand in for some days."""

from collections.abc import Sequence
from dataclasses import replace

from muniment.commands.recording import record_entry
from muniment.commands.spec import CommandField, CommandSpec
from muniment.domain.lifecycle.appointments import (
    ROLES,
    Appointment,
    AppointmentEnded,
    DelegationMade,
    PersonAppointed,
    appointments_known,
    day_of_act,
    roles_of,
    side_of,
)
from muniment.domain.lifecycle.permissions import may_appoint_first, must_act_for
from muniment.domain.lifecycle.policies import appointment_of, contract_of, known_day, must_be_in_order, one_of
from muniment.domain.lifecycle.separation import (
    first_administrator,
    must_be_separate,
    must_leave_an_administrator,
    must_not_appoint_oneself,
)
from muniment.domain.record.act import Act, RefusedError, is_same_person, must_be_plain
from muniment.domain.record.entry import Draft, Entry, EntryReference
from muniment.domain.record.ports import Ledger

_APPOINTMENT_ID = CommandField("appointment", "its id, as cssc/appointments/a1", "APPOINTMENT")
APPOINT = CommandSpec(
    name="appoint",
    says="appoint people",
    roles=("administrator",),
    binds=True,
    entry_kind=PersonAppointed,
    line="appoint",
    summary="appoint a person to a role in this contract",
    fields=(
        CommandField("person", "the id under which they act", "PERSON"),
        CommandField("role", "the role", kind="choice", option="role", choices=ROLES),
        CommandField("first", "the first day", "DAY", "day", "first"),
        CommandField("last", "the last day (default: until it is ended)", "DAY", "day", "last", is_needed=False),
        CommandField("name", "the name, which can be erased later", "TEXT", option="name", is_needed=False),
    ),
    perform=lambda acting, given: appoint_person(
        ledger=acting.ledger, act=acting.act, person=given.text("person"), role=given.text("role"),
        first=given.text("first"), last=given.text_or_none("last"), name=given.text_or_none("name"),
    ),
)  # fmt: skip
DELEGATE = CommandSpec(
    name="delegate",
    says="delegate an appointment",
    roles=(
        "administrator", "contract_manager", "contract_officer", "decision_maker", "finance", "report_author",
        "supplier_approver", "supplier_preparer",
    ),
    binds=True,
    entry_kind=DelegationMade,
    line="delegate",
    summary="let another person stand in for an appointment for some days",
    fields=(
        _APPOINTMENT_ID,
        CommandField("person", "who stands in", "PERSON"),
        CommandField("first", "the first day", "DAY", "day", "first"),
        CommandField("last", "the last day", "DAY", "day", "last"),
    ),
    perform=lambda acting, given: delegate_appointment(
        ledger=acting.ledger, act=acting.act, appointment=given.text("appointment"), person=given.text("person"),
        first=given.text("first"), last=given.text("last"),
    ),
)  # fmt: skip
END_APPOINTMENT = CommandSpec(
    name="end_appointment",
    says="end an appointment",
    roles=("administrator",),
    binds=True,
    entry_kind=AppointmentEnded,
    line="end-appointment",
    summary="end an appointment or a delegation",
    fields=(_APPOINTMENT_ID, CommandField("last", "the last day on which it holds", "DAY", "day", "last")),
    perform=lambda acting, given: end_appointment(
        ledger=acting.ledger, act=acting.act, appointment=given.text("appointment"), last=given.text("last")
    ),
)
COMMANDS = (APPOINT, DELEGATE, END_APPOINTMENT)


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
        may_appoint_first(entries, act=act)
        contract = contract_of(entries)
        known = [a for a in appointments_known(entries).values() if a.stands_in_for is None]
        for other in known:
            is_same = is_same_person(other.person, person) and other.role == appointed.role
            ends_before = other.last is not None and other.last < appointed.first
            if is_same and not ends_before and (appointed.last is None or other.first <= appointed.last):
                raise RefusedError(
                    "appointed_once", f"{person} has that role already, by {other.id}", "end that one first"
                )
        if first_administrator(entries, appointed=appointed):
            _must_last(entries, act=act, appointed=appointed)
        else:
            must_not_appoint_oneself(act=act, person=person)
        must_be_separate(entries, person=person, role=appointed.role, first=appointed.first, last=appointed.last)
        return Draft(f"{contract}/appointments/a{len(known) + 1}", appointed, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=APPOINT,
        decide=decide,
        thing_of=lambda contract: f"{contract}/appointments",
    )


def _must_last(entries: Sequence[Entry], *, act: Act, appointed: PersonAppointed) -> None:
    """Whoever opened the record is no longer its administrator then."""
    recorded = EntryReference(0, "", "", act.actor, act.on_behalf_of, act.reason)
    made = Appointment("", appointed.person, appointed.role, appointed.first, appointed.last, recorded)
    must_leave_an_administrator([made], from_day=day_of_act(act, entries=entries))


def end_appointment(*, ledger: Ledger, act: Act, appointment: str, last: str) -> Entry:
    """`appointment`: cssc/appointments/a1 or cssc/delegations/d1."""
    ended = AppointmentEnded(known_day(last))

    def decide(entries: Sequence[Entry]) -> Draft:
        known = appointment_of(entries, appointment=appointment)
        if known.last is not None and known.last <= ended.last:
            raise RefusedError("nothing_new", f"{appointment} ends on {known.last} already", "give an earlier day")
        if known.role == "administrator" and known.stands_in_for is None:
            after = {**appointments_known(entries), appointment: replace(known, last=ended.last)}
            must_leave_an_administrator(tuple(after.values()), from_day=day_of_act(act, entries=entries))
        return Draft(appointment, ended, act)

    return record_entry(ledger=ledger, act=act, command=END_APPOINTMENT, decide=decide, thing=appointment)


def must_have_part(entries: Sequence[Entry], *, person: str) -> None:
    """Raises RefusedError for somebody who was never appointed in the contract: an id that is mistyped is nobody's."""
    if person not in {appointment.person for appointment in appointments_known(entries).values()}:
        raise RefusedError("known_person", f"{person} has no part in this contract", "appoint them first")


def delegate_appointment(*, ledger: Ledger, act: Act, appointment: str, person: str, first: str, last: str) -> Entry:
    """`person` acts in the role of the appointment from `first` to `last`, both included."""
    must_be_plain(person)
    made = DelegationMade(appointment, person, known_day(first), known_day(last))
    must_be_in_order(made.first, made.last)

    def decide(entries: Sequence[Entry]) -> Draft:
        behind = appointment_of(entries, appointment=appointment)
        if behind.stands_in_for is not None:
            raise RefusedError("delegated_once", f"{appointment} is a delegation itself", "its holder could delegate")
        is_holder = is_same_person(behind.person, act.actor)
        if not is_holder and "administrator" not in roles_of(
            entries, actor=act.actor, on=day_of_act(act, entries=entries)
        ):
            what = f"{appointment} is {behind.person}'s, not {act.actor}'s"
            raise RefusedError("own_appointment", what, f"{behind.person} or an administrator could delegate it")
        if is_holder:
            must_act_for(side_of(behind.role), act=act, what="delegate it")
        if is_same_person(behind.person, person):
            raise RefusedError("own_appointment", f"{person} holds {appointment} already", "name another person")
        must_not_appoint_oneself(act=act, person=person)
        must_be_separate(entries, person=person, role=behind.role, first=made.first, last=made.last)
        number = 1 + sum(a.stands_in_for is not None for a in appointments_known(entries).values())
        return Draft(f"{contract_of(entries)}/delegations/d{number}", made, act)

    return record_entry(ledger=ledger, act=act, command=DELEGATE, decide=decide, thing=appointment)

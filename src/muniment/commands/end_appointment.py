"""End an appointment or a delegation: the last day on which it holds."""

from collections.abc import Sequence
from dataclasses import replace

from muniment.commands.recording import record
from muniment.domain.lifecycle.appointments import AppointmentEnded, appointments_known, day_of
from muniment.domain.lifecycle.policies import appointment_of, known_day
from muniment.domain.lifecycle.separation import must_leave_an_administrator
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def end_appointment(*, ledger: Ledger, act: Act, appointment: str, last: str) -> Entry:
    """`appointment`: cssc/appointments/a1 or cssc/delegations/d1."""
    ended = AppointmentEnded(known_day(last))

    def decide(entries: Sequence[Entry]) -> Draft:
        known = appointment_of(entries, appointment=appointment)
        if known.last is not None and known.last <= ended.last:
            raise Refused("nothing_new", f"{appointment} ends on {known.last} already", "give an earlier day")
        if known.role == "administrator" and known.stands_in_for is None:
            after = {**appointments_known(entries), appointment: replace(known, last=ended.last)}
            must_leave_an_administrator(tuple(after.values()), from_day=day_of(act, entries=entries))
        return Draft(appointment, ended, act)

    return record(
        ledger=ledger, act=act, verb="end_appointment", kind=AppointmentEnded, decide=decide, thing=appointment
    )

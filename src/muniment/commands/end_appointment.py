"""End an appointment or a delegation: the last day on which it holds."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.lifecycle.appointments import AppointmentEnded, appointments_known
from muniment.domain.lifecycle.policies import appointment_of, known_day
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
        others = [a for a in appointments_known(entries).values() if a.id != appointment and a.last is None]
        if known.role == "administrator" and not any(other.role == "administrator" for other in others):
            what = f"{appointment} is the last administrator's"
            raise Refused("last_administrator", what, "appoint another administrator first")
        return Draft(appointment, ended, act)

    return record(
        ledger=ledger, act=act, verb="end_appointment", kind=AppointmentEnded, decide=decide, thing=appointment
    )

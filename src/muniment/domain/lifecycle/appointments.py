"""Who is appointed to which role, from when to when, and who stands in for whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.act import Act, Party, is_same_person
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.index import entries_of
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import misrecorded, payload_of
from muniment.domain.record.snapshot import folded

Role = Literal[
    "supplier_preparer",
    "supplier_approver",
    "contract_officer",
    "contract_manager",
    "decision_maker",
    "finance",
    "report_author",
    "project_office",
    "democratic_services",
    "auditor",
    "administrator",
]
ROLES: tuple[Role, ...] = get_args(Role)


def side_of(role: Role) -> Party:
    return "supplier" if role.startswith("supplier_") else "authority"


def role_name(role: Role) -> str:
    """Contract officer"""
    return role.replace("_", " ")


@dataclass(frozen=True)
class PersonAppointed:
    """`person`: the id that acts declare. `last`: None while it is open-ended. `name`: erasable."""

    kind: ClassVar[str] = "person.appointed"
    version: ClassVar[int] = 1
    person: str
    role: Role
    first: date
    last: date | None = None
    name: str | None = None

    def fields(self) -> dict[str, Json]:
        return {"person": self.person, "role": self.role, "first": self.first.isoformat(), "last": _text(self.last)}

    def texts(self) -> dict[str, str]:
        return {"name": self.name} if self.name is not None else {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        read = cls(
            person=source.line("person"),
            role=source.choice("role", ROLES),
            first=source.day("first"),
            last=source.day_or_none("last"),
            name=source.free_text_or_none("name"),
        )
        if read.last is not None and read.last < read.first:
            raise PayloadError("'last' is before 'first'")
        return read


@dataclass(frozen=True)
class AppointmentEnded:
    """`last`: the last day on which it holds."""

    kind: ClassVar[str] = "appointment.ended"
    version: ClassVar[int] = 1
    last: date

    def fields(self) -> dict[str, Json]:
        return {"last": self.last.isoformat()}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(last=source.day("last"))


@dataclass(frozen=True)
class DelegationMade:
    """`appointment`: the id of the one that `person` stands in for. It holds while that appointment holds."""

    kind: ClassVar[str] = "delegation.made"
    version: ClassVar[int] = 1
    appointment: str
    person: str
    first: date
    last: date

    def fields(self) -> dict[str, Json]:
        return {
            "appointment": self.appointment,
            "person": self.person,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        read = cls(
            appointment=source.line("appointment"),
            person=source.line("person"),
            first=source.day("first"),
            last=source.day("last"),
        )
        if read.last < read.first:
            raise PayloadError("'last' is before 'first'")
        return read


@dataclass(frozen=True)
class Appointment:
    """An appointment or a delegation as the record has it. `id`: cssc/appointments/a1, cssc/delegations/d1.
    `stands_in_for`: the appointment that a delegation is of."""

    id: str
    person: str
    role: Role
    first: date
    last: date | None
    recorded: EntryReference
    stands_in_for: str | None = None

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def appointments_known(entries: Iterable[Entry]) -> Mapping[str, Appointment]:
    """Id -> appointment or delegation, in the order of making. A delegation ends with what it stands in for."""
    with folded(entries, _Fold) as fold:
        return dict(fold.found)


class _Fold:
    def __init__(self) -> None:
        self.found: dict[str, Appointment] = {}

    def take(self, entry: Entry) -> None:
        match entry.kind:
            case PersonAppointed.kind:
                made = payload_of(entry, PersonAppointed)
                self.found[entry.subject] = Appointment(
                    entry.subject, made.person, made.role, made.first, made.last, entry.recorded
                )
            case AppointmentEnded.kind:
                known = _known(self.found, entry, entry.subject)
                self.found[entry.subject] = replace(known, last=payload_of(entry, AppointmentEnded).last)
            case DelegationMade.kind:
                delegated = payload_of(entry, DelegationMade)
                role = _known(self.found, entry, delegated.appointment).role
                self.found[entry.subject] = Appointment(
                    entry.subject, delegated.person, role, delegated.first, delegated.last, entry.recorded,
                    delegated.appointment,
                )  # fmt: skip


def last_day_of(appointment: Appointment, known: Mapping[str, Appointment]) -> date | None:
    """The last day on which it holds in fact: a delegation ends with the appointment behind it. None: until ended."""
    behind = known[appointment.stands_in_for] if appointment.stands_in_for else appointment
    return min((day for day in (appointment.last, behind.last) if day), default=None)


def who_may_stand_in(known: Mapping[str, Appointment], appointment: Appointment, *, on: date) -> frozenset[str]:
    """Others of the same side whose own part is not over by that day: nobody acts for the other party."""
    side = side_of(appointment.role)
    found = {
        other.person
        for other in known.values()
        if side_of(other.role) == side and ((last := last_day_of(other, known)) is None or on <= last)
    }
    return frozenset(found - {appointment.person})


def holding(known: Mapping[str, Appointment], *, on: date) -> Iterator[Appointment]:
    """Those that hold on a day; a delegation only while the appointment behind it holds too."""
    for appointment in known.values():
        behind = known[appointment.stands_in_for] if appointment.stands_in_for else appointment
        if appointment.holds_on(on) and behind.holds_on(on):
            yield appointment


def roles_of(entries: Sequence[Entry], *, actor: str, on: date) -> frozenset[Role]:
    """The roles in which the person may act on that day, delegated ones included."""
    found = holding(appointments_known(entries), on=on)
    return frozenset(a.role for a in found if is_same_person(a.person, actor))


def has_appointments(entries: Iterable[Entry]) -> bool:
    """Whether the record says who may act. An older one does not: there the declared side alone decides."""
    return bool(entries_of(entries, PersonAppointed.kind))


def day_of_act(act: Act, *, entries: Sequence[Entry]) -> date:
    """The day of the act, by which appointments are current."""
    if act.on is not None or not entries:
        return act.on or date.min
    return date.fromisoformat(entries[-1].recorded_at[:10])


def _known(found: Mapping[str, Appointment], entry: Entry, appointment: str) -> Appointment:
    if appointment not in found:
        raise misrecorded(entry, f"there is no appointment {appointment}", "name one that was made")
    return found[appointment]


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None

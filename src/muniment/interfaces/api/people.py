"""Who is appointed to what in a contract; appointing, ending an appointment, standing in, and inviting."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.application.acts import CommandContext
from muniment.commands.people import appoint_person, delegate_appointment, end_appointment
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import Appointment, Role, appointments_known
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.interfaces.api.commands import EntrySchema, command_request
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, list_page, permitted_viewer, reads, writes
from muniment.interfaces.api.ports import Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import (
    ONE_LINE_PATTERN,
    PERSON_PATTERN,
    ActBody,
    AppointmentIn,
    AppointmentOrDelegationIn,
    ContractId,
    DayMember,
    Key,
    Limit,
    ListSchema,
    Offset,
    PersonIn,
    Schema,
)

people = Router(tags=["People"])


class AppointmentSchema(Schema):
    """An appointment or a delegation. `last`: the last day on which it holds in fact; null: until it is ended."""

    id: Annotated[str, Field(examples=["cssc/appointments/a1"])]
    person: str
    name: Annotated[str | None, Field(description="Of the account; it is in no record and can be erased.")]
    role: Role
    first: date
    last: date | None
    stands_in_for: str | None


class People(ListSchema[AppointmentSchema]):
    """A page of appointments, in the order of making."""


@reads(people, "/contracts/{contract}/people", name="list_people", summary="Appointments", response=People)
def list_people(request: ApiRequest, contract: ContractId, limit: Limit, offset: Offset) -> People:
    """Every appointment and delegation, also those that are over."""
    viewer = api_viewer_of(request, contract)
    known = appointments_known(viewer.record)
    names = viewer.names_of(found.person for found in known.values())
    found = []
    for held in known.values():
        behind = known[held.stands_in_for] if held.stands_in_for else None
        ends = [day for day in (held.last, behind.last if behind else None) if day]
        found.append(
            {
                "id": held.id,
                "person": held.person,
                "name": names.get(held.person),
                "role": held.role,
                "first": held.first.isoformat(),
                "last": min(ends).isoformat() if ends else None,
                "stands_in_for": held.stands_in_for,
            }
        )
    return list_page(request, People, found, limit=limit, offset=offset)


class AppointBody(ActBody):
    """`name`: needed where nobody with that address has an account yet. `last` null: until it is ended."""

    email: Annotated[str, Field(max_length=254, pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$")]
    name: Annotated[str, Field(max_length=200, pattern=ONE_LINE_PATTERN)] = ""
    role: Role
    first: DayMember
    last: DayMember | None = None


@writes(people, "/contracts/{contract}/people", name="appoint_person", summary="Appoint somebody", response=EntrySchema)
def appoint_person_operation(request: ApiRequest, contract: ContractId, key: Key, body: AppointBody) -> dict[str, Json]:
    """Somebody new gets an account; have a link made for them by inviting them."""
    asked = command_request(request, contract, body=body, key=key)
    viewer = asked.viewer

    def perform(acting: CommandContext) -> Entry:
        person = viewer.person_of(email=body.email.lower(), name=body.name.strip())
        if person is None:
            raise RefusedError("named", "nobody with this address has an account here yet", "give their name")
        try:
            return appoint_person(
                ledger=acting.opened.store.ledger, act=acting.act, person=person.actor, role=body.role,
                first=body.first.isoformat(), last=body.last.isoformat() if body.last else None,
                name=person.name or None,
            )  # fmt: skip
        except Exception:
            if person.is_new:
                viewer.forget(person)
            raise

    return asked.performs(perform)


class EndBody(ActBody):
    """`last`: the last day on which it holds."""

    last: DayMember


@writes(
    people,
    "/contracts/{contract}/people/{kind}/{number}/end",
    name="end_appointment",
    summary="End an appointment",
    response=EntrySchema,
)
def end_appointment_operation(
    request: ApiRequest,
    contract: ContractId,
    kind: Literal["appointments", "delegations"],
    number: AppointmentOrDelegationIn,
    key: Key,
    body: EndBody,
) -> dict[str, Json]:
    """What the person did before stands in the record."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, f"{contract}/{kind}/{number}")
    return asked.does(partial(end_appointment, appointment=found.id, last=body.last.isoformat()))


class DelegateBody(ActBody):
    """`person`: the id of who stands in, from the first to the last day."""

    person: Annotated[str, Field(pattern=PERSON_PATTERN)]
    first: DayMember
    last: DayMember


@writes(people, "/contracts/{contract}/people/appointments/{number}/delegate", name="delegate_appointment",
      summary="Let somebody stand in", response=EntrySchema)  # fmt: skip
def delegate_appointment_operation(
    request: ApiRequest, contract: ContractId, number: AppointmentIn, key: Key, body: DelegateBody
) -> dict[str, Json]:
    """Its holder keeps the role. Nobody may do both halves of one decision."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, f"{contract}/appointments/{number}")
    if body.person not in {held.person for held in appointments_known(asked.viewer.record).values()}:
        raise RefusedError("known_person", f"{body.person} has no part in this contract", "appoint them first")
    first, last = body.first.isoformat(), body.last.isoformat()
    return asked.does(partial(delegate_appointment, appointment=found.id, person=body.person, first=first, last=last))


class Invitation(Schema):
    """Hand it to the person and to nobody else: whoever has it chooses the account's password."""

    link: str


@writes(people, "/contracts/{contract}/people/{person}/invitation", name="invite_person", summary="Have a link made",
      response=Invitation, scope="bind", is_command=False)  # fmt: skip
def invite(request: ApiRequest, contract: ContractId, person: PersonIn) -> Invitation:
    """For somebody who has not signed in yet, or has a second factor, and all of whose contracts you administer."""
    viewer = permitted_viewer(request, contract, "appoint")
    if person not in {held.person for held in appointments_known(viewer.record).values()}:
        raise not_found()
    link = viewer.invitation(person)
    if link is None:
        what = f"no link may be made for {person}"
        raise RefusedError("may_invite", what, "they can ask for a new password on the sign-in page")
    return Invitation(link=link)


def _known(viewer: Viewer, appointment: str) -> Appointment:
    found = appointments_known(viewer.record).get(appointment)
    if found is None:
        raise not_found()
    return found

"""Who is appointed to what in a contract; appointing, ending an appointment, standing in, and inviting."""

from datetime import date
from typing import Annotated, Literal

from django.urls import reverse
from ninja import Router
from pydantic import Field

from muniment.application.command_context import CommandContext
from muniment.commands.people import (
    APPOINT,
    DELEGATE,
    END_APPOINTMENT,
    appoint_person,
    must_have_part,
)
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import Appointment, Role, appointments_known, last_day_of
from muniment.domain.record.entry import Entry
from muniment.installation.accounts import account_to_appoint, names_of
from muniment.installation.input_limits import LONGEST_LABEL
from muniment.installation.invitations import invitation_for, site_address
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, permitted_viewer, reads, writes
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
    Listed,
    ListSchema,
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
def list_people(request: ApiRequest, contract: ContractId) -> Listed:
    """Every appointment and delegation, also those that are over."""
    viewer = api_viewer_of(request, contract)
    known = appointments_known(viewer.record)
    names = names_of(found.person for found in known.values())
    return [
        {
            "id": held.id,
            "person": held.person,
            "name": names.get(held.person),
            "role": held.role,
            "first": held.first,
            "last": last_day_of(held, known),
            "stands_in_for": held.stands_in_for,
        }
        for held in known.values()
    ]


class AppointBody(ActBody):
    """`name`: needed where nobody with that address has an account yet. `last` null: until it is ended."""

    email: Annotated[str, Field(max_length=254, pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$")]
    name: Annotated[str, Field(max_length=LONGEST_LABEL, pattern=ONE_LINE_PATTERN)] = ""
    role: Role
    first: DayMember
    last: DayMember | None = None


@does(people, "/contracts/{contract}/people", APPOINT, name="appoint_person", summary="Appoint somebody")
def appoint_person_operation(request: ApiRequest, contract: ContractId, key: Key, body: AppointBody) -> dict[str, Json]:
    """Somebody new gets an account; have a link made for them by inviting them."""
    asked = command_request(request, contract, body=body, key=key)

    def perform(acting: CommandContext) -> Entry:
        with account_to_appoint(body.email, body.name.strip()) as (account, _):
            return appoint_person(
                ledger=acting.opened.store.ledger, act=acting.act, person=account.actor, role=body.role,
                first=body.first.isoformat(), last=body.last.isoformat() if body.last else None,
                name=account.name or None,
            )  # fmt: skip

    return asked.performs(perform)


class EndBody(ActBody):
    """`last`: the last day on which it holds."""

    last: DayMember


@does(
    people, "/contracts/{contract}/people/{kind}/{number}/end", END_APPOINTMENT,
    name="end_appointment", summary="End an appointment",
)  # fmt: skip
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
    return asked.does(appointment=found.id, last=body.last.isoformat())


class DelegateBody(ActBody):
    """`person`: the id of who stands in, from the first to the last day."""

    person: Annotated[str, Field(pattern=PERSON_PATTERN)]
    first: DayMember
    last: DayMember


@does(
    people, "/contracts/{contract}/people/appointments/{number}/delegate", DELEGATE,
    name="delegate_appointment", summary="Let somebody stand in",
)  # fmt: skip
def delegate_appointment_operation(
    request: ApiRequest, contract: ContractId, number: AppointmentIn, key: Key, body: DelegateBody
) -> dict[str, Json]:
    """Its holder keeps the role. Nobody may do both halves of one decision."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, f"{contract}/appointments/{number}")
    must_have_part(asked.viewer.record, person=body.person)
    first, last = body.first.isoformat(), body.last.isoformat()
    return asked.does(appointment=found.id, person=body.person, first=first, last=last)


class Invitation(Schema):
    """Hand it to the person and to nobody else: whoever has it chooses the account's password."""

    link: str


@writes(people, "/contracts/{contract}/people/{person}/invitation", name="invite_person", summary="Have a link made",
      response=Invitation, scope="bind")  # fmt: skip
def invite(request: ApiRequest, contract: ContractId, person: PersonIn) -> Invitation:
    """For somebody who has not signed in yet, or has a second factor, and all of whose contracts you administer."""
    viewer = permitted_viewer(request, contract, "appoint")
    if person not in {held.person for held in appointments_known(viewer.record).values()}:
        raise not_found()
    address = reverse("invitation", args=[invitation_for(viewer, person)])
    return Invitation(link=f"{site_address(request)}{address}")


def _known(viewer: Viewer, appointment: str) -> Appointment:
    found = appointments_known(viewer.record).get(appointment)
    if found is None:
        raise not_found()
    return found

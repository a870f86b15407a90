"""The people of a contract: who has which role; appointing, inviting, ending an appointment, and standing in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from muniment.application.command_context import CommandContext
from muniment.commands.people import appoint_person
from muniment.domain.lifecycle.appointments import (
    ROLES,
    Appointment,
    appointments_known,
    last_day_of,
    role_name,
    side_of,
    who_may_stand_in,
)
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.installation.accounts import account_to_appoint, names_of
from muniment.installation.input_limits import LONGEST_LABEL
from muniment.installation.invitations import (
    INVITATION_VALID_FOR,
    invitable,
    invitation_for,
    invitation_key,
    site_address,
)
from muniment.installation.models import Account
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.command_pages import CleanedData, CommandForm, CommandPage, command_page, field_text
from muniment.interfaces.web.duties import kept_apart, unfilled
from muniment.interfaces.web.fields import DayField
from muniment.interfaces.web.reauthentication import confirm_first
from muniment.interfaces.web.second_factor import second_factor_first

INVITED = "invited"
"""Where the session holds a link until the next page shows it."""


@dataclass(frozen=True)
class AppointmentRow:
    """An appointment or delegation as the page shows it. `name`: of the account, else the actor id. `behind`: whom a
    delegation stands in for. `last`: the last day on which it holds in fact. `account`: to be invited again."""

    appointment: Appointment
    name: str
    behind: str
    last: date | None
    account: int | None

    @property
    def kind(self) -> str:
        return self.appointment.id.split("/")[1]

    @property
    def number(self) -> str:
        return self.appointment.id.split("/")[2]


@contract_page()
def people_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    known = appointments_known(viewer.record)
    held = sorted(
        _held(viewer, known), key=lambda h: (side_of(h.appointment.role), ROLES.index(h.appointment.role), h.name)
    )
    now = [h for h in held if h.appointment.first <= viewer.today and (h.last is None or viewer.today <= h.last)]
    persons = {h.appointment.person for h in now}
    context = {
        "title": f"{len(persons)} {'person has' if len(persons) == 1 else 'people have'} a part in this contract",
        "section": "people",
        "viewer": viewer,
        "now": now,
        "coming": [h for h in held if h.appointment.first > viewer.today],
        "over": [h for h in held if h.last is not None and h.last < viewer.today],
        "apart": kept_apart(),
        "unfilled": unfilled(h.appointment.role for h in now),
        "mine": {h.appointment.id for h in now if h.appointment.person == viewer.actor},
        "invited": request.session.pop(INVITED, None),
        "crumbs": [{"text": "People"}],
    }
    return render(request, "people/people.html", context)


class AppointForm(CommandForm):
    email = forms.EmailField(
        label="E-mail address",
        help_text="By which they sign in.",
        error_messages={
            "required": "Write their e-mail address",
            "invalid": "Write an address such as name@example.org",
        },
    )
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=LONGEST_LABEL,
        help_text="Needed where they have no account here yet.",
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose a role"), *((role, role_name(role).capitalize()) for role in ROLES)],
        error_messages={"required": "Choose a role"},
    )
    first = DayField(label="First day", help_text="For example, 1 10 2019.")
    last = DayField(label="Last day", required=False, help_text="Leave it empty for an appointment until it is ended.")

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        email = str(given.get("email") or "").lower()
        if email and not given.get("name") and not Account.objects.filter(email=email).exists():
            self.add_error("name", "Write their name: nobody with this address has an account here yet")
        return given


@contract_page(command="appoint")
def appoint_person_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    asked = CommandPage(
        title="Appoint somebody",
        command="appoint",
        thing=f"{viewer.contract}/appointments",
        form=AppointForm,
        perform=partial(_appoint, request, viewer),
        button="Appoint",
        done=reverse("people", args=[viewer.contract]),
        said="The appointment is recorded.",
        back=reverse("people", args=[viewer.contract]),
        happens=(
            "The person may act in this role from the first day, and sees what the role may see of this contract.",
            "Somebody new gets an account, and you get a link to hand to them, by which they choose a password.",
            "The record keeps an id for the person. The name stands beside it and can be erased.",
        ),
        initial={"first": viewer.today},
        about=_about(viewer, "Appoint somebody"),
    )
    return command_page(request, viewer, asked)


def _about(viewer: Viewer, text: str) -> Mapping[str, object]:
    """Where the page is."""
    crumbs = [{"text": "People", "href": reverse("people", args=[viewer.contract])}, {"text": text}]
    return {"section": "people", "crumbs": crumbs}


def _appoint(request: HttpRequest, viewer: Viewer, acting: CommandContext, given: CleanedData) -> Entry:
    last = given.get("last")
    with account_to_appoint(field_text(given, "email"), field_text(given, "name")) as (account, is_new):
        entry = appoint_person(
            ledger=acting.opened.store.ledger,
            act=acting.act,
            person=account.actor,
            role=field_text(given, "role"),
            first=str(given["first"]),
            last=str(last) if last else None,
            name=account.name or None,
        )
    if is_new:
        _hand_over(request, account, invitation_key(account, contract=viewer.contract))
    return entry


class EndForm(CommandForm):
    last = DayField(label="Last day on which it holds", help_text="For example, 31 10 2019.")


@contract_page(command="end_appointment")
def end_appointment_page(request: HttpRequest, viewer: Viewer, kind: str, number: str) -> HttpResponse:
    found = _one(viewer, f"{viewer.contract}/{kind}/{number}")
    role = role_name(found.appointment.role)
    asked = CommandPage(
        title=f"End the appointment of {found.name} as {role}",
        command="end_appointment",
        thing=found.appointment.id,
        form=EndForm,
        given={"appointment": found.appointment.id},
        button="End it",
        done=reverse("people", args=[viewer.contract]),
        said=f"The appointment of {found.name} ends.",
        back=reverse("people", args=[viewer.contract]),
        happens=(
            f"After that day {found.name} may no longer act as {role}, and nobody can stand in for them in it.",
            "What they did before stands in the record. The account stays, for other contracts.",
        ),
        initial={"last": viewer.today},
        about=_about(viewer, "End an appointment"),
    )
    return command_page(request, viewer, asked)


class DelegateForm(CommandForm):
    person = forms.ChoiceField(label="Who stands in", error_messages={"required": "Choose who stands in"})
    first = DayField(label="First day", help_text="For example, 1 10 2019.")
    last = DayField(label="Last day", help_text="A delegation always ends by itself.")


@contract_page(command="delegate")
def delegate_appointment_page(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    found = _one(viewer, f"{viewer.contract}/appointments/{number}")
    role = role_name(found.appointment.role)
    asked = CommandPage(
        title=f"Let somebody stand in for {found.name} as {role}",
        command="delegate",
        thing=found.appointment.id,
        form=DelegateForm,
        make=partial(_delegate_form, _others(viewer, found)),
        given={"appointment": found.appointment.id},
        button="Delegate",
        done=reverse("people", args=[viewer.contract]),
        said="The delegation is recorded.",
        back=reverse("people", args=[viewer.contract]),
        happens=(
            f"Until the last day that person may act as {role} too. {found.name} keeps the role.",
            "Nobody may do both halves of one decision, whichever role they do it in.",
        ),
        initial={"first": viewer.today, "last": viewer.today + timedelta(days=14)},
        about=_about(viewer, "Delegate"),
    )
    return command_page(request, viewer, asked)


def _delegate_form(others: Sequence[tuple[str, str]], *args: object, **kwargs: object) -> DelegateForm:
    form = DelegateForm(*args, **kwargs)
    cast("forms.ChoiceField", form.fields["person"]).choices = [("", "Choose a person"), *others]
    return form


@require_POST
@contract_page(command="appoint")
def invite_again(request: HttpRequest, viewer: Viewer, account: int) -> HttpResponse:
    """A new link for somebody who lost theirs, or their password."""
    if (first := second_factor_first(request, viewer) or confirm_first(request)) is not None:
        return first
    persons = {a.person for a in appointments_known(viewer.record).values()}
    person = Account.objects.filter(pk=account, actor__in=persons).first()
    if person is None:
        raise Http404
    try:
        _hand_over(request, person, invitation_for(viewer, person.actor))
    except RefusedError:
        messages.error(
            request,
            f"No link was made for {person}. You may make one only for somebody all of whose contracts you "
            "administer, and who has not signed in yet or has a second factor. They can ask for a new password when "
            "they sign in.",
        )
    return HttpResponseRedirect(reverse("people", args=[viewer.contract]), status=303)


def _hand_over(request: HttpRequest, account: Account, key: str) -> None:
    """Kept for the next page, which shows it once."""
    link = f"{site_address(request)}{reverse('invitation', args=[key])}"
    request.session[INVITED] = {"name": str(account), "link": link, "days": INVITATION_VALID_FOR.days}


def _held(viewer: Viewer, known: Mapping[str, Appointment]) -> Iterator[AppointmentRow]:
    names = names_of(a.person for a in known.values())
    accounts = _to_invite(viewer, {a.person for a in known.values()})
    for appointment in known.values():
        behind = known[appointment.stands_in_for] if appointment.stands_in_for else None
        yield AppointmentRow(
            appointment=appointment,
            name=names.get(appointment.person, appointment.person),
            behind=names.get(behind.person, behind.person) if behind else "",
            last=last_day_of(appointment, known),
            account=accounts.get(appointment.person),
        )


def _to_invite(viewer: Viewer, persons: set[str]) -> Mapping[str, int]:
    """Actor -> account, of those for whom the viewer may have a link made."""
    if not viewer.may("appoint"):
        return {}
    found = invitable(viewer.account, list(Account.objects.filter(actor__in=persons)))
    return {account.actor: account.pk for account in found}


def _one(viewer: Viewer, appointment: str) -> AppointmentRow:
    found = next((h for h in _held(viewer, appointments_known(viewer.record)) if h.appointment.id == appointment), None)
    if found is None:
        raise Http404
    return found


def _others(viewer: Viewer, held: AppointmentRow) -> Sequence[tuple[str, str]]:
    """Those who may stand in, with their names, by which they are sorted."""
    persons = who_may_stand_in(appointments_known(viewer.record), held.appointment, on=viewer.today)
    names = names_of(persons)
    return sorted(((person, names.get(person, person)) for person in persons), key=lambda item: item[::-1])


_P = "contracts/<slug:contract>/people"
routes = [
    path(_P, people_page, name="people"),
    path(f"{_P}/appoint", appoint_person_page, name="appoint"),
    path(f"{_P}/<str:kind>/<str:number>/end", end_appointment_page, name="end_appointment"),
    path(f"{_P}/appointments/<str:number>/delegate", delegate_appointment_page, name="delegate"),
    path(f"{_P}/<int:account>/invite", invite_again, name="invite_again"),
]

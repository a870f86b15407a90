"""One's own account: who one is in every record, appointments, second factors, sessions, and keys to the API."""

from datetime import datetime, time, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.application.stores import today_in
from muniment.installation.models import Account
from muniment.installation.second_factor import FACTORS
from muniment.installation.tokens import (
    LONGEST_TOKEN_LIFE,
    TOKEN_SCOPES,
    Scope,
    end_token,
    longest_life,
    make_token,
    may_bind,
    roles_in,
    tokens_of,
    what_stands_against,
)
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE
from muniment.interfaces.web.access import open_page
from muniment.interfaces.web.fields import DayField
from muniment.interfaces.web.reauthentication import confirmed_first, kept_typed

DAYS = 90
"""How long a token is valid unless its person says otherwise."""

BIND = ("bind", "Do acts that bind: sign, lock, decide, resolve, adopt the text, appoint people")


class NameForm(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="As others see it on these pages. The record knows you by an id.",
        max_length=200,
        error_messages={"required": "Write your name"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    use_required_attribute = False


class TokenForm(forms.Form):
    """A key to the API. It can do no more than its person."""

    name = forms.CharField(
        label="What it is for",
        help_text="For instance: nightly upload from the call centre.",
        max_length=200,
        error_messages={"required": "Say what it is for, so that you know later which one to end"},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        help_text="A token for acts that bind works for 24 hours at most, whatever day you write below.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what it may do"},
        choices=[
            ("read", "Read what you may see"),
            ("submit", "Submit evidence for you"),
            ("act", "Do all else that you may do, but no acts that bind"),
        ],
    )
    contract = forms.ChoiceField(label="For which contract", required=False)
    last = DayField(label="Last day on which it works", help_text="Within a year. For example, 31 3 2027.")
    use_required_attribute = False

    def __init__(self, *args: object, request: HttpRequest, account: Account, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.request, self.account = request, account
        if may_bind(roles_in(account, contract="")):
            scopes = cast("forms.MultipleChoiceField", self.fields["scopes"])
            scopes.choices = [*cast("list[tuple[str, str]]", scopes.choices), BIND]
        seen = contracts_of_person(account.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS)
        choice = cast("forms.ChoiceField", self.fields["contract"])
        choice.choices = [("", "All that you may see"), *((found.contract, found.contract) for found in seen)]
        self.fields["last"].error_messages["required"] = "Write the last day on which it works"

    def clean_last(self) -> datetime:
        """The end of that day."""
        last = datetime.combine(self.cleaned_data["last"], time.max, tzinfo=ZoneInfo(SITE_ZONE))
        if not timezone.now() < last <= timezone.now() + LONGEST_TOKEN_LIFE:
            raise forms.ValidationError("Choose a day from today on, within a year")
        return last

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        wanted, contract = cast("list[Scope]", given.get("scopes") or []), str(given.get("contract") or "")
        against = what_stands_against(self.request, account=self.account, scopes=wanted, contract=contract)
        if against:
            self.add_error("scopes", against)
        return given


@open_page
@login_required
def account(request: HttpRequest) -> HttpResponse:
    person = cast("Account", request.user)
    now = timezone.now()
    context = {
        "area": "account",
        "title": "Your account",
        "person": person,
        "seen": contracts_of_person(person.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS),
        "factors": Authenticator.objects.filter(user=person, type__in=FACTORS).count(),
        "is_factor_required": settings.IS_SECOND_FACTOR_REQUIRED,
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "tokens": tokens_of(person, on=now),
        "provider_name": settings.OIDC_NAME if SocialAccount.objects.filter(user=person).exists() else "",
    }
    return render(request, "account/account.html", context)


@open_page
@login_required
def change_name(request: HttpRequest) -> HttpResponse:
    person = cast("Account", request.user)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    if form.is_valid():
        person.name = form.cleaned_data["name"]
        person.save(update_fields=["name"])
        messages.success(request, "Your name is changed.")
        return HttpResponseRedirect(reverse("account"), status=303)
    context = {"area": "account", "title": "Change your name", "form": form}
    return render(request, "account/name.html", context, status=422 if form.is_bound else 200)


@open_page
@never_cache
@confirmed_first
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token. The page that answers is the only one that ever shows it."""
    person = cast("Account", request.user)
    typed = request.POST if request.method == "POST" else kept_typed(request)
    first = {"last": (timezone.now() + timedelta(days=DAYS)).date(), "scopes": ["read"]}
    form = TokenForm(typed, request=request, account=person, initial=first)
    if request.method != "POST" or not form.is_valid():
        context = {"area": "account", "title": "Make a token for the API", "form": form}
        return render(request, "account/new_token.html", context, status=422 if request.method == "POST" else 200)
    given, now = form.cleaned_data, timezone.now()
    scopes = [scope for scope in TOKEN_SCOPES if scope in given["scopes"]]
    made, text = make_token(
        account=person,
        name=given["name"],
        scopes=scopes,
        contract=given["contract"],
        on=now,
        expires_at=min(given["last"], now + longest_life(scopes)),
    )
    context = {"area": "account", "title": "Copy your token now", "token": made, "text": text}
    return render(request, "account/token_made.html", context, status=201)


@open_page
@login_required
@require_POST
def end_token_page(request: HttpRequest, token: UUID) -> HttpResponse:
    if not end_token(account=cast("Account", request.user), token=token, on=timezone.now()):
        raise Http404
    messages.success(request, "The token has ended. It opens nothing any more.")
    return HttpResponseRedirect(reverse("account"), status=303)


routes = [
    path("account", account, name="account"),
    path("account/name", change_name, name="change_name"),
    path("account/tokens/new", new_token, name="new_token"),
    path("account/tokens/<uuid:token>/end", end_token_page, name="end_token"),
]

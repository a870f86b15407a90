"""Coming in and going out: the sign-in library's pages, each named here, and the few that are ours.

Nothing of the library is included whole: a route that is not in this list is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as elsewhere
from allauth.socialaccount.providers.openid_connect import views as connect
from allauth.usersessions import views as sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, re_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.application.stores import today_in
from muniment.domain.lifecycle.appointments import role_name
from muniment.installation.demonstrations import is_demonstration
from muniment.installation.invitations import account_invited
from muniment.installation.models import Account
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE
from muniment.interfaces.web.access import open_page
from muniment.interfaces.web.reauthentication import RoutedView, ask_elsewhere, confirmed_first
from muniment.interfaces.web.sign_in_forms import SetPasswordForm


@dataclass(frozen=True)
class SamplePerson:
    """Somebody of a demonstration: `roles` as words, with the contract that they are of."""

    account: Account
    roles: str


def sample_people() -> Iterator[SamplePerson]:
    """Everybody of the demonstration who has an appointment today."""
    today = today_in(SITE_ZONE)
    for account_ in Account.objects.filter(is_active=True).order_by("id"):
        seen = contracts_of_person(account_.actor, on=today, using=DATABASE_ALIAS)
        if seen:
            roles = ", ".join(f"{role_name(role)} of {found.contract}" for found in seen for role in found.roles)
            yield SamplePerson(account_, roles)


@open_page
def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in a demonstration it lists the sample people."""
    people = list(sample_people()) if is_demonstration() and not request.user.is_authenticated else []
    context = {"people": people, "provider_name": settings.OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS else ""}
    view = account.LoginView.as_view(extra_context=context)
    return cast("HttpResponse", view(request))


@open_page
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Be one of the sample people, in a demonstration only."""
    if not is_demonstration():
        raise Http404
    wanted = request.POST.get("account", "")
    person = next((found.account for found in sample_people() if str(found.account.pk) == wanted), None)
    if person is None:
        raise Http404
    get_adapter(request).login(request, person)
    UserSession.objects.create_from_request(request)
    then = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(then if then and is_ours else reverse("my_work"), status=303)


@open_page
@login_required
def confirm_elsewhere(request: HttpRequest) -> HttpResponse:
    """Prove again who one is at the organisation's own sign-in."""
    then = request.POST.get("next") or request.GET.get("next") or reverse("my_work")
    if request.method == "POST":
        return ask_elsewhere(request, then=then)
    others = [m for m in get_adapter(request).get_reauthentication_methods(request.user) if m["id"] != "elsewhere"]
    context = {"then": then, "provider_name": settings.OIDC_NAME, "others": others}
    return render(request, "account/confirm_elsewhere.html", context)


@open_page
def password_reset(request: HttpRequest) -> HttpResponse:
    """A new password by e-mail; where none is sent, whom to ask."""
    if not settings.IS_EMAIL_SENT:
        return render(request, "account/ask_administrator.html", {}, status=200 if request.method == "GET" else 404)
    return cast("HttpResponse", account.password_reset(request))


@open_page
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """The first password of a person whom an administrator appointed."""
    person = account_invited(key)
    if person is None:
        return render(request, "account/invitation_over.html", {}, status=410)
    form = SetPasswordForm(data=request.POST if request.method == "POST" else None, user=person)
    if not form.is_valid():
        context = {"form": form, "person": person, "has_provider": bool(settings.SOCIALACCOUNT_PROVIDERS)}
        return render(request, "account/invitation.html", context, status=422 if form.is_bound else 200)
    form.save()
    messages.success(request, "Your password is set. Sign in with it.")
    return HttpResponseRedirect(reverse("account_login"), status=303)


def _weighty(view: RoutedView) -> RoutedView:
    return open_page(confirmed_first(view))


KEY = r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$"

routes = [
    path("account/login", login, name="account_login"),
    path("account/logout", open_page(account.logout), name="account_logout"),
    path("account/inactive", open_page(account.account_inactive), name="account_inactive"),
    path("account/reauthenticate", open_page(account.reauthenticate), name="account_reauthenticate"),
    path("account/reauthenticate/elsewhere", confirm_elsewhere, name="confirm_elsewhere"),
    path("account/invitation/<str:key>", invitation, name="invitation"),
    path("account/password/change", open_page(account.password_change), name="account_change_password"),
    path("account/password/set", _weighty(account.password_set), name="account_set_password"),
    path("account/password/reset", password_reset, name="account_reset_password"),
    path("account/password/reset/done", open_page(account.password_reset_done), name="account_reset_password_done"),
    re_path(KEY, open_page(account.password_reset_from_key), name="account_reset_password_from_key"),
    path(
        "account/password/reset/key/done",
        open_page(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/sessions", open_page(sessions.list_usersessions), name="usersessions_list"),
    path("account/2fa", open_page(mfa.index), name="mfa_index"),
    path("account/2fa/authenticate", open_page(mfa.authenticate), name="mfa_authenticate"),
    path("account/2fa/reauthenticate", open_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/2fa/totp/activate", _weighty(totp.activate_totp), name="mfa_activate_totp"),
    path("account/2fa/totp/deactivate", _weighty(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/2fa/recovery-codes", open_page(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/2fa/recovery-codes/generate",
        _weighty(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("account/2fa/keys", open_page(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/2fa/keys/add", _weighty(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/2fa/keys/<int:pk>/edit", _weighty(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/2fa/keys/<int:pk>/remove", _weighty(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/2fa/keys/login", open_page(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path(
        "account/2fa/keys/reauthenticate",
        open_page(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/oidc/<str:provider_id>/login", open_page(connect.login), name="openid_connect_login"),
    path("account/oidc/<str:provider_id>/login/callback", open_page(connect.callback), name="openid_connect_callback"),
    path("account/elsewhere/cancelled", open_page(elsewhere.login_cancelled), name="socialaccount_login_cancelled"),
    path("account/elsewhere/error", open_page(elsewhere.login_error), name="socialaccount_login_error"),
    path("demo/sign-in", demo_sign_in, name="demo_sign_in"),
]

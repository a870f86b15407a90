"""Proving again who one is, before locking and deciding: by password, code, passkey, or the organisation's sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

_ASKED = "confirm"
"""By this, what comes back from the provider is known as the answer to our question and not to any other."""

KEPT_SECONDS = 60 * 60
KEPT_AT_MOST = 500_000
"""Characters: five times the longest text that a form takes."""
KEPT_BELOW = ("/contracts/", "/account/tokens/")
"""Addresses whose forms ask for nothing that is secret."""

RoutedView = Callable[..., HttpResponseBase]


def confirm_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the page that asks for it; None where it was done a short time ago. What was typed is kept."""
    if settings.IS_DEMO or was_confirmed(request):
        return None
    keep_typed(request)
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")


def was_confirmed(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last minutes. Arriving by single sign-on proves nothing: the
    provider may have known them from the morning."""
    since = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        record["at"] > since and (record.get("reauthenticated") or record["method"] != "socialaccount")
        for record in get_authentication_records(request, request.user)
    )


def keep_typed(request: HttpRequest, *, account: int | None = None) -> bool:
    """Until the same person opens the same page again, within the hour. `account`: whose it is, where they were signed
    out just now. Files and passwords are never kept. Whether there was something to keep."""
    if request.method != "POST" or not request.path.startswith(KEPT_BELOW):
        return False
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", *(name for name in typed if "password" in name)):
        typed.pop(name, None)
    said = typed.urlencode()
    if not said or len(said) > KEPT_AT_MOST:
        return False
    until = timezone.now().timestamp() + KEPT_SECONDS
    request.session[_kept(request)] = {"of": account or request.user.pk, "until": until, "typed": said}
    return True


def kept_typed(request: HttpRequest) -> QueryDict | None:
    """What this person typed before they were sent away; given out once, and to nobody else."""
    kept = request.session.pop(_kept(request), None)
    if kept is None or kept["of"] != request.user.pk or kept["until"] < timezone.now().timestamp():
        return None
    return QueryDict(kept["typed"])


def confirmed_first(view: RoutedView) -> RoutedView:
    """A page that only opens to somebody who has just proved who they are."""

    @login_required
    @wraps(view)
    def first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return confirm_first(request) or view(request, *args, **kwargs)

    return cast("RoutedView", first)


def ask_elsewhere(request: HttpRequest, *, then: str) -> HttpResponse:
    """Send the person to the organisation's sign-in, which is to ask them again. `then`: where to go afterwards."""
    provider = get_adapter(request).get_provider(request, provider="organisation")
    where = then if url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()}) else reverse("my_work")
    asked = {"prompt": "login", "max_age": "0"}
    answer: HttpResponse = provider.redirect(
        request, process="redirect", next_url=where, data=_ASKED, auth_params=asked
    )
    return answer


def confirmed_elsewhere(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """The provider's answer: it has to be about the person who is signed in here, and about just now."""
    is_same = request.user.is_authenticated and sociallogin.is_existing and sociallogin.user == request.user
    if not is_same or sociallogin.state.get("data") != _ASKED or not _is_fresh(sociallogin):
        return render(request, "socialaccount/not_confirmed.html", {"title": "This did not confirm who you are"},
                      status=403)  # fmt: skip
    record_authentication(request, request.user, "socialaccount", reauthenticated=True)
    return HttpResponseRedirect(str(sociallogin.get_redirect_url(request) or reverse("my_work")))


def _is_fresh(sociallogin: SocialLogin) -> bool:
    """By the provider's word on when the person signed in there. One that says nothing was asked with prompt=login."""
    claims = sociallogin.account.extra_data.get("id_token") or {}
    at = claims.get("auth_time")
    return at is None or timezone.now().timestamp() - float(at) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _kept(request: HttpRequest) -> str:
    return f"kept:{request.path}"

"""Who may sign in: people who have an account. Nobody makes one for themselves, and no answer says who has one."""

import logging
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from muniment.installation.models import Account
from muniment.interfaces.web.reauthentication import confirmed_elsewhere

_SECURITY_LOGGER = logging.getLogger("muniment.security")
"""What an administrator looks for after an incident. People stand in it by their actor id, never by their address."""

NO_ACCOUNT = "You have no account here"
SIGN_IN_MESSAGES = {
    "email_password_mismatch": "The e-mail address or the password is not right",
    "incorrect_password": "This is not your password",
    "enter_current_password": "This is not your password",
    "incorrect_code": "This code is not right, or it was used already. Write the one that is shown now",
    "too_many_login_attempts": "There were too many attempts. Wait five minutes, then try again",
    "rate_limited": "There were too many attempts. Wait five minutes, then try again",
    "invalid_password_reset": "This link does not work any more. Ask for a new one",
}

Method = dict[str, str]


class OnlyKnownPeople(DefaultAccountAdapter):
    """Passwords: no self-service registration."""

    error_messages: ClassVar[dict[str, str]] = {**DefaultAccountAdapter.error_messages, **SIGN_IN_MESSAGES}

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # the library's signature
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only a page of this site: the library would also take the other hosts by which this machine is known."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the configured address: what a request calls this machine must not decide where a link leads."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        base = settings.ADDRESS or f"{self.request.scheme}://{self.request.get_host()}"
        return f"{base.rstrip('/')}{path.replace('UID-KEY', key)}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  # the library's signature
        return reverse("account")

    def format_email_subject(self, subject: str) -> str:
        return f"Muniment: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """A mail server that does not answer keeps nobody from signing in; whoever runs the site reads of it."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            _SECURITY_LOGGER.error("an e-mail was not sent, see MUNIMENT_EMAIL_URL: %s", error)

    def get_reauthentication_methods(self, user: Account | AnonymousUser) -> list[Method]:
        """Password, code, passkey, and for those who come by single sign-on, the organisation's own page."""
        found: list[Method] = [{**method, "description": _SAID[method["id"]]} for method in
                               super().get_reauthentication_methods(user)]  # fmt: skip
        if user.is_authenticated and SocialAccount.objects.filter(user=user).exists():
            where = reverse("confirm_elsewhere")
            found.append({"id": "elsewhere", "description": f"Use {settings.OIDC_NAME}", "url": where})
        return found

    def login(self, request: HttpRequest, user: Account) -> None:
        super().login(request, user)
        _SECURITY_LOGGER.info("%s signed in from %s", user.actor, self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            _SECURITY_LOGGER.info("%s signed out", request.user.actor)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:  # noqa: ARG002  # never noted
        _SECURITY_LOGGER.warning("a sign-in failed from %s", self.get_client_ip(request))


_SAID = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your authenticator app",
    "mfa_reauthenticate:webauthn": "Use your passkey or security key",
}


class OnlyKnownPeopleElsewhere(DefaultSocialAccountAdapter):
    """Single sign-on: only for an e-mail address, verified by the provider, that an account here has."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002  # the library's
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Account, str] | None:
        for address in sociallogin.email_addresses:
            address.verified = is_verified(sociallogin, address.email)
        found: tuple[Account, str] | None = super().authenticate_by_email(sociallogin)
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Stop what is no plain sign-in of a person with an account. Raises ImmediateHttpResponse."""
        process = sociallogin.state.get("process")
        if process == "redirect":
            raise ImmediateHttpResponse(confirmed_elsewhere(request, sociallogin))
        if process != "login" or not _is_of_one_person(sociallogin):
            raise ImmediateHttpResponse(_refused(request))
        if not sociallogin.is_existing:
            _SECURITY_LOGGER.warning("somebody without an account came by single sign-on")
            raise ImmediateHttpResponse(_refused(request))
        if not sociallogin.account.pk:
            # The library takes away the password of an account whose address nobody vouched for, in case a stranger
            # registered it. Here nobody registers: an administrator made it, and the provider verified the address.
            EmailAddress.objects.update_or_create(
                user=sociallogin.user, email=sociallogin.user.email, defaults={"verified": True, "primary": True}
            )


def is_verified(sociallogin: SocialLogin, email: str) -> bool:
    """As the provider says; where it says nothing, whether the address is in a domain that is configured as its own."""
    claims = claims_of(sociallogin, "userinfo") or claims_of(sociallogin, "id_token")
    said = claims.get("email_verified")
    if said is None:
        return email.rpartition("@")[2].lower() in settings.OIDC_DOMAINS
    return said is True or str(said).lower() == "true"


def claims_of(sociallogin: SocialLogin, source: str) -> dict[str, object]:
    found = sociallogin.account.extra_data.get(source)
    return found if isinstance(found, dict) else {}


def _is_of_one_person(sociallogin: SocialLogin) -> bool:
    """Both answers of the provider are about the same subject."""
    subjects = {claims["sub"] for s in ("userinfo", "id_token") if (claims := claims_of(sociallogin, s)).get("sub")}
    return len(subjects) == 1


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/no_account.html", {"title": NO_ACCOUNT}, status=403)

"""The second factor: an authenticator app, a passkey or a security key; and who cannot act without one."""

from base64 import b32encode, urlsafe_b64encode
from collections.abc import Collection
from hashlib import sha256
from secrets import token_bytes
from typing import ClassVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.domain.lifecycle.appointments import Role, role_name
from muniment.faces.web.models import Account
from muniment.faces.web.reauthentication import keep_typed
from muniment.faces.web.sign_in import WORDS
from muniment.faces.web.viewing import Viewer

DECIDING: frozenset[Role] = frozenset(
    {"decision_maker", "contract_manager", "supplier_approver", "administrator", "finance"}
)
"""Roles whose acts bind somebody, move money or let people in."""

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor_first(request: HttpRequest, viewer: Viewer) -> HttpResponse | None:
    """The page that says how to set one up, for those who need it and have none. What was typed is kept."""
    deciding = sorted(viewer.roles & DECIDING)
    if not settings.IS_SECOND_FACTOR_REQUIRED or not deciding or has_second_factor(request, viewer.account):
        return None
    keep_typed(request)
    request.session["go_on"] = request.path
    roles = " and ".join(role_name(role) for role in deciding)
    context = {"title": "Set up a second factor first", "viewer": viewer, "roles": roles}
    return render(request, "mfa/needed.html", context, status=403)


def has_second_factor(request: HttpRequest, account: Account) -> bool:
    """One of their own, or where that is configured, the one that their organisation asked for."""
    if Authenticator.objects.filter(user=account, type__in=FACTORS).exists():
        return True
    came_by = {record["method"] for record in get_authentication_records(request, account)}
    return settings.OIDC_HAS_SECOND_FACTOR and "socialaccount" in came_by


def lacks_second_factor(account: Account, roles: Collection[Role]) -> bool:
    """Whether somebody who comes with a token may do nothing in these roles for want of one. A token says nothing of
    how its person signed in: whoever comes by the organisation's sign-in is taken at its word, where that counts."""
    if not settings.IS_SECOND_FACTOR_REQUIRED or not DECIDING & {*roles}:
        return False
    if settings.OIDC_HAS_SECOND_FACTOR and SocialAccount.objects.filter(user=account).exists():
        return False
    return not Authenticator.objects.filter(user=account, type__in=FACTORS).exists()


class SecondFactors(DefaultMFAAdapter):
    """Secrets are kept enciphered: who copies the database and not the site's key cannot make codes."""

    error_messages: ClassVar[dict[str, str]] = {**DefaultMFAAdapter.error_messages, **WORDS}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The site's key was changed. A secret that nobody has lets nobody in; a recovery sets up a new factor.
            return b32encode(token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> str:
        """As it stands in a page: without the declaration that an SVG file begins with, and with its name."""
        svg = super().build_totp_svg(url).partition("<svg ")[2]
        return f'<svg role="img" aria-label="QR code of the key that is written below" {svg}'

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Muniment"}


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"muniment second factor {settings.SECRET_KEY}".encode()).digest()))

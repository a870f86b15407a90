"""The second factor on pages: an authenticator app, a passkey or a security key, and the page that asks for one."""

from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes
from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.domain.lifecycle.appointments import role_name
from muniment.domain.lifecycle.permissions import DECIDING_ROLES
from muniment.installation.second_factor import has_second_factor
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.reauthentication import keep_typed
from muniment.interfaces.web.sign_in import SIGN_IN_MESSAGES


def second_factor_first(request: HttpRequest, viewer: Viewer) -> HttpResponse | None:
    """The page that says how to set one up, for those who need it and have none. What was typed is kept."""
    deciding = sorted(viewer.roles & DECIDING_ROLES)
    if not settings.IS_SECOND_FACTOR_REQUIRED or not deciding or has_second_factor(request, viewer.account):
        return None
    keep_typed(request)
    request.session["go_on"] = request.path
    roles = " and ".join(role_name(role) for role in deciding)
    context = {"title": "Set up a second factor first", "viewer": viewer, "roles": roles}
    return render(request, "mfa/needed.html", context, status=403)


class SecondFactors(DefaultMFAAdapter):
    """Secrets are kept enciphered: who copies the database and not the site's key cannot make codes."""

    error_messages: ClassVar[dict[str, str]] = {**DefaultMFAAdapter.error_messages, **SIGN_IN_MESSAGES}

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

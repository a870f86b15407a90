"""Who has a second factor, and who cannot act without one."""

from collections.abc import Collection

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest

from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.permissions import DECIDING_ROLES
from muniment.domain.record.act import RefusedError
from muniment.installation.models import Account

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(request: HttpRequest, account: Account) -> bool:
    """One of their own, or where that is configured, the one that their organisation asked for."""
    if Authenticator.objects.filter(user=account, type__in=FACTORS).exists():
        return True
    came_by = {record["method"] for record in get_authentication_records(request, account)}
    return settings.OIDC_HAS_SECOND_FACTOR and "socialaccount" in came_by


def lacks_second_factor(account: Account, roles: Collection[Role]) -> bool:
    """Whether somebody who comes with a token may do nothing in these roles for want of one. A token says nothing of
    how its person signed in: whoever comes by the organisation's sign-in is taken at its word, where that counts."""
    if not settings.IS_SECOND_FACTOR_REQUIRED or not DECIDING_ROLES & {*roles}:
        return False
    if settings.OIDC_HAS_SECOND_FACTOR and SocialAccount.objects.filter(user=account).exists():
        return False
    return not Authenticator.objects.filter(user=account, type__in=FACTORS).exists()


def must_have_second_factor(account: Account, roles: Collection[Role]) -> None:
    """Raises RefusedError for somebody who comes with a token and lacks a second factor that these roles need."""
    if lacks_second_factor(account, roles):
        what = "here nobody acts in a role that decides with a password alone, and you have no second factor"
        raise RefusedError("second_factor", what, "set one up on your account page, at /account")

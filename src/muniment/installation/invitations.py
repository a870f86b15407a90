"""Invitations: a link by which a person without a password chooses one. It works once, for seven days."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from muniment.adapters.stores.database.appointments import contracts_of_people, contracts_of_person
from muniment.application.stores import today_in
from muniment.domain.record.act import RefusedError
from muniment.installation.models import Account
from muniment.installation.second_factor import FACTORS
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE, Viewer

_SALT = "muniment.invitation"
INVITATION_VALID_FOR = timedelta(days=7)


def invitation_key(account: Account, *, contract: str) -> str:
    """The key of the link to hand to the person. Whoever has it can choose the account's password, so it stops working
    when the account comes to see a contract other than this one and those that it sees now."""
    return signing.dumps([account.pk, _state(account), sorted({contract, *_contracts(account)})], salt=_SALT)


def site_address(request: HttpRequest) -> str:
    """Where people reach the pages, as links that are handed on begin: https://muniment.example.gov.uk"""
    return (settings.ADDRESS or f"{request.scheme}://{request.get_host()}").rstrip("/")


def account_invited(key: str) -> Account | None:
    """Whose invitation it is; None where it is none, too old, used, or where the account changed since."""
    try:
        pk, state, contracts = signing.loads(key, salt=_SALT, max_age=INVITATION_VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = Account.objects.filter(pk=pk, is_active=True).first()
    if account is None or not constant_time_compare(_state(account), str(state)):
        return None
    return account if {*_contracts(account)} <= {*contracts} else None


def invitable(administrator: Account, accounts: Collection[Account]) -> Sequence[Account]:
    """Those for which the administrator may have a link made.

    Only where they administer every contract of the account: else the link would open another contract to them. And
    only where the password alone opens nothing that the person uses already.
    """
    today = today_in(SITE_ZONE)
    theirs = contracts_of_person(administrator.actor, on=today, using=DATABASE_ALIAS)
    administered = {seen.contract for seen in theirs if "administrator" in seen.roles}
    seen_by = contracts_of_people({account.actor for account in accounts}, on=today, using=DATABASE_ALIAS)
    with_factor = {*Authenticator.objects.filter(user__in=accounts, type__in=FACTORS).values_list("user_id", flat=True)}

    def is_safe(account: Account) -> bool:
        is_new = not account.has_usable_password() and account.last_login is None
        return seen_by[account.actor] <= administered and (is_new or account.pk in with_factor)

    return [account for account in accounts if account != administrator and is_safe(account)]


def invitation_for(viewer: Viewer, person: str) -> str:
    """The key of a link for somebody by whose id the record knows them. Raises RefusedError where this viewer may have
    none made."""
    account = Account.objects.filter(actor=person).first()
    if account is None or not invitable(viewer.account, [account]):
        remedy = "they can ask for a new password on the sign-in page"
        raise RefusedError("may_invite", f"no link may be made for {person}", remedy)
    return invitation_key(account, contract=viewer.contract)


def _state(account: Account) -> str:
    """Changes when the invitation is used."""
    parts = [account.password, str(account.last_login), account.email]
    return salted_hmac(_SALT, "\0".join(parts), algorithm="sha256").hexdigest()


def _contracts(account: Account) -> Sequence[str]:
    return [seen.contract for seen in contracts_of_person(account.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS)]

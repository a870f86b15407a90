"""API tokens: made, limited in scope and life, checked and ended.

A person hands one to a machine that acts as them. It is shown once; only its digest is kept.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Literal, get_args
from uuid import UUID

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_removed
from django.conf import settings
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.application.stores import today_in
from muniment.commands.table import BINDING_COMMANDS, COMMAND_TABLE
from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.permissions import DECIDING_ROLES, roles_that_may
from muniment.installation.models import Account, Token
from muniment.installation.second_factor import has_second_factor
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE

Scope = Literal["read", "submit", "act", "bind"]
"""`bind`: acts before which a page asks who one is (BINDING_COMMANDS). No other scope stands for it."""

TOKEN_SCOPES: tuple[Scope, ...] = get_args(Scope)
_PREFIX = "mnm_"
"""By this a leaked one is found in logs and repositories."""

LONGEST_TOKEN_LIFE = timedelta(days=365)
LONGEST_BINDING_TOKEN_LIFE = timedelta(days=1)
"""Nobody can ask a token who holds it, so what it may bind its person to ends a day after they were asked."""

_NOTED_EVERY = timedelta(minutes=5)
"""How exact `last_used_at` is: a read must not become a write each time."""


class ScopeError(Exception):
    """The token has none of the scopes that the operation asks for."""

    def __init__(self, scopes: tuple[Scope, ...]) -> None:
        super().__init__(f"the token has none of the scopes {', '.join(scopes)}")
        self.scopes = scopes


def must_have_scope(token: Token, scopes: tuple[Scope, ...]) -> None:
    """Raises ScopeError for a token that has none of them."""
    if not {*token.scopes} & {*scopes}:
        raise ScopeError(scopes)


def must_have_scope_for(token: Token, command: str) -> None:
    """Raises ScopeError where the command binds its person and the token does not."""
    if command in BINDING_COMMANDS:
        must_have_scope(token, ("bind",))


def make_token(
    *, account: Account, name: str, scopes: Iterable[Scope], contract: str, on: datetime, expires_at: datetime
) -> tuple[Token, str]:
    """The token and its text, which can never be shown again. `contract`: blank for all that the person may see.

    Raises ValueError for one without a scope, already expired, or valid for more than a year; with `bind`, for more
    than a day. Whoever hands it out makes sure before that the person may have these scopes (what_stands_against).
    """
    wanted = [scope for scope in TOKEN_SCOPES if scope in {*scopes}]
    if not wanted or not on < expires_at <= on + longest_life(wanted):
        raise ValueError("a token needs a scope and a last day within a year; one that binds, within a day")
    text = f"{_PREFIX}{token_urlsafe(32)}"
    made = Token.objects.create(
        account=account, name=name, digest=token_digest(text), scopes=wanted, contract=contract, expires_at=expires_at
    )
    return made, text


def longest_life(scopes: Iterable[Scope]) -> timedelta:
    """How long a token with these scopes may be valid."""
    return LONGEST_BINDING_TOKEN_LIFE if "bind" in {*scopes} else LONGEST_TOKEN_LIFE


def account_of_token(text: str, *, on: datetime) -> Token | None:
    """The token whose text this is, with its account; None where it is none, has ended or expired, or where its
    account may not sign in. `on`: the instant of asking, from which its last use is noted."""
    found = Token.objects.select_related("account").filter(digest=token_digest(text), account__is_active=True).first()
    if found is None or not is_current(found, on=on):
        return None
    if found.last_used_at is None or on - found.last_used_at >= _NOTED_EVERY:
        Token.objects.filter(id=found.id).update(last_used_at=on)
        found.last_used_at = on
    return found


def is_current(token: Token, *, on: datetime) -> bool:
    return token.ended_at is None and on < token.expires_at


def tokens_of(account: Account, *, on: datetime) -> QuerySet[Token]:
    """Those that work, the newest first."""
    return Token.objects.filter(account=account, ended_at=None, expires_at__gt=on).order_by("-made_at")


def end_token(*, account: Account, token: UUID, on: datetime) -> bool:
    """From now on it opens nothing. False where the account has no such token."""
    return bool(Token.objects.filter(Q(id=token), account=account, ended_at=None).update(ended_at=on))


def end_every_token(account: Account, *, on: datetime) -> int:
    """After the password was reset, perhaps because somebody had it: they may have made a token. How many ended."""
    return Token.objects.filter(account=account, ended_at=None).update(ended_at=on)


def end_binding_tokens(account: Account, *, on: datetime) -> int:
    """After the proof of who the person is became another one: what was given by the old proof ends. How many ended."""
    given = Token.objects.filter(account=account, ended_at=None)
    binding = [token.id for token in given if "bind" in token.scopes]
    return Token.objects.filter(id__in=binding).update(ended_at=on)


def token_digest(text: str) -> str:
    """A plain hash is enough for 256 random bits: there is nothing to guess."""
    return sha256(text.encode()).hexdigest()


def roles_in(account: Account, *, contract: str) -> frozenset[Role]:
    """Those that the person holds today. `contract`: blank for those in all of theirs."""
    seen = contracts_of_person(account.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS)
    return frozenset(role for found in seen if contract in ("", found.contract) for role in found.roles)


def may_bind(roles: Collection[Role]) -> bool:
    """Whether one of the roles does an act that binds."""
    return bool({*roles_that_may(COMMAND_TABLE[name] for name in BINDING_COMMANDS)} & {*roles})


def what_stands_against(
    request: HttpRequest, *, account: Account, scopes: Collection[Scope], contract: str
) -> str | None:
    """Why the person may not have a token with these scopes, and what to do; None where nothing does."""
    roles = roles_in(account, contract=contract)
    if "bind" in scopes and not may_bind(roles):
        return "None of your roles there does an act that binds: choose another contract, or leave that out"
    is_deciding = "bind" in scopes or (roles & DECIDING_ROLES and {*scopes} != {"read"})
    if is_deciding and settings.IS_SECOND_FACTOR_REQUIRED and not has_second_factor(request, account):
        return "Set up a second factor first, on your account page: without one nobody acts here in a role that decides"
    return None


@receiver([password_changed, password_set, authenticator_removed])
def end_what_binds(user: Account, **_: object) -> None:
    """Their tokens that do acts that bind. Others go on, for programs use them: they are ended on the account page."""
    end_binding_tokens(user, on=timezone.now())

"""Which scopes a person may give to a token: no more than a page lets them do, after the same questions."""

from collections.abc import Collection

from django.conf import settings
from django.http import HttpRequest

from muniment.adapters.register.appointed import contracts_of
from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.permissions import roles_that_may
from muniment.faces.desk.binding import BINDING
from muniment.faces.desk.stores import today_in
from muniment.faces.web.models import Account
from muniment.faces.web.second_factor import DECIDING, has_second_factor
from muniment.faces.web.tokens import Scope
from muniment.faces.web.viewing import DEFAULT, ZONE


def roles_in(account: Account, *, contract: str) -> frozenset[Role]:
    """Those that the person holds today. `contract`: blank for those in all of theirs."""
    seen = contracts_of(account.actor, on=today_in(ZONE), using=DEFAULT)
    return frozenset(role for found in seen if contract in ("", found.contract) for role in found.roles)


def may_bind(roles: Collection[Role]) -> bool:
    """Whether one of the roles does an act that binds."""
    return bool({*roles_that_may(BINDING)} & {*roles})


def what_stands_against(
    request: HttpRequest, *, account: Account, scopes: Collection[Scope], contract: str
) -> str | None:
    """Why the person may not have a token with these scopes, and what to do; None where nothing does."""
    roles = roles_in(account, contract=contract)
    if "bind" in scopes and not may_bind(roles):
        return "None of your roles there does an act that binds: choose another contract, or leave that out"
    is_deciding = "bind" in scopes or (roles & DECIDING and {*scopes} != {"read"})
    if is_deciding and settings.IS_SECOND_FACTOR_REQUIRED and not has_second_factor(request, account):
        return "Set up a second factor first, on your account page: without one nobody acts here in a role that decides"
    return None

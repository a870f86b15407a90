"""Who looks at a contract, by which appointment. A contract that is not theirs answers like one that is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from muniment.adapters.register.appointed import contracts_of
from muniment.adapters.register.pages import length_of, page
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import Role, role_name, side_of
from muniment.domain.lifecycle.permissions import PERMISSIONS, Verb, who_could
from muniment.domain.lifecycle.visibility import seen_by
from muniment.domain.record.act import Act, Party
from muniment.domain.record.entry import Entry
from muniment.faces.desk.acting import Acting
from muniment.faces.desk.opening import Opened, open_contract
from muniment.faces.desk.stores import InRegister, Store, open_store, today_in
from muniment.faces.web.models import Account

P = ParamSpec("P")
DEFAULT = "default"
ZONE = "Europe/London"


@dataclass(frozen=True)
class Viewer:
    """A signed-in person before a contract in which they hold a current appointment."""

    account: Account
    contract: str
    authority: str
    roles: frozenset[Role]
    today: date

    @property
    def actor(self) -> str:
        return self.account.actor

    @property
    def where(self) -> InRegister:
        return InRegister(self.contract, settings.REGISTER)

    @property
    def sides(self) -> frozenset[Party]:
        return frozenset(side_of(role) for role in self.roles)

    @cached_property
    def home(self) -> dict[str, Json]:
        """What is projected of the contract as a whole; empty before the first computation."""
        found = page(self.contract, "home", using=DEFAULT)
        return found if isinstance(found, dict) else {}

    @property
    def title(self) -> str:
        return str(self.home.get("title") or self.contract)

    @cached_property
    def seq(self) -> int:
        """How many entries the record has, without reading them."""
        return length_of(self.contract, using=DEFAULT)

    @cached_property
    def store(self) -> Store:
        return open_store(self.where)

    @cached_property
    def record(self) -> tuple[Entry, ...]:
        """Every entry of the contract, for what is computed from it."""
        return self.store.ledger.entries()

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that this person may see."""
        return seen_by(self.record, actor=self.actor, on=self.today)

    @cached_property
    def opened(self) -> Opened:
        return open_contract(folder=self.where, known=self.today)

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI of every version of the agreed text."""
        text = self.opened.text
        days = [text.contract_text.term.first, *(notice.effective for notice in text.notices)]
        return tuple(dict.fromkeys(code for day in days for code in text.regime_at(on=day, known=None).kpis))

    def may(self, verb: Verb) -> bool:
        """Whether one of their roles may do it; the state of the thing may still stand against it."""
        return any(role in self.roles for role in PERMISSIONS[verb].roles)

    def side_for(self, verb: Verb) -> Party:
        """The side for which they do it."""
        held = [role for role in PERMISSIONS[verb].roles if role in self.roles]
        return side_of(held[0]) if held else min(self.sides)

    def acting(self, *, verb: Verb, reason: str, key: str, seen: int | None) -> Acting:
        """The contract opened for an act of theirs. Raises Refused for an act without a reason."""
        act = Act(self.actor, self.side_for(verb), reason, key=key, seen=seen, on=self.today)
        return Acting(self.where, self.opened, act, self.today)


def viewer_of(account: Account, contract: str) -> Viewer:
    """Raises Http404 without a current appointment: the same answer as for a contract that is not there."""
    today = today_in(ZONE)
    for seen in contracts_of(account.actor, on=today, using=DEFAULT):
        if seen.contract == contract:
            return Viewer(account, contract, seen.authority, frozenset(seen.roles), today)
    raise Http404


@dataclass(frozen=True)
class Access:
    """Who may ask for a page. `verb` None: whoever has an appointment. `is_open`: whoever is signed in, or anybody."""

    verb: Verb | None = None
    is_open: bool = False

    @property
    def roles(self) -> tuple[Role, ...] | None:
        return PERMISSIONS[self.verb].roles if self.verb else None


def _not_yours(request: HttpRequest, viewer: Viewer, verb: Verb) -> HttpResponse:
    """The person may see the contract, and may not do this."""
    permission = PERMISSIONS[verb]
    held = " and ".join(role_name(role) for role in sorted(viewer.roles))
    act = Act(viewer.actor, viewer.side_for(verb), permission.what, on=viewer.today)
    could = who_could(viewer.record, permission=permission, act=act)
    context = {"viewer": viewer, "title": f"You may not {permission.what}", "held": held, "could": could}
    return render(request, "wrong/not_yours.html", context, status=403)


View = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]
Routed = Callable[..., HttpResponseBase]


def contract_page(*, verb: Verb | None = None) -> Callable[[View[P]], Routed]:
    """A page of one contract: the view is given its viewer. `verb`: only those whose role may do that act get it."""

    def decorate(view: View[P]) -> Routed:
        @login_required
        @wraps(view)
        def routed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            contract = str(kwargs.pop("contract"))
            viewer = viewer_of(cast("Account", request.user), contract)
            if verb is not None and not viewer.may(verb):
                return _not_yours(request, viewer, verb)
            return view(request, viewer, *args, **kwargs)

        routed.access = Access(verb)  # type: ignore[attr-defined]  # read by the access matrix
        return cast("Routed", routed)

    return decorate


def open_page(view: Routed) -> Routed:
    """A page that belongs to no contract."""
    view.access = Access(is_open=True)  # type: ignore[attr-defined]  # read by the access matrix
    return view

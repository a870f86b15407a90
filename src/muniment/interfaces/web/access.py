"""Who may ask for a page, by the command that it is for. A contract of others answers like one that is not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from muniment.domain.lifecycle.appointments import Role, role_name
from muniment.domain.lifecycle.permissions import PERMISSIONS, CommandName, who_could
from muniment.domain.record.act import Act
from muniment.installation.models import Account
from muniment.installation.viewer import _LONGEST_REASON, Viewer, viewer_of

_P = ParamSpec("_P")


@dataclass(frozen=True)
class Access:
    """Who may ask for a page. `command` None: whoever has an appointment. `is_open`: whoever is signed in, or
    anybody."""

    command: CommandName | None = None
    is_open: bool = False

    @property
    def roles(self) -> tuple[Role, ...] | None:
        return PERMISSIONS[self.command].roles if self.command else None


def _not_yours(request: HttpRequest, viewer: Viewer, command: CommandName, parts: Mapping[str, object]) -> HttpResponse:
    """The person may see the contract, and may not do this. Who sends the form all the same leaves a refusal."""
    permission = PERMISSIONS[command]
    held = " and ".join(role_name(role) for role in sorted(viewer.roles))
    act = Act(viewer.actor, viewer.side_for(command), permission.what, on=viewer.today)
    if request.method == "POST":
        reason, key = (
            request.POST.get("reason", "").strip()[:_LONGEST_REASON],
            f"{request.POST.get('key', '')} {request.path}",
        )
        viewer.remember_refusal(command=command, parts=parts, reason=reason, key=key)
    could = who_could(viewer.record, permission=permission, act=act)
    context = {"viewer": viewer, "title": f"You may not {permission.what}", "held": held, "could": could}
    return render(request, "errors/not_yours.html", context, status=403)


_View = Callable[Concatenate[HttpRequest, Viewer, _P], HttpResponseBase]
_RoutedView = Callable[..., HttpResponseBase]


def contract_page(*, command: CommandName | None = None) -> Callable[[_View[_P]], _RoutedView]:
    """A page of one contract: the view is given its viewer. `command`: only those whose role may do that act get it."""

    def decorate(view: _View[_P]) -> _RoutedView:
        @login_required
        @wraps(view)
        def routed(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
            contract = str(kwargs.pop("contract"))
            viewer = viewer_of(cast("Account", request.user), contract)
            if command is not None and not viewer.may(command):
                return _not_yours(request, viewer, command, kwargs)
            return view(request, viewer, *args, **kwargs)

        routed.access = Access(command)  # type: ignore[attr-defined]  # read by the access matrix
        return cast("_RoutedView", routed)

    return decorate


def open_page(view: _RoutedView) -> _RoutedView:
    """A page that belongs to no contract."""
    view.access = Access(is_open=True)  # type: ignore[attr-defined]  # read by the access matrix
    return view

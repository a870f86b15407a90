"""Who may ask for a page, by the command that it is for. A contract of others answers like one that is not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from muniment.commands.table import COMMAND_TABLE
from muniment.domain.lifecycle.appointments import Role, role_name
from muniment.domain.record.act import RefusedError
from muniment.installation.input_limits import LONGEST_REASON
from muniment.installation.models import Account
from muniment.installation.viewer import Viewer, viewer_of

LOOK_AGAIN = 5
"""Seconds after which a page whose figures are being computed looks again."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Access:
    """Who may ask for a page. `command` None: whoever has an appointment. `is_open`: whoever is signed in, or
    anybody."""

    command: str | None = None
    is_open: bool = False

    @property
    def roles(self) -> tuple[Role, ...] | None:
        return COMMAND_TABLE[self.command].roles if self.command else None


def _not_yours(
    request: HttpRequest, viewer: Viewer, command: str, refused: RefusedError, parts: Mapping[str, object]
) -> HttpResponse:
    """The person may see the contract, and may not do this. Who sends the form all the same leaves a refusal."""
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        key = f"{request.POST.get('key', '')} {request.path}"
        viewer.remember_refusal(command=command, parts=parts, reason=reason, key=key)
    held = " and ".join(role_name(role) for role in sorted(viewer.roles))
    title = f"You may not {COMMAND_TABLE[command].says}"
    context = {"viewer": viewer, "title": title, "held": held, "could": refused.who_could}
    return render(request, "errors/not_yours.html", context, status=403)


def _not_computed(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whether there is such a figure is known only when the figures of the contract are computed for the first time."""
    context = {"title": "The figures of this contract are being computed", "viewer": viewer}
    answer = render(request, "errors/not_computed.html", context, status=503)
    answer["Refresh"] = answer["Retry-After"] = str(LOOK_AGAIN)
    return answer


_View = Callable[Concatenate[HttpRequest, Viewer, _P], HttpResponseBase]
_RoutedView = Callable[..., HttpResponseBase]


def contract_page(*, command: str | None = None) -> Callable[[_View[_P]], _RoutedView]:
    """A page of one contract: the view is given its viewer. `command`: only those whose role may do that get it."""

    def decorate(view: _View[_P]) -> _RoutedView:
        @login_required
        @wraps(view)
        def routed(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
            contract = str(kwargs.pop("contract"))
            viewer = viewer_of(cast("Account", request.user), contract)
            if viewer is None:
                raise Http404
            try:
                if command is not None:
                    viewer.must_hold_role(command)
            except RefusedError as refused:
                return _not_yours(request, viewer, str(command), refused, kwargs)
            try:
                return view(request, viewer, *args, **kwargs)
            except Http404:
                if request.method != "GET" or viewer.home is not None:
                    raise
                return _not_computed(request, viewer)

        routed.access = Access(command)  # type: ignore[attr-defined]  # read by the access matrix
        return cast("_RoutedView", routed)

    return decorate


def found_or_404(found: _T | None) -> _T:
    """What an address names. Raises Http404 where there is no such thing."""
    if found is None:
        raise Http404
    return found


def open_page(view: _RoutedView) -> _RoutedView:
    """A page that belongs to no contract."""
    view.access = Access(is_open=True)  # type: ignore[attr-defined]  # read by the access matrix
    return view

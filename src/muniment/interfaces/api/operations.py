"""How operations are declared and done: which command each is, who may ask, the one way to act, and pages of lists."""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from inspect import Parameter, signature
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from ninja import Router
from ninja.pagination import PaginationBase, paginate
from ninja.params.models import Query as QueryIn

from muniment.application.command_context import CommandContext, as_the_first_time
from muniment.commands.spec import CommandSpec
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.installation.jobs import ask_refresh
from muniment.installation.models import Token
from muniment.installation.second_factor import must_have_second_factor
from muniment.installation.tokens import Scope, must_have_scope, must_have_scope_for
from muniment.installation.viewer import Viewer, viewer_of
from muniment.interfaces.api.problems import (
    HttpProblemError,
    found_or_problem,
    not_found,
    problem_of,
    unknown_parameter,
)
from muniment.interfaces.api.schemas import ActBody, Listed, ListQuery, ListSchema

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")
_F = TypeVar("_F")
_L = TypeVar("_L", bound=ListSchema)  # type: ignore[type-arg]  # of whatever it lists
SCOPES_KEY, COMMAND_KEY, FILE_KEY, UPLOAD_KEY = "x-scopes", "x-acts", "x-file", "x-upload"
"""What the description reads of an operation, and takes away again."""


class ApiRequest(HttpRequest):
    """A request whose token was found good. `looked_at`: the number of the last entry that its answer rests on.
    `command`: that of its operation; None for one that leaves no entry. `made_at`: the address of what a worker is to
    do."""

    auth: Token
    looked_at: int
    command: str | None
    made_at: str


Operation = Callable[Concatenate[ApiRequest, _P], _R]


def reads(
    router: Router,
    path: str,
    *,
    name: str,
    summary: str,
    response: object = None,
    scopes: tuple[Scope, ...] = ("read",),
    file_types: tuple[str, ...] = (),
) -> Callable[[Operation[_P, _R]], Operation[_P, _R]]:
    """An operation that changes nothing. `file_types`: it answers with a file of one of these kinds. Where the response
    is a page of a list, the operation gives the whole list."""
    extra: dict[str, object] = {SCOPES_KEY: [*scopes], FILE_KEY: [*file_types]}
    return _declared(
        router.get(
            path, operation_id=name, summary=summary, response={200: response}, openapi_extra=extra, by_alias=True
        ),
        scopes=scopes,
        command=None,
        is_list=isinstance(response, type) and issubclass(response, ListSchema),
    )


def writes(
    router: Router,
    path: str,
    *,
    name: str,
    summary: str,
    response: object,
    status: int = 201,
    command: CommandSpec | None = None,
    scope: Scope = "act",
    method: str = "POST",
    is_upload: bool = False,
) -> Callable[[Operation[_P, _R]], Operation[_P, _R]]:
    """An operation that changes something. `command`: what it does, which leaves an entry, with a reason and an
    idempotency key; None: it leaves none. One that binds asks for the scope `bind`, whatever `scope` says."""
    needed: Scope = "bind" if command is not None and command.binds else scope
    does = command.name if command is not None else ""
    extra: dict[str, object] = {SCOPES_KEY: [needed], COMMAND_KEY: does, UPLOAD_KEY: is_upload}
    route = router.api_operation(
        [method],
        path,
        operation_id=name,
        summary=summary,
        response={status: response},
        openapi_extra=extra,
        by_alias=True,
    )
    return _declared(route, scopes=(needed,), command=command)


class ListPages(PaginationBase):
    """One page of a list, with the address of the next. The operation's own schema says what it is a page of."""

    Input = ListQuery  # type: ignore[assignment]  # any model will do
    Output = None  # type: ignore[assignment]  # as ninja asks for where the response is declared

    def paginate_queryset(  # type: ignore[override]  # lists here are read from records, not from the database
        self, queryset: Listed, pagination: ListQuery, request: HttpRequest, **_parts: object
    ) -> Mapping[str, object]:
        limit, end = pagination.limit, pagination.offset + pagination.limit
        link = None if end >= len(queryset) else address_with(request, limit=limit, offset=end)
        return {"items": queryset[pagination.offset : end], "total": len(queryset), "next": link}


def _declared(
    route: Callable[[Operation[_P, _R]], object],
    *,
    scopes: tuple[Scope, ...],
    command: CommandSpec | None,
    is_list: bool = False,
) -> Callable[[Operation[_P, _R]], Operation[_P, _R]]:
    def decorate(operation: Operation[_P, _R]) -> Operation[_P, _R]:
        parameters = signature(operation).parameters.items()
        known = [name for name, found in parameters if any(isinstance(said, QueryIn) for said in _said_of(found))]
        done = operation
        if is_list:
            known, done = [*ListQuery.model_fields, *known], paginate(ListPages)(operation)

        def checked(request: ApiRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            must_have_scope(request.auth, scopes)
            if unknown := [name for name in request.GET if name not in known]:
                raise unknown_parameter(unknown[0], known=known)
            request.command = command.name if command is not None else None
            return done(request, *args, **kwargs)

        update_wrapper(checked, done)
        route(checked)
        return checked

    return decorate


def _said_of(parameter: Parameter) -> tuple[object, ...]:
    found: tuple[object, ...] = getattr(parameter.annotation, "__metadata__", ())
    return found


def api_viewer_of(request: ApiRequest, contract: str) -> Viewer:
    """The caller before a contract. Raises a 404 for one that is not theirs or not their token's."""
    token = request.auth
    viewer = viewer_of(token.account, contract) if token.contract in ("", contract) else None
    if viewer is None:
        raise not_found()
    request.looked_at = viewer.seq
    return viewer


def viewer_of_figures(request: ApiRequest, contract: str) -> Viewer:
    """The same for an answer whose figures are projected: it rests on no more of the record than they do."""
    viewer = api_viewer_of(request, contract)
    # Before the figures are read: what is computed in between is newer than it is said to be, never older.
    request.looked_at = min(viewer.seq, viewer.standing.entry or 0)
    return viewer


def figures_or_problem(found: _F | None, viewer: Viewer) -> _F:
    """Figures that an address names. Raises the problem of what is not there, or is not yet computed."""
    if found is None and viewer.home is None:
        detail = "The figures of this contract are being computed for the first time; ask again in a moment."
        raise HttpProblemError(problem_of("not-computed", 503, detail), headers={"Retry-After": "5"})
    return found_or_problem(found)


def permitted_viewer(request: ApiRequest, contract: str, command: str, *, reason: str = "") -> Viewer:
    """The caller before a contract, in a role that may do it, with a token that may. Raises a 404, ScopeError,
    RefusedError.

    `reason`: what they gave for it; an attempt that their roles do not let them make stands in the record with it.
    """
    must_have_scope_for(request.auth, command)
    viewer = api_viewer_of(request, contract)
    try:
        viewer.must_hold_role(command)
    except RefusedError:
        if request.method != "GET":
            key, parts = request.headers.get("Idempotency-Key", ""), getattr(request.resolver_match, "kwargs", {})
            viewer.remember_refusal(command=command, parts=parts, reason=reason, key=f"{key} {request.path}")
        raise
    must_have_second_factor(viewer.account, viewer.roles)
    return viewer


def run_command(
    viewer: Viewer,
    *,
    command: str,
    body: ActBody,
    key: str,
    perform: Callable[[CommandContext], Entry],
    rests_on_record: bool = False,
) -> dict[str, Json]:
    """Run one command; the entry that it left. Raises RefusedError, ProblemsFoundError, NotRecordedError.

    `rests_on_record`: what is recorded is computed from the whole record, so that the same request again is done on the
    record as it stood the first time.
    """
    acting = viewer.acting(command=command, reason=body.reason, key=key, seen=body.seen)
    entry = perform(as_the_first_time(acting) if rests_on_record else acting)
    ask_refresh(viewer.contract)
    return entry.canonical()


def address_with(request: HttpRequest, **numbers: int) -> str:
    """This address with other numbers."""
    query = request.GET.copy()
    for name, number in numbers.items():
        query[name] = str(number)
    return f"{request.path}?{query.urlencode()}"


def address_in(request: HttpRequest, contract: str, place: str) -> str:
    """The address of something of the contract that the request is about."""
    of_contract = f"/contracts/{contract}/"
    return f"{request.path.partition(of_contract)[0]}{of_contract}{place}"

"""What goes wrong, as application/problem+json (RFC 9457): one form for every error of every operation."""

import logging
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from muniment.application.uploads import CutOffError, FileTooLargeError
from muniment.commands.statements import StatementChangedError
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Problem, ProblemsFoundError, suggestion
from muniment.domain.record.act import RefusedError
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.versions import StaleError
from muniment.installation.tokens import Scope, ScopeError
from muniment.interfaces.api.schemas import Schema

_T = TypeVar("_T")
MEDIA_TYPE = "application/problem+json"
URN = "urn:muniment:problem:"
MADE_AT = "/account/tokens/new"
TITLES: Mapping[str, str] = {
    "token": "The token opens nothing",
    "scope": "The token may not do this",
    "refused": "A rule stands against it",
    "not-found": "There is nothing at this address for you",
    "method": "This address does not take that method",
    "stale": "The thing has moved on",
    "idempotency-key": "The idempotency key was used for something else",
    "not-valid": "The request does not fit its description",
    "problems-found": "There are problems in what was sent",
    "not-json": "The body cannot be read as JSON",
    "media-type": "The body is of another kind than this address takes",
    "too-large": "The body is too large",
    "too-many-requests": "Too many requests",
    "not-recorded": "Nothing was recorded",
    "not-computed": "The figures are being computed",
    "broken": "Something went wrong here",
}
"""The last part of a problem's type -> its title."""


_HEADERS: Mapping[int, Mapping[str, str]] = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}


class Since(Schema):
    """An entry that you had not seen."""

    seq: int
    kind: str
    subject: str
    actor: str
    at: Annotated[str, Field(description="UTC")]


class FieldErrorSchema(Schema):
    """A member, parameter or header that is wrong."""

    where: Annotated[str, Field(examples=["body.reason"])]
    what: str


class PlaceErrorSchema(Schema):
    """A problem in a file or text, with its code (see the reference of problems)."""

    file: str
    line: int
    column: int
    code: str
    severity: str
    what: str
    remedy: str


class ProblemSchema(Schema):
    """An error. Only the first four members are always there."""

    type: Annotated[str, Field(description="A stable name.", examples=[f"{URN}stale"])]
    title: str
    status: int
    detail: Annotated[str, Field(description="In a sentence, for people.")]
    rule: Annotated[str | None, Field(description="The stable name of the rule that stands against the act.")] = None
    what: Annotated[str | None, Field(description="What stands against it.")] = None
    who_could: Annotated[str | None, Field(description="Who could do it, or what to do instead.")] = None
    wanted: Annotated[str | None, Field(description="Of a stale act: what you meant to do.")] = None
    thing: Annotated[str | None, Field(description="Of a stale act: the thing that moved on.")] = None
    seen: Annotated[int | None, Field(description="Of a stale act: the entry that you had seen.")] = None
    since: Annotated[list[Since] | None, Field(description="Of a stale act: what happened since.")] = None
    fields: Annotated[list[FieldErrorSchema] | None, Field(description="What is wrong in the request.")] = None
    problems: Annotated[list[PlaceErrorSchema] | None, Field(description="What is wrong in a file or a text.")] = None


class HttpProblemError(Exception):
    """Answered with this problem."""

    def __init__(self, problem: ProblemSchema, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.headers = dict(headers or {})


def problem_of(name: str, status: int, detail: str, **more: object) -> ProblemSchema:
    return ProblemSchema.model_validate(
        {"type": f"{URN}{name}", "title": TITLES[name], "status": status, "detail": detail, **more}
    )


def answer_of(problem: ProblemSchema, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    content = problem.model_dump_json(exclude_none=True)
    return HttpResponse(content, status=problem.status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def not_found() -> HttpProblemError:
    """The same words for what is not there and for what is not theirs."""
    return HttpProblemError(problem_of("not-found", 404, "There is nothing at this address, or you may not see it."))


def found_or_problem(found: _T | None) -> _T:
    """What an address names. Raises the problem of what is not there."""
    if found is None:
        raise not_found()
    return found


def scope_problem(scopes: tuple[Scope, ...]) -> ProblemSchema:
    wanted = " or ".join(f"'{scope}'" for scope in scopes)
    where = f"Make one that has it on your account page, at {MADE_AT}"
    day = ", where you confirm who you are; it is valid for a day" if scopes == ("bind",) else ""
    return problem_of("scope", 403, f"The token lacks the scope {wanted}. {where}{day}.")


def unknown_parameter(name: str, *, known: Sequence[str]) -> HttpProblemError:
    """A misspelt one must not be lost."""
    remedy = suggestion(name, known, f"there is {' and '.join(known)}" if known else "there is none here")
    fields = [{"where": f"query.{name}", "what": f"there is no such parameter - {remedy}"}]
    return HttpProblemError(problem_of("not-valid", 422, f"There is no parameter '{name}' - {remedy}.", fields=fields))


def refusal_problem(error: RefusedError) -> ProblemSchema:
    said = {"rule": error.rule, "what": error.what, "who_could": error.who_could}
    detail = f"{_sentence(error.what)} {_sentence(error.who_could)}"
    if isinstance(error, StaleError):
        since = [
            {"seq": c.seq, "kind": c.kind, "subject": c.subject, "actor": c.actor, "at": c.at} for c in error.since
        ]
        detail = f"{_sentence(error.what)} Look again, and send it with the present Muniment-Entry as 'seen'."
        sides = {"wanted": error.wanted, "thing": error.thing, "seen": error.seen, "since": since}
        return problem_of("stale", 409, detail, **said, **sides)
    if isinstance(error, StatementChangedError):
        return problem_of("stale", 409, detail, **said)
    if error.rule == "idempotency_key":
        return problem_of("idempotency-key", 409, detail, **said)
    return problem_of("refused", 403 if error.is_not_allowed else 422, detail, **said)


def place_error_to_dict(found: Problem) -> dict[str, Json]:
    """A problem of the agreed text or of a file, as PlaceErrorSchema has it."""
    return {
        "file": found.place.file, "line": found.place.line, "column": found.place.column, "code": found.code,
        "severity": found.severity, "what": found.what, "remedy": found.remedy,
    }  # fmt: skip


def problems_found_problem(error: ProblemsFoundError) -> ProblemSchema:
    places = [place_error_to_dict(found) for found in error.problems]
    first = error.problems[0]
    more = f" ({len(places) - 1} more)" if len(places) > 1 else ""
    return problem_of("problems-found", 422, f"{first.place}: {first.what} - {first.remedy}{more}", problems=places)


def not_valid_problem(error: ValidationError) -> ProblemSchema:
    fields = [{"where": _where(found["loc"]), "what": str(found["msg"])} for found in error.errors]
    detail = "; ".join(f"{found['where']}: {found['what']}" for found in fields)
    return problem_of("not-valid", 422, detail[:2000], fields=fields)


def _where(place: Sequence[object]) -> str:
    """body.reason: what ninja adds, the name of the argument that takes the body, is no part of the request."""
    parts = [str(part) for part in place]
    return ".".join([*parts[:1], *parts[2:]] if parts[:1] == ["body"] else parts)


def too_large_problem(limit: int) -> ProblemSchema:
    return problem_of("too-large", 413, f"At most {limit:,} bytes are taken here.")


def method_not_allowed(allowed: str) -> HttpResponse:
    return answer_of(problem_of("method", 405, f"This address takes {allowed}."), headers={"Allow": allowed})


def problem_in(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer to whatever an operation raised."""
    if isinstance(error, HttpProblemError):
        return answer_of(error.problem, headers=error.headers)
    problem = _of_the_act(error) or _of_the_request(error)
    if problem is None:
        said = error if isinstance(error, Exception) else None
        logging.getLogger("muniment.api").error("%s %s", request.method, request.path, exc_info=said)
        problem = problem_of("broken", 500, "It has been noted in the server's log. Look before you try again.")
    return answer_of(problem, headers=_HEADERS.get(problem.status))


def _of_the_act(error: object) -> ProblemSchema | None:
    match error:
        case RefusedError():
            return refusal_problem(error)
        case ProblemsFoundError():
            return problems_found_problem(error)
        case NotRecordedError():
            return problem_of("not-recorded", 503, f"{_sentence(str(error))} Nothing was recorded; try again.")
        case _:
            return None


def _of_the_request(error: object) -> ProblemSchema | None:
    match error:
        case ValidationError():
            return not_valid_problem(error)
        case ScopeError():
            return scope_problem(error.scopes)
        case AuthenticationError():
            return problem_of("token", 401, "Send a token that is valid: Authorization: Bearer mnm_...")
        case Throttled():
            return problem_of("too-many-requests", 429, "The token called too often in this minute.")
        case FileTooLargeError():
            return too_large_problem(error.limit)
        case CutOffError():
            return problem_of("not-valid", 400, f"The body was cut off on its way: {error}. Nothing was kept.")
        case RequestDataTooBig():
            return problem_of("too-large", 413, "A body that is no file has at most 2 MB.")
        case SuspiciousOperation():
            return problem_of("not-valid", 400, "The request is not one that this site takes: look at its headers.")
        case HttpError():
            return problem_of("not-json", 400, "The body is no JSON text in UTF-8.")
        case _:
            return None


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"

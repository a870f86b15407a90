"""Assembles the HTTP API: routers, bearer tokens, rate limit, OpenAPI document, and a 404 for any other address."""

import os
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from muniment.application.stores import system_clock
from muniment.installation.models import Token
from muniment.installation.tokens import account_of_token
from muniment.interfaces.api.agreed_text import texts
from muniment.interfaces.api.caller import who
from muniment.interfaces.api.challenges import challenges
from muniment.interfaces.api.comparisons import comparisons
from muniment.interfaces.api.description import LOOKED_AT, TITLE, VERSION, completed
from muniment.interfaces.api.evidence import evidence
from muniment.interfaces.api.jobs import jobs
from muniment.interfaces.api.locked_statements import locked_statements
from muniment.interfaces.api.mitigations import mitigations
from muniment.interfaces.api.months import months
from muniment.interfaces.api.people import people
from muniment.interfaces.api.problems import answer_of, method_not_allowed, not_found, problem_in, problem_of
from muniment.interfaces.api.projects import projects
from muniment.interfaces.api.record import record_router
from muniment.interfaces.api.restatements import restatements
from muniment.interfaces.api.results import results
from muniment.interfaces.api.statements import statements
from muniment.interfaces.api.uploads import uploads

_SECONDS = 60
CALLS_PER_MINUTE = int(os.environ.get("MUNIMENT_API_CALLS", "600"))

ROUTERS = (
    who, months, evidence, comparisons, uploads, challenges, mitigations, results, statements, locked_statements,
    restatements, people,
    projects, texts, record_router, jobs,
)  # fmt: skip
_View = Callable[..., HttpResponseBase]


class PerMinute(BaseThrottle):
    """So many calls of a token in each minute of the clock."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def allow_request(self, request: HttpRequest) -> bool:
        token: Token = request.auth  # type: ignore[attr-defined]  # limits are looked at after the token is
        key = f"api-calls:{token.id}:{system_clock().instant()[:16]}"
        try:
            return bool(cache.add(key, 1, timeout=2 * _SECONDS) or cache.incr(key) <= self.calls)
        except (ValueError, DatabaseError):
            # The cache dropped it in between, or cannot be written to: a full disk must not end reading.
            return True

    def wait(self) -> float:
        """Seconds to the next minute."""
        return float(_SECONDS - int(system_clock().instant()[17:19]))


class TokenAuthentication(HttpBearer):
    """`Authorization: Bearer mnm_...`. A browser's session opens nothing here, so that no page can act by it."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:  # noqa: ARG002  # ninja's signature
        return account_of_token(token.strip(), on=timezone.now())


class Api(NinjaAPI):
    """Described as it answers. `address`: where the site is; blank: wherever it was asked."""

    address: str = ""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, object] | None = None
    ) -> OpenAPISchema:
        found = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        described = completed(dict(found), address=self.address)
        found.clear()
        found.update(described)
        return found


def make_api(*, calls_per_minute: int, address: str) -> Api:
    """The API. `address`: https://muniment.example.gov.uk, or blank."""
    api = Api(
        title=TITLE,
        version=VERSION,
        auth=TokenAuthentication(),
        throttle=PerMinute(calls_per_minute),
        docs_url=None,
        openapi_url=None,
        urls_namespace="api-v1",
    )
    api.address = address
    for router in ROUTERS:
        api.add_router("", router)
    api.add_exception_handler(Exception, problem_in)
    for kind in (Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, problem_in)
    return api


def addresses(api: Api) -> list[URLPattern]:
    """Everything under /api/v1/: what is not an operation is a problem too."""
    patterns, _, _ = api.urls
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        pattern.callback = _answered(pattern.callback)

    def description(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return method_not_allowed("GET")
        return JsonResponse(api.get_openapi_schema(path_prefix="/api/v1/"), json_dumps_params={"indent": 1})

    def nothing(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view's signature
        return answer_of(not_found().problem)

    nothing.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is done here
    description.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is done here
    return [path("openapi.json", description, name="api_description"), *found, re_path("", nothing, name="api_nothing")]


def _answered(view: _View) -> _View:
    """With the headers that every answer has; and a refusal of the method or the media type as a problem."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        kind = request.content_type or ""
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        if request.method != "GET" and has_body and kind not in ("application/json", "application/octet-stream"):
            return answer_of(problem_of("media-type", 415, "Send the body as application/json."))
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            return method_not_allowed(answer["Allow"])
        looked_at = getattr(request, "looked_at", None)
        if request.method == "GET" and looked_at is not None and answer.status_code < 300:
            answer[LOOKED_AT] = str(looked_at)
        if answer.status_code == 202:
            answer["Location"] = request.made_at  # type: ignore[attr-defined]  # set by the operation
        answer["Cache-Control"] = "no-store"
        return answer

    answered.csrf_exempt = True  # type: ignore[attr-defined]  # a token is asked for, never a session
    return answered


api = make_api(calls_per_minute=CALLS_PER_MINUTE, address=settings.ADDRESS)
urlpatterns = addresses(api)

"""Whatever the description allows, and what it does not: no fault, no answer that is not described (schemathesis)."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from muniment.example.cast import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    CONTRACT_MANAGER,
    CONTRACT_OFFICER,
    DECISION_MAKER,
    PREPARER,
)
from muniment.interfaces.api import caller
from muniment.interfaces.api.operations import ApiRequest
from muniment.interfaces.api.routes import api
from tests.interfaces.api.conftest import V1, calling
from tests.interfaces.web.conftest import Site

EVERYBODY = (
    ADMINISTRATOR, APPROVER, AUDITOR, CONTRACT_MANAGER, CONTRACT_OFFICER, DECISION_MAKER, PREPARER
)  # fmt: skip
CHECKS: tuple[CheckFunction, ...] = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
REAL: Mapping[str, str] = {
    "contract": "cssc", "month": "2019-11", "kpi": "CSC_KPI_04", "table": "calls", "submission": "s1",
    "project": "tessera", "person": PREPARER.id,
}  # fmt: skip
"""Names of things that are there, without which nearly every answer would be a 404."""


def _called(
    tokens: Sequence[str],
    *,
    mode: GenerationMode,
    checks: Sequence[CheckFunction],
    examples: int,
    only: str = "",
) -> Counter[int]:
    """Statuses that came back, of so many calls of each operation. Raises schemathesis's failures."""
    schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix=f"{V1}/")))
    schema.app = get_wsgi_application()
    came: Counter[int] = Counter()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if only not in operation.label:
            continue

        @settings(
            max_examples=examples, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        )  # fmt: skip
        @given(
            case=operation.as_strategy(generation_mode=mode),
            is_real=st.sampled_from([True, True, True, False]),
            token=st.sampled_from(tokens),
        )
        def call(case: Case, is_real: bool, token: str) -> None:  # type: ignore[type-arg]  # any operation
            if is_real and mode is GenerationMode.POSITIVE:
                case.path_parameters.update({name: REAL[name] for name in case.path_parameters if name in REAL})
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            came[answer.status_code] += 1
            # A wrong value that an address cannot carry is not sent at all, so that nothing is left to refuse.
            is_lost = any(value in ([], {}, None) for value in case.query.values())
            case.validate_response(answer, checks=[each for each in checks if each in CHECKS or not is_lost])

        call()
    return came


@pytest.fixture
def tokens(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(api.throttle, "calls", 10**9)
    return [calling(site, person).token for person in EVERYBODY]


def test_what_is_described_is_answered_as_described(tokens: list[str]) -> None:
    came = _called(tokens, mode=GenerationMode.POSITIVE, checks=CHECKS, examples=4)
    assert {200, 202, 403, 404, 422} <= {*came}


def test_what_is_not_described_is_refused(tokens: list[str]) -> None:
    came = _called(tokens, mode=GenerationMode.NEGATIVE, checks=[*CHECKS, negative_data_rejection], examples=3)
    assert came[422]
    assert 500 not in came


@pytest.mark.proof
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_it_holds_for_many_more_calls(tokens: list[str], mode: GenerationMode) -> None:
    more = [negative_data_rejection] if mode is GenerationMode.NEGATIVE else []
    came = _called(tokens, mode=mode, checks=[*CHECKS, *more], examples=100)
    assert came.total() >= 6_500, "a hundred calls of each operation, none of which was left out"


def _broken(request: HttpRequest, **_: object) -> HttpResponse:
    raise RuntimeError


def _undescribed(request: ApiRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")


@pytest.mark.parametrize("error", [_broken, _undescribed])
def test_these_checks_see_what_they_look_for(tokens: list[str], monkeypatch: pytest.MonkeyPatch, error: object) -> None:
    for router in api._get_bound_routers():
        for path, found in router.path_operations.items():
            if path == "/me":
                monkeypatch.setattr(found.operations[0], "view_func", error)
    assert caller.read_me is not error
    with pytest.raises(FailureGroup):
        _called(tokens, mode=GenerationMode.POSITIVE, checks=CHECKS, examples=2, only="/me")

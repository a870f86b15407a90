"""The description says what the API does: every operation, every answer, and nothing of how it is made."""

import json
from collections.abc import Iterator

from django.test import Client
from pydantic import BaseModel

from muniment.interfaces.api.problems import MEDIA_TYPE
from muniment.interfaces.api.routes import api
from muniment.interfaces.api.schemas import Body, Schema
from tests.interfaces.api.conftest import V1, Described
from tests.interfaces.web.conftest import Site


def test_anybody_may_read_it(site: Site) -> None:
    came = Client().get(f"{V1}/openapi.json")
    assert came.status_code == 200
    assert came["Content-Type"] == "application/json"
    found = json.loads(came.content)
    assert found["openapi"].startswith("3.1")
    assert found["info"]["license"]["identifier"] == "Apache-2.0"
    assert found["servers"]
    assert found["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"


def test_it_is_asked_for_and_not_sent(site: Site) -> None:
    came = Client().post(f"{V1}/openapi.json")
    assert (came.status_code, came["Content-Type"], came["Allow"]) == (405, MEDIA_TYPE, "GET")


def test_every_operation_has_a_name_words_and_a_tag() -> None:
    found = api.get_openapi_schema(path_prefix=f"{V1}/")
    tags = {tag["name"] for tag in found["tags"]}
    each = [operation for methods in found["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in each}) == len(each) > 50
    assert [o["operationId"] for o in each if not o["summary"] or not o.get("description")] == []
    assert [o["operationId"] for o in each if not {*o["tags"]} <= tags or not o["tags"]] == []
    assert not any(key.startswith("x-") for operation in each for key in operation)


def test_every_error_is_a_problem() -> None:
    found = api.get_openapi_schema(path_prefix=f"{V1}/")
    kinds = {kind for answer in found["components"]["responses"].values() for kind in answer["content"]}
    assert kinds == {MEDIA_TYPE}


def test_every_operation_names_the_errors_that_it_can_answer_with(every_operation: list[Described]) -> None:
    for operation in every_operation:
        assert {"401", "403", "422", "429"} <= {*operation.statuses}, operation.name
        assert ("404" in operation.statuses) == ("{" in operation.path), operation.name
        assert ({"409", "503"} <= {*operation.statuses}) == operation.is_command, operation.name


def test_no_two_schemas_have_one_name() -> None:
    """Ninja would describe one of them twice, and the other not at all."""

    def below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    names = [kind.__name__.removesuffix("Schema") for base in (Schema, Body) for kind in below(base)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_parameter_is_explained() -> None:
    found = api.get_openapi_schema(path_prefix=f"{V1}/")
    silent = [
        (operation["operationId"], parameter["name"])
        for methods in found["paths"].values()
        for operation in methods.values()
        for parameter in operation["parameters"]
        if parameter["name"] not in ("upload", "job", "notice", "kind") and not parameter.get("description")
    ]
    assert silent == []


def test_what_is_no_operation_is_a_problem_too(site: Site) -> None:
    for method, address, status in [
        ("GET", "/nothing", 404),
        ("PUT", "/me", 405),
        ("POST", "/me", 405),
        ("GET", "", 404),
    ]:
        came = Client().generic(method, f"{V1}{address or '/'}")
        assert (came.status_code, came["Content-Type"]) == (status, MEDIA_TYPE), (method, address)
        assert json.loads(came.content)["status"] == status

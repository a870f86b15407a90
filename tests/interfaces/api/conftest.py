"""The API over the pages' two contracts: a caller with a token for any person, and every operation as described."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from muniment.domain.kernel.fingerprint import Json
from muniment.example.cast import ADMINISTRATOR, Person
from muniment.installation.tokens import Scope, make_token
from muniment.interfaces.api.examples import BODIES, PLAIN
from muniment.interfaces.api.routes import api
from tests.interfaces.web.conftest import Site, site, two_contracts

__all__ = ["site", "two_contracts"]
V1 = "/api/v1"
EVERY_SCOPE: tuple[Scope, ...] = ("read", "submit", "act", "bind")


@dataclass(frozen=True)
class Answer:
    """What came back. `said`: the JSON, None where it is no JSON."""

    status: int
    kind: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def said(self) -> dict[str, Json]:
        found = json.loads(self.content)
        assert isinstance(found, dict)
        return found

    def objects(self, name: str = "items") -> list[dict[str, Json]]:
        """A list of objects in what was said."""
        found = self.said[name]
        assert isinstance(found, list)
        return [item for item in found if isinstance(item, dict)]

    def object(self, name: str) -> dict[str, Json]:
        found = self.said[name]
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True)
class ApiCaller:
    """A program that calls with one token. Addresses begin after /api/v1."""

    token: str

    def get(self, address: str, **headers: str) -> Answer:
        return self.send("GET", address, headers=headers)

    def post(self, address: str, body: Json = None, *, key: str = "") -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        return self.send("POST", address, body=body, headers=headers)

    def send(
        self, method: str, address: str, *, body: Json | bytes = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        signed = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        came: HttpResponseBase = Client(raise_request_exception=False).generic(
            method,
            address if address.startswith(V1) else V1 + address,
            content,
            content_type=kind,
            headers=signed,
            SERVER_NAME="localhost",
        )
        read = came.getvalue()
        return Answer(came.status_code, str(came.get("Content-Type", "")), dict(came.items()), read)


def calling(
    site: Site, person: Person, *, scopes: Sequence[Scope] = EVERY_SCOPE, contract: str = "", days: int = 1
) -> ApiCaller:
    """A program of that person's."""
    now = timezone.now()
    _, text = make_token(
        account=site.account(person), name="test", scopes=scopes, contract=contract, on=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    return ApiCaller(text)


@dataclass(frozen=True)
class Described:
    """An operation of the description. `scopes`: those of which a token needs one."""

    name: str
    method: str
    path: str
    scopes: tuple[str, ...]
    statuses: tuple[str, ...]
    is_command: bool
    takes_file: bool

    @property
    def example(self) -> str:
        """Its address on the example contract."""
        names = {
            "contract": "cssc", "month": "2019-11", "kpi": "CSC_KPI_04", "table": "calls", "submission": "s1",
            "challenge": "q1", "mitigation": "g1", "dispute": "d1", "restatement": "r1", "number": "1",
            "project": "tessera", "person": "p-7c41e09b52", "kind": "appointments", "name": "report.pdf",
            "upload": "00000000-0000-4000-8000-000000000000", "job": "00000000-0000-4000-8000-000000000000",
            "notice": "00000000-0000-4000-8000-000000000000",
        }  # fmt: skip
        if "/people/" in self.path:
            names["number"] = "a1"
        queries = {
            "upload_file": "?file_name=calls.csv", "read_text_file": "?path=contract.yaml",
            "compare_submissions": "?earlier=s1&later=s2",
        }  # fmt: skip
        query = queries.get(self.name, "")
        return self.path.removeprefix(V1).format(**names) + query

    @property
    def body(self) -> Json | bytes:
        if self.takes_file:
            return b"a,b\r\n1,2\r\n"
        return BODIES.get(self.name, PLAIN) if self.method == "POST" else None


def operations() -> Iterator[Described]:
    for path, methods in api.get_openapi_schema(path_prefix=f"{V1}/")["paths"].items():
        for method, found in methods.items():
            names = {parameter["name"] for parameter in found["parameters"]}
            body = found.get("requestBody", {}).get("content", {})
            yield Described(
                found["operationId"], method.upper(), path, tuple(found["security"][0]["Token"]),
                tuple(found["responses"]), "Idempotency-Key" in names, "application/octet-stream" in body,
            )  # fmt: skip


def asked(caller: ApiCaller, operation: Described, address: str | None = None) -> Answer:
    """The operation on the example, as its description shows it."""
    headers = {"Idempotency-Key": f"test-{operation.name}"} if operation.is_command else {}
    return caller.send(operation.method, address or operation.example, body=operation.body, headers=headers)


@pytest.fixture(scope="session")
def every_operation() -> list[Described]:
    return list(operations())


@pytest.fixture
def administrator(site: Site) -> ApiCaller:
    return calling(site, ADMINISTRATOR)


@pytest.fixture
def settings_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """A small limit for uploads, in bytes."""
    monkeypatch.setattr(settings, "UPLOAD_LIMIT", 100_000)
    return 100_000

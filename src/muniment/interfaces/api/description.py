"""The description of the API (OpenAPI 3.1): every operation with every answer that it can give."""

import json
import re
from collections.abc import Mapping
from copy import deepcopy

from muniment.interfaces.api.examples import BODIES, PLAIN
from muniment.interfaces.api.operations import COMMAND_KEY, FILE_KEY, SCOPES_KEY, UPLOAD_KEY
from muniment.interfaces.api.problems import MEDIA_TYPE, ProblemSchema
from muniment.interfaces.api.schemas import ListQuery

Described = dict[str, object]
VERSION = "1.0.0"
TITLE = "Muniment"
SUMMARY = """What the pages can do, through the same commands: figures are read, files submitted, and acts recorded \
with their reason, for the person whose token it is.

Numbers that decide are texts, so that no program rounds them. A month is written 2019-11, a day 2019-10-14, and an \
instant in UTC. A contract that is not yours answers like one that is not there."""
TAGS: Mapping[str, str] = {
    "You": "Who calls, and what waits.",
    "Figures": "Contracts, months and KPIs as they were last computed.",
    "Evidence": "What is due, what came, and the acts on a submission.",
    "Uploads": "Files that are looked at before they are submitted.",
    "Challenges": "The authority's questions about evidence.",
    "Mitigation": "What the supplier asks for and the authority decides.",
    "Results": "Disputes, and why a KPI failed.",
    "Statements": "What a month comes to; signing and locking it.",
    "Restatements": "New versions of locked statements.",
    "People": "Appointments and delegations.",
    "Projects": "What the board follows.",
    "Agreed text": "Its files, and change notices proposed, agreed to and adopted.",
    "Record": "Entries and heads.",
    "Jobs": "What takes longer than a request: reports, bundles, files of rows, and acts that compute a statement.",
}
ERRORS: Mapping[str, tuple[str, str]] = {
    "400": ("NotJson", "The body is no JSON text, or the headers are not those of this site."),
    "401": ("NoToken", "There is no token, or it opens nothing."),
    "403": ("NotAllowed", "The token lacks the scope, or a rule stands against this person doing it."),
    "404": ("NotFound", "There is nothing at this address for this person."),
    "409": ("Conflict", "The thing has moved on since `seen`, or the idempotency key was used for something else."),
    "413": ("TooLarge", "The body is too large."),
    "415": ("OtherMedia", "The body is of another kind than this address takes."),
    "422": (
        "NotValid",
        "The request does not fit its description, a rule stands against it, or a file has problems.",
    ),
    "429": ("TooManyRequests", "Too many requests in this minute."),
    "503": (
        "NotRecorded",
        "The database cannot be written to, and nothing was recorded; or the figures are being computed.",
    ),
}
EXAMPLES: Mapping[str, Described] = {
    "409": {
        "type": "urn:muniment:problem:stale",
        "title": "The thing has moved on",
        "status": 409,
        "detail": "Cssc/calls/2019-12 has moved on since entry 853, before you could accept a submission.",
        "rule": "stale",
        "wanted": "accept a submission",
        "thing": "cssc/calls/2019-12",
        "seen": 853,
        "since": [
            {
                "seq": 854, "kind": "submission.withdrawn", "subject": "cssc/calls/2019-12/s1", "actor": "p-7c41e09b52",
                "at": "2020-01-22T09:00:00Z",
            }
        ],
    },
    "403": {
        "type": "urn:muniment:problem:refused",
        "title": "A rule stands against it",
        "status": 403,
        "detail": "You are auditor, and may not accept a submission. A contract officer (p-a6e35b1d87) could.",
        "rule": "role",
        "what": "you are auditor, and may not accept a submission",
        "who_could": "a contract officer (p-a6e35b1d87) could",
    },
}  # fmt: skip
LOOKED_AT = "Muniment-Entry"
_HEADERS: Mapping[str, Described] = {
    LOOKED_AT: {
        "description": "The number of the last entry that the answer rests on, to be sent as `seen` with an act.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Location": {
        "description": "Where to ask how far it is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}},
}
PLACED: Mapping[str, Described] = {"202": {"headers": {"Location": {"$ref": "#/components/headers/Location"}}}}
"""Status -> what its answers have besides: where that is which a worker is to do."""


def completed(found: Described, *, address: str) -> Described:
    """What ninja describes, with every error, header and media type of the answers that are really given."""
    paths = deepcopy(found["paths"])
    assert isinstance(paths, dict)
    for path, operations in paths.items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    components = dict(found["components"])  # type: ignore[call-overload]  # an object, as ninja makes it
    problem = ProblemSchema.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
    schemas = {**components["schemas"], **problem.pop("$defs"), "Problem": problem}
    schemas.pop(ListQuery.__name__, None)  # its members stand with each operation that takes them
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE, "version": VERSION, "description": SUMMARY,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": address or "/", "description": "This site"}],
        "tags": [{"name": name, "description": says} for name, says in TAGS.items()],
        "security": [{"Token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: schemas[name] for name in sorted(schemas)},
            "responses": {name: _error(status, says) for status, (name, says) in ERRORS.items()},
            "headers": dict(_HEADERS),
            "securitySchemes": {
                "Token": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "mnm_...",
                    "description": "Made on your account page. Scopes: `read`; `submit` (evidence); `bind` (acts that "
                    "bind: signing, locking, deciding, adopting, appointing; for a day); `act` (all else).",
                }
            },
        },
    }  # fmt: skip
    # Schemas are named after things; in the code those names alone are the domain's own. A title "Schema" is a word.
    renamed: Described = json.loads(re.sub(r'(?<=\w)Schema"', '"', json.dumps(whole)))
    return renamed


def _complete(path: str, method: str, operation: Described) -> None:
    scopes, is_command = operation.pop(SCOPES_KEY), bool(operation.pop(COMMAND_KEY, ""))
    files, is_upload = operation.pop(FILE_KEY, ()), operation.pop(UPLOAD_KEY, False)
    operation["security"] = [{"Token": scopes}]
    parameters, answers = operation.get("parameters", []), operation["responses"]
    assert isinstance(parameters, list)
    assert isinstance(answers, dict)
    # Which page it is comes before what narrows the list.
    parameters.sort(key=lambda found: found["in"] == "query" and found["name"] not in ListQuery.model_fields)
    assert isinstance(files, list | tuple)
    if is_upload:
        schema = {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}}}
        operation["requestBody"] = {"required": True, "content": schema}
    body = operation.get("requestBody")
    if isinstance(body, dict) and not is_upload:
        body["content"]["application/json"]["example"] = BODIES.get(str(operation["operationId"]), PLAIN)
    good = {str(status): {**answer, **PLACED.get(str(status), {})} for status, answer in answers.items()}
    for answer in good.values():
        if files:
            binary = {"schema": {"type": "string", "format": "binary"}}
            answer["content"] = dict.fromkeys(files, binary)
            answer["headers"] = {"Content-Disposition": {"schema": {"type": "string"}}}
        if method == "get" and "{contract}" in path:
            header = {LOOKED_AT: {"$ref": f"#/components/headers/{LOOKED_AT}"}}
            answer["headers"] = {**answer.get("headers", {}), **header}
    statuses = _errors(path, method, has_body=body is not None, is_command=is_command)
    error = {status: {"$ref": f"#/components/responses/{ERRORS[status][0]}"} for status in statuses}
    operation["responses"] = {**good, **error}


def _errors(path: str, method: str, *, has_body: bool, is_command: bool) -> list[str]:
    statuses = ["401", "403", "422", "429"]
    if "{" in path:
        statuses.append("404")
    if method != "get":
        statuses += ["400", "415"]
    if has_body:
        statuses += ["413"]
    if is_command:
        statuses.append("409")
    if is_command or (method == "get" and "{contract}" in path):
        statuses.append("503")
    return sorted(statuses)


def _error(status: str, says: str) -> Described:
    content: Described = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status in EXAMPLES:
        content["example"] = EXAMPLES[status]
    found: Described = {"description": says, "content": {MEDIA_TYPE: content}}
    headers = {"429": "Retry-After", "503": "Retry-After", "401": "WWW-Authenticate"}.get(status)
    if headers:
        found["headers"] = {headers: {"$ref": f"#/components/headers/{headers}"}}
    return found

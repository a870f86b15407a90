"""The examples of the documents are run: every command of the how-to, and every body that the description shows."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jsonschema_rs import validator_for

from muniment.domain.kernel.fingerprint import Json
from muniment.example.cast import APPROVER, CONTRACT_MANAGER, CONTRACT_OFFICER, PREPARER
from muniment.example.to_upload import files_to_upload
from muniment.interfaces.api.examples import BODIES
from muniment.interfaces.api.routes import api
from tests.interfaces.api.conftest import V1, ApiCaller, calling
from tests.interfaces.web.conftest import Site

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"
SHOWN = re.compile(r"```sh\n(curl .*?)\n```\n\n```json\n(.*?)\n```", re.DOTALL)
UPLOADED = "demo/to-upload/2019-12/"


@dataclass(frozen=True)
class Shown:
    """A command of the page, and what the page says that it answers."""

    command: str
    answer: Json


def shown() -> Iterator[Shown]:
    for command, answer in SHOWN.findall(PAGE.read_text(encoding="utf-8")):
        yield Shown(command.replace("\\\n", " "), json.loads(answer))


def _run(command: str, names: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, Json]:
    """What curl would do."""
    for name, value in names.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command)[1:]
    headers: dict[str, str] = {}
    method, address, body = "GET", "", None
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-binary"):
            said = words.pop(0)
            method, body = "POST", files[said[1:]] if said.startswith("@") else json.loads(said)
        else:
            address = word
    where = urlsplit(address)
    token = headers.pop("Authorization").removeprefix("Bearer ")
    assert headers.pop("Content-Type", "") in ("", "application/json", "application/octet-stream")
    return ApiCaller(token).send(method, f"{where.path}?{where.query}", body=body, headers=headers).said


def _is_part_of(said: Json, came: Json) -> bool:
    """Whether the page shows what came: `...` for anything, and what it leaves out may be there."""
    if isinstance(said, dict) and isinstance(came, dict):
        return all(name in came and _is_part_of(value, came[name]) for name, value in said.items())
    if isinstance(said, list) and isinstance(came, list):
        return len(said) <= len(came) and all(_is_part_of(one, other) for one, other in zip(said, came, strict=False))
    return said == "..." or said == came


def test_the_how_to_shows_what_is_answered(site: Site) -> None:
    files = {f"{UPLOADED}{name}": content for name, content in files_to_upload()}
    people = {"APPROVER": APPROVER, "OFFICER": CONTRACT_OFFICER, "MANAGER": CONTRACT_MANAGER}
    names = {"SITE": "http://localhost:8000", **{name: calling(site, who).token for name, who in people.items()}}
    names["TOKEN"] = calling(site, PREPARER, scopes=["read", "submit", "act"]).token
    examples = list(shown())
    assert len(examples) >= 12
    for example in examples:
        came = _run(example.command, names, files)
        assert _is_part_of(example.answer, came), f"{example.command}\n{json.dumps(came, indent=1)[:3000]}"
        if "uploads?" in example.command:
            names["UPLOAD"] = str(came["id"])
            site.work()


def test_no_command_of_the_page_is_left_out() -> None:
    assert PAGE.read_text(encoding="utf-8").count("curl ") == len(list(shown()))


def test_a_page_that_says_something_else_is_noticed() -> None:
    came: Json = {"items": [{"a": 1, "b": "2"}], "next": None}
    assert _is_part_of({"items": [{"a": "..."}]}, came)
    error: tuple[Json, ...] = ({"items": [{"a": 2}]}, {"items": [{}, {}]}, {"more": 1}, {"next": "x"}, [])
    assert [said for said in error if _is_part_of(said, came)] == []


def test_every_example_of_the_description_fits_it() -> None:
    found = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{V1}/")))
    checked = set()
    for methods in found["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if "example" in content:
                    schema = {**content["schema"], "components": found["components"]}
                    validator_for(schema).validate(content["example"])
                    checked.add(operation["operationId"])
    assert {*BODIES} <= checked

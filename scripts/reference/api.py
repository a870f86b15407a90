"""docs/reference/api.md: every operation of the HTTP API and every schema, from its description."""

import os
from collections.abc import Iterator, Mapping
from json import dumps

import django
from django.conf import settings
from scripts.reference.markdown import anchor, code, page, table, ticked

from muniment.adapters.stores.database.setup import DATABASE_VARIABLE, FILES_VARIABLE, SETTINGS

Described = Mapping[str, object]
BEGINS = "/api/v1"
ABOUT = """The address of an operation begins with `/api/v1`. `/api/v1/openapi.json` is the same as OpenAPI 3.1, for
programs that write programs. See [how to use it](../how-to/use-the-api.md)."""
ANSWERS = """An act answers with 201 and the entry that it left, something that takes longer with 202 and a job or an
upload, anything else with 200, or 204 where there is nothing to say. Whatever can be read of a contract carries
`Muniment-Entry`: the number of the last entry that the answer rests on."""


def api_page() -> str:
    found = description()
    operations = [
        (path.removeprefix(BEGINS), method.upper(), operation)
        for path, methods in objects(found["paths"])
        for method, operation in objects(methods)
    ]
    parts = [ABOUT, ANSWERS, *_errors()]
    for tag in listed(found["tags"]):
        name = text(tag, "name")
        parts += [f"## {name}: operations", text(tag, "description")]
        parts += [part for each in operations if name in words(each[2]["tags"]) for part in _operation(*each)]
    parts += ["## Schemas", "A member is always there unless it may be left out. Numbers that decide are texts."]
    components = dict(objects(found["components"]))
    parts += [part for name, schema in objects(components["schemas"]) for part in _schema(name, schema)]
    return page(title="The HTTP API", parts=parts)


def description() -> Described:
    """The description as the API gives it. Nothing is connected to."""
    if not settings.configured:  # a process that is set up already keeps its environment as it is
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        os.environ.setdefault(DATABASE_VARIABLE, "sqlite:////nowhere/database.sqlite3")
        os.environ.setdefault(FILES_VARIABLE, "nowhere")
    django.setup()
    from muniment.interfaces.api.routes import api

    return api.get_openapi_schema(path_prefix=f"{BEGINS}/")


def _errors() -> Iterator[str]:
    yield "## Errors"
    yield (
        "Every error is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): see "
        "[Problem](#problem). Its `type` is `urn:muniment:problem:` and one of these names."
    )
    from muniment.interfaces.api.problems import TITLES

    yield table(("Name", "Says"), [(f"`{name}`", title) for name, title in TITLES.items()])
    from muniment.interfaces.api.description import ERRORS

    yield table(("Status", "When"), [(status, says) for status, (_, says) in ERRORS.items()])


def _operation(path: str, method: str, found: Described) -> Iterator[str]:
    yield f"### {text(found, 'operationId')}"
    yield f"`{method} {path}`"
    yield f"{text(found, 'summary')}. {text(found, 'description')}"
    scopes = [scope for each in listed(found["security"]) for scope in words(each["Token"])]
    answers = dict(objects(found["responses"]))
    good = [(status, answer) for status, answer in answers.items() if status < "300"]
    kinds = " or ".join(f"{status} {_answer(answer)}".strip() for status, answer in good)
    error = ", ".join(status for status in answers if status >= "300")
    yield f"Scope: {ticked(scopes).replace(', ', ' or ')}. Answers: {kinds}. Errors: {error}."
    rows = [
        (
            f"`{text(each, 'name')}`",
            text(each, "in"),
            _type(as_object(each["schema"])),
            _says(each),
            _needed(bool(each["required"])),
        )
        for each in listed(found["parameters"])
    ]
    if rows:
        yield table(("Parameter", "In", "Is", "Says", "Needed"), rows)
    for kind, content in objects(as_object(found.get("requestBody", {})).get("content", {})):
        schema = as_object(content["schema"])
        yield f"Body: {_type(schema)}" if "$ref" in schema else f"Body: the file's bytes, as `{kind}`."
        if "example" in content:
            yield code(dumps(content["example"], indent=2, ensure_ascii=False), "json")


def _answer(answer: Described) -> str:
    found = objects(answer.get("content", {}))
    return " or ".join(
        dict.fromkeys(
            _type(as_object(content["schema"])) if kind == "application/json" else f"`{kind}`"
            for kind, content in found
        )
    )


def _schema(name: str, found: Described) -> Iterator[str]:
    yield f"### {name}"
    if says := str(found.get("description", "")):
        yield " ".join(says.split())
    needed = {*words(found.get("required", []))}
    rows = [
        (f"`{key}`", _type(member), _says(member), _needed(key in needed))
        for key, member in objects(found.get("properties", {}))
    ]
    if rows:
        yield table(("Member", "Is", "Says", "Needed"), rows)


def _type(found: Described) -> str:
    """What a member is, in a few words."""
    if reference := str(found.get("$ref", "")):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{anchor(name)})"
    if "anyOf" in found:
        return " or ".join(_type(each) for each in listed(found["anyOf"]))
    if "const" in found:
        return f"`{found['const']}`"
    if "enum" in found:
        return " or ".join(f"`{each}`" for each in words(found["enum"]))
    kind = str(found.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(as_object(found['items']))}"
    if kind == "object":
        inside = found.get("additionalProperties")
        return f"object of {_type(as_object(inside))}" if isinstance(inside, Mapping) and inside else "object"
    named = {"string": "text", "integer": "number", "boolean": "true or false", "null": "null"}
    return str(found.get("format", "")) or named.get(kind, kind)


def _says(found: Described) -> str:
    """Its description; how long or how large it may be; what it is where it is left out."""
    schema = as_object(found.get("schema", found))
    bounds = {"minimum": "at least", "maximum": "at most", "maxLength": "at most", "maxItems": "at most"}
    unit = {"maxLength": " characters", "maxItems": " items"}
    kept = [f"{says} {schema[name]}{unit.get(name, '')}" for name, says in bounds.items() if name in schema]
    if schema.get("default") not in (None, ""):
        kept.append(f"{schema['default']} where it is left out")
    return " ".join([str(found.get("description", "")), f"({', '.join(kept)})" if kept else ""]).strip()


def _needed(is_needed: bool) -> str:
    return "yes" if is_needed else ""


def as_object(found: object) -> Described:
    return found if isinstance(found, Mapping) else {}


def objects(found: object) -> Iterator[tuple[str, Described]]:
    for name, each in as_object(found).items():
        yield name, as_object(each)


def listed(found: object) -> list[Described]:
    return [as_object(each) for each in found] if isinstance(found, list) else []


def words(found: object) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list) else []


def text(found: Described, name: str) -> str:
    return " ".join(str(found[name]).split())

"""The schemas that are handed out accept the example's text and refuse what the product refuses."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from scripts.reference.schema import FILES

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.regime.nodes import plain_node, read_nodes

Schema = Mapping[str, Json]
KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "const", "default", "description", "enum", "examples", "items",
    "oneOf", "pattern", "patternProperties", "properties", "propertyNames", "required", "title", "type",
}  # fmt: skip
"""The words of JSON Schema that the schemas use; `_misfits` knows them all."""
TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "integer": int, "number": int}


def _schema(docs: Path, name: str) -> Schema:
    read: Schema = json.loads((docs / "reference" / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    return read


def _example(name: str) -> Iterator[tuple[str, Json]]:
    folder = files("muniment.example") / "contract"
    inside = folder / "changes" if name == "change" else folder
    for item in inside.iterdir():
        if name in ("change", item.name.removesuffix(".yaml")):
            node, problems = read_nodes(text=item.read_text(encoding="utf-8"), file=item.name)
            assert problems == ()
            yield item.name, plain_node(node)


def _mapping(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


def _misfits(value: Json, schema: Schema, root: Schema, at: str = "") -> Iterator[str]:
    """Where a value does not fit a schema: the part of JSON Schema that ours use."""
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix("#/$defs/")
        yield from _misfits(value, _mapping(_mapping(root["$defs"])[name]), root, at)
    if "oneOf" in schema:
        fitting = [part for part in _list(schema["oneOf"]) if not list(_misfits(value, _mapping(part), root, at))]
        if len(fitting) != 1:
            yield f"{at}: fits {len(fitting)} of the forms"
    types = schema.get("type", [])
    named = [types] if isinstance(types, str) else _list(types)
    if named and not any(isinstance(value, TYPES[str(name)]) for name in named):
        yield f"{at}: is not of type {types}"
    yield from _misfits_of_text(value, schema, at)
    if isinstance(value, dict):
        yield from _misfits_of_object(value, schema, root, at)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from _misfits(item, _mapping(schema["items"]), root, f"{at}[{number}]")


def _misfits_of_text(value: Json, schema: Schema, at: str) -> Iterator[str]:
    if "enum" in schema and value not in _list(schema["enum"]):
        yield f"{at}: '{value}' is not among the values"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: is not '{schema['const']}'"
    if "pattern" in schema and isinstance(value, str) and not re.search(str(schema["pattern"]), value):
        yield f"{at}: '{value}' does not have the pattern"


def _misfits_of_object(value: dict[str, Json], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    properties = _mapping(schema.get("properties", {}))
    patterns = _mapping(schema.get("patternProperties", {}))
    further = schema.get("additionalProperties", True)
    yield from (f"{at}: '{name}' is missing" for name in _list(schema.get("required", [])) if name not in value)
    for key, inner in value.items():
        fitting = [properties[key]] if key in properties else []
        fitting += [part for pattern, part in patterns.items() if re.search(pattern, key)]
        if not fitting and isinstance(further, dict):
            fitting = [further]
        if not fitting and further is False:
            yield f"{at}: '{key}' is not known"
        for part in fitting:
            yield from _misfits(inner, _mapping(part), root, f"{at}.{key}")


def _words(schema: Json, *, is_names: bool = False) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, inner in schema.items():
            if not is_names:
                yield key
            if key not in ("examples", "default", "enum", "const", "required"):
                yield from _words(inner, is_names=not is_names and key in ("properties", "$defs", "patternProperties"))
    elif isinstance(schema, list):
        for item in schema:
            yield from _words(item)


@pytest.mark.parametrize("name", FILES)
def test_the_example_fits_the_schema(name: str, docs: Path) -> None:
    schema = _schema(docs, name)
    shown = list(_example(name))
    assert shown
    assert [fault for file, text in shown for fault in _misfits(text, schema, schema, file)] == []


@pytest.mark.parametrize("name", FILES)
def test_an_unknown_key_does_not_fit(name: str, docs: Path) -> None:
    schema = _schema(docs, name)
    _, text = next(_example(name))
    assert list(_misfits({**_mapping(text), "unheard_of": "1"}, schema, schema)) == [": 'unheard_of' is not known"]


def test_a_misspelt_name_and_a_wrong_date_do_not_fit(docs: Path) -> None:
    schema = _schema(docs, "regime")
    _, text = next(_example("regime"))
    assert list(_misfits({**_mapping(text), "signed": "2 March 2015"}, schema, schema)) != []
    assert list(_misfits({**_mapping(text), "regime": "the regime"}, schema, schema)) != []


def test_an_editor_may_read_a_whole_number_as_a_number(docs: Path) -> None:
    schema = _schema(docs, "regime")
    _, text = next(_example("regime"))
    repeat_failures: Json = {"repeat": {"after": 2, "multiply": 2, "mitigated_period": "skip"}}
    assert list(_misfits({**_mapping(text), "repeat_failures": repeat_failures}, schema, schema)) == []


@pytest.mark.parametrize("name", FILES)
def test_every_property_says_what_it_means(name: str, docs: Path) -> None:
    schema = _schema(docs, name)
    models: list[Json] = [dict(schema), *_mapping(schema.get("$defs", {})).values()]
    properties = [part for model in models for part in _mapping(_mapping(model)["properties"]).values()]
    assert [part for part in properties if not _mapping(part).get("description")] == []


@pytest.mark.parametrize("name", FILES)
def test_the_schema_uses_no_word_that_these_tests_pass_over(name: str, docs: Path) -> None:
    assert set(_words(dict(_schema(docs, name)))) <= KNOWN

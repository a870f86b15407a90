"""docs/reference/schema/*.json: JSON Schema (draft 2020-12) of the agreed text, from the models that read it."""

import json
from collections.abc import Mapping

from scripts.reference.examples import GENERIC, Examples, examples_of
from scripts.reference.meanings import MEANINGS

from muniment.domain.portfolio.text import ProjectsText, ReportingText
from muniment.domain.regime.text import ChangeText, ContractText, EvidenceText, RegimeText, TextModel

FILES: Mapping[str, type[TextModel]] = {
    "contract": ContractText,
    "evidence": EvidenceText,
    "regime": RegimeText,
    "change": ChangeText,
    "reporting": ReportingText,
    "projects": ProjectsText,
}
"""Name of the schema -> the model of the file."""

# Muniment reads every value as text. Editors read 3 as a number and true as a truth value, so both are let through.
ALSO = {
    "A text.": ["string", "number", "boolean"],
    "A whole number from 0.": ["string", "integer"],
    "A whole number from 1.": ["string", "integer"],
    "true or false.": ["string", "boolean"],
    "A condition on one row.": ["string", "boolean"],
}

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


def schema_of(name: str) -> str:
    """The schema of one kind of file, as it is written out."""
    made: Json = FILES[name].model_json_schema()
    tidy = _tidy(made)
    if not isinstance(tidy, dict):
        raise TypeError("a schema is an object")
    _describe(tidy, FILES[name], examples_of(FILES))
    head: dict[str, Json] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _called(FILES[name]),
    }
    return json.dumps({**head, **{key: value for key, value in tidy.items() if key != "title"}}, indent=2) + "\n"


def _called(model: type[TextModel]) -> str:
    return (model.__doc__ or "").strip().split(",")[0]


def _tidy(node: Json) -> Json:
    """Without nulls and typed defaults: in the text a key is there with a text, or it is not there."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if _is_optional(node):
        options = node.pop("anyOf")
        kept = [option for option in options if option != {"type": "null"}] if isinstance(options, list) else []
        first = kept[0] if kept else {}
        node = {**(first if isinstance(first, dict) else {}), **node}
    is_properties = all(isinstance(value, dict) for value in node.values())
    tidy = {key: _tidy(value) for key, value in node.items() if is_properties or key not in ("default", "title")}
    says = tidy.get("description")
    if tidy.get("type") == "string" and isinstance(says, str) and says in ALSO:
        tidy["type"] = [*ALSO[says]]
    if tidy.get("examples") in [[generic] for generic in GENERIC]:
        del tidy["examples"]
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy


def _is_scalar(part: dict[str, Json]) -> bool:
    return "enum" not in part and "const" not in part and part.get("type") not in (None, "object", "array")


def _is_optional(node: dict[str, Json]) -> bool:
    options = node.get("anyOf")
    return isinstance(options, list) and len(options) == 2 and {"type": "null"} in options


def _describe(schema: dict[str, Json], root: type[TextModel], examples: Examples) -> None:
    """Every key with what it means and an example, as the reference has them."""
    definitions = schema.get("$defs", {})
    named = {root.__name__: schema, **(definitions if isinstance(definitions, dict) else {})}
    for name, node in named.items():
        properties = node.get("properties") if isinstance(node, dict) else None
        for key, part in properties.items() if isinstance(properties, dict) else ():
            if isinstance(part, dict):
                part["description"] = MEANINGS.get(name, {}).get(key, "")
                if _is_scalar(part) and (name, key) in examples:
                    part["examples"] = [examples[name, key]]

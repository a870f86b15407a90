"""docs/reference/agreed-text.md: every key of every file of the agreed text, from the models that read it."""

import ast
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Annotated, Literal, Union, cast, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo
from scripts.reference.examples import GENERIC, Examples, bare, examples_of, keys_of
from scripts.reference.markdown import anchor, code, page, table, ticked
from scripts.reference.meanings import MEANINGS
from scripts.reference.schema import FILES

from muniment.domain.regime import scalars, schema
from muniment.domain.regime.former_words import FORMER_WORDS
from muniment.domain.regime.text import TextModel

WORDS: Mapping[str, str] = {
    "TextText": "text", "NameText": "name", "DayText": "date", "MonthText": "month", "WholeText": "whole number",
    "PositiveText": "number from 1", "RateText": "share", "MoneyText": "money", "LevelText": "level",
    "EdgeText": "edge", "RoundingText": "rounding", "YesText": "true or false", "DueText": "due date",
    "WithinText": "time limit", "LimitText": "limit from a day", "ConditionText": "condition",
}  # fmt: skip
"""Name of the scalar in domain/regime/scalars.py -> what the tables call it."""


def agreed_text_page() -> str:
    examples = examples_of(FILES)
    parts = [
        (
            "A contract folder holds `contract.yaml`, `evidence.yaml` and `regime.yaml`, one file "
            "per notice in `changes/`, "
            "and, where a board follows the contract, `reporting.yaml` and `projects.yaml`. The same "
            "shapes as JSON Schema "
            "are in [schema/](schema/)."
        ),
        (
            "The dialect is strict YAML. Every value is read as text and typed by its key, so `NO`, "
            "`1:30` and `1.10` mean "
            "what they look like. A key that is not listed here is an error; so are duplicate keys, "
            "anchors, merge keys, "
            "tags and several documents in one file. A text that holds `: ` or begins with a quote "
            "stands in quotes; inside "
            "`{...}` so does one that holds a comma."
        ),
        "## How values are written",
        _scalars(),
    ]
    for name, root in FILES.items():
        parts.append(f"## {_heading(name)}")
        for model in dict.fromkeys(_models(root)):
            parts += _section(model, examples, is_root=model is root)
    parts += ["## examples/*.yaml", _worked_examples()]
    parts += ["## Declared, and not computed by this version", _not_computed()]
    parts += ["## Former words", _former_words()]
    return page(title="The agreed text", parts=parts)


def _worked_examples() -> str:
    """What the example contract has in its folder `examples`, as it stands there."""
    folder = files("muniment.example") / "contract" / "examples"
    shown = sorted((item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name)
    says = (
        "The contract's own worked examples are its tests: `check` works each of them and says where it comes out "
        "otherwise. `given` has values by month, taken as measured; `rows` names files of evidence beside it. `expect` "
        "says what must come out."
    )
    return "\n\n".join([says, *(code(item.read_text(encoding="utf-8"), "yaml") for item in shown)])


def _heading(name: str) -> str:
    return "changes/*.yaml" if name == "change" else f"{name}.yaml"


def scalar_names() -> Mapping[str, object]:
    return {name: getattr(scalars, name) for name in WORDS}


def _scalars() -> str:
    rows = []
    for name, annotation in scalar_names().items():
        says = _json_schema(annotation)
        pattern = f" Its pattern is `{says['pattern']}`." if "pattern" in says else ""
        shown = " ".join(f"`{example}`" for example in cast("list[str]", says["examples"]))
        rows.append((WORDS[name], f"{says['description']}{pattern}", shown))
    return table(("Kind", "What it is", "As in"), rows)


def _json_schema(annotation: object) -> Mapping[str, object]:
    made = next(item for item in get_args(annotation) if isinstance(item, WithJsonSchema))
    return made.json_schema or {}


def _section(model: type[TextModel], examples: Examples, *, is_root: bool) -> Iterator[str]:
    if not is_root:
        yield f"### {_title(model)}"
    if model.__doc__ and not is_root and not model.__doc__.startswith("A part of"):
        yield model.__doc__.strip()
    rows = []
    for key, field, annotation in keys_of(model):
        example = examples.get((model.__name__, key), "") or _own_example(annotation)
        rows.append((f"`{key}`", _words(annotation), _default(field), f"`{example}`" if example else "",
                     MEANINGS.get(model.__name__, {}).get(key, "")))  # fmt: skip
    yield table(("Key", "What it holds", "Must be given", "As in", "What it means"), rows)


def _title(model: type[TextModel]) -> str:
    return model.CALLED[0].upper() + model.CALLED[1:]


def _default(field: FieldInfo) -> str:
    return "yes" if field.is_required() else ""


def _own_example(annotation: object) -> str:
    """That of the kind of value, where it is not one for any text or name."""
    if _scalar_name(annotation) is None:
        return ""
    example = str(cast("list[str]", _json_schema(bare(annotation))["examples"])[0])
    return "" if example in GENERIC else example


def _scalar_name(annotation: object) -> str | None:
    """The name of the scalar that the annotation is, perhaps with a tag."""
    for name, known in scalar_names().items():
        made = next(item for item in get_args(known) if isinstance(item, WithJsonSchema))
        if any(item is made for item in get_args(bare(annotation))):
            return name
    return None


def _words(annotation: object) -> str:
    kind = bare(annotation)
    name = _scalar_name(annotation)
    if name is not None:
        return WORDS[name]
    if kind is str:
        return "text"
    if isinstance(kind, type) and issubclass(kind, TextModel):
        return f"[{kind.CALLED}](#{anchor(_title(kind))})"
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _words(inner[0])
    if origin is Literal:
        return ticked(str(word) for word in inner)
    if origin is dict:
        return "lines of `key: value`" if inner[1] is object else f"{_words(inner[0])} to {_words(inner[1])}"
    if origin is list:
        return f"list of {_words(inner[0])}"
    if origin in (Union, UnionType):
        return ", or ".join(_words(option) for option in inner if option is not type(None))
    raise TypeError(f"{annotation} has no words yet")


def models() -> tuple[type[TextModel], ...]:
    """Every model of every file, each once."""
    return tuple(dict.fromkeys(model for root in FILES.values() for model in _models(root)))


def _models(root: type[TextModel]) -> Iterator[type[TextModel]]:
    yield root
    for _, _, annotation in keys_of(root):
        for inner in _models_in(annotation):
            yield from _models(inner)


def _models_in(annotation: object) -> Iterator[type[TextModel]]:
    if isinstance(annotation, type) and issubclass(annotation, TextModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def not_computed_values() -> tuple[str, ...]:
    """Words that are known for a key whose other words are computed: `not_yet` in schema.py."""
    tree = ast.parse(Path(schema.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "not_yet":
            return tuple(sorted(ast.literal_eval(node.value)))
    raise LookupError("schema.py no longer names the words that are not computed yet")


def _not_computed() -> str:
    rows = [(_title(model), ticked(sorted(model.NOT_COMPUTED))) for model in models() if model.NOT_COMPUTED]
    words = ticked(not_computed_values())
    return (
        "These are known, and this version does not compute them. A text that declares one is "
        "refused by name (R020), "
        f"so that nothing agreed is silently passed over.\n\n{table(('In', 'Keys'), rows)}\n\n"
        f"The same holds for the words {words}, where a key could have one."
    )


def _former_words() -> str:
    rows = [
        (f"`{word.file}`", f"`{'.'.join((*word.under, word.former))}`", f"`{'.'.join((*word.under, word.present))}`")
        for word in FORMER_WORDS
    ]
    return (
        "A file that was adopted with a former word is read as if it had the word of now, and stays as it is written. "
        "In any other text a former word is refused (R006), and the word of now is named.\n\n"
        f"{table(('File', 'Former word', 'Word of now'), rows)}"
    )

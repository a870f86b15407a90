"""What the example contract says under each key: the examples that the reference and the schemas show."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.regime.nodes import plain_node, read_nodes
from muniment.domain.regime.text import TextModel

Examples = Mapping[tuple[str, str], str]
GENERIC = frozenset({"Customer Service Centre", "csc_hours"})
"""Examples of a text and of a name that say nothing about a key."""
NOT_IN_THE_EXAMPLE: Examples = {
    ("ContractText", "confirmed_to"): "2027-03-31",
    ("ColumnText", "source"): "Invoice No",
    ("ColumnText", "format"): "%d/%m/%Y",
    ("KpiText", "below_minimum_from"): "severe",
    ("KpiText", "repeat_failure"): "repeat",
    ("CalendarText", "zone"): "Europe/London",
    ("AmendText", "points_scale"): "standard",
    ("AmendText", "term"): "late_evidence",
    ("DeemedOnChallengeText", "within"): "10 business days",
    ("DeemedOnChallengeText", "clause"): "Sch 3 para 4.2",
    ("DeemedOnMitigationText", "within"): "15 business days",
    ("DeemedOnMitigationText", "clause"): "Sch 3 para 7.1",
    ("LateEvidenceText", "window"): "2 months",
    ("LateEvidenceText", "clause"): "Sch 3 para 6",
    ("ReportingText", "board"): "The Scrutiny Board",
}


def keys_of(model: type[TextModel]) -> Iterator[tuple[str, FieldInfo, object]]:
    """Key as written, its field, its annotation with everything that is said about it."""
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        yield field.alias or name, field, hints[name]


def bare(annotation: object) -> object:
    """Without the None of a key that can be left out."""
    if get_origin(annotation) in (Union, UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        if len(options) == 1:
            return options[0]
    return annotation


def examples_of(roots: Mapping[str, type[TextModel]]) -> Examples:
    """(model, key) -> the first value that the example contract gives it. `roots`: name of the file -> its model."""
    folder = files("muniment.example") / "contract"
    found = dict(NOT_IN_THE_EXAMPLE)
    for name, root in roots.items():
        inside = folder / "changes" if name == "change" else folder
        shown = [item for item in inside.iterdir() if name in ("change", item.name.removesuffix(".yaml"))]
        for item in sorted(shown, key=lambda item: item.name):
            node, _ = read_nodes(text=item.read_text(encoding="utf-8"), file=item.name)
            _collect(root, plain_node(node), found)
    return found


def _collect(annotation: object, value: Json, found: dict[tuple[str, str], str]) -> None:
    inner = bare(annotation)
    if get_origin(inner) is Annotated:
        inner = get_args(inner)[0]
    if isinstance(inner, type) and issubclass(inner, TextModel) and isinstance(value, dict):
        for key, _, part in keys_of(inner):
            if key in value:
                _note(found, (inner.__name__, key), value[key])
                _collect(part, value[key], found)
    elif get_origin(inner) is dict and isinstance(value, dict):
        for item in value.values():
            _collect(get_args(inner)[1], item, found)
    elif get_origin(inner) is list and isinstance(value, list):
        for item in value:
            _collect(get_args(inner)[0], item, found)


def _note(found: dict[tuple[str, str], str], where: tuple[str, str], value: Json) -> None:
    if isinstance(value, str):
        found.setdefault(where, value)
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        found.setdefault(where, f"[{', '.join(str(item) for item in value)}]")

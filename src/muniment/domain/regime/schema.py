"""Validates a tree of nodes against a Pydantic model of the agreed text; every misfit is a problem at its place."""

from typing import Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from muniment.domain.kernel.problem import Place, Problem, suggestion
from muniment.domain.regime.nodes import MappingNode, Node, PathStep, key_place_at, node_at, place_at, plain_node
from muniment.domain.regime.text import TextModel

_M = TypeVar("_M", bound=TextModel)

_VALUE_KINDS = {
    "dict_type": "write it as lines of 'key: value'",
    "model_type": "write it as lines of 'key: value'",
    "list_type": "write it as a list: [one, two]",
    "string_type": "write one text",
}


def fit(model: type[_M], node: MappingNode) -> tuple[_M | None, tuple[Problem, ...]]:
    """The node as that model, or every reason why it is not one."""
    try:
        return model.model_validate(plain_node(node)), ()
    except ValidationError as error:
        found = [_problem(model, node, detail) for detail in error.errors(include_url=False)]
        return None, tuple(found)


def fit_what_fits(
    model: type[_M], node: MappingNode
) -> tuple[_M | None, tuple[Problem, ...], MappingNode, frozenset[str]]:
    """As `fit`; where it does not fit, the misfit entries are taken out so that the rest can still be checked.

    Returns the model, the problems, the node without the misfits, and the names taken out.
    """
    try:
        return model.model_validate(plain_node(node)), (), node, frozenset()
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = tuple(_problem(model, node, detail) for detail in details)
    taken_out = {_path(node, detail["loc"])[:2] for detail in details}
    rest = node
    for path in taken_out:
        rest = _taken_out(rest, path)
    fitted, _ = fit(model, rest)
    return fitted, problems, rest, frozenset(str(path[-1]) for path in taken_out if path)


def _taken_out(root: MappingNode, path: tuple[PathStep, ...]) -> MappingNode:
    if len(path) == 2 and isinstance(path[1], str):
        group = root.get(str(path[0]))
        own = next((entry.key for entry in root if entry.key.text == path[0]), None)
        if isinstance(group, MappingNode) and own is not None:
            return root.with_entry(own, group.without(path[1]))
    return root.without(str(path[0])) if path else root


def _problem(model: type[TextModel], root: MappingNode, detail: ErrorDetails) -> Problem:
    path = _path(root, detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(_model_at(model, path[:-1]), key_place_at(root, path), str(path[-1]))
    if kind == "missing":
        owner = _model_at(model, path[:-1])
        what = f"{owner.CALLED} needs '{path[-1]}'"
        return Problem(_owner_place(root, path[:-1]), "R002", what, f"add '{path[-1]}:' here")
    if kind == "literal_error":
        return _not_among(root, path, detail)
    if kind in _VALUE_KINDS:
        what = f"'{path[-1]}' has the wrong shape" if path else "this has the wrong shape"
        return Problem(place_at(root, path), "R004", what, _VALUE_KINDS[kind])
    what, _, remedy = str(detail.get("ctx", {}).get("error", detail["msg"])).partition(" - ")
    place = key_place_at(root, path) if "[key]" in detail["loc"] else place_at(root, path)
    return Problem(place, "R005", what, remedy or "correct it")


def _path(root: Node, loc: tuple[PathStep, ...]) -> tuple[PathStep, ...]:
    """The steps of a pydantic location that are keys and positions in the text; its own labels are passed over."""
    path: tuple[PathStep, ...] = ()
    last = len(loc) - 1
    for index, step in enumerate(loc):
        if node_at(root, (*path, step)) is not None or (
            index == last and step not in ("[key]", "scale", "all", "list")
        ):
            path = (*path, step)
    return path


def _owner_place(root: MappingNode, path: tuple[PathStep, ...]) -> Place:
    return key_place_at(root, path) if path else root.place


def _unknown_key(owner: type[TextModel], place: Place, key: str) -> Problem:
    if key in owner.NOT_COMPUTED:
        what = f"'{key}' is declared, and this version does not compute it"
        return Problem(place, "R020", what, "take it out of the text, or wait for the version that does")
    known = [field.alias or name for name, field in owner.model_fields.items()]
    what = f"'{key}' is not something {owner.CALLED} can have"
    return Problem(place, "R001", what, suggestion(key, known, f"it can have {_listed(known)}"))


def _not_among(root: MappingNode, path: tuple[PathStep, ...], detail: ErrorDetails) -> Problem:
    given = plain_node(node_at(root, path) or root)
    allowed = [word.strip().strip("'") for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(",")]
    shown = given if isinstance(given, str) else "this"
    not_yet = {"carry_forward", "triggers", "split"}
    if isinstance(given, str) and given in not_yet:
        what = f"'{given}' is declared, and this version does not compute it"
        return Problem(place_at(root, path), "R020", what, f"write one of {_listed(allowed)}")
    what = f"'{shown}' is not possible for '{path[-1]}'"
    return Problem(
        place_at(root, path), "R003", what, suggestion(str(given), allowed, f"write one of {_listed(allowed)}")
    )


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _model_at(model: type[TextModel], path: tuple[PathStep, ...]) -> type[TextModel]:
    """The model that describes the mapping at that path."""
    found: object = model
    for step in path:
        found = _step(found, step)
    narrowed = _narrow(found)
    return narrowed if narrowed is not None else TextModel


def _step(annotation: object, step: PathStep) -> object:
    model = _narrow(annotation)
    if model is not None:
        for name, field in model.model_fields.items():
            if step in (name, field.alias):
                return field.annotation
        return None
    for candidate in (annotation, *get_args(annotation)):
        if get_origin(candidate) is dict:
            return get_args(candidate)[1]
        if get_origin(candidate) is list:
            return get_args(candidate)[0]
    return None


def _narrow(annotation: object) -> type[TextModel] | None:
    candidates = (annotation, *get_args(annotation)) if get_origin(annotation) not in (Literal, dict, list) else ()
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, BaseModel) and issubclass(candidate, TextModel):
            return candidate
    return None

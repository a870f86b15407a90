"""What is shown is kept as JSON and read again, typed: one dump and one load for every read model."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar, cast, get_args, get_type_hints, is_typeddict

from pydantic import TypeAdapter

from muniment.domain.kernel.fingerprint import Json

_T = TypeVar("_T")
_ADAPTERS: dict[type, TypeAdapter[object]] = {}


def dump(value: object) -> dict[str, Json]:
    """The JSON object that a read model is kept as; a member whose name ends in an underscore has it without."""
    return {field.name.rstrip("_"): _json(getattr(value, field.name)) for field in _fields(value)}


def _fields(value: object) -> tuple[Field[object], ...]:
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__name__} is no read model, and no part of one")
    return fields(value)


def _json(value: object) -> Json:
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case tuple():
            return [_json(item) for item in value]
        case Mapping():
            return {str(name): _json(item) for name, item in value.items()}
        case _:
            return dump(value)


def load(kind: type[_T], stored: object) -> _T:
    """What was kept, read as that kind; members that it does not have, as of an older version, are left aside.

    Raises ValueError where it is something else.
    """
    return cast("_T", _adapter(kind).validate_python(stored))


def form_of(*kinds: type) -> int:
    """A number for the form in which these are kept: another one wherever they, or what they are made of, have other
    members. It fits into 28 bits."""
    named = "\n".join(member for kind in kinds for member in _members(kind, kind.__name__))
    return int(sha256(named.encode()).hexdigest()[:7], 16)


def _members(kind: object, name: str) -> Iterator[str]:
    yield f"{name}: {kind}"
    if isinstance(kind, type) and (is_dataclass(kind) or is_typeddict(kind)):
        for member, of in get_type_hints(kind).items():
            yield from _members(of, f"{name}.{member}")
    for part in get_args(kind):
        yield from _members(part, name)


def as_known(*, contract: str, known: date | None, body: dict[str, Json]) -> dict[str, Json]:
    """What the command line prints of figures: under their contract and the day of asking, as JSON."""
    return {"contract": contract, "known": None if known is None else known.isoformat(), **body}


def _adapter(kind: type) -> TypeAdapter[object]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]

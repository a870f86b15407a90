"""What is shown is kept as JSON and read again, typed: one dump and one load for every read model."""

from typing import TypeVar, cast

from pydantic import TypeAdapter

from muniment.domain.kernel.fingerprint import Json

_T = TypeVar("_T")
_ADAPTERS: dict[type, TypeAdapter[object]] = {}


def dump(value: object) -> dict[str, Json]:
    """The JSON object that a read model is kept as."""
    return cast("dict[str, Json]", _adapter(type(value)).dump_python(value, mode="json"))


def load(kind: type[_T], stored: object) -> _T:
    """What was kept, read as that kind; members that it does not have, as of an older version, are left aside.

    Raises ValueError where it is something else.
    """
    return cast("_T", _adapter(kind).validate_python(stored))


def _adapter(kind: type) -> TypeAdapter[object]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]

"""Canonical JSON and its sha256: equal things have equal bytes, and lists keep their order."""

import json
from hashlib import sha256

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def canonical_json(value: Json) -> bytes:
    """Sorted keys, no spaces, UTF-8. Floats are refused: numbers that decide are integers or text."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(value: Json) -> str:
    """sha256 of the canonical JSON, 64 hex digits."""
    return sha256(canonical_json(value)).hexdigest()


def short(digest: str) -> str:
    """The twelve digits that people see."""
    return digest[:12]


def _refuse_floats(value: Json) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no place in a fingerprint: use text or an integer")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            if not isinstance(item, str):  # most are texts, and a record has many
                _refuse_floats(item)

"""Reads the fields of a ledger entry's payload by type; a field that nobody reads is an error too."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month

_Word = TypeVar("_Word", bound=str)


class PayloadError(ValueError):
    """A payload does not have the form of its kind."""


class PayloadReader:
    """Hands out the fields of one payload. `texts`: its free texts, with an erased one already replaced."""

    def __init__(self, *, fields: Mapping[str, Json], texts: Mapping[str, str]) -> None:
        self._fields = dict(fields)
        self._texts = {name: text for name, text in texts.items() if name != "reason"}

    def value(self, name: str) -> Json:
        """Whatever stands there, typed by the caller."""
        if name not in self._fields:
            raise PayloadError(f"'{name}' is missing")
        return self._fields.pop(name)

    def fields_of(self, name: str) -> dict[str, Json]:
        """An object, whatever stands in it."""
        value = self.value(name)
        if not isinstance(value, dict):
            raise PayloadError(f"'{name}' must be an object")
        return value

    def line(self, name: str) -> str:
        """Text that is not empty."""
        value = self.value(name)
        if not isinstance(value, str) or not value:
            raise PayloadError(f"'{name}' must be text")
        return value

    def line_if_given(self, name: str) -> str | None:
        """Text that is not empty, or None where the payload does not have the field."""
        return self.line(name) if name in self._fields else None

    def lines(self, name: str) -> tuple[str, ...]:
        """A list of texts, in their order; empty where the payload does not have the field."""
        found = _texts(self._fields.pop(name, []))
        if found is None or not all(found):
            raise PayloadError(f"'{name}' must be a list of texts")
        return found

    def line_or_none(self, name: str) -> str | None:
        return None if self._absent(name) else self.line(name)

    def whole(self, name: str) -> int:
        """A whole number, 0 or more."""
        value = self.value(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise PayloadError(f"'{name}' must be a whole number, 0 or more")
        return value

    def choice(self, name: str, words: tuple[_Word, ...]) -> _Word:
        value = self.value(name)
        for word in words:
            if value == word:
                return word
        raise PayloadError(f"'{name}' must be one of {', '.join(words)}")

    def digest(self, name: str) -> str:
        return checked_digest(self.line(name), name)

    def month(self, name: str) -> Month:
        try:
            return Month.parse(self.line(name))
        except ValueError as problem:
            raise PayloadError(f"'{name}': {problem}") from problem

    def day(self, name: str) -> date:
        text = self.line(name)
        try:
            day = date.fromisoformat(text)
        except ValueError as problem:
            raise PayloadError(f"'{name}' must be a date such as 2019-11-30") from problem
        if day.isoformat() != text:
            raise PayloadError(f"'{name}' must be a date such as 2019-11-30")
        return day

    def day_or_none(self, name: str) -> date | None:
        return None if self._absent(name) else self.day(name)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of texts, in their order."""
        return tuple((one, two) for one, two in self._rows(name, 2))

    def triples(self, name: str) -> tuple[tuple[str, str, str], ...]:
        """A list of three texts each, in their order."""
        return tuple((one, two, three) for one, two, three in self._rows(name, 3))

    def pairs_if_given(self, name: str) -> tuple[tuple[str, str], ...]:
        """The same; empty where the payload does not have the field."""
        return self.pairs(name) if name in self._fields else ()

    def free_texts(self, prefix: str) -> tuple[str, ...]:
        """The free texts called prefix1, prefix2 ..., in that order."""
        found: list[str] = []
        while (name := f"{prefix}{len(found) + 1}") in self._texts:
            found.append(self._texts.pop(name))
        return tuple(found)

    def free_text(self, name: str) -> str:
        if name not in self._texts:
            raise PayloadError(f"the text '{name}' is missing")
        return self._texts.pop(name)

    def free_text_or_none(self, name: str) -> str | None:
        return self._texts.pop(name, None)

    def finish(self) -> None:
        """Raises PayloadError for fields and texts that were not read."""
        if left := [*sorted(self._fields), *sorted(self._texts)]:
            raise PayloadError(f"'{left[0]}' is not something this kind of entry can have")

    def _rows(self, name: str, length: int) -> Iterator[tuple[str, ...]]:
        value = self.value(name)
        for item in value if isinstance(value, list) else [value]:
            row = _texts(item)
            if row is None or len(row) != length:
                raise PayloadError(f"'{name}' must be a list, each item {length} texts")
            yield row

    def _absent(self, name: str) -> bool:
        if self._fields.get(name, "") is not None:
            return False
        del self._fields[name]
        return True


def checked_digest(text: str, name: str) -> str:
    """The text, where it is a sha256 in 64 hex digits. Raises PayloadError."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise PayloadError(f"'{name}' must be a sha256, 64 hex digits")
    return text


def _texts(value: Json) -> tuple[str, ...] | None:
    """The texts of a list; None for what is not a list of texts."""
    if not isinstance(value, list):
        return None
    found = tuple(item for item in value if isinstance(item, str))
    return found if len(found) == len(value) else None

"""Templates that fail on a name that nobody gave them, so that a page cannot be silent about what it was to show.

The components of the design system ask their parameters for what is not there; those are plain mappings, and may.
"""

from collections.abc import Iterator, Mapping
from typing import NoReturn

from jinja2 import ChainableUndefined
from jinja2.runtime import Undefined
from jinja2.utils import missing

OF_COMPONENTS = {"caller", "null", "undefined"}
"""What the components ask for without a mapping."""


class Named(ChainableUndefined):
    """What is not there: of a mapping it is nothing, by itself or of anything else it is an error."""

    @property
    def _is_wrong(self) -> bool:
        of = self._undefined_obj
        if self._undefined_name in OF_COMPONENTS:
            return False
        return of is missing or not isinstance(of, Mapping | Undefined)

    def _or_fail(self) -> None:
        if self._is_wrong:
            self._fail()

    def _fail(self) -> NoReturn:
        raise AssertionError(self._undefined_message)

    def __getattr__(self, name: str) -> "Named":
        if name.startswith("__"):
            raise AttributeError(name)
        self._or_fail()
        return self

    def __getitem__(self, *_: object, **__: object) -> "Named":  # type: ignore[override]  # a mapping may lack it
        self._or_fail()
        return self

    def __str__(self) -> str:
        self._or_fail()
        return ""

    def __bool__(self) -> bool:
        self._or_fail()
        return False

    def __iter__(self) -> Iterator[object]:
        self._or_fail()
        return iter(())

    def __len__(self) -> int:
        self._or_fail()
        return 0

    def __eq__(self, other: object) -> bool:
        self._or_fail()
        return isinstance(other, Undefined)

    __hash__ = ChainableUndefined.__hash__

"""Report sentences as data: plain text and computed figures, each figure with the address of the fact it cites."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A computed value as it is printed.

    `text`: what people read, e.g. '3.62%' or 'not measured'. `value`: the bare number for machines, e.g. '3.62'.
    `fact`: the address of the fact, e.g. 'CSC_KPI_04/2019-11/value'; empty where there is none to cite.
    """

    text: str
    value: str = ""
    fact: str = ""


@dataclass(frozen=True)
class Words:
    """A sentence or paragraph: plain text and figures in the order they are read."""

    parts: tuple[str | Figure, ...]

    @classmethod
    def of(cls, *parts: str | Figure) -> "Words":
        return cls(parts)

    @property
    def plain(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

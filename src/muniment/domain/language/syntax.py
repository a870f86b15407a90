"""The syntax tree of a condition: phrases with their offsets, before names and types are checked."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from muniment.domain.language.tree import ComparisonOperator


@dataclass(frozen=True)
class NamePhrase:
    """The name of a column, or of a calendar where a function takes one."""

    at: int
    name: str


@dataclass(frozen=True)
class LiteralPhrase:
    """A number, a text (its quotes taken off) or a date, as written."""

    at: int
    kind: Literal["number", "text", "date"]
    text: str


@dataclass(frozen=True)
class CallPhrase:
    at: int
    name: str
    arguments: "tuple[Phrase, ...]"


@dataclass(frozen=True)
class SumPhrase:
    at: int
    operator: Literal["+", "-"]
    left: "Phrase"
    right: "Phrase"


@dataclass(frozen=True)
class ComparisonPhrase:
    """`operator_at`: the offset of the operator, where a clash of types is reported."""

    at: int
    operator_at: int
    operator: ComparisonOperator
    left: "Phrase"
    right: "Phrase"


@dataclass(frozen=True)
class OneOfPhrase:
    at: int
    item: "Phrase"
    options: "tuple[Phrase, ...]"


@dataclass(frozen=True)
class PresencePhrase:
    at: int
    item: "Phrase"
    is_present: bool


@dataclass(frozen=True)
class NegationPhrase:
    at: int
    part: "Phrase"


@dataclass(frozen=True)
class JunctionPhrase:
    at: int
    word: Literal["and", "or"]
    parts: "tuple[Phrase, ...]"


Phrase = (
    NamePhrase
    | LiteralPhrase
    | CallPhrase
    | SumPhrase
    | ComparisonPhrase
    | OneOfPhrase
    | PresencePhrase
    | NegationPhrase
    | JunctionPhrase
)


def parts_of(phrase: Phrase) -> tuple[Phrase, ...]:
    """The phrases directly inside a phrase, in the order they were written."""
    match phrase:
        case NamePhrase() | LiteralPhrase():
            return ()
        case CallPhrase():
            return phrase.arguments
        case SumPhrase() | ComparisonPhrase():
            return (phrase.left, phrase.right)
        case OneOfPhrase():
            return (phrase.item, *phrase.options)
        case PresencePhrase():
            return (phrase.item,)
        case NegationPhrase():
            return (phrase.part,)
        case JunctionPhrase():
            return phrase.parts


def first_deeper_than(phrase: Phrase, levels: int) -> Phrase | None:
    """The first phrase nested in more than `levels` levels, or None.

    Keeps a stack of its own, so that no text can exhaust Python's."""
    waiting = [(phrase, 1)]
    while waiting:
        current, level = waiting.pop()
        if level > levels:
            return current
        waiting.extend((part, level + 1) for part in reversed(parts_of(current)))
    return None


def parsed_date(text: str) -> date | None:
    """The date that 2019-10-01 names, or None where the calendar has no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

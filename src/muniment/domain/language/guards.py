"""Checks that a condition uses a column that may be missing only where it has made sure that it is present.

A condition is read as a person reads it, left to right. What holds when the parts before were true (`and`) or false
(`or`) is known in the parts after. So `x is present and x > 5`, `x is missing or x > 5` and
`not (x is missing) and x > 5` are guarded; `x > 5 and x is present` is not.
"""

from collections.abc import Iterator, Mapping

from muniment.domain.language.columns import Column
from muniment.domain.language.functions import FUNCTIONS
from muniment.domain.language.syntax import (
    CallPhrase,
    JunctionPhrase,
    NamePhrase,
    NegationPhrase,
    Phrase,
    PresencePhrase,
    parts_of,
)

_PresentColumns = frozenset[str]


def unguarded(
    phrase: Phrase, *, columns: Mapping[str, Column], known: _PresentColumns = frozenset()
) -> Iterator[NamePhrase]:
    """Every use of a column that may be missing, where `known` and the phrase itself do not show it to be present."""
    match phrase:
        case PresencePhrase():
            return
        case NegationPhrase():
            yield from unguarded(phrase.part, columns=columns, known=known)
        case JunctionPhrase():
            for part in phrase.parts:
                yield from unguarded(part, columns=columns, known=known)
                known |= shown_present(part, when=phrase.word == "and")
        case _:
            for word in _words(phrase):
                column = columns.get(word.name)
                if column is not None and column.may_be_missing and word.name not in known:
                    yield word


def shown_present(phrase: Phrase, *, when: bool) -> _PresentColumns:
    """The columns that are certainly present if the phrase turned out to be `when`.

    A comparison that could be made shows its own columns to be present, so a missing guard is reported once."""
    match phrase:
        case PresencePhrase():
            is_shown = phrase.is_present == when and isinstance(phrase.item, NamePhrase)
            return frozenset({phrase.item.name}) if is_shown and isinstance(phrase.item, NamePhrase) else frozenset()
        case NegationPhrase():
            return shown_present(phrase.part, when=not when)
        case JunctionPhrase():
            return _shown_by_parts(phrase, when=when)
        case _:
            return frozenset(word.name for word in _words(phrase))


def _shown_by_parts(phrase: JunctionPhrase, *, when: bool) -> _PresentColumns:
    """`and` is true when all parts are; it is false by the first part that is, all before it being true."""
    goes_on = phrase.word == "and"
    before: _PresentColumns = frozenset()
    ways: list[_PresentColumns] = []
    for part in phrase.parts:
        ways.append(before | shown_present(part, when=not goes_on))
        before |= shown_present(part, when=goes_on)
    return before if when == goes_on else frozenset.intersection(*ways)


def _words(phrase: Phrase) -> Iterator[NamePhrase]:
    """The columns a phrase names; a calendar's name is none."""
    if isinstance(phrase, NamePhrase):
        yield phrase
        return
    if isinstance(phrase, PresencePhrase):
        return
    parts = parts_of(phrase)
    if isinstance(phrase, CallPhrase) and phrase.name in FUNCTIONS:
        kinds = FUNCTIONS[phrase.name].parameters
        parts = tuple(part for part, kind in zip(parts, kinds, strict=False) if kind != "calendar")
    for part in parts:
        yield from _words(part)

"""The grammar of conditions, and the parser that turns text into phrases; limits on length and depth.

The date token is read before subtraction, so 2019-10-01 is a day and not 2008. `missing` and `present` are words of the
language only after `is`; `and`, `or`, `not`, `in` and `is` are always.
"""

import re
from functools import cache, lru_cache
from typing import cast

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

from muniment.domain.language.expectations import fault_of
from muniment.domain.language.syntax import (
    CallPhrase,
    ComparisonPhrase,
    JunctionPhrase,
    LiteralPhrase,
    NamePhrase,
    NegationPhrase,
    OneOfPhrase,
    Phrase,
    PresencePhrase,
    SumPhrase,
)
from muniment.domain.language.tree import ComparisonOperator

LONGEST_CONDITION = 4_000
DEEPEST_CONDITION = 40
_MOST_KEPT = 1_000
"""Conditions whose phrases are kept: each version of a text has most of them again."""

GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: negation (_AND negation)*
?negation: NOT negation -> negation
    | test
?test: sum
    | sum COMPARISON sum -> comparing
    | sum _IN "(" sum ("," sum)* ")" -> listing
    | sum _IS (MISSING | PRESENT) -> presence
?sum: term
    | sum SIGN term -> added
?term: NUMBER -> number
    | TEXT -> text
    | DATE -> day
    | NAME -> word
    | NAME "(" [sum ("," sum)*] ")" -> call
    | "(" either ")"

_AND: /and\b/
_OR: /or\b/
NOT: /not\b/
_IN: /in\b/
_IS: /is\b/
MISSING: /missing\b/
PRESENT: /present\b/
COMPARISON: /<=|>=|!=|=|<|>/
SIGN: /[+-]/
DATE.2: /[0-9]{4}-[0-9]{2}-[0-9]{2}/
NUMBER: /[0-9]+(\.[0-9]+)?/
TEXT: /'([^'\r\n]|'')*'/
NAME: /(?!(and|or|not|in|is)\b)[A-Za-z_][A-Za-z0-9_]*/
%ignore /[ \t\r\n]+/
"""


@lru_cache(maxsize=_MOST_KEPT)
def parse_phrases(text: str) -> Phrase:
    """The phrases of a condition. Raises ConditionSyntaxError where the text is not a condition."""
    try:
        return cast(Phrase, _parser().parse(text))
    except UnexpectedInput as unexpected:
        raise fault_of(text=text, unexpected=unexpected) from None


def first_bracket_deeper_than(text: str, levels: int) -> int | None:
    """The offset of the first '(' inside more than `levels` others, or None. Brackets within quotes are text."""
    level = 0
    for offset, character in enumerate(re.sub(r"'[^'\r\n]*'?", lambda quoted: " " * len(quoted[0]), text)):
        level += (character == "(") - (character == ")")
        if level > levels:
            return offset
    return None


def _at(token: Token) -> int:
    return token.start_pos or 0


@v_args(inline=True)
class _Phrases(Transformer[Token, Phrase]):
    """Builds a phrase as each rule is recognised; nothing here can fail."""

    def either(self, *parts: Phrase) -> Phrase:
        return JunctionPhrase(at=parts[0].at, word="or", parts=parts)

    def both(self, *parts: Phrase) -> Phrase:
        return JunctionPhrase(at=parts[0].at, word="and", parts=parts)

    def negation(self, word: Token, part: Phrase) -> Phrase:
        return NegationPhrase(at=_at(word), part=part)

    def comparing(self, left: Phrase, operator: Token, right: Phrase) -> Phrase:
        written = cast(ComparisonOperator, operator.value)
        return ComparisonPhrase(at=left.at, operator_at=_at(operator), operator=written, left=left, right=right)

    def listing(self, item: Phrase, *options: Phrase) -> Phrase:
        return OneOfPhrase(at=item.at, item=item, options=options)

    def presence(self, item: Phrase, word: Token) -> Phrase:
        return PresencePhrase(at=item.at, item=item, is_present=word.type == "PRESENT")

    def added(self, left: Phrase, sign: Token, right: Phrase) -> Phrase:
        return SumPhrase(at=left.at, operator="+" if sign == "+" else "-", left=left, right=right)

    def number(self, token: Token) -> Phrase:
        return LiteralPhrase(at=_at(token), kind="number", text=token.value)

    def text(self, token: Token) -> Phrase:
        return LiteralPhrase(at=_at(token), kind="text", text=token.value[1:-1].replace("''", "'"))

    def day(self, token: Token) -> Phrase:
        return LiteralPhrase(at=_at(token), kind="date", text=token.value)

    def word(self, token: Token) -> Phrase:
        return NamePhrase(at=_at(token), name=token.value)

    def call(self, name: Token, *arguments: Phrase | None) -> Phrase:
        given = tuple(argument for argument in arguments if argument is not None)
        return CallPhrase(at=_at(name), name=name.value, arguments=given)


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Phrases())

"""Syntax errors of conditions: where the text stops being one, what was found, and what to write instead."""

from collections.abc import Set

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

_VALUE = "a column, a number, a text in single quotes, a date or a function"
QUOTES = "write a text in single quotes, as in 'ivr'"
ARITHMETIC = "only + and - can be used"

OTHER_NOTATIONS = {
    '"': QUOTES, "“": QUOTES, "”": QUOTES, "\u2018": QUOTES, "’": QUOTES, "`": QUOTES,
    "≤": "write <=", "≥": "write >=", "≠": "write !=", "!": "write not, or != for 'is not equal to'",
    "&": "write and", "|": "write or", "–": "write - for minus", "−": "write - for minus",
    "*": ARITHMETIC, "/": ARITHMETIC, "%": "write a percentage as a plain number",
    "\u00a0": "this is a space that does not break: replace it by an ordinary one",
}  # fmt: skip
DOUBLED = {"==": "write = once", "<>": "write !=", "=<": "write <=", "=>": "write >=", "><": "write !="}
_WORDS = ("and", "or", "not", "in", "is", "missing", "present")


class ConditionSyntaxError(Exception):
    """The text is not a condition. `at`: the offset where it stops being one."""

    def __init__(self, *, at: int, what: str, remedy: str) -> None:
        super().__init__(f"{what} - {remedy}")
        self.at = at
        self.what = what
        self.remedy = remedy


def fault_of(*, text: str, unexpected: UnexpectedInput) -> ConditionSyntaxError:
    """The fault at the place where the parser could not go on."""
    if isinstance(unexpected, UnexpectedToken):
        expected: Set[str] = unexpected.accepts or set()
        if unexpected.token.type == "$END":
            return _stops_early(text=text, expected=expected)
        return _does_not_fit(
            text=text, at=unexpected.token.start_pos or 0, found=str(unexpected.token), expected=expected
        )
    if not isinstance(unexpected, UnexpectedCharacters):
        return _stops_early(text=text, expected=set())
    at = _offset(text=text, line=unexpected.line, column=unexpected.column)
    if text[at] == "'":
        return ConditionSyntaxError(
            at=at,
            what="the text that begins here has no end",
            remedy="close it with ', on the same line; a ' within a text is written ''",
        )
    return _does_not_fit(text=text, at=at, found=text[at], expected=_nearer(unexpected.allowed))


def _offset(*, text: str, line: int, column: int) -> int:
    return sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column - 1


def _nearer(allowed: Set[str]) -> Set[str]:
    """Without brackets and commas, which a state of the lexer allows after a value whether or not one is open."""
    return allowed - {"RPAR", "COMMA"} if "COMPARISON" in allowed else allowed


def _stops_early(*, text: str, expected: Set[str]) -> ConditionSyntaxError:
    end = len(text.rstrip())
    if end == 0:
        return ConditionSyntaxError(at=0, what="the condition is empty", remedy="write true where every row is meant")
    remedy = f"go on with {_in_words(expected)}"
    if "COMMA" in expected or "," in text:
        remedy += "; a condition with a comma stands in quotes or on a line of its own"
    return ConditionSyntaxError(at=end, what="the condition stops too early", remedy=remedy)


def _does_not_fit(*, text: str, at: int, found: str, expected: Set[str]) -> ConditionSyntaxError:
    shown = found if len(found) <= 40 else f"{found[:40]}..."
    what = (
        f"'{shown}' does not fit here" if shown.isprintable() else f"the character U+{ord(found[0]):04X} does not fit"
    )
    hint = _hint(text=text, at=at, found=found, expected=expected)
    return ConditionSyntaxError(at=at, what=what, remedy=hint or f"write {_in_words(expected)}")


def _hint(*, text: str, at: int, found: str, expected: Set[str]) -> str | None:
    """What to write instead of a notation that other languages use."""
    if found in OTHER_NOTATIONS:
        return OTHER_NOTATIONS[found]
    if at > 0 and text[at - 1 : at + 1] in DOUBLED:
        return DOUBLED[text[at - 1 : at + 1]]
    if found.lower() in _WORDS and found != found.lower():
        return f"write {found.lower()} in small letters"
    if found == "-" and "NUMBER" in expected:
        return "a number has no sign: write 0 - 5 for minus five"
    if "PRESENT" in expected and found == "not":
        return "write 'is present' for 'is not missing'"
    if found == "," and text[:at][-1:].isdigit():
        return "write a number without a comma between thousands"
    if found == ")" and "RPAR" not in expected and "NUMBER" not in expected:
        return "it closes no bracket: take it out"
    return None


def _in_words(expected: Set[str]) -> str:
    """The tokens that may follow, in words: "'and', 'or' or a comparison"."""
    words = [
        (_VALUE, "NUMBER" in expected),
        ("'missing' or 'present'", "PRESENT" in expected),
        ("'(' and the values, as in (1, 2)", expected == {"LPAR"}),
        ("'and' or 'or'", "_AND" in expected),
        ("a comparison such as = or <=", "COMPARISON" in expected),
        ("','", "COMMA" in expected),
        ("')'", "RPAR" in expected and "NUMBER" not in expected),
    ]
    return ", or ".join(word for word, applies in words if applies) or "a condition, or true for every row"

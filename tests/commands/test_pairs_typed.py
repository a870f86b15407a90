"""ROW = REASON and FIGURE = SOURCE are read by one rule, on pages and on the command line."""

import pytest

from muniment.commands.spec import FieldKind, pair_typed


@pytest.mark.parametrize(
    ("kind", "text", "pair"),
    [
        ("pairs", "13 = the duty log", ("13", "the duty log")),
        ("pairs", "13=the log, where a = b", ("13", "the log, where a = b")),
        ("row_reasons", "C-1=a test call", ("C-1", "a test call")),
        ("row_reasons", " =HYPERLINK(1) = a test call ", ("=HYPERLINK(1)", "a test call")),
        ("pairs", "13", None),
        ("pairs", "13 = ", None),
        ("row_reasons", " = a test call", None),
        ("row_reasons", "C-1 =", None),
    ],
)
def test_a_pair_has_both_its_parts_and_a_row_may_hold_an_equals_sign(
    kind: FieldKind, text: str, pair: tuple[str, str] | None
) -> None:
    assert pair_typed(text, kind=kind) == pair

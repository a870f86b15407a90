"""A character that the font lacks is replaced and told, and never stops a document."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from muniment.adapters.documents.glyphs import REPLACEMENT, Printable, printable_characters


def test_the_font_prints_british_reports() -> None:
    needed = "The quick brown fox, £1,234.56 (≥ 95%) – “ŵ”… ½ é ● ▲ ■ " + REPLACEMENT
    assert {letter for letter in needed if ord(letter) not in printable_characters()} == set()


def test_what_the_font_lacks_is_replaced_named_and_counted() -> None:
    printable = Printable()
    assert printable.text("Calls 😀 and 😀") == "Calls □ and □"
    assert [str(each) for each in printable.missing] == ["grinning face (U+1F600), 2 times"]


def test_letters_and_accents_apart_are_put_together() -> None:
    printable = Printable()
    assert printable.text("Cafe\u0301") == "Café"
    assert printable.missing == ()


def test_invisible_and_control_characters_are_dropped_without_a_word() -> None:
    printable = Printable()
    assert printable.text("a\u200b\u202eb\x07\tc\n") == "ab c "
    assert printable.missing == ()


@given(st.text())
def test_every_text_becomes_printable(text: str) -> None:
    printable = Printable()
    result = printable.text(text)
    assert all(ord(letter) in printable_characters() for letter in result)
    assert result == unicodedata.normalize("NFC", result)

"""A character that the font lacks is replaced and told, and never stops a document."""

import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.adapters.documents import glyphs
from muniment.adapters.documents.glyphs import FACES, REPLACEMENT, GlyphReplacer, printable_characters
from muniment.domain.kernel.problem import ProblemsFoundError


def test_the_font_prints_british_reports() -> None:
    needed = "The quick brown fox, £1,234.56 (≥ 95%) – “ŵ”… ½ é ● ▲ ■ " + REPLACEMENT
    assert {letter for letter in needed if ord(letter) not in printable_characters()} == set()


def test_what_the_font_lacks_is_replaced_named_and_counted() -> None:
    printable = GlyphReplacer()
    assert printable.text("Calls 😀 and 😀") == "Calls □ and □"
    assert [str(each) for each in printable.missing] == ["grinning face (U+1F600), 2 times"]


def test_letters_and_accents_apart_are_put_together() -> None:
    printable = GlyphReplacer()
    assert printable.text("Cafe\u0301") == "Café"
    assert printable.missing == ()


def test_invisible_and_control_characters_are_dropped_without_a_word() -> None:
    printable = GlyphReplacer()
    assert printable.text("a\u200b\u202eb\x07\tc\n") == "ab c "
    assert printable.missing == ()


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the fonts, to spoil."""
    copied = Path(shutil.copytree(glyphs.FONTS, tmp_path / "fonts"))
    monkeypatch.setattr(glyphs, "FONTS", copied)
    printable_characters.cache_clear()
    yield copied
    printable_characters.cache_clear()


def test_every_font_file_that_is_missing_is_a_problem_with_what_to_do(fonts: Path) -> None:
    for face in FACES[1:]:
        (fonts / face).unlink()
    with pytest.raises(ProblemsFoundError) as found:
        printable_characters()
    assert [str(problem) for problem in found.value.problems] == [
        f"fonts/{face}:1:1: the font that documents are set in is not here - run 'make install', which copies it"
        for face in sorted(FACES[1:])
    ]


@pytest.mark.parametrize("content", [b"", b"no font", b"\x00\x01\x00\x00\x00\x01" + bytes(22)])
def test_a_font_file_that_is_none_is_a_problem_with_what_to_do(fonts: Path, content: bytes) -> None:
    (fonts / FACES[0]).write_bytes(content)
    with pytest.raises(ProblemsFoundError, match="the font that documents are set in is damaged - run 'make install'"):
        printable_characters()


@given(st.text())
def test_every_text_becomes_printable(text: str) -> None:
    printable = GlyphReplacer()
    result = printable.text(text)
    assert all(ord(letter) in printable_characters() for letter in result)
    assert result == unicodedata.normalize("NFC", result)

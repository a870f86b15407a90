"""The few shapes of Markdown that the generated pages are made of."""

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Written by scripts/docs.py from the code. Change the code, then run it again. -->"


def page(*, title: str, parts: Iterable[str]) -> str:
    """A whole page, ending in one newline."""
    return "\n\n".join([f"# {title}", GENERATED, *parts]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar inside a cell is escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def ticked(words: Iterable[str]) -> str:
    """`one`, `two`"""
    return ", ".join(f"`{word}`" for word in words)


def anchor(heading: str) -> str:
    """The address of a heading within its page, as GitHub makes it."""
    kept = "".join(character for character in heading.lower() if character.isalnum() or character in " -_")
    return kept.replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

"""The text of a PDF, page by page, in the order in which it is drawn: what two reports are compared by."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pikepdf

CodeMap = Mapping[int, str]
"""Code of a glyph, as the page writes it -> what it is read as."""

RANGES = re.compile(rb"begin(bfchar|bfrange)(.*?)end", re.DOTALL)
PARTS = re.compile(rb"\[[^\]]*\]|<[0-9A-Fa-f\s]*>")


def text_of_pdf(path: Path) -> str:
    """Every run of text on a line of its own; pages begin with a form feed."""
    with pikepdf.open(path) as document:
        return "".join("\n".join(["\f", *_runs(page.obj), ""]) for page in document.pages)


def _runs(holder: pikepdf.Object) -> Iterator[str]:
    """The runs of a page, or of a drawing that is placed on one."""
    resources = holder.get("/Resources", pikepdf.Dictionary())
    fonts = {str(name): _code_map(font) for name, font in resources.get("/Font", pikepdf.Dictionary()).items()}
    placed = resources.get("/XObject", pikepdf.Dictionary())
    codes: CodeMap = {}
    run: list[str] = []
    for instruction in pikepdf.parse_content_stream(holder):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "Tf":
            codes = fonts[str(operands[0])]
        elif operator in ("Tj", "TJ", "'", '"'):
            run += _decoded(operands[-1], codes)
        elif operator in ("ET", "Td", "TD", "T*", "Tm"):
            if text := " ".join("".join(run).split()):
                yield text
            run = []
        elif operator == "Do":
            drawing = placed.get(str(operands[0]), pikepdf.Dictionary())
            if drawing.get("/Subtype") == "/Form":
                yield from _runs(drawing)


def _decoded(shown: pikepdf.Object, codes: CodeMap) -> Iterator[str]:
    """What one operand shows: a text, or texts with the gaps between them."""
    for each in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if isinstance(each, pikepdf.String):
            written = bytes(each)
            for at in range(0, len(written), 2):
                yield codes.get(int.from_bytes(written[at : at + 2], "big"), "\N{REPLACEMENT CHARACTER}")


def _code_map(font: pikepdf.Object) -> CodeMap:
    """The table that a font brings so that its text can be copied out."""
    if "/ToUnicode" not in font:
        return {}
    found: dict[int, str] = {}
    for kind, body in RANGES.findall(font.ToUnicode.read_bytes()):
        parts = PARTS.findall(body)
        if kind == b"bfchar":
            for code, text in zip(parts[::2], parts[1::2], strict=True):
                found[_number(code)] = _text(text)
            continue
        for first, last, begins in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            listed = PARTS.findall(begins[1:-1]) if begins.startswith(b"[") else []
            for step in range(_number(last) - _number(first) + 1):
                following = f"{_text(begins)[:-1]}{chr(ord(_text(begins)[-1]) + step)}" if not listed else ""
                found[_number(first) + step] = following or _text(listed[step])
    return found


def _number(part: bytes) -> int:
    return int(part.strip(b"<>"), 16)


def _text(part: bytes) -> str:
    return bytes.fromhex(part.strip(b"<>").decode("ascii")).decode("utf-16-be")

"""Row headings in a tagged PDF: Typst marks the heading row of a table, this the first cell of every other row."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf


def with_row_headings(pdf: bytes) -> bytes:
    """The same document, with the first cell of each row outside a heading row tagged TH with the scope of its row
    (ISO 14289-1, 7.5). The same bytes in give the same bytes out."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for row in _body_rows(document.Root.StructTreeRoot):
            cells = [kid for kid in _kids(row) if kid.get("/S") in ("/TD", "/TH")]
            if cells and cells[0].S == "/TD":
                _make_row_heading(cells[0])
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _body_rows(element: pikepdf.Object, *, is_heading: bool = False) -> Iterator[pikepdf.Object]:
    kind = element.get("/S")
    is_heading = is_heading or kind == "/THead"
    if kind == "/TR":
        if not is_heading:
            yield element
        return
    for kid in _kids(element):
        yield from _body_rows(kid, is_heading=is_heading)


def _kids(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The structure elements directly under one; content references are numbers or marked /MCR, /OBJR."""
    kids = element.get("/K")
    if kids is None:
        return
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _make_row_heading(cell: pikepdf.Object) -> None:
    cell.S = pikepdf.Name("/TH")
    scope = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=pikepdf.Name("/Row"))
    kept = cell.get("/A")
    others = [] if kept is None else list(kept) if isinstance(kept, pikepdf.Array) else [kept]
    cell.A = pikepdf.Array([*others, scope]) if others else scope

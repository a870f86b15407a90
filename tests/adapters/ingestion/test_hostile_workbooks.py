"""Broken and hostile workbooks cost one clear problem each: no crash, no wait, no guess."""

from collections.abc import Callable
from struct import pack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.adapters.ingestion.intake import Intake
from tests.adapters.ingestion.workbooks import GOOD, HEADING, SHEET, cells, changed, member, packed, workbook

TakeBook = Callable[..., Intake]


def twice() -> bytes:
    """Two names that differ in case only: readers of spreadsheets do not tell them apart."""
    return packed([("xl/a.xml", b"<x/>"), ("xl/A.xml", b"<x/>")])


def as_large_as_it_says(content: bytes, *, each: int) -> bytes:
    """The zip with other sizes in its directory: packed to a fiftieth, each member."""
    spoilt = bytearray(content)
    at = spoilt.find(b"PK\x01\x02")
    while at >= 0:
        spoilt[at + 20 : at + 28] = pack("<II", each // 50, each)
        at = spoilt.find(b"PK\x01\x02", at + 1)
    return bytes(spoilt)


BOMB = b"<x>" + b" " * 20_000_000 + b"</x>"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
LETTER = '<row r="1"><c r="A1" t="inlineStr"><is><t>call_id</t></is></c></row>'
WHOLE_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "this is not an Excel workbook, or it is damaged"),
    "words": (lambda: b"call_id,offered_at\n", "this is not an Excel workbook, or it is damaged"),
    "another zip": (lambda: packed([("a.txt", b"a")]), "this is not an Excel workbook, or it is damaged"),
    "half a workbook": (
        lambda: workbook([HEADING, GOOD])[:2_000],
        "this is not an Excel workbook, or it is damaged",
    ),
    "an old or locked workbook": (
        lambda: b"\xd0\xcf\x11\xe0" + bytes(600),
        "this is a workbook of the old kind (.xls), or one with a password",
    ),
    "a sheet that is no XML": (
        lambda: changed(workbook([HEADING, GOOD]), members={SHEET: b"<worksheet><sheetData><row"}),
        "this is not an Excel workbook, or it is damaged",
    ),
    "two hundred and one members": (
        lambda: packed([(f"xl/{number}.xml", b"<x/>") for number in range(201)]),
        "the workbook is made of 201 files, and at most 200 are read",
    ),
    "a zip bomb": (
        lambda: changed(workbook([HEADING, GOOD]), members={"xl/media/a.xml": BOMB}),
        "a part of the workbook unpacks to more than 100 times its size, as a zip bomb does",
    ),
    "more than is read": (
        lambda: as_large_as_it_says(packed([(f"xl/{number}.bin", b"x") for number in range(6)]), each=40_000_000),
        "the workbook has 240,000,000 bytes when unpacked, and at most 200,000,000 are read",
    ),
    "a name twice": (
        twice,
        "the workbook is packed as no spreadsheet program packs one: a name in it is unsafe, or there twice",
    ),
    "a name that leads elsewhere": (
        lambda: changed(workbook([HEADING, GOOD]), members={"xl/../../evil.xml": b"<x/>"}),
        "the workbook is packed as no spreadsheet program packs one: a name in it is unsafe, or there twice",
    ),
    "an absolute name": (
        lambda: changed(workbook([HEADING, GOOD]), members={"/etc/evil.xml": b"<x/>"}),
        "the workbook is packed as no spreadsheet program packs one: a name in it is unsafe, or there twice",
    ),
    "entities": (
        lambda: changed(workbook([HEADING, GOOD]), members={"xl/sharedStrings.xml": LAUGHS}),
        "the workbook declares a document type or an entity, which no spreadsheet program does",
    ),
    "entities in UTF-16": (
        lambda: changed(workbook([HEADING, GOOD]), members={"xl/sharedStrings.xml": LAUGHS.decode().encode("utf-16")}),
        "the workbook declares a document type or an entity, which no spreadsheet program does",
    ),
    "a cell far away": (
        lambda: cells(f'{LETTER}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        (
            "the sheet says that it has 1,048,576 rows and 16,384 columns or more; at most 200,000 rows and 200 columns"
            " are read"
        ),
    ),
    "a cell given twice": (
        lambda: cells('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="A1"><v>3</v></c></row>'),
        "the cell A1 is given twice",
    ),
    "a row given twice": (
        lambda: cells('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'),
        "the row 2 is given twice, or comes after a later one",
    ),
    "a cell of another row": (
        lambda: cells('<row r="2"><c r="A9"><v>1</v></c></row>'),
        "the cell A9 stands in row 2",
    ),
    "an empty sheet": (lambda: workbook([]), "the file holds no rows"),
}


@pytest.mark.parametrize("mistake", WHOLE_FILES)
def test_a_broken_or_hostile_workbook_costs_one_clear_problem(take_in_book: TakeBook, mistake: str) -> None:
    made, what = WHOLE_FILES[mistake]
    intake = take_in_book(made())
    assert [problem.what for problem in intake.problems] == [what]
    assert intake.problems[0].remedy
    assert intake.problems[0].place.file.startswith("calls.xlsx")


def test_a_reader_that_takes_too_much_memory_is_ended(take_in_book: TakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.adapters.ingestion.workbook.WORKBOOK_MEMORY", 64 << 20)
    far = "".join(f'<row r="{number}"><c r="GR{number}"><v>1</v></c></row>' for number in (2, 199_999))
    (problem,) = take_in_book(cells(LETTER + far)).problems
    assert problem.code == "E131"
    assert problem.what.startswith("reading the workbook takes more than 64 MB of memory")


def test_a_reader_that_takes_too_long_is_ended(take_in_book: TakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.adapters.ingestion.workbook.WORKBOOK_SECONDS", 0)
    monkeypatch.setattr("muniment.adapters.ingestion.workbook.WORKBOOK_SECONDS_PER_MB", 0)
    (problem,) = take_in_book(workbook([HEADING, GOOD])).problems
    assert (problem.code, problem.what) == ("E131", "reading the workbook takes longer than 0 seconds")


def is_clear(intake: Intake) -> bool:
    """Taken whole, or not at all and said why."""
    if intake.parquet is not None:
        return intake.problems == ()
    return bool(intake.problems) and all(problem.what and problem.remedy for problem in intake.problems)


WHOLE = workbook([HEADING, GOOD])
PARTS = ("xl/workbook.xml", SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels")
XML_PIECES = [
    b"<c", b"<row", b"</row>", b"<v>", b"</v>", b'r="', b"A1", b"999999999", b"<f>", b't="s"', b't="e"', b't="d"',
    b"1e400", b"NaN", b"-1", b"&#0;", b"&amp;", b"<!--", b"]]>", b'"', b">", b"<", b"\x00", b"\xff", b"<dimension ref=",
]  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A good workbook with a part of it changed: in its XML, or in its packed bytes."""
    content = bytearray(WHOLE)
    name = draw(st.sampled_from([None, *PARTS]))
    if name is not None:
        content = bytearray(member(WHOLE, name))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        piece = draw(st.one_of(st.sampled_from(XML_PIECES), st.binary(max_size=8)))
        content[at : at + draw(st.integers(0, 12))] = piece
    return bytes(content) if name is None else changed(WHOLE, members={name: bytes(content)})


hostile = given(
    content=st.one_of(st.binary(max_size=300), st.binary(max_size=80).map(lambda b: b"PK\x03\x04" + b), spoilt())
)
one_fixture = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=25, suppress_health_check=one_fixture)
@hostile
def test_whatever_bytes_come_they_are_taken_whole_or_refused_with_a_reason(
    take_in_book: TakeBook, content: bytes
) -> None:
    assert is_clear(take_in_book(content))


@pytest.mark.proof
@settings(max_examples=3_000, suppress_health_check=one_fixture)
@hostile
def test_thousands_of_spoilt_workbooks_are_taken_whole_or_refused_with_a_reason(
    take_in_book: TakeBook, content: bytes
) -> None:
    assert is_clear(take_in_book(content))

"""A workbook gives the rows that its CSV file would have given, or one clear problem; never a crash, never a guess."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import duckdb
import pytest

from muniment.adapters.ingestion.intake import Intake
from muniment.domain.kernel.period import Month
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table
from tests.adapters.ingestion.workbooks import AT, GOOD, HEADING, SHEET, changed, member, workbook

TakeBook = Callable[..., Intake]
CSV_ROW = "C1,2019-10-01 09:00:00,agent,no,1.5,2019-10-02\n"


def rows_in(intake: Intake) -> list[tuple[object, ...]]:
    assert [str(problem) for problem in intake.problems] == []
    return duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(intake.parquet)]).fetchall()


def said(intake: Intake) -> list[str]:
    assert intake.parquet is None
    return [str(problem) for problem in intake.problems]


def test_a_workbook_gives_the_rows_of_its_csv_file(take_in_book: TakeBook, take_in_text: TakeBook) -> None:
    heading = ",".join(HEADING) + "\n"
    book = take_in_book(workbook([HEADING, GOOD]))
    assert rows_in(book) == rows_in(take_in_text(heading + CSV_ROW))
    assert (book.rows, dict(book.rows_by_month)) == (1, {Month(2019, 10): 1})


def test_what_is_kept_is_the_sheet_as_csv_and_reads_the_same(
    take_in_book: TakeBook, take_in_text: TakeBook, tmp_path: Path
) -> None:
    rows = [(f'C{number}, "x"\nÉ', AT + timedelta(hours=number), "agent", True, -number, None) for number in range(40)]
    book = rows_in(take_in_book(workbook([HEADING, *rows])))
    kept = (tmp_path / "sheet.csv").read_text(encoding="utf-8")
    assert kept.splitlines()[0] == ",".join(f'"{name}"' for name in HEADING)
    assert rows_in(take_in_text(kept)) == book


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("007", "007"),
        ("1e5", "1e5"),
        (12345678, "12345678"),
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        ((7, "00000"), "00007"),
        (True, "TRUE"),
        (AT, "2019-10-01 09:00:00"),
        (datetime(2019, 10, 1), "2019-10-01"),
        ("_x0041_", "A"),
    ],
)
def test_a_key_is_the_text_that_the_spreadsheet_would_save(take_in_book: TakeBook, cell: object, text: str) -> None:
    (row,) = rows_in(take_in_book(workbook([HEADING, (cell, *GOOD[1:])])))
    assert row[0] == text


def test_a_midnight_is_a_time_where_other_cells_of_the_column_have_times(take_in_book: TakeBook) -> None:
    midnight = ("C2", datetime(2019, 10, 2), *GOOD[2:])
    assert len(rows_in(take_in_book(workbook([HEADING, GOOD, midnight])))) == 2
    (problem,) = said(take_in_book(workbook([HEADING, midnight])))
    assert problem == (
        "calls.xlsx (Sheet1):2:2: B2: offered_at '2019-10-02' is not a date and time"
        " - add the time, like 2019-10-31 14:30:00"
    )


def test_a_real_date_needs_no_format_and_a_written_one_keeps_it(take_in_book: TakeBook, calls: Table) -> None:
    columns = (*calls.columns[:-1], Column("paid_on", "date", format="%d/%m/%Y"))
    written = ("C2", *GOOD[1:-1], "03/10/2019")
    rows = rows_in(take_in_book(workbook([HEADING, GOOD, written]), table=replace(calls, columns=columns)))
    assert [row[-1] for row in rows] == [18_171, 18_172]


def test_the_sheet_with_the_tables_name_is_read_else_the_first(take_in_book: TakeBook) -> None:
    assert len(rows_in(take_in_book(workbook([HEADING, GOOD], sheet="Calls", others=["Notes"])))) == 1
    problems = said(take_in_book(workbook([HEADING, GOOD], sheet="Data", others=["Notes"])))
    assert problems[0].startswith("calls.xlsx (Notes):1:1: there is no column 'call_id'")


def test_empty_rows_and_a_table_that_begins_further_down_are_read(take_in_book: TakeBook) -> None:
    shifted: list[tuple[object, ...]] = [(), (), ("", *HEADING), (), ("", *GOOD), ("", " ")]
    assert len(rows_in(take_in_book(workbook(shifted)))) == 1
    problems = said(take_in_book(workbook([*shifted, ("", "C2", AT, "nobody", False, "1,234", "")])))
    assert [problem.partition(" - ")[0] for problem in problems] == [
        "calls.xlsx (Sheet1):7:4: D7: ended_by 'nobody' is not one of the values of this column",
        "calls.xlsx (Sheet1):7:6: F7: cost '1,234' has thousand separators",
    ]


CELLS = {
    "a formula": (
        "=1+1",
        (
            "E2: a formula: what it shows was worked out by the spreadsheet and may be out of date"
            " - copy the column and paste it as values"
        ),
    ),
    "a per cent format": ((0.95, "0%"), "E2: cost '95%' carries a sign of its unit - write it as 95"),
    "more digits than a spreadsheet keeps": (
        1234567890123456,
        (
            "E2: the number has more than 15 digits, of which a spreadsheet keeps the first 15"
            " - format the column as text and enter it again"
        ),
    ),
    "a very small number": (
        1e-7,
        "E2: cost '0.0000001' has more than 6 decimals - round it at its source to at most 6 decimals",
    ),
    "a character that is no text": (
        "1_x0000_",
        "E2: the cell holds a character that is not text - delete it and type it again",
    ),
}


@pytest.mark.parametrize("mistake", CELLS)
def test_a_cell_that_is_not_what_it_shows_is_named(take_in_book: TakeBook, mistake: str) -> None:
    cell, words = CELLS[mistake]
    assert said(take_in_book(workbook([HEADING, (*GOOD[:4], cell, GOOD[5])]))) == [f"calls.xlsx (Sheet1):2:5: {words}"]


def test_an_error_of_the_spreadsheet_is_said_once(take_in_book: TakeBook) -> None:
    book = workbook([HEADING, ("C1", AT, "agent", False, 1, ""), ("C2", AT, "XX", False, 1, "")])
    sheet = member(book, SHEET).decode()
    at = sheet.index('<c r="C3"')
    broken = sheet[:at] + '<c r="C3" t="e"><v>#N/A</v></c>' + sheet[sheet.index("</c>", at) + 4 :]
    intake = take_in_book(changed(book, members={SHEET: broken.encode()}))
    assert said(intake) == [
        "calls.xlsx (Sheet1):3:3: C3: an error of the spreadsheet, no value - correct it, or leave the cell empty"
    ]
    assert (intake.faulty_rows, dict(intake.counts)) == (1, {"E133": 1})


def test_formulas_beyond_the_list_are_counted(take_in_book: TakeBook) -> None:
    rows = [(f"C{number}", *GOOD[1:4], "=1+1", "") for number in range(30)]
    problems = said(take_in_book(workbook([HEADING, *rows])))
    assert len(problems) == 21
    assert problems[-1] == (
        "calls.xlsx (Sheet1):22:5: 10 more formulas, from here on"
        " - mend the 20 listed, and look for the same cause below"
    )


def test_a_formula_in_a_column_that_nobody_asked_for_is_let_be(take_in_book: TakeBook) -> None:
    intake = take_in_book(workbook([(*HEADING, "checked"), (*GOOD, "=1+1")]))
    assert len(rows_in(intake)) == 1
    assert intake.ignored == ("checked",)


def test_merged_cells_are_named(take_in_book: TakeBook) -> None:
    book = workbook([HEADING, GOOD])
    merged = member(book, SHEET).replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="E2:E3"/></mergeCells>'
    )
    assert said(take_in_book(changed(book, members={SHEET: merged}))) == [
        (
            "calls.xlsx (Sheet1):2:5: the cells E2:E3 are merged, and only the first of them holds the value"
            " - unmerge them, and write the value in each"
        )
    ]


@pytest.mark.proof
def test_a_hundred_thousand_rows_take_seconds(take_in_book: TakeBook) -> None:
    rows = (
        (f"C{number}", AT + timedelta(seconds=number % 86_400), "agent", "no", number / 100, "2019-10-02", number, "x")
        for number in range(100_000)
    )
    content = workbook([(*HEADING, "more", "words"), *rows])
    started = monotonic()
    assert take_in_book(content).rows == 100_000
    assert monotonic() - started < 30

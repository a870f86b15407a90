"""One broken file per mistake: what ingestion says of it, to the letter. A file with any mistake is not taken."""

from collections.abc import Callable
from dataclasses import replace

import duckdb
import pytest

from muniment.adapters.ingestion.intake import Intake
from muniment.domain.kernel.period import Month, Period
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

Take = Callable[..., Intake]
HEADING = "call_id,offered_at,ended_by,test_call,cost,paid_on\n"
GOOD = "C1,2019-10-01 09:00:00,agent,no,1.5,2019-10-02\n"
SAVE_AS_UTF8 = 'save it as UTF-8 (in Excel: Save As, "CSV UTF-8 (comma delimited)")'

WHOLE_FILE = {
    "an empty file": ("", "1:1: the file holds no rows - export it again with its rows"),
    "a heading and nothing else": (HEADING, "1:1: the file holds no rows - export it again with its rows"),
    "Windows-1252": (
        (HEADING + "C1,2019-10-01 09:00,agent,no,£5,\n").encode("cp1252"),
        f"2:30: byte 0xa3 is not UTF-8; in Windows-1252 it would be '£' - {SAVE_AS_UTF8}",
    ),
    "UTF-16": ((HEADING + GOOD).encode("utf-16"), f"1:1: the file is in UTF-16, not in UTF-8 - {SAVE_AS_UTF8}"),
    "UTF-16 without its mark": (
        (HEADING + GOOD).encode("utf-16-le"),
        f"1:1: the file is in UTF-16, not in UTF-8 - {SAVE_AS_UTF8}",
    ),
    "a workbook under another name": (
        b"PK\x03\x04" + bytes(30),
        (
            "1:1: this is a workbook or a zip, not the text of a CSV file"
            " - give the file its own name (.xlsx), or save the sheet as CSV"
        ),
    ),
    "a NUL byte": (
        HEADING + GOOD + "C2\0,\n",
        "3:3: byte 0x00 is not text - the file was damaged or is not text: export it again as CSV in UTF-8",
    ),
    "semicolons": (
        (HEADING + GOOD).replace(",", ";"),
        "1:1: the columns are separated by semicolons - save it as CSV with commas between the columns",
    ),
    "a column under another name": (
        HEADING.replace("ended_by", "endedby") + GOOD,
        "1:20: there is no column 'ended_by' - did you mean 'endedby'? Rename it to 'ended_by'",
    ),
    "a column in capitals": (
        HEADING.replace("cost", "COST") + GOOD,
        "1:39: there is no column 'cost' - did you mean 'COST'? Rename it to 'cost'",
    ),
    "a column left out": (
        HEADING.replace(",cost", "") + GOOD,
        "1:1: there is no column 'cost' - add a column with the heading 'cost'",
    ),
    "a column twice": (
        HEADING.replace("paid_on", "paid_on,cost") + GOOD,
        "1:52: the column 'cost' is here twice - keep one of the two, and name it so",
    ),
    "a row too short": (
        HEADING + GOOD + "C2,2019-10-01 09:00\n",
        (
            "3:1: this row has 2 cells, the heading has 6"
            " - put the missing commas, or a quotation mark round a cell that holds a line break"
        ),
    ),
    "a row too long": (
        HEADING + GOOD + "C2,2019-10-01 09:00,agent,no,1,000,2019-10-02\n",
        "3:1: this row has 7 cells, the heading has 6 - put a cell that holds a comma in quotation marks",
    ),
    "a quotation mark inside a cell": (
        HEADING + GOOD + 'C2,"2019-10-01 09:00"x,agent,no,1,\n',
        (
            "3:1: a quotation mark in this row closes before the cell ends"
            ' - write a quotation mark inside a quoted cell twice: ""'
        ),
    ),
    "a quotation mark never closed": (
        HEADING + GOOD + 'C2,"2019-10-01 09:00,agent,no,1,\nC3,\n',
        (
            "3:1: a quotation mark is opened in this row and never closed"
            " - close it, or remove it; the row was read to line 4"
        ),
    ),
    "the same key again": (
        HEADING + GOOD + GOOD.replace("agent", "caller"),
        "3:1: the key (call_id) 'C1' was already given in line 2 - keep one of the two: a row is one inbound call",
    ),
    "an empty row": (HEADING + GOOD + ",,,,,\n", "3:1: the row is empty - delete it"),
}

CELLS = {
    "an empty key": ("call_id", "  ", "2:1: call_id is empty - give its value: this column may not be missing"),
    "no date for the row": (
        "offered_at",
        "",
        "2:4: offered_at is empty - give its value: this column may not be missing",
    ),
    "a date in day-month-year": (
        "offered_at",
        "01/10/2019 09:00",
        (
            "2:4: offered_at '01/10/2019 09:00' is not a date and time"
            " - write it like 2019-10-31 14:30:00, or have the contract state the column's format"
        ),
    ),
    "fractions of a second": (
        "offered_at",
        "2019-10-01 09:00:00.5",
        "2:4: offered_at '2019-10-01 09:00:00.5' has fractions of a second - write whole seconds: 2019-10-01 09:00:00",
    ),
    "a date where a time belongs": (
        "offered_at",
        "2019-10-01",
        "2:4: offered_at '2019-10-01' is not a date and time - add the time, like 2019-10-31 14:30:00",
    ),
    "an hour that no day has": (
        "offered_at",
        "2019-10-01T24:00",
        "2:4: offered_at '2019-10-01T24:00' is not a date and time - write it like 2019-10-31 14:30:00",
    ),
    "a time lost when the clocks went forward": (
        "offered_at",
        "2019-03-31 01:30:00",
        (
            "2:4: offered_at '2019-03-31 01:30:00' never happened: the clocks went forward (Europe/London)"
            " - correct it, or write it with its offset"
        ),
    ),
    "a time that happened twice": (
        "offered_at",
        "2019-10-27 01:00:00",
        (
            "2:4: offered_at '2019-10-27 01:00:00' happened twice: the clocks went back (Europe/London)"
            " - write which: 2019-10-27 01:00:00+01:00 or 2019-10-27 01:00:00+00:00"
        ),
    ),
    "a value in other letters": (
        "ended_by",
        "AGENT",
        "2:24: ended_by 'AGENT' is not one of the values of this column - did you mean 'agent'?",
    ),
    "a value that is not listed": (
        "ended_by",
        "zzz",
        "2:24: ended_by 'zzz' is not one of the values of this column - write one of: caller, agent",
    ),
    "maybe": (
        "test_call",
        "maybe",
        "2:30: test_call 'maybe' is neither yes nor no - write yes or no (true or false, y or n, 1 or 0)",
    ),
    "thousand separators": (
        "cost",
        '"1,234.50"',
        "2:33: cost '1,234.50' has thousand separators - write it as 1234.50",
    ),
    "a decimal comma": ("cost", '"1,5"', "2:33: cost '1,5' has a decimal comma - write it as 1.5"),
    "not a number": ("cost", "NaN", "2:33: cost 'NaN' is not a number - leave the cell empty where there is no value"),
    "infinity": ("cost", "-inf", "2:33: cost '-inf' is not a number - leave the cell empty where there is no value"),
    "an exponent": (
        "cost",
        "1e3",
        "2:33: cost '1e3' is written with an exponent - write all its digits (in Excel, format the column as a number)",
    ),
    "a sign of money": ("cost", "£5.20", "2:33: cost '£5.20' carries a sign of its unit - write it as 5.20"),
    "a per cent sign": ("cost", "5 %", "2:33: cost '5 %' carries a sign of its unit - write it as 5"),
    "a seventh decimal": (
        "cost",
        "0.1234567",
        "2:33: cost '0.1234567' has more than 6 decimals - round it at its source to at most 6 decimals",
    ),
    "a thirteenth digit": (
        "cost",
        "1234567890123",
        "2:33: cost '1234567890123' has more than 12 digits before the point - correct it: no evidence is that large",
    ),
    "a word for a number": (
        "cost",
        "five",
        "2:33: cost 'five' is not a number - write digits and at most one decimal point, such as 1234.5",
    ),
    "a day that February lacks": (
        "paid_on",
        "2019-02-30",
        "2:37: paid_on '2019-02-30' is not a date - write it like 2019-10-31",
    ),
    "a year that means never": (
        "paid_on",
        "9999-12-31",
        "2:37: paid_on '9999-12-31' is outside the years 1900 to 2199 - leave the cell empty where there is no date",
    ),
}


@pytest.mark.parametrize("mistake", WHOLE_FILE)
def test_ingestion_says_what_is_wrong_with_a_file(take_in_text: Take, mistake: str) -> None:
    content, said = WHOLE_FILE[mistake]
    intake = take_in_text(content)
    assert [str(problem) for problem in intake.problems] == [f"calls.csv:{said}"]
    assert intake.parquet is None


@pytest.mark.parametrize("mistake", CELLS)
def test_ingestion_says_what_is_wrong_with_a_cell(take_in_text: Take, mistake: str) -> None:
    column, written, said = CELLS[mistake]
    row = {
        "call_id": "C1",
        "offered_at": "2019-10-01 09:00:00",
        "ended_by": "agent",
        "test_call": "no",
        "cost": "1.5",
        "paid_on": "2019-10-02",
    }
    intake = take_in_text(HEADING + ",".join({**row, column: written}.values()) + "\n")
    assert [str(problem) for problem in intake.problems] == [f"calls.csv:{said}"]
    assert intake.parquet is None


def test_a_row_outside_the_period_of_its_file_is_named(take_in_text: Take) -> None:
    october = Period(Month(2019, 10), Month(2019, 10))
    late = GOOD.replace("C1", "C2").replace("10-01", "11-01")
    intake = take_in_text(HEADING + GOOD + late, expected=october)
    assert [str(problem) for problem in intake.problems] == [
        (
            "calls.csv:3:4: offered_at '2019-11-01 09:00:00' is outside October 2019, the period of this file"
            " - move the row to the file of its own period, or correct the date"
        )
    ]


def test_every_problem_of_a_file_is_reported_at_once_in_file_order(take_in_text: Take) -> None:
    rows = "C1,2019-10-01,agent,maybe,x,\n" + "C2,\n" + "C2,2019-10-01 09:00:00,nobody,no,,\n"
    intake = take_in_text(HEADING + rows)
    assert [(problem.place.line, problem.code) for problem in intake.problems] == [
        (2, "E112"),
        (2, "E113"),
        (2, "E110"),
        (3, "E105"),
        (4, "E115"),
    ]
    assert intake.rows == 3


def test_twenty_problems_of_a_kind_are_listed_and_the_rest_counted(take_in_text: Take) -> None:
    rows = "".join(f"C{number},2019-10-01 09:00:00,agent,no,x,\n" for number in range(1_022))
    problems = take_in_text(HEADING + rows).problems
    assert len(problems) == 21
    assert str(problems[-1]) == (
        "calls.csv:22:34: 1,002 more cells that are not numbers, from here on"
        " - mend the 20 listed, and look for the same cause below"
    )


def test_twenty_ragged_rows_are_listed_and_the_rest_counted(take_in_text: Take) -> None:
    problems = take_in_text(HEADING + GOOD + "C2,\n" * 23).problems
    assert len(problems) == 21
    assert str(problems[-1]) == (
        "calls.csv:23:1: 3 more rows with another number of cells, from here on"
        " - mend the 20 listed, and look for the same cause below"
    )


def test_positions_count_characters_and_lines_inside_quoted_cells(take_in_text: Take) -> None:
    row = '"Ann""é\nBo",2019-10-01 09:00:00,"agent",no,"x\ny",2019-10-03\n'
    (problem,) = take_in_text(HEADING + row).problems
    assert str(problem).startswith("calls.csv:3:36: cost 'x y' is not a number")


@pytest.mark.parametrize(
    "row", ["Total,,,,1.5,", "grand total,2019-10-31 00:00:00,agent,no,1.5,", "TOTALS:,,agent,no,1.5,2019-10-31"]
)
def test_a_totals_row_is_named_as_one(take_in_text: Take, row: str) -> None:
    problems = take_in_text(HEADING + GOOD + row + "\n").problems
    assert [str(problem) for problem in problems] == [
        "calls.csv:3:1: the row is a total of others, no row of its own - delete it: the rows are counted here"
    ]


@pytest.mark.parametrize("written", ["007", "1e5", "0x1F", "+44 20", "1E05"])
def test_a_key_stays_as_it_was_written(take_in_text: Take, written: str) -> None:
    intake = take_in_text(HEADING + GOOD.replace("C1", written) + GOOD.replace("C1", f"{written}0"))
    assert intake.problems == ()
    assert intake.parquet is not None
    ids = duckdb.connect().execute('SELECT "row:id" FROM read_parquet(?)', [str(intake.parquet)]).fetchall()
    assert sorted(ids) == sorted([(written,), (f"{written}0",)])


@pytest.mark.parametrize("rows", [65_534, 65_535, 65_536, 65_537])
def test_a_file_that_ends_where_a_spreadsheet_ends_is_warned_of(take_in_text: Take, rows: int) -> None:
    intake = take_in_text(HEADING + "".join(GOOD.replace("C1", f"C{number}") for number in range(rows)))
    assert intake.problems == ()
    assert [found.severity for found in intake.warnings] == (["warning"] if rows in (65_535, 65_536) else [])


def test_every_row_with_a_problem_is_counted_once_and_named_by_its_key(take_in_text: Take) -> None:
    rows = "C2,2019-10-01 09:00:00,agent,maybe,x,\n" + "C3,\n" + "C4,2019-10-01 09:00:00,nobody,no,,\n"
    intake = take_in_text(HEADING + GOOD + rows)
    assert (intake.rows, intake.faulty_rows) == (4, 3)
    assert [(flaw.key, flaw.column) for flaw in intake.flaws] == [
        ("C2", "test_call"),
        ("C2", "cost"),
        ("", ""),
        ("C4", "ended_by"),
    ]
    assert dict(intake.counts) == {"E113": 1, "E110": 1, "E105": 1, "E115": 1}


def test_problems_use_the_names_that_the_file_uses(take_in_text: Take, calls: Table) -> None:
    columns = (Column("call_id", "text", source="Call ref"), *calls.columns[1:])
    heading = HEADING.replace("call_id", "Call ref")
    (problem,) = take_in_text(heading + GOOD + GOOD, table=replace(calls, columns=columns)).problems
    assert problem.what == "the key (Call ref) 'C1' was already given in line 2"


def test_a_format_that_means_nothing_is_put_down_to_the_contract(take_in_text: Take, calls: Table) -> None:
    columns = (*calls.columns[:-1], Column("paid_on", "date", format="%Q"))
    (problem,) = take_in_text(HEADING + GOOD, table=replace(calls, columns=columns)).problems
    assert str(problem) == (
        "calls.csv:1:44: the contract gives '%Q' as the format of 'paid_on', and it cannot be read"
        " - correct the table's format, such as %d/%m/%Y"
    )


def test_a_date_is_asked_for_in_the_format_of_the_contract(take_in_text: Take, calls: Table) -> None:
    columns = (*calls.columns[:-1], Column("paid_on", "date", format="%d/%m/%Y"))
    (problem,) = take_in_text(HEADING + GOOD, table=replace(calls, columns=columns)).problems
    assert str(problem) == (
        "calls.csv:2:37: paid_on '2019-10-02' is not a date in the form %d/%m/%Y - write it like 31/10/2019"
    )


def test_an_offset_tells_the_two_same_times_apart(take_in_text: Take) -> None:
    first = GOOD.replace("10-01 09:00:00", "10-27 01:30:00+01:00")
    second = first.replace("C1", "C2").replace("+01:00", "Z")
    assert take_in_text(HEADING + first + second).problems == ()

"""What ingestion writes: exact integers and decimals, the same for every way a file may write the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.duplicates import duplicates_across
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.take_in import take_in
from muniment.domain.evidence.normalised import ClockColumn, fields_of
from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.period import Month
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

Take = Callable[..., Intake]
HEADING = "call_id,offered_at,ended_by,test_call,cost,paid_on\n"
GOOD = "C1,2019-10-01 09:00:00,agent,no,1.5,2019-10-02\n"
CALENDARS: dict[str, Calendar] = {
    "hours": OpeningHours(hours=tuple((day, 8 * 3600, 18 * 3600) for day in range(5)), holidays=frozenset()),
    "days": BusinessDays(weekdays=frozenset(range(5)), holidays=frozenset()),
}


def rows_in(intake: Intake, *columns: str) -> Sequence[tuple[object, ...]]:
    assert intake.problems == ()
    assert intake.parquet is not None
    selected = ", ".join(f'"{column}"' for column in columns) or "*"
    return duckdb.connect().execute(f"SELECT {selected} FROM read_parquet(?)", [str(intake.parquet)]).fetchall()


def test_every_cell_becomes_an_integer_an_exact_decimal_a_text_or_a_yes_or_no(take_in_text: Take) -> None:
    row = (
        "C1", 18_170, 2019 * 12 + 9,
        "C1", 1_569_916_800, 18_170, 9 * 3600, "agent", False, Decimal("1.5"), 18_171,
    )  # fmt: skip
    assert rows_in(take_in_text(HEADING + GOOD)) == [row]


def test_the_columns_are_those_of_the_layout(take_in_text: Take, calls: Table) -> None:
    intake = take_in_text(HEADING + GOOD)
    described = duckdb.connect().execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(intake.parquet)]).fetchall()
    expected = [(field.name, field.type) for field in fields_of(table=calls, clocks=(), calendars={})]
    assert [(row[0], row[1]) for row in described] == expected


@pytest.mark.parametrize(
    ("written", "instant", "day", "second"),
    [
        ("2019-10-01 09:00", 1_569_916_800, 18_170, 32_400),
        ("2019-10-01T09:00:00", 1_569_916_800, 18_170, 32_400),
        ("2019-10-01T08:00:00Z", 1_569_916_800, 18_170, 32_400),
        ("2019-10-01 13:30:00+05:30", 1_569_916_800, 18_170, 32_400),
        ("2019-07-31 23:30Z", 1_564_615_800, 18_109, 1_800),
        ("2019-03-31 00:59:59", 1_553_993_999, 17_986, 3_599),
        ("2019-03-31 02:00:00", 1_553_994_000, 17_986, 7_200),
        ("2019-10-27 01:30:00+01:00", 1_572_136_200, 18_196, 5_400),
        ("2019-10-27 01:30:00+00:00", 1_572_139_800, 18_196, 5_400),
        ("2019-10-27 00:59:59", 1_572_134_399, 18_196, 3_599),
        ("2019-10-27 02:00:00", 1_572_141_600, 18_196, 7_200),
        ("1965-06-01 00:00:00", -144_720_000 - 3_600, -1_675, 0),
    ],
)
def test_a_time_is_an_instant_and_what_the_clock_on_the_wall_showed(
    take_in_text: Take, written: str, instant: int, day: int, second: int
) -> None:
    intake = take_in_text(HEADING + GOOD.replace("2019-10-01 09:00:00", written))
    assert rows_in(intake, "offered_at:instant", "offered_at:day", "offered_at:second") == [(instant, day, second)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_change_nothing(take_in_text: Take, newline: str, mark: str) -> None:
    text = HEADING + GOOD + GOOD.replace("C1", "C2")
    plain = rows_in(take_in_text(text))
    assert rows_in(take_in_text(mark + text.replace("\n", newline))) == plain


def test_blank_lines_and_empty_cells_beyond_the_heading_are_no_rows_and_no_cells(take_in_text: Take) -> None:
    plain = rows_in(take_in_text(HEADING + GOOD))
    assert rows_in(take_in_text("\n" + HEADING + "\n   \n" + GOOD.replace("\n", ",,\n") + "\n")) == plain


def test_texts_are_kept_as_they_are_and_blanks_are_missing(take_in_text: Take, calls: Table) -> None:
    table = replace(calls, columns=(*calls.columns, Column("note", "text", may_be_missing=True)))
    heading, good = HEADING.replace("\n", ",note\n"), GOOD.removesuffix("\n")
    rows = [
        f"{good.replace('C1', key)},{note}\n" for key, note in [("A", " x "), ("B", '"a, ""b""\nc"'), ("C", '" \t"')]
    ]
    noted = rows_in(take_in_text(heading + "".join(rows), table=table), "call_id", "note")
    assert noted == [("A", " x "), ("B", 'a, "b"\nc'), ("C", None)]


def test_yes_and_no_are_read_in_every_usual_spelling(take_in_text: Take) -> None:
    spellings = ["yes", "TRUE", "y", "1", "No", "false", "N", "0"]
    rows = "".join(GOOD.replace("C1", f"C{n}").replace(",no,", f",{word},") for n, word in enumerate(spellings))
    assert [row[0] for row in rows_in(take_in_text(HEADING + rows), "test_call")] == [True] * 4 + [False] * 4


def test_numbers_are_exact(take_in_text: Take) -> None:
    written = ["0.000001", "-999999999999.999999", "+7.", ".5", "007", "1.1000000000"]
    rows = "".join(GOOD.replace("C1", f"C{n}").replace("1.5", number) for n, number in enumerate(written))
    expected = [Decimal(number) for number in written]
    assert [row[0] for row in rows_in(take_in_text(HEADING + rows), "cost")] == expected


def test_columns_are_found_by_their_name_in_the_file_and_others_are_ignored(take_in_text: Take, calls: Table) -> None:
    table = replace(calls, columns=(Column("call_id", "text", source="Call ref"), *calls.columns[1:]))
    text = "Spare,paid_on,Call ref,offered_at,ended_by,test_call,cost,,Spare 2\n"
    intake = take_in_text(text + "x,2019-10-02,C1,2019-10-01 09:00,agent,no,1.5,z,\n", table=table)
    assert intake.ignored == ("Spare", "Spare 2")
    assert rows_in(intake) == rows_in(take_in_text(HEADING + GOOD))


def test_dates_and_times_are_read_by_the_format_of_the_contract(take_in_text: Take, calls: Table) -> None:
    formats = {"offered_at": "%d/%m/%Y %H:%M", "paid_on": "%d.%m.%y"}
    columns = tuple(replace(column, format=formats.get(column.name)) for column in calls.columns)
    written = GOOD.replace("2019-10-01 09:00:00", "01/10/2019 09:00").replace("2019-10-02", "02.10.19")
    intake = take_in_text(HEADING + written, table=replace(calls, columns=columns))
    assert rows_in(intake) == rows_in(take_in_text(HEADING + GOOD))


def test_a_format_with_an_offset_is_read_as_an_instant(take_in_text: Take, calls: Table) -> None:
    columns = tuple(replace(c, format="%d/%m/%Y %H:%M %z") if c.name == "offered_at" else c for c in calls.columns)
    written = GOOD.replace("2019-10-01 09:00:00", "01/10/2019 11:00 +03:00")
    intake = take_in_text(HEADING + written, table=replace(calls, columns=columns))
    assert rows_in(intake) == rows_in(take_in_text(HEADING + GOOD))


def test_a_row_id_joins_the_key_as_text(take_in_text: Take, calls: Table) -> None:
    table = replace(calls, key=("call_id", "cost", "paid_on", "offered_at", "test_call"))
    rows = GOOD + GOOD.replace("1.5", "10").replace("2019-10-01 09:00:00", "2019-10-01T08:00Z")
    assert [row[0] for row in rows_in(take_in_text(HEADING + rows, table=table), "row:id")] == [
        "C1/1.5/2019-10-02/2019-10-01 09:00:00/no",
        "C1/10/2019-10-02/2019-10-01 09:00:00/no",
    ]


def test_names_that_differ_only_in_capitals_are_different_columns(take_in_text: Take, calls: Table) -> None:
    table = replace(calls, columns=(*calls.columns, Column("Cost", "number"), Column("COST", "text")))
    text = HEADING.replace("\n", ",Cost,COST\n") + GOOD.replace("\n", ",2.5,dear\n")
    intake = take_in_text(text, table=table)
    names = [field.name for field in fields_of(table=table, clocks=(), calendars={})]
    assert len({name.lower() for name in names}) == len(names)
    assert rows_in(intake)[0][-4:] == (Decimal("1.5"), 18_171, Decimal("2.5"), "dear")


def test_rows_are_counted_by_local_month(take_in_text: Take) -> None:
    rows = GOOD + GOOD.replace("C1", "C2").replace("2019-10-01 09:00:00", "2019-07-31 23:30:00Z")
    intake = take_in_text(HEADING + rows)
    assert (intake.rows, dict(intake.rows_by_month)) == (2, {Month(2019, 8): 1, Month(2019, 10): 1})


def test_nothing_is_left_behind_but_the_store(take_in_text: Take, tmp_path: Path) -> None:
    take_in_text(HEADING + GOOD)
    take_in_text(HEADING + GOOD.replace("1.5", "x"))
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a-blob", "calls.parquet"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(8)))
def test_shuffling_the_rows_of_a_file_gives_the_same_store(take_in_text: Take, order: list[int]) -> None:
    rows = [GOOD.replace("C1", f"C{n}").replace("10-01", f"10-0{n % 3 + 1}") for n in range(8)]
    in_order = rows_in(take_in_text(HEADING + "".join(rows)))
    assert rows_in(take_in_text(HEADING + "".join(rows[n] for n in order))) == in_order


@pytest.fixture
def take_in_parquet(tmp_path: Path, calls: Table) -> Callable[[str], Intake]:
    """Take in the Parquet file that a SELECT makes."""

    def take(query: str) -> Intake:
        file = tmp_path / "blob"
        duckdb.connect().execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
        return take_in(Delivery(
            file=file, kind="parquet", shown_as="calls.parquet", table=calls, zone="Europe/London",
            expected=None, clocks=(), calendars={}, into=tmp_path / "out" / "calls.parquet",
        ))  # fmt: skip

    return take


TYPED = """
SELECT 'C1' AS call_id, TIMESTAMP '2019-10-01 09:00:00' AS offered_at, 'agent' AS ended_by, false AS test_call,
       CAST(1.5 AS DECIMAL(9, 2)) AS cost, DATE '2019-10-02' AS paid_on
"""


def test_a_parquet_file_gives_the_store_that_the_same_csv_gives(
    take_in_text: Take, take_in_parquet: Callable[[str], Intake]
) -> None:
    from_csv = rows_in(take_in_text(HEADING + GOOD))
    assert rows_in(take_in_parquet(TYPED)) == from_csv
    with_zone = TYPED.replace("TIMESTAMP '2019-10-01 09:00:00'", "TIMESTAMPTZ '2019-10-01 10:00:00+02'")
    assert rows_in(take_in_parquet(with_zone)) == from_csv
    in_text = TYPED.replace("TIMESTAMP '2019-10-01 09:00:00'", "'2019-10-01T08:00:00Z'").replace("false", "'No'")
    assert rows_in(take_in_parquet(in_text)) == from_csv


def test_a_problem_in_a_parquet_file_names_the_row(take_in_parquet: Callable[[str], Intake]) -> None:
    intake = take_in_parquet(f"{TYPED} UNION ALL {TYPED.replace('C1', 'C2').replace('agent', 'agnt')}")
    assert [str(problem) for problem in intake.problems] == [
        "calls.parquet:2:1: ended_by 'agnt' is not one of the values of this column - did you mean 'agent'?"
    ]


def test_a_parquet_column_that_is_no_cell_is_refused(take_in_parquet: Callable[[str], Intake]) -> None:
    intake = take_in_parquet(TYPED.replace("'agent'", "['agent']"))
    assert [str(problem) for problem in intake.problems] == [
        "calls.parquet:1:1: the column 'ended_by' is of the type VARCHAR[] - export it as text or a plain type"
    ]


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, calls: Table) -> None:
    (tmp_path / "blob").write_text(HEADING + GOOD)
    intake = take_in(Delivery(
        file=tmp_path / "blob", kind="parquet", shown_as="calls.parquet", table=calls, zone="Europe/London",
        expected=None, clocks=(), calendars={}, into=tmp_path / "out" / "calls.parquet",
    ))  # fmt: skip
    assert [str(problem) for problem in intake.problems] == [
        "calls.parquet:1:1: this is not a Parquet file, or it is damaged - export it again"
    ]


def test_clocks_are_derived_at_ingest(tmp_path: Path, calls: Table) -> None:
    clocks = [
        ClockColumn("service_seconds", "offered_at", "hours"),
        ClockColumn("is_open", "offered_at", "hours"),
        ClockColumn("business_days", "paid_on", "days"),
    ]
    rows = "C1,1970-01-02 07:00,agent,no,,1970-01-05\nC2,1970-01-02 09:00:05,agent,no,,\n"
    (tmp_path / "blob").write_text(HEADING + rows)
    intake = take_in(Delivery(
        file=tmp_path / "blob", kind="csv", shown_as="calls.csv", table=calls, zone="Etc/UTC",
        expected=None, clocks=clocks, calendars=CALENDARS, into=tmp_path / "calls.parquet",
    ))  # fmt: skip
    names = [field.name for field in fields_of(table=calls, clocks=clocks, calendars=CALENDARS)][-3:]
    assert [name.rpartition("@")[0] for name in names] == [
        "paid_on:business_days:days", "offered_at:is_open:hours", "offered_at:service_seconds:hours",
    ]  # fmt: skip
    assert rows_in(intake, *names) == [(2, False, 36_000), (None, True, 39_605)]


def test_a_row_may_be_in_one_file_only(take_in_text: Take, calls: Table, tmp_path: Path) -> None:
    stores = []
    for name, text in [("july", GOOD), ("august", GOOD.replace("C1", "C2")), ("again", GOOD)]:
        parquet = take_in_text(HEADING + text).parquet
        assert parquet is not None
        stores.append((f"{name}.csv", parquet.rename(tmp_path / f"{name}.parquet")))
    assert duplicates_across(table=calls, parts=stores[:2]) == ()
    assert [str(problem) for problem in duplicates_across(table=calls, parts=stores)] == [
        (
            "again.csv:1:1: the row with the key (call_id) 'C1' is in july.csv too"
            " - keep it in one of the two: a row is one inbound call"
        )
    ]


def test_twenty_rows_that_two_files_share_are_listed_and_the_rest_counted(
    take_in_text: Take, calls: Table, tmp_path: Path
) -> None:
    text = HEADING + "".join(GOOD.replace("C1", f"C{number}") for number in range(25))
    parquet = take_in_text(text).parquet
    assert parquet is not None
    copy = tmp_path / "copy.parquet"
    copy.write_bytes(parquet.read_bytes())
    problems = duplicates_across(table=calls, parts=[("a.csv", parquet), ("b.csv", copy)])
    assert len(problems) == 21
    assert str(problems[-1]) == "b.csv:1:1: 5 more rows are in an earlier file too - send each row once"

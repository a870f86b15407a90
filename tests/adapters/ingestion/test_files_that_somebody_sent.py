"""A file that somebody sent is taken in by a process of its own, within limits; what it says is said all the same."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
from xlsxwriter import Workbook

from muniment.adapters.ingestion.apart import CHILD
from muniment.adapters.ingestion.delivery import Delivery, DeliveryKind
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.ingestion.take_in import take_in
from muniment.adapters.ingestion.take_in_apart import Errand, take_in_apart
from muniment.domain.kernel.period import Month, Period
from muniment.domain.regime.contract import Table

OCTOBER = Period(Month(2019, 10), Month(2019, 10))
HEADING = "call_id,offered_at,ended_by,test_call,cost,paid_on"
SOUND = "C1,2019-10-01 09:00:00,caller,no,1.50,2019-10-02"
TakeApart = Callable[..., Intake]


@pytest.fixture
def take_apart(tmp_path: Path, calls: Table) -> TakeApart:
    """Take in a file of calls as one that somebody sent; its store is at store/calls.parquet."""

    def take(content: str | bytes | Path, kind: DeliveryKind = "csv", *, limits: ReadingLimits | None = None) -> Intake:
        file = content if isinstance(content, Path) else tmp_path / "sent"
        if not isinstance(content, Path):
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        delivery = Delivery(
            file=file, kind=kind, shown_as=f"calls.{kind}", table=calls, zone="Europe/London", expected=OCTOBER,
            clocks=(), calendars={}, into=tmp_path / "store" / "calls.parquet",
            as_csv=tmp_path / "store" / "sheet.csv",
        )  # fmt: skip
        return take_in_apart(delivery, limits=limits or ReadingLimits())

    return take


def parquet(folder: Path, *, rows: int, width: int = 1) -> Path:
    """Calls that are all the same, which packs them into next to nothing."""
    columns = (
        "'C1' AS call_id, '2019-10-01 09:00:00' AS offered_at, 'caller' AS ended_by, 'no' AS test_call,"
        f" '1' AS cost, repeat('x', {width}) AS paid_on"
    )
    file = folder / "sent.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {columns} FROM range({rows})) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    return file


def workbook(lines: list[str]) -> bytes:
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Calls")
    for number, line in enumerate(lines):
        for column, cell in enumerate(line.split(",")):
            sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()


def left_in(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


@pytest.mark.parametrize(
    "rows",
    [
        [SOUND],
        [SOUND, SOUND],
        [SOUND, "C2,2019-11-01 09:00:00,nobody,no,1.50,", "C3,yesterday,caller,no,1,", "C4,2019-10-01 09:00:00,caller"],
    ],
    ids=["nothing", "a key twice", "problems of many kinds"],
)
def test_it_says_of_a_file_what_ingestion_says(
    rows: list[str], take_apart: TakeApart, calls: Table, tmp_path: Path
) -> None:
    said = take_apart("\n".join([HEADING, *rows]) + "\n")
    told = take_in(Delivery(
        file=tmp_path / "sent", kind="csv", shown_as="calls.csv", table=calls, zone="Europe/London", expected=OCTOBER,
        clocks=(), calendars={}, into=tmp_path / "here" / "calls.parquet",
    ))  # fmt: skip
    assert replace(said, parquet=None) == replace(told, parquet=None)
    assert (said.parquet is None) == (told.parquet is None)
    if said.parquet is not None and told.parquet is not None:
        assert said.parquet.read_bytes() == told.parquet.read_bytes()


def test_a_workbook_comes_with_what_its_sheet_says(take_apart: TakeApart, tmp_path: Path) -> None:
    found = take_apart(workbook([HEADING, SOUND]), "xlsx")
    assert (found.rows, found.problems) == (1, ())
    assert left_in(tmp_path / "store") == ["calls.parquet", "sheet.csv"]
    assert (tmp_path / "store" / "sheet.csv").read_text().splitlines()[1].startswith('"C1","2019-10-01 09:00:00"')


def test_a_parquet_file_of_too_many_rows_is_refused_by_its_footer(take_apart: TakeApart, tmp_path: Path) -> None:
    file = parquet(tmp_path, rows=1_001)
    (problem,) = take_apart(file, "parquet", limits=ReadingLimits(rows=1_000)).problems
    assert (problem.code, problem.what) == ("E139", "the file holds 1,001 rows, and at most 1,000 are taken in")
    assert take_apart(file, "parquet", limits=ReadingLimits(rows=1_001)).problems[0].code != "E139"


def test_a_parquet_file_that_unpacks_to_too_much_is_refused_by_its_footer(
    take_apart: TakeApart, tmp_path: Path
) -> None:
    file = tmp_path / "wide.parquet"
    with duckdb.connect() as connection:
        rows = "SELECT 'C' || range AS call_id, repeat(chr(65 + (range % 26)::INTEGER), 90000) || range AS note"
        connection.execute(f"COPY ({rows} FROM range(100)) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    assert file.stat().st_size < MB
    (problem,) = take_apart(file, "parquet", limits=ReadingLimits(unpacked=4 * MB)).problems
    assert (problem.code, problem.what) == ("E139", "the file unpacks to 8 MB, and at most 4 MB are taken in")


def test_a_bomb_of_repeated_values_ends_its_own_process_and_leaves_nothing(
    take_apart: TakeApart, tmp_path: Path
) -> None:
    """Its footer tells no size worth speaking of: one value, and how often it stands there."""
    file = parquet(tmp_path, rows=300_000, width=3_000)
    assert file.stat().st_size < MB
    (problem,) = take_apart(file, "parquet", limits=ReadingLimits(memory=128 * MB, disk=64 * MB)).problems
    assert problem.code == "E139"
    assert problem.what == "reading the file takes more than 128 MB of memory and 64 MB of disk, or it is damaged"
    assert left_in(tmp_path / "store") == []


def test_a_file_that_takes_too_long_ends_its_own_process(take_apart: TakeApart, tmp_path: Path) -> None:
    limits = ReadingLimits(seconds=0, seconds_per_mb=0)
    (problem,) = take_apart(f"{HEADING}\n{SOUND}\n", limits=limits).problems
    assert (problem.code, problem.what) == ("E139", "reading the file takes longer than 0 seconds")
    assert left_in(tmp_path / "store") == []


def test_the_process_ends_when_nobody_waits_for_it(calls: Table, tmp_path: Path) -> None:
    """It reads a file that never ends, and whoever started it goes."""
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    delivery = Delivery(
        file=endless, kind="csv", shown_as="calls.csv", table=calls, zone="Europe/London", expected=OCTOBER, clocks=(),
        calendars={}, into=tmp_path / "calls.parquet", limits=ReadingLimits(),
    )  # fmt: skip
    errand = Errand(delivery, answer=tmp_path / "intake.json")
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-P", "-m", CHILD, "30", str(4096 * MB), str(64 * MB)]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE) as child, endless.open("r+b", buffering=0):
        assert child.stdin is not None
        pickle.dump(errand, child.stdin)
        child.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=1)
        child.stdin.close()
        assert child.wait(timeout=30) == 1

"""Bad input, as people send it: exit 1, the place, what to do, everything at once, and nothing written."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from muniment.domain.kernel.period import Month
from muniment.example.generator import csv_of


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


Change = Callable[[Path, Mapping[str, str]], None]
SEPTEMBER = csv_of(table="leavers", month=Month(2019, 9)).decode()
OCTOBER = csv_of(table="leavers", month=Month(2019, 10)).decode()
HEADING, FIRST, *REST = SEPTEMBER.splitlines()
LATER = OCTOBER.splitlines()[1]
LINES = len(SEPTEMBER.splitlines())
HERE = "evidence/leavers/2019-09.csv"


def lines(*rows: str) -> bytes:
    return "\n".join([*rows, ""]).encode()


def delivered(folder: Path, table: str, name: str, content: bytes) -> None:
    """Put a file into the evidence folder of a table."""
    place = folder / "evidence" / table
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file but the normalised evidence, which can be deleted at any time."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".muniment" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_sound_evidence_is_taken(muniment: Muniment, texts_only: Path) -> None:
    delivered(texts_only, "leavers", "2019-09.csv", SEPTEMBER.encode())
    assert muniment("check", texts_only).exit == 0


@pytest.mark.parametrize("command", [("check",), ("assess", "--from", "2019-09", "--to", "2019-09")])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            lines(*(line.rsplit(",", 1)[0] for line in SEPTEMBER.splitlines())),
            f"{HERE}:1:1: there is no column 'late_notice'",
            id="a missing column",
        ),
        pytest.param(
            lines(HEADING, "L-1,soon,,no", *REST), f"{HERE}:2:5: last_day 'soon' is not a date", id="a wrong type"
        ),
        pytest.param(
            lines(HEADING, FIRST, *REST, FIRST),
            f"{HERE}:{LINES + 1}:1: the key (leaver_id) 'L-1909-001' was already given in line 2",
            id="a key given twice",
        ),
        pytest.param(
            lines(HEADING, FIRST, *REST, LATER),
            f"{HERE}:{LINES + 1}:12: last_day '{LATER[11:21]}' is outside September 2019",
            id="a row of another month",
        ),
        pytest.param(b"", f"{HERE}:1:1: the file holds no rows", id="an empty file"),
        pytest.param(lines(HEADING), f"{HERE}:1:1: the file holds no rows", id="headings without rows"),
        pytest.param(
            lines(HEADING, "L\xe9-1,2019-09-02,,no").decode().encode("latin-1"),
            f"{HERE}:2:2: byte 0xe9 is not UTF-8; in Windows-1252 it would be '\xe9'",
            id="an encoding of old spreadsheets",
        ),
        pytest.param(
            SEPTEMBER.encode("utf-16"), f"{HERE}:1:1: the file is in UTF-16, not in UTF-8", id="an encoding of new ones"
        ),
    ],
)
def test_a_bad_evidence_file_is_refused_with_its_place(
    muniment: Muniment, texts_only: Path, command: tuple[str, ...], content: bytes, said: str
) -> None:
    delivered(texts_only, "leavers", "2019-09.csv", content)
    before = files_of(texts_only)
    ran = muniment(command[0], texts_only, *command[1:])
    assert ran.exit == 1
    assert said in ran.out + ran.err
    assert " - " in ran.out + ran.err
    assert files_of(texts_only) == before
    assert not list((texts_only / ".muniment").glob("leavers-*"))


def test_a_row_sent_in_two_files_is_found(muniment: Muniment, texts_only: Path) -> None:
    delivered(texts_only, "leavers", "2019-09.csv", SEPTEMBER.encode())
    delivered(texts_only, "leavers", "forgotten.csv", lines(HEADING, FIRST))
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    assert (
        f"evidence/leavers/forgotten.csv:1:1: the row with the key (leaver_id) 'L-1909-001' is in {HERE} too" in ran.out
    )


def test_evidence_for_an_unknown_table_is_named_with_the_table_that_was_meant(
    muniment: Muniment, texts_only: Path
) -> None:
    delivered(texts_only, "leaver", "2019-09.csv", SEPTEMBER.encode())
    ran = muniment("check", texts_only, "--evidence", "invoice=/nowhere.csv")
    assert ran.exit == 1
    assert (
        "evidence/leaver:1:1: there is no evidence table 'leaver' in the agreed text - did you mean 'leavers'?"
        in ran.out
    )
    assert (
        "--evidence invoice:1:1: there is no evidence table 'invoice' in the agreed text - did you mean 'invoices'?"
        in ran.out
    )


@pytest.mark.parametrize("command", [("check",), ("assess", "--from", "2019-09", "--to", "2019-09")])
def test_every_problem_of_the_text_is_reported_at_once(
    muniment: Muniment, texts_only: Path, change: Change, command: tuple[str, ...]
) -> None:
    change(
        texts_only / "regime.yaml",
        {
            "target: at least 99.50%": "targt: at least 99.50%",
            "minimum: at least 85%": "minimum: at least 95%",
            "measure: contracts_by_first_day": "measure: contracts_by_first_dy",
            "target: at most 0.10%": "target: 0.001",
        },
    )
    change(texts_only / "evidence.yaml", {"dated_by: pay_date": "dated_by: pay_dat"})
    before = files_of(texts_only)
    ran = muniment(command[0], texts_only, *command[1:])
    assert ran.exit == 1
    for said in (
        "'targt' is not something a KPI can have - did you mean 'target'?",
        "the minimum (at least 95%) is stricter than the target (at least 90%)",
        "there is no measure 'contracts_by_first_dy' - did you mean 'contracts_by_first_day'?",
        "'0.001' is not a service level - write it as",
        "there is no column 'pay_dat' - did you mean 'pay_date'?",
    ):
        assert said in ran.out + ran.err
    assert files_of(texts_only) == before


def test_problems_of_several_evidence_files_are_reported_at_once(muniment: Muniment, texts_only: Path) -> None:
    delivered(texts_only, "leavers", "2019-09.csv", lines(HEADING, "L-1,soon,never,no", "L-2,2019-09-03,,perhaps"))
    delivered(texts_only, "leavers", "2019-10.csv", b"")
    delivered(texts_only, "backups", "2019-09.csv", b"job,night_of\nnightly,2019-09-02\n")
    ran = muniment("check", texts_only)
    assert ran.exit == 1
    for said in (
        f"{HERE}:2:5: last_day 'soon'",
        f"{HERE}:2:10: account_closed_on 'never'",
        f"{HERE}:3:17: late_notice 'perhaps'",
        "evidence/leavers/2019-10.csv:1:1: the file holds no rows",
        "evidence/backups/2019-09.csv:1:1: there is no column 'succeeded'",
    ):
        assert said in ran.out
    assert "5 problems." in ran.err


def test_bad_evidence_given_from_elsewhere_is_named_as_it_was_given(
    muniment: Muniment, texts_only: Path, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(lines(HEADING, "L-1,soon,,no"))
    ran = muniment("check", texts_only, "--evidence", f"leavers={file}")
    assert ran.exit == 1
    assert f"{file}:2:5: last_day 'soon' is not a date" in ran.out


def test_a_missing_file_given_from_elsewhere_is_named(muniment: Muniment, texts_only: Path) -> None:
    ran = muniment("check", texts_only, "--evidence", "leavers=/nowhere/leavers.csv")
    assert ran.exit == 1
    assert "there is no evidence file at /nowhere/leavers.csv - name a CSV or Parquet file, or a folder" in ran.out

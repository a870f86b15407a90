"""The command line itself: formats, exit codes, what spreadsheets would run, and the ways to start it."""

import csv
import io
import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

import pytest

from muniment import __version__
from muniment.domain.lifecycle.appointments import ROLES
from muniment.interfaces.cli.printing import print_csv


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


NOVEMBER = ("--from", "2019-11", "--to", "2019-11")


def test_csv_and_json_of_assess_say_the_same(muniment: Muniment, demo: Path) -> None:
    rows = json.loads(muniment("assess", demo, *NOVEMBER, "--format", "json").out)["rows"]
    printed = list(csv.DictReader(io.StringIO(muniment("assess", demo, *NOVEMBER, "--format", "csv").out)))
    assert len(printed) == len(rows) == 41
    for row, line in zip(rows, printed, strict=True):
        for name, value in row.items():
            shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            assert line[name] == shown


def test_a_table_is_plain_text_when_it_is_piped_and_says_what_to_try_next_beside_it(
    muniment: Muniment, demo: Path
) -> None:
    ran = muniment("assess", demo, *NOVEMBER)
    assert ran.out.startswith("Corporate Support Services Contract (cssc), as known on 2020-01-21\n")
    line = next(line for line in ran.out.splitlines() if line.startswith("IMT_KPI_05"))
    assert " ".join(line.split()) == "IMT_KPI_05 2019-11 5 5 at most 2 at most 4 below minimum Below MSL 6"
    assert "\x1b" not in ran.out
    assert f"muniment explain {demo}" in ran.err


def test_what_to_try_next_repeats_the_day_and_the_evidence_that_were_asked(
    muniment: Muniment, texts_only: Path
) -> None:
    file = texts_only / "examples" / "edge-calls.csv"
    october = ("--from", "2019-10", "--to", "2019-10", "--kpi", "CSC_KPI_04")
    ran = muniment("assess", texts_only, *october, "--known", "2019-12-01", "--evidence", f"calls={file}")
    assert f"explain {texts_only} --known 2019-12-01 --evidence calls={file} CSC_KPI_04 2019-10" in ran.err


@pytest.mark.parametrize(
    "command",
    [
        ("assess", *NOVEMBER),
        ("summary", *NOVEMBER),
        ("statement", "--period", "2019-11"),
        ("explain", "CSC_KPI_04", "2019-11"),
    ],
    ids=lambda command: str(command[0]),
)
def test_json_is_one_document_that_names_contract_and_day(
    muniment: Muniment, demo: Path, command: tuple[str, ...]
) -> None:
    ran = muniment(command[0], demo, *command[1:], "--format", "json")
    document = json.loads(ran.out)
    assert (ran.exit, document["contract"], document["known"]) == (0, "cssc", "2020-01-21")
    assert ran.err == ""


@pytest.mark.parametrize("command", [("summary", *NOVEMBER), ("statement", "--period", "2019-11")])
def test_csv_has_a_heading_row_and_rows_of_its_width(muniment: Muniment, demo: Path, command: tuple[str, ...]) -> None:
    rows = list(csv.reader(io.StringIO(muniment(command[0], demo, *command[1:], "--format", "csv").out)))
    assert len(rows) > 5
    assert {len(row) for row in rows} == {len(rows[0])}


def test_problems_as_json_have_file_line_column_and_code(muniment: Muniment, texts_only: Path) -> None:
    with (texts_only / "regime.yaml").open("a", encoding="utf-8") as file:
        file.write("kpi: {}\n")
    ran = muniment("check", texts_only, "--format", "json")
    (problem,) = json.loads(ran.out)["problems"]
    assert ran.exit == 1
    assert (problem["file"], problem["column"], problem["code"]) == ("regime.yaml", 1, "R001")
    assert problem["remedy"] == "did you mean 'kpis'?"


def test_a_text_that_a_spreadsheet_would_run_is_neutralised_in_csv(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(["name"], [["=HYPERLINK(1)"], ["+1 day"], ["@sum"], ["-2.50"], ["-two"], ["\tx"], ["plain"]])
    cells = [row[0] for row in csv.reader(io.StringIO(capsys.readouterr().out))]
    assert cells == ["name", "'=HYPERLINK(1)", "'+1 day", "'@sum", "-2.50", "'-two", "'\tx", "plain"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("asess",),
        ("assess",),
        ("assess", "folder", "--from", "2019-13", "--to", "2019-11"),
        ("assess", "folder", "--from", "2019-11", "--to", "2019-11", "--known", "yesterday"),
        ("assess", "folder", "--from", "2019-11", "--to", "2019-11", "--format", "yaml"),
        ("check", "folder", "--evidence", "calls"),
        ("report", "folder", *NOVEMBER, "--meeting", "30 January", "--out", "out"),
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_whoever_asks_wrongly_gets_exit_2_and_what_to_write(muniment: Muniment, arguments: tuple[str, ...]) -> None:
    ran = muniment(*arguments)
    assert ran.exit == 2
    assert "Traceback" not in ran.out + ran.err
    assert ran.out + ran.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("assess", "--from", "2019-11", "--to", "2019-10"), "2019-11 to 2019-10 runs backwards"),
        (("assess", "--from", "2014-01", "--to", "2019-10"), "2014-01 is outside the term"),
        (("assess", *NOVEMBER, "--kpi", "CSC_KPI_4"), "did you mean 'CSC_KPI_04'?"),
        (("explain", "CSC_KPI_4", "2019-11"), "did you mean 'CSC_KPI_04'?"),
    ],
)
def test_what_the_contract_does_not_have_is_exit_1_with_a_suggestion(
    muniment: Muniment, texts_only: Path, command: tuple[str, ...], said: str
) -> None:
    ran = muniment(command[0], texts_only, *command[1:])
    assert (ran.exit, ran.out) == (1, "")
    assert said in ran.err


def test_a_folder_that_is_not_there_is_exit_1(muniment: Muniment, tmp_path: Path) -> None:
    ran = muniment("check", tmp_path / "nowhere")
    assert ran.exit == 1
    assert "there is no such folder - name a contract folder" in ran.out + ran.err


def test_the_demo_refuses_a_folder_that_holds_something_else(muniment: Muniment, tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").write_text("keep me", encoding="utf-8")
    ran = muniment("demo", "--no-serve", "--out", tmp_path)
    assert ran.exit == 1
    assert "the folder is there already, and is not a demo - choose another with --out, or move it away" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["minutes.txt"]
    assert not list(tmp_path.parent.glob(".muniment-demo-*"))


@pytest.mark.parametrize("module", ["muniment.interfaces.cli.main"])
def test_the_module_can_be_run(module: str, texts_only: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", module, "check", str(texts_only)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{texts_only}: no problems.\n", "")


def test_the_console_command_is_the_same_entry(muniment: Muniment) -> None:
    found = [entry for entry in entry_points(group="console_scripts") if entry.name == "muniment"]
    if not found:
        pytest.skip("the package is not installed here: run from its source")
    assert found[0].value == "muniment.interfaces.cli.main:main"
    assert muniment("--version").out == f"muniment {__version__}\n"


def test_normalised_evidence_stays_out_of_git(muniment: Muniment, texts_only: Path) -> None:
    assert muniment("check", texts_only).exit == 0
    subprocess.run(["git", "init", "--quiet", str(texts_only)], check=True)
    shown = subprocess.run(
        ["git", "-C", str(texts_only), "status", "--porcelain", "--untracked-files=all"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "contract.yaml" in shown
    assert ".muniment" not in shown


def test_help_names_every_command(muniment: Muniment) -> None:
    ran = muniment("--help")
    assert ran.exit == 0
    for command in ("check", "assess", "summary", "statement", "explain", "report", "demo"):
        assert f"\n    {command} " in ran.out


def test_the_roles_that_can_be_typed_are_those_of_the_record(muniment: Muniment) -> None:
    typed = re.search(r"--role \{([^}]*)\}", muniment("appoint", "--help").out)
    assert typed is not None
    assert typed[1].split(",") == list(ROLES)

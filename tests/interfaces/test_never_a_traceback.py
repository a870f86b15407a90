"""Whatever is asked with whatever lies there, a person reads a sentence that says what to do, and never a traceback.

Most of these were provoked once by asking for nonsense some thousand times.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.adapters.documents import glyphs
from tests.adapters.bundles.forgery import with_manifest
from tests.interfaces.conftest import Muniment, Ran
from tests.interfaces.small_contract import MAY, SmallContract, make_small_contract, visits

MONTHS = ("--from", "2019-04", "--to", "2019-05")
REPORT = (*MONTHS, "--meeting", "2019-07-01")
CANNOT = "ask for access"
Spoil = Callable[[dict[str, bytes]], dict[str, bytes]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallContract:
    """No test may change it: take `own` for that."""
    return make_small_contract(tmp_path_factory.mktemp("small") / "contract")


@pytest.fixture
def own(small: SmallContract, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small.folder, tmp_path / "own"))


def said(ran: Ran, words: str) -> bool:
    """A problem with these words and a remedy, and nothing is done."""
    return ran.exit == 1 and any(words in line and " - " in line for line in (ran.out + ran.err).splitlines())


# Where something is to be written


@pytest.mark.parametrize("command", [("bundle", "tiny/2019-05"), ("backup",)])
@pytest.mark.parametrize(
    ("out", "words"),
    [
        (".", "this is a folder, and a file is to be written"),
        ("", "this is a folder, and a file is to be written"),
        ("folder", "this is a folder, and a file is to be written"),
        ("pipe", "this is no file that could be replaced"),
        ("file/inside.zip", ""),
        ("nowhere/september.zip", "there is no folder 'nowhere'"),
        ("x" * 300, "this cannot be written: File name too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_said_before_the_work(
    muniment: Muniment,
    small: SmallContract,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    out: str,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"mine")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(path.name for path in tmp_path.iterdir())
    assert said(muniment(command[0], small.folder, *command[1:], "--out", out), words)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "pipe").is_fifo()


def test_a_bundle_that_the_disk_does_not_take_leaves_nothing_behind(
    muniment: Muniment, small: SmallContract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.writestr", full)
    ran = muniment("bundle", small.folder, "tiny/2019-05", "--out", tmp_path / "may.zip")
    assert said(ran, f"{tmp_path / 'may.zip'}:1:1: this cannot be written: No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_salt_that_is_a_folder_is_said(muniment: Muniment, small: SmallContract, tmp_path: Path) -> None:
    asked = ("--out", tmp_path / "may.zip", "--pseudonymise", "--salt", tmp_path)
    assert said(muniment("bundle", small.folder, "tiny/2019-05", *asked), "this is a folder")


@pytest.mark.parametrize("out", ["file", "file/inside"])
def test_a_report_that_cannot_be_written_is_said(
    muniment: Muniment, small: SmallContract, tmp_path: Path, out: str
) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    ran = muniment("report", small.folder, *REPORT, "--out", tmp_path / out)
    assert said(ran, f"{tmp_path / out}:1:1: this cannot be written: ")
    assert (tmp_path / "file").read_bytes() == b"mine"


# What a report needs


def test_a_missing_font_is_said_with_what_to_do(
    muniment: Muniment, small: SmallContract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "FONTS", tmp_path / "not set up")
    glyphs.printable_characters.cache_clear()
    ran = muniment("report", small.folder, *REPORT, "--out", tmp_path / "report")
    glyphs.printable_characters.cache_clear()
    assert said(ran, "the font that documents are set in is not here - run 'make install', which copies it")
    assert ran.err.endswith("\n3 problems.\n")
    assert not (tmp_path / "report").exists()


def test_a_typesetter_that_refuses_is_said(
    muniment: Muniment, small: SmallContract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.typ").write_text("#nonsense", encoding="utf-8")
    monkeypatch.setattr("muniment.adapters.documents.pdf.TEMPLATE", tmp_path / "broken.typ")
    ran = muniment("report", small.folder, *REPORT, "--out", tmp_path / "report")
    assert said(ran, "report.pdf:1:1: the PDF could not be set: ")
    assert not (tmp_path / "report").exists()


def test_a_report_of_more_months_than_a_table_holds_is_said(
    muniment: Muniment, texts_only: Path, tmp_path: Path
) -> None:
    asked = ("--from", "2019-04", "--to", "2020-06", "--meeting", "2020-08-01", "--out", tmp_path / "report")
    assert said(muniment("report", texts_only, *asked), "the report covers 15 months - a table holds 1 to 13")


def test_a_report_can_be_made_where_evidence_that_never_came_counts_as_below_minimum(
    muniment: Muniment, own: Path, tmp_path: Path
) -> None:
    (own / "ledger.jsonl").unlink()
    ran = muniment("report", own, *REPORT, "--out", tmp_path / "report")
    assert (ran.exit, ran.err) == (0, "")


# Evidence that cannot be read


@pytest.mark.parametrize("command", [("check",), ("assess", *MONTHS)])
def test_a_folder_where_a_file_of_evidence_belongs_is_said_with_every_other_problem(
    muniment: Muniment, own: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "given" / "2019-04.csv").mkdir(parents=True)
    (tmp_path / "given" / "2019-05.csv").write_text(visits(MAY).replace("meeting", "met"), encoding="utf-8")
    ran = muniment(command[0], own, *command[1:], "--evidence", f"visits={tmp_path / 'given'}")
    assert said(ran, f"{tmp_path / 'given' / '2019-04.csv'}:1:1: the file cannot be read: Is a directory")
    assert said(ran, "'met' is not one of the values of this column")


def test_evidence_whose_name_no_machine_takes_is_said(muniment: Muniment, own: Path) -> None:
    asked = ("--evidence", f"visits={'x' * 300}")
    assert said(muniment("check", own, *asked), "--evidence visits:1:1: the file cannot be read: File name too long")


@pytest.mark.parametrize("command", [("check",), ("doctor",), ("assess", *MONTHS)])
def test_a_submitted_file_that_may_not_be_read_is_said(
    muniment: Muniment, own: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("muniment.adapters.stores.files.blobs.portions_of", closed)
    ran = muniment(command[0], own, *command[1:])
    assert said(ran, "the file cannot be read: Permission denied")
    assert f"{'blobs/' if command[0] == 'doctor' else 'tiny/visits/2019-05/s2'}" in ran.out + ran.err


@pytest.mark.parametrize("content", [b"", b"PAR1", b"junk" * 100])
def test_normalised_evidence_that_was_damaged_is_made_again(muniment: Muniment, own: Path, content: bytes) -> None:
    whole = muniment("assess", own, *MONTHS)
    for file in (own / ".muniment").glob("*.parquet"):
        file.write_bytes(content)
    again = muniment("assess", own, *MONTHS)
    assert (again.exit, again.out) == (0, whole.out)


def test_normalised_evidence_that_is_damaged_is_made_again(muniment: Muniment, own: Path) -> None:
    before = muniment("assess", own, *MONTHS)
    for file in (own / ".muniment").glob("*.parquet"):
        file.write_bytes(b"PAR1" + b"junk" * 100 + b"PAR1")
    assert muniment("assess", own, *MONTHS) == before


# What was asked


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "20190401", "2019-W14-1", "2019-04-31", "today", ""])
@pytest.mark.parametrize("command", [("reported", "--on"), ("report", *MONTHS, "--out", "never", "--meeting")])
def test_a_day_that_is_none_is_wrongly_asked(
    muniment: Muniment, small: SmallContract, command: tuple[str, ...], day: str
) -> None:
    ran = muniment(command[0], small.folder, *command[1:], day)
    assert (ran.exit, f"'{day}' is not a day - write it as 2020-01-30" in ran.err) == (2, True)


def test_a_day_after_all_days_is_wrongly_asked(muniment: Muniment, small: SmallContract) -> None:
    ran = muniment("heads", small.folder, "--known", "9999-12-31")
    assert (ran.exit, "'9999-12-31' is not a day" in ran.err) == (2, True)


@pytest.mark.parametrize("command", ["check", "audit-trail", "heads", "doctor", "waiting"])
def test_whatever_the_machine_refuses_is_a_problem_of_what_was_named(muniment: Muniment, command: str) -> None:
    ran = muniment(command, "x" * 300)
    assert said(ran, f"{'x' * 300}:1:1: this cannot be used: File name too long - {CANNOT}")


@pytest.mark.parametrize("url", ["http://[", "sqlite:////tmp/a%00b", "postgresql://u@host:99999/x", "mysql://host/x"])
@pytest.mark.parametrize("command", [("database", "list"), ("database", "create"), ("check", "database:tiny")])
def test_an_address_of_a_database_that_is_none_is_said(muniment: Muniment, command: tuple[str, ...], url: str) -> None:
    ran = muniment(*command, "--database", url)
    assert said(ran, "this is not the address of a database - write sqlite:////folder/database.sqlite3")


# Bundles that somebody else made


@pytest.fixture(scope="module")
def members(small: SmallContract, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    from muniment.application.bundle import make_bundle
    from muniment.application.recalculation import statement_reference_of

    out = tmp_path_factory.mktemp("bundled") / "may.zip"
    make_bundle(
        folder=small.folder,
        asked=statement_reference_of("tiny/2019-05"),
        known=None,
        engine="duckdb",
        out=out,
        salt=None,
    )
    with ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes], path: Path) -> Path:
    with ZipFile(path, "w") as archive:
        for name, content in with_manifest(members).items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "it is not in the bundle, or is no text"),
        (b"\xff\xfe", "it is not in the bundle, or is no text"),
        (b"SELECT nonsense FROM nowhere", "nowhere"),
        (b"EXECUTE", "syntax error"),
        (b"PREPARE m AS SELECT content, 1 FROM read_text('/etc/passwd'); EXECUTE m;", "/etc/passwd"),
        (b"PREPARE m AS SELECT 'x', 'y'; EXECUTE m;", "something other than a numerator and a denominator"),
        (b"PREPARE m AS SELECT 1; EXECUTE m;", "something other than a numerator and a denominator"),
        (b"PREPARE m AS SELECT 1, 2 WHERE false; EXECUTE m;", "something other than a numerator and a denominator"),
    ],
)
def test_sql_that_cannot_be_run_is_a_difference(
    muniment: Muniment, members: dict[str, bytes], tmp_path: Path, script: bytes | None, why: str
) -> None:
    changed = {name: content for name, content in members.items() if name != "sql/SEEN.sql"}
    if script is not None:
        changed["sql/SEEN.sql"] = script
    ran = muniment("reperform", _zipped(changed, tmp_path / "changed.zip"), "--sql")
    (line,) = (line for line in ran.out.splitlines() if line.startswith("  differs: SEEN: expected "))
    assert (ran.exit, "its SQL cannot be run: " in line, why in line) == (1, True, True), line


@pytest.mark.parametrize("script", [b"", b"CREATE TABLE a (b INTEGER);"])
def test_sql_that_gives_no_figures_is_a_difference(
    muniment: Muniment, members: dict[str, bytes], tmp_path: Path, script: bytes
) -> None:
    ran = muniment("reperform", _zipped({**members, "sql/SEEN.sql": script}, tmp_path / "changed.zip"), "--sql")
    assert (ran.exit, "the SQL gives nothing" in ran.out) == (1, True)
    assert json.loads(members["expected/results.json"])

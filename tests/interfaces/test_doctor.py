"""The doctor finds what is wrong with a store, and says it first."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from muniment.application.doctor import doctor
from muniment.application.stores import database_at
from muniment.domain.kernel.period import Month
from tests.interfaces.conftest import Muniment, Ran
from tests.interfaces.small_contract import SmallContract, make_small_contract, parcels
from tests.interfaces.small_database import copy_database, make_database

JULY = Month(2019, 7)
LATER = "2019-08-01T00:00:00Z"
Codes = Callable[[], list[str]]


@pytest.fixture
def made(tmp_path: Path) -> SmallContract:
    return make_small_contract(tmp_path / "tiny")


@pytest.fixture(scope="module")
def sound_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    small = make_small_contract(folder / "contract")
    return make_database(of=small.folder, into=tmp_path_factory.mktemp("database"))


@pytest.fixture
def database(sound_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database with the small contract, projected, where commands look for one."""
    where = copy_database(sound_database, into=tmp_path)
    monkeypatch.setenv("MUNIMENT_DATABASE", where.database)
    yield where.database
    database_at(where).close()


@pytest.fixture
def codes(made: SmallContract) -> Codes:
    return lambda: [problem.code for problem in doctor(made.folder, now=LATER)]


def _codes(ran: Ran) -> list[tuple[str, str]]:
    return [(problem["code"], problem["severity"]) for problem in json.loads(ran.out)["problems"]]


def _blob(folder: Path) -> Path:
    return min(path for path in (folder / "blobs").rglob("*") if path.is_file())


def test_a_sound_store_is_said_to_be_sound(made: SmallContract, database: str, muniment: Muniment) -> None:
    for where in (str(made.folder), "database:tiny"):
        asked = muniment("doctor", where)
        assert (asked.exit, asked.out) == (0, f"{where}: sound.\n")


def test_the_answer_comes_first(made: SmallContract, muniment: Muniment) -> None:
    _blob(made.folder).unlink()
    asked = muniment("doctor", made.folder)
    assert (asked.exit, asked.out.splitlines()[0]) == (1, f"{made.folder}: 1 thing is wrong.")


def test_files_that_are_missing_or_altered_are_found(made: SmallContract, codes: Codes) -> None:
    blob = _blob(made.folder)
    blob.chmod(0o644)
    blob.write_bytes(b"altered")
    assert codes() == ["F010"]
    blob.unlink()
    assert codes() == ["F010"]


def test_the_workbook_that_rows_were_read_from_is_looked_at_like_the_rows(made: SmallContract, codes: Codes) -> None:
    made.submit(table="parcels", month=JULY, content=parcels(JULY), workbook=b"the workbook as it was sent")
    digest = sha256(b"the workbook as it was sent").hexdigest()
    assert codes() == []
    blob = made.store.blobs.path(digest)
    blob.unlink()
    (problem,) = doctor(made.folder, now=LATER)
    assert (problem.code, problem.place.file) == ("F010", f"blobs/{digest[:2]}/{digest}")


def test_a_text_that_drifted_is_found(made: SmallContract, codes: Codes) -> None:
    (made.folder / "regime.yaml").write_text("regime: other\n", encoding="utf-8")
    assert codes() == ["C030"]


def test_an_altered_entry_is_found_from_the_first_on(made: SmallContract, codes: Codes) -> None:
    ledger = made.folder / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"rows":40', b'"rows":41', 1))
    assert "C003" in codes()


def test_entries_of_the_future_are_found(made: SmallContract) -> None:
    (problem,) = doctor(made.folder, now="2019-06-30T00:00:00Z")
    assert (problem.code, problem.what.startswith("3 entries are dated after this moment")) == ("K010", True)


def test_unfinished_files_are_swept_when_they_are_a_day_old(made: SmallContract) -> None:
    old, new = (made.folder / "blobs" / f".incoming-1-{name}" for name in ("old", "new"))
    at = datetime.fromisoformat(LATER).timestamp()
    for path, age in ((old, 86_400), (new, 86_399)):
        path.write_bytes(b"half")
        os.utime(path, (at - age, at - age))
    assert [(p.code, p.remedy) for p in doctor(made.folder, now=LATER)] == [
        ("F011", "look again in a day"),
        ("F011", "delete it with --sweep"),
    ]
    doctor(made.folder, now=LATER, sweep=True)
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_ledgerentry SET content = replace(content, 'visits', 'visitz') WHERE seq = 3",
        "UPDATE register_ledgerentry SET actor = 'somebody' WHERE seq = 3",
        "UPDATE register_ledgerentry SET hash = 'abc' WHERE seq = 3",
        "DELETE FROM register_ledgerentry WHERE seq = 3",
        "DELETE FROM register_ledgerentry WHERE seq > 3",
        "DELETE FROM register_ledgerentry",
        "UPDATE register_ledgerentry SET seq = 99 WHERE seq = 5",
        "UPDATE register_ledgerentry SET recorded_at = '2018-01-01T00:00:00Z' WHERE seq = 4",
        "UPDATE register_ledgertext SET text = '\"because\"' WHERE seq = 2",
        "UPDATE register_ledgertext SET text = 'no JSON' WHERE seq = 2",
    ],
)
def test_a_record_that_was_altered_behind_the_triggers_of_a_database_is_found(
    database: str, muniment: Muniment, tmp_path: Path, statement: str
) -> None:
    with sqlite3.connect(tmp_path / "database.sqlite3") as connection:
        for trigger in ("ledgerentry_no_update", "ledgerentry_no_delete", "ledgertext_no_update"):
            connection.execute(f"DROP TRIGGER register_{trigger}")
        assert connection.execute(statement).rowcount > 0
    connection.close()
    asked = muniment("doctor", "database:tiny")
    assert (asked.exit, asked.err) == (1, "")
    assert " wrong" in asked.out.splitlines()[0]


def test_files_of_a_database_that_are_unfinished_missing_or_altered_are_found(
    database: str, muniment: Muniment, tmp_path: Path
) -> None:
    blobs = tmp_path / "database.sqlite3-files" / "tiny" / "blobs"
    (blobs / ".incoming-1-a").write_bytes(b"visit,")
    assert _codes(muniment("doctor", "database:tiny", "--format", "json")) == [("F011", "warning")]
    whole, other = sorted(path for path in blobs.rglob("*") if path.is_file() and path.name[0] != ".")[:2]
    whole.unlink()
    other.chmod(0o644)
    other.write_bytes(b"altered")
    found = _codes(muniment("doctor", "database:tiny", "--format", "json"))
    assert found[-2:] == [("F010", "error")] * 2


def test_a_database_that_projects_nothing_yet_is_noted(database: str, muniment: Muniment, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "database.sqlite3") as connection:
        for table in ("monthresult", "monthcount", "projection"):
            connection.execute(f"DELETE FROM register_{table}")
    connection.close()
    asked = muniment("doctor", "database:tiny", "--format", "json")
    assert (asked.exit, _codes(asked)) == (0, [("G011", "warning")])


def test_results_that_pages_show_and_the_record_does_not_have_are_found(
    database: str, muniment: Muniment, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "database.sqlite3") as connection:
        altered = "UPDATE register_monthresult SET content = replace(content, '%', '')"
        connection.execute(f"{altered} WHERE kpi = 'SEEN' AND month = '2019-05'")
    connection.close()
    asked = muniment("doctor", "database:tiny")
    assert (asked.exit, "the results shown for 2019-05 are not those of the record" in asked.out) == (1, True)
    assert muniment("rebuild", "database:tiny").exit == 0
    assert muniment("doctor", "database:tiny").exit == 0

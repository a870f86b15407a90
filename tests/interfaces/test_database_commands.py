"""A contract of a database answers every question as its folder does, and takes every act."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from muniment.adapters.stores.database.setup import configure
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import SmallContract, make_small_contract
from tests.interfaces.small_database import copy_database, make_database

Change = Callable[[Path, Mapping[str, str]], None]
QUESTIONS = (
    ("check", "{}", "--format", "json"),
    ("assess", "{}", "--from", "2019-04", "--to", "2019-06", "--format", "json"),
    ("summary", "{}", "--from", "2019-04", "--to", "2019-06", "--format", "json"),
    ("statement", "{}", "--period", "2019-05", "--format", "json"),
    ("statement", "{}", "--period", "2019-05", "--known", "2019-06-20", "--format", "json"),
    ("explain", "{}", "SEEN", "2019-05", "--format", "json"),
    ("heads", "{}", "--format", "json"),
    ("audit-trail", "{}", "--format", "json"),
    ("waiting", "{}", "--format", "json"),
    ("reported", "{}", "--on", "2019-07-10", "--format", "json"),
)


@pytest.fixture
def small(tmp_path: Path) -> SmallContract:
    return make_small_contract(tmp_path / "tiny")


@pytest.fixture
def on_postgres(postgres_url: str) -> str:
    """The address of a database that is not made yet, in an empty database of its own."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE commands")
    return urlunsplit(urlsplit(postgres_url)._replace(path="/commands"))


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database that is not made yet, where commands look for one."""
    url = f"sqlite:///{tmp_path}/database.sqlite3"
    monkeypatch.setenv("MUNIMENT_DATABASE", url)
    yield url
    configure(url, tmp_path).close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database into which the small contract was imported, and no more."""
    small = make_small_contract(tmp_path_factory.mktemp("small") / "tiny")
    return make_database(of=small.folder, into=tmp_path_factory.mktemp("database"), is_projected=False)


@pytest.fixture
def imported(small: SmallContract, database: str, kept: Path, tmp_path: Path) -> SmallContract:
    """The small contract, in a database too."""
    assert copy_database(kept, into=tmp_path).database == database
    return small


def _asked(question: tuple[str, ...], where: str | Path) -> list[str]:
    return [word.format(where) for word in question]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: " ".join(question[:1] + question[3:4]))
def test_the_database_answers_as_the_folder_does(
    question: tuple[str, ...], imported: SmallContract, muniment: Muniment
) -> None:
    folder, database = muniment(*_asked(question, imported.folder)), muniment(*_asked(question, "database:tiny"))
    assert database.out == folder.out
    assert (database.exit, database.out[:1]) == (folder.exit, "{")


def test_postgresql_answers_as_the_folder_does(
    small: SmallContract, on_postgres: str, muniment: Muniment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_BLOBS", str(small.folder.parent / "files"))
    database = ("--database", on_postgres)
    assert muniment("database", "create", *database).exit == 0
    assert muniment("import", small.folder, *database).exit == 0
    for question in QUESTIONS:
        there = muniment(*_asked(question, "database:tiny"), *database)
        assert there.out == muniment(*_asked(question, small.folder)).out, question
    assert "sound" in muniment("doctor", "database:tiny", *database).out
    configure(on_postgres, small.folder).close()


def test_a_report_and_a_bundle_are_made_from_a_database(imported: SmallContract, muniment: Muniment) -> None:
    made: list[bytes] = []
    for where in (imported.folder, "database:tiny"):
        out = imported.folder.parent / f"made-{len(made)}.zip"
        assert muniment("bundle", where, "tiny/2019-05/v1", "--out", out).exit == 0
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_an_act_on_the_database_is_recorded_there_and_not_in_the_folder(
    imported: SmallContract, muniment: Muniment
) -> None:
    before = len(imported.entries())
    act = ("--as", "p-1", "--for", "authority", "--reason", "It was asked.")
    done = muniment("report-figure", "database:tiny", "count/met_target/2019-05", "--printed", "2",
                    "--where", "osmb/1", "--how", "spoken", "--on", "2019-07-10", *act)  # fmt: skip
    assert (done.exit, f"entry {before + 1}" in done.out) == (0, True), done.err
    assert len(imported.entries()) == before
    out = muniment("export", "database:tiny", "--out", imported.folder)
    assert "Exported: 1 entries" in out.out
    assert len(imported.entries()) == before + 1


def test_evidence_is_submitted_to_a_database(imported: SmallContract, muniment: Muniment, tmp_path: Path) -> None:
    file = tmp_path / "parcels.csv"
    file.write_text("parcel,due_on,value,lost\nP-1,2019-07-10,50.00,0\n", encoding="utf-8")
    act = ("--as", "p-2", "--for", "supplier", "--reason", "July.")
    done = muniment("submit", "database:tiny", "parcels", "2019-07", file, *act)
    assert (done.exit, "tiny/parcels/2019-07/s1" in done.out) == (0, True), done.err


def test_the_head_is_the_same_before_and_after_import_and_export(imported: SmallContract, muniment: Muniment) -> None:
    head = imported.entries()[-1].hash[:12]
    there = muniment("import", imported.folder)
    assert f"the folder had head {head}, the database had head {head}" in there.out
    back = muniment("export", "database:tiny", "--out", imported.folder.parent / "back")
    assert f"now: both have head {head}" in back.out
    ledger = imported.folder.parent / "back" / "ledger.jsonl"
    assert ledger.read_bytes() == (imported.folder / "ledger.jsonl").read_bytes()


def test_an_older_folder_changes_neither_text_nor_authority(
    imported: SmallContract, muniment: Muniment, change: Change
) -> None:
    act = ("--as", "p-1", "--for", "authority", "--reason", "It was asked.")
    printed = ("--printed", "2", "--where", "osmb/1", "--how", "spoken", "--on", "2019-07-10")
    assert muniment("report-figure", "database:tiny", "count/met_target/2019-05", *printed, *act).exit == 0
    change(imported.folder / "regime.yaml", {"target: at least 90%": "target: at least 1%"})
    change(imported.folder / "contract.yaml", {"Wolds County Council": "Another Council"})
    there = muniment("import", imported.folder)
    assert (there.exit, "the folder is 1 entry behind, so its text was left where it is" in there.out) == (0, True)
    assert muniment("check", "database:tiny").exit == 0
    (listed,) = json.loads(muniment("database", "list", "--format", "json").out)["contracts"]
    assert listed["authority"] == "Wolds County Council"


def test_the_authority_of_a_contract_is_not_renamed_by_a_draft(
    imported: SmallContract, muniment: Muniment, change: Change
) -> None:
    change(imported.folder / "contract.yaml", {"Wolds County Council": "Another Council"})
    assert "Not as it was adopted: contract.yaml" in muniment("import", imported.folder).out
    (listed,) = json.loads(muniment("database", "list", "--format", "json").out)["contracts"]
    assert listed["authority"] == "Wolds County Council"
    act = ("--as", "p-1", "--for", "authority", "--reason", "It has a new name.")
    assert muniment("adopt", "database:tiny", *act).exit == 0
    assert muniment("export", "database:tiny", "--out", imported.folder).exit == 0
    assert muniment("import", imported.folder).exit == 0
    (listed,) = json.loads(muniment("database", "list", "--format", "json").out)["contracts"]
    assert listed["authority"] == "Another Council"


def test_a_database_lists_its_contracts(imported: SmallContract, muniment: Muniment) -> None:
    (listed,) = json.loads(muniment("database", "list", "--format", "json").out)["contracts"]
    assert listed == {
        "contract": "tiny",
        "authority": "Wolds County Council",
        "entries": len(imported.entries()),
        "head": imported.entries()[-1].hash,
    }


def test_a_database_that_is_not_there_is_not_made_by_asking(database: str, muniment: Muniment, tmp_path: Path) -> None:
    asked = muniment("check", "database:tiny")
    assert (asked.exit, "make one with 'muniment database create'" in asked.out + asked.err) == (1, True)
    assert not (tmp_path / "database.sqlite3").exists()


def test_a_contract_that_is_not_there_is_said_with_what_was_meant(imported: SmallContract, muniment: Muniment) -> None:
    asked = muniment("heads", "database:tinny")
    assert (asked.exit, "did you mean 'tiny'?" in asked.err) == (1, True)


def test_a_database_on_postgresql_says_where_its_files_are(muniment: Muniment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUNIMENT_BLOBS", raising=False)
    asked = muniment("heads", "database:tiny", "--database", "postgresql://me:secret@host/name")
    assert (asked.exit, "set MUNIMENT_BLOBS" in asked.err, "secret" in asked.err) == (1, True, False)


def test_what_pages_show_is_computed_again(imported: SmallContract, muniment: Muniment) -> None:
    assert "nothing is projected" in muniment("doctor", "database:tiny").out
    rebuilt = muniment("rebuild", "database:tiny")
    assert (rebuilt.exit, "16 results of 4 months" in rebuilt.out) == (0, True), rebuilt.out
    assert "nothing is projected" not in muniment("doctor", "database:tiny").out
    error = muniment("rebuild", imported.folder)
    assert (error.exit, "write it as database:cssc" in error.err) == (2, True)

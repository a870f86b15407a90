"""What v0.1.0 wrote stays readable and stays as it was: its database, its exported folder, its backup, its bundles.

v0_1_0/ was made by v0.1.0's own code (make_v0_1_0.py), in the words of that version, and is never made again.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django_tasks_db.models import DBTaskResult

from muniment.application.evidence import EngineName
from muniment.application.load import open_contract
from muniment.application.recalculation import as_locked, compute
from muniment.application.stores import DatabaseAddress, contract_named, open_store
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry
from muniment.installation.jobs import run_job
from muniment.installation.models import Account, Job
from muniment.interfaces.cli.main import main

KEPT = Path(__file__).resolve().parent / "v0_1_0"
WOLDS = "database:wolds"
HEAD = "686aa38b34f9eb9b7f2635ec0c0d9f0503bbd6d81ef75d43fecd05ca8b4232c0"
"""Of the record, after its 92 entries."""
LOCKED = {
    "wolds/2019-04/v1": ("439d9bc87d35d61e", "b52988b6af275448", 4, "300.00"),
    "wolds/2019-05/v1": ("4c43f94480e49200", "f9d90e0a93774bf0", 6, "500.00"),
    "wolds/2019-05/v2": ("4a4083848b561518", "2dd03bf02bc32c40", 3, "200.00"),
    "wolds/2019-06/v1": ("4d542b274249c65e", "425dd8c757977812", 5, "400.00"),
    "wolds/2019-06/v2": ("e2b670147da61733", "f0ccc23ffce56c0c", 4, "300.00"),
    "wolds/2019-07/v1": ("5ce854df01c641dd", "468bf9c28f99a5cb", 4, "315.00"),
    "wolds/2019-08/v1": ("f8b4dd5e124e71a9", "f609782145b55c87", 3, "210.00"),
    "wolds/2019-09/v1": ("ecae39c335ae5fee", "e49c48ea5adb4d3b", 10, "945.00"),
}
"""Statement -> the head of its lock, the fingerprint of what is sealed, its points, and the pounds that are due."""
TOKEN = "mnm_v0.1.0-sample-of-a-token-that-reads-one-contract"
PASSWORD = "a sample password of 2019"
BUNDLES = {"may-v1.zip": "wolds/2019-05/v1", "june-v2.zip": "wolds/2019-06/v2"}
PAGES = (
    "", "/months/2019-06", "/months/2019-06/kpis/SEEN", "/statements/2019-05", "/statements/2019-05/v1", "/mitigations",
    "/text", "/text/files/regime.yaml", "/evidence/visits/2019-10", "/people", "/projects",
)  # fmt: skip
WAYS = (("--engine", "duckdb"), ("--engine", "reference"), ("--sql",))


class CommandLine:
    """The command line before one database. `printed`: what a command that must succeed wrote."""

    def __init__(self, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = f"sqlite:///{quote(str(database))}"
        self._capsys = capsys

    def run(self, *arguments: str | Path) -> tuple[int, str]:
        code = main([*map(str, arguments)])
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err

    def printed(self, *arguments: str | Path) -> str:
        code, said = self.run(*arguments)
        assert code == 0, said
        return said

    def asked(self, command: str, *arguments: str | Path) -> str:
        """Of a command that reads or writes the database."""
        return self.printed(command, *arguments, "--database", self.url)

    def told(self, command: str, *arguments: str | Path) -> dict[str, object]:
        code = main([command, *map(str, arguments), "--format", "json", "--database", self.url])
        captured = self._capsys.readouterr()
        assert code == 0, captured.err
        found: dict[str, object] = json.loads(captured.out)
        return found


@pytest.fixture(scope="module")
def brought_up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the database, brought up to date as whoever installs this version does it."""
    folder = _unpacked("sqlite.zip", tmp_path_factory.mktemp("v0.1.0") / "kept")
    assert main(["database", "create", "--database", f"sqlite:///{quote(str(_database(folder)))}"]) == 0
    return folder


@pytest.fixture
def database(brought_up_to_date: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file, which is Django's default database too, as it is in the process of a command or of the pages."""
    file = _database(Path(shutil.copytree(brought_up_to_date, tmp_path / "kept")))
    files = file.with_name(f"{file.name}-files")
    connections["default"].close()
    monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    monkeypatch.setattr(settings, "DATABASE_ADDRESS", DatabaseAddress(f"sqlite:///{quote(str(file))}", files))
    monkeypatch.setattr(settings, "BLOBS_FOLDER", files)
    yield file
    connections["default"].close()


@pytest.fixture
def muniment(database: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(database, capsys)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """What v0.1.0 wrote out of its database: the contract as a folder, and a backup."""
    return _unpacked("exported.zip", tmp_path / "exported")


@pytest.fixture
def pages(muniment: CommandLine) -> Client:
    """The pages of the database, which is brought up to date for them; nobody has signed in."""
    muniment.told("account", "list")
    return Client()


def _unpacked(name: str, into: Path) -> Path:
    with ZipFile(KEPT / name) as archive:
        archive.extractall(into)
    return into


def _database(folder: Path) -> Path:
    (found,) = folder.glob("*.sqlite3")
    return found


def _entries(muniment: CommandLine) -> tuple[Entry, ...]:
    return open_store(contract_named(WOLDS, database=muniment.url)).ledger.entries()


# ---- it opens, is brought up to date, and verifies


def test_a_database_of_v0_1_0_is_brought_up_to_date_and_lists_its_contract(muniment: CommandLine) -> None:
    assert muniment.told("database", "list")["contracts"] == [
        {"contract": "wolds", "authority": "Wolds County Council", "entries": 92, "head": HEAD}
    ]


def test_its_accounts_are_kept_with_their_ids_and_the_closed_one_stays_closed(muniment: CommandLine) -> None:
    found = muniment.told("account", "list")["accounts"]
    assert isinstance(found, list)
    assert {account["actor"]: account["open"] for account in found} == {
        **{f"p-{number:02d}": True for number in range(1, 9)},
        "p-06": False,
    }
    assert found[0]["email"] == "administrator@wolds.example"


def test_its_record_verifies_from_the_first_entry(muniment: CommandLine) -> None:
    assert "sound" in muniment.asked("doctor", WOLDS)
    assert "no problems" in muniment.asked("check", WOLDS)


def test_the_heads_of_its_record_and_of_every_statement_are_those_of_v0_1_0(muniment: CommandLine) -> None:
    heads = muniment.told("heads", WOLDS)["heads"]
    assert isinstance(heads, list)
    assert (heads[0]["entry"], heads[0]["head"]) == (92, HEAD)
    assert {each["of"]: (each["head"][:16], each["sealed"][:16]) for each in heads[1:]} == {
        statement: known[:2] for statement, known in LOCKED.items()
    }


def test_it_holds_a_restatement_a_statement_that_was_let_stand_and_acts_for_want_of_an_answer(
    muniment: CommandLine,
) -> None:
    """The kinds and keys of its entries are those that v0.1.0 wrote."""
    entries = _entries(muniment)
    kinds = [entry.kind for entry in entries]
    assert (kinds.count("month.locked"), kinds.count("restatement.decided"), kinds.count("statement.kept")) == (8, 2, 1)
    unanswered = [entry.kind for entry in entries if "silent_after" in entry.payload]
    assert unanswered == ["challenge.closed", "mitigation.decided"]
    assert kinds.count("text.erased") == 1


# ---- nothing in it reads as changed since its lock


def test_no_locked_statement_would_say_anything_else_now(muniment: CommandLine) -> None:
    found = muniment.told("since-lock", WOLDS)["statements"]
    assert isinstance(found, list)
    effects = {each["statement"]: (each["effect"], each["to_be_restated"], each["note"]) for each in found}
    assert effects == dict.fromkeys(_last_versions(), ("no effect", False, None))


def test_what_differs_in_the_inputs_since_the_locks_is_what_v0_1_0_said(muniment: CommandLine) -> None:
    """The calendar learnt of a bank holiday that was moved, and visits came again with other notes; no text changed."""
    found = muniment.told("since-lock", WOLDS)["statements"]
    assert isinstance(found, list)
    assert {each["statement"]: each["causes"] for each in found if each["causes"]} == {
        "wolds/2019-04/v1": ["challenge upheld", "calendar"],
        "wolds/2019-07/v1": ["late evidence"],
    }


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_every_locked_version_computed_again_is_what_was_sealed(muniment: CommandLine, engine: EngineName) -> None:
    opened = open_contract(folder=contract_named(WOLDS, database=muniment.url), known=None)
    again = {
        lock.id: sealed_fingerprint(
            compute(
                opened=as_locked(opened, lock),
                month=month,
                engine=engine,
                elsewhere={},
                sealed_as=lock.locked.statement,
            ).month.sealed
        )
        for month, locks in locks_known(opened.entries).items()
        for lock in locks
    }
    assert {statement: found[:16] for statement, found in again.items()} == {
        statement: sealed for statement, (_, sealed, _, _) in LOCKED.items()
    }


@pytest.mark.parametrize("statement", LOCKED)
def test_a_statement_prints_the_figures_that_it_was_locked_with(muniment: CommandLine, statement: str) -> None:
    """As known on the day of its first signature; that is how the first version of a restated month is shown too."""
    lock = next(lock for locks in locks_known(_entries(muniment)).values() for lock in locks if lock.id == statement)
    known = _known(lock.locked.sealed)
    printed = muniment.told("statement", WOLDS, "--period", statement.split("/")[1], "--known", known)
    credit = printed["credit"]
    assert isinstance(credit, dict)
    assert (printed["points"], credit["due"]) == (str(LOCKED[statement][2]), LOCKED[statement][3])


def test_the_two_versions_of_a_restated_month_differ_in_what_they_differed_in(muniment: CommandLine) -> None:
    found = muniment.told("changed", WOLDS, "wolds/2019-05/v1", "wolds/2019-05/v2")
    assert found["causes"] == ["late evidence"]
    differences = found["differences"]
    assert isinstance(differences, list)
    seen = {each["part"]: (each["before"], each["after"]) for each in differences if each["of"] == "SEEN"}
    assert (seen["value"], seen["status"]) == (("50.00", "100.00"), ("below minimum", "met target"))


# ---- it goes on


def test_its_record_goes_on_and_the_chain_holds(muniment: CommandLine) -> None:
    who = ("--as", "p-08", "--for", "supplier", "--reason", "Checked.")
    muniment.asked("approve", WOLDS, "wolds/visits/2019-10/s1", *who)
    entries = _entries(muniment)
    assert (len(entries), entries[-1].kind, entries[-1].previous) == (93, "submission.approved", HEAD)
    muniment.asked("rebuild", WOLDS)
    assert "sound" in muniment.asked("doctor", WOLDS)


def test_its_pages_are_shown_as_soon_as_their_figures_are_computed_again(pages: Client) -> None:
    """What v0.1.0 computed is in a form of its own: until the worker has been there, nothing counts as computed."""
    pages.force_login(Account.objects.get(actor="p-02"))
    before = {page: pages.get(f"/contracts/wolds{page}") for page in PAGES}
    assert {answer.status_code for answer in before.values()} == {200, 503}
    assert "being computed for the first time" in before[""].content.decode()
    run_job.func(str(Job.objects.get(state=Job.WAITING).id))
    assert {page: pages.get(f"/contracts/wolds{page}").status_code for page in PAGES} == dict.fromkeys(PAGES, 200)


def test_a_person_signs_in_with_the_password_of_then_and_finds_the_file_that_was_made_for_them(pages: Client) -> None:
    account = Account.objects.get(actor="p-02")
    assert account.check_password(PASSWORD)
    pages.force_login(account)
    job = account.job_set.get(kind="bundle")
    page = pages.get(f"/contracts/wolds/jobs/{job.id}").content.decode()
    address = f"/contracts/wolds/jobs/{job.id}/bundle.zip"
    assert address in page
    assert b"".join(pages.get(address)) == (KEPT / "may-v1.zip").read_bytes()


def test_a_job_that_waited_when_v0_1_0_was_stopped_is_done(pages: Client) -> None:
    """Else its contract would be computed no more: nobody asks for what waits to be done already."""
    queued = DBTaskResult.objects.get(status="READY")
    job = Job.objects.get(state=Job.WAITING)
    assert (queued.task.func, queued.args_kwargs["args"]) == (run_job.func, [str(job.id)])
    run_job.func(str(job.id))
    job.refresh_from_db()
    assert (job.kind, job.state) == ("refresh", Job.DONE)


def test_a_token_of_then_still_reads_its_contract(pages: Client) -> None:
    answer = pages.get("/api/v1/contracts/wolds", headers={"Authorization": f"Bearer {TOKEN}"}, SERVER_NAME="localhost")
    assert (answer.status_code, answer.json()["contract"]) == (200, "wolds")


# ---- bundles of it


@pytest.mark.parametrize("statement", LOCKED)
def test_a_bundle_made_of_it_now_re_performs_and_verifies(
    muniment: CommandLine, statement: str, tmp_path: Path
) -> None:
    out = tmp_path / "bundle.zip"
    muniment.asked("bundle", WOLDS, statement, "--out", out)
    for way in (WAYS[0], WAYS[-1]):
        assert "agree" in muniment.printed("reperform", out, *way)
    assert "nothing is wrong" in _verified(out)


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_made_by_v0_1_0_re_performs_and_verifies_by_the_script_of_this_version_and_by_its_own(
    muniment: CommandLine, name: str, tmp_path: Path
) -> None:
    for way in WAYS:
        assert "agree" in muniment.printed("reperform", KEPT / name, *way)
    assert "nothing is wrong" in _verified(KEPT / name)
    now = tmp_path / "now.zip"
    muniment.asked("bundle", WOLDS, BUNDLES[name], "--out", now)
    assert "nothing is wrong" in _verified(KEPT / name, script=now)


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_made_now_holds_the_text_rows_proof_and_statement_that_v0_1_0_put_into_its_own(
    muniment: CommandLine, name: str, tmp_path: Path
) -> None:
    out = tmp_path / "now.zip"
    muniment.asked("bundle", WOLDS, BUNDLES[name], "--out", out)
    with ZipFile(out) as now, ZipFile(KEPT / name) as then:
        folders, files = ("text/", "rows/", "ledger/"), ("expected/statement.json", "decisions.json")
        vouched = [member for member in then.namelist() if member.startswith(folders) or member in files]
        assert len(vouched) >= 12
        assert [member for member in vouched if now.read(member) != then.read(member)] == []


# ---- what was written out of it


def test_a_folder_exported_by_v0_1_0_opens_and_its_record_verifies(muniment: CommandLine, exported: Path) -> None:
    folder = exported / "wolds"
    assert "no problems" in muniment.printed("check", folder)
    assert "sound" in muniment.printed("doctor", folder)
    heads = json.loads(muniment.printed("heads", folder, "--format", "json"))["heads"]
    assert heads[0]["head"] == HEAD
    statements = json.loads(muniment.printed("since-lock", folder, "--format", "json"))["statements"]
    assert {each["statement"]: each["effect"] for each in statements} == dict.fromkeys(_last_versions(), "no effect")


def test_a_folder_exported_by_v0_1_0_comes_into_a_new_database_with_the_same_head(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = CommandLine(tmp_path / "new.sqlite3", capsys)
    new.asked("database", "create")
    new.asked("import", exported / "wolds")
    (contract,) = _list(new.told("database", "list")["contracts"])
    assert (contract["contract"], contract["entries"], contract["head"]) == ("wolds", 92, HEAD)
    assert "no problems" in new.asked("check", WOLDS)


def test_what_is_exported_now_is_byte_for_byte_what_v0_1_0_exported(
    muniment: CommandLine, exported: Path, tmp_path: Path
) -> None:
    muniment.asked("export", WOLDS, "--out", tmp_path / "now")
    assert _files(tmp_path / "now") == _files(exported / "wolds")


def test_a_folder_of_v0_1_0_takes_what_was_added_since(muniment: CommandLine, exported: Path) -> None:
    who = ("--as", "p-08", "--for", "supplier", "--reason", "Checked.")
    muniment.asked("approve", WOLDS, "wolds/visits/2019-10/s1", *who)
    muniment.asked("export", WOLDS, "--out", exported / "wolds")
    heads = json.loads(muniment.printed("heads", exported / "wolds", "--format", "json"))["heads"]
    assert heads[0]["entry"] == 93


def test_a_backup_made_by_v0_1_0_is_restored_with_the_same_head(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = CommandLine(tmp_path / "new.sqlite3", capsys)
    new.printed("restore", exported / "backup.zip", "--into", tmp_path / "back")
    assert _files(tmp_path / "back") == _files(exported / "wolds")


def _last_versions() -> tuple[str, ...]:
    """The last locked version of each month."""
    return tuple({statement.rpartition("/")[0]: statement for statement in LOCKED}.values())


def _known(sealed: dict[str, Json]) -> str:
    """The day up to which the statement knows the record."""
    inputs = sealed["inputs"]
    assert isinstance(inputs, dict)
    return str(inputs["known"])


def _verified(bundle: Path, *, script: Path | None = None) -> str:
    """What the script that lies in the bundle `script` (None: its own) says of it, with Python and nothing else."""
    with ZipFile(script or bundle) as archive:
        program = archive.read("verify.py").decode()
    command = [sys.executable, "-I", "-c", program, str(bundle), "--head", HEAD]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _files(folder: Path) -> dict[str, bytes]:
    """What a contract folder holds, by its place in it."""
    inside = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {str(place): path.read_bytes() for place, path in inside.items() if place.parts[0] != ".muniment"}


def _list(found: object) -> list[dict[str, object]]:
    assert isinstance(found, list)
    return found

"""Makes the files of v0_1_0/ with v0.1.0's own code; kept to show how they came about, and run by no test.

In a checkout of 031f445 that is installed, with this folder copied to tests/former:
.venv/bin/python tests/former/make_v0_1_0.py tests/former/v0_1_0

The modules are those of v0.1.0 and are looked up by name, so that this file reads the same in every later tree.
"""

import contextlib
import io
import itertools
import os
import re
import shutil
import sqlite3
import sys
import uuid
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from types import ModuleType
from unittest import mock
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
contract_of = import_module("contract_v0_1_0")
WORKING = Path(mkdtemp(prefix="muniment-former-"))
REGISTER = WORKING / "register.sqlite3"
FILES = WORKING / "register.sqlite3-files"
NOWHERE = "/srv/muniment"
"""Stands in the kept database where the folder of this run stood."""


CHANCE = Random("v0.1.0")  # noqa: S311  # the same ids in every run, not a secret
uuid.uuid4 = lambda: uuid.UUID(int=CHANCE.getrandbits(128), version=4)


def product(name: str) -> ModuleType:
    return import_module(f"muniment.{name}")


os.environ.update(
    MUNIMENT_DATABASE=f"sqlite:///{REGISTER}",
    MUNIMENT_DEMO="yes",
    MUNIMENT_SECRET_KEY="sample, of a record that is an example",
    DJANGO_SETTINGS_MODULE="muniment.site.settings",
)
SCRIPTED = product("domain.record.scripted")
CLOCK = SCRIPTED.ScriptedClock("2019-03-25T08:00:00Z")
STORES = product("faces.desk.stores")
vars(STORES).update(clock=lambda: CLOCK, SystemSalts=lambda: SCRIPTED.ScriptedSalts("v0.1.0"))

PEOPLE = {
    "administrator": ("p-01", "authority"),
    "contract_manager": ("p-02", "authority"),
    "contract_officer": ("p-03", "authority"),
    "decision_maker": ("p-04", "authority"),
    "report_author": ("p-05", "authority"),
    "project_office": ("p-06", "authority"),
    "supplier_preparer": ("p-07", "supplier"),
    "supplier_approver": ("p-08", "supplier"),
}
ADMINISTRATOR, MANAGER, OFFICER, DECIDER, AUTHOR, PROJECTS, PREPARER, APPROVER = PEOPLE
STAND_IN = "p-09"
TOKEN = "mnm_v0.1.0-sample-of-a-token-that-reads-one-contract"
PASSWORD = "a sample password of 2019"
SUBMISSIONS = itertools.count(1)


def run(*arguments: str | Path) -> str:
    """The command line; what it printed. It must succeed."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = product("faces.cli.main").main([str(argument) for argument in arguments])
    assert code == 0, (arguments, out.getvalue(), errors.getvalue())
    return out.getvalue()


class Record:
    """Acts on the contract at `where`, a folder or register:ID, each at the instant that it names."""

    def __init__(self, where: str | Path) -> None:
        self.where = where

    def act(self, at: str, role: str, command: str, *words: str | Path, why: str = "It is so.") -> None:
        CLOCK.move_to(f"{at}:00Z")
        actor, side = PEOPLE[role]
        run(command, self.where, *words, "--as", actor, "--for", side, "--reason", why)

    def submit(self, at: str, table: str, month: str, content: str) -> None:
        file = WORKING / "to-submit" / str(next(SUBMISSIONS)) / f"{table}.csv"
        file.parent.mkdir(parents=True)
        file.write_text(content, encoding="utf-8")
        self.act(at, PREPARER, "submit", table, month, file, why=f"Evidence for {month}.")

    def evidence(self, month: str, after: str, *, but: str = "") -> None:
        """Both tables of the month: submitted on the 4th of the month `after`, approved on the 5th, accepted on the
        10th; `but`: a table that is not accepted yet."""
        for table, content in contract_of.evidence(month).items():
            self.submit(f"{after}-04T10:00", table, month, content)
        for table in contract_of.TABLES:
            self.act(f"{after}-05T10:00", APPROVER, "approve", f"wolds/{table}/{month}/s1")
        for table in contract_of.TABLES:
            if table != but:
                self.act(f"{after}-10T10:00", OFFICER, "accept", f"wolds/{table}/{month}/s1")

    def late(self, day: str, month: str, content: str, *, number: int) -> None:
        """Visits of a locked month, sent again and accepted."""
        submission = f"wolds/visits/{month}/s{number}"
        self.submit(f"{day}T09:00", "visits", month, content)
        self.act(f"{day}T10:00", APPROVER, "approve", submission)
        self.act(f"{day}T11:00", OFFICER, "accept", submission)

    def lock(self, month: str, after: str) -> None:
        self.act(f"{after}-17T15:00", MANAGER, "sign", month, why=f"The statement for {month} is right.")
        self.act(f"{after}-18T09:00", APPROVER, "lock", month, why=f"We agree the statement for {month}.")


def begin(folder: Path) -> Record:
    for name, text in contract_of.FIRST_TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    record = Record(folder)
    record.act("2019-03-25T08:00", ADMINISTRATOR, "open", why="The contract is kept here from April.")
    for number, (role, (person, _)) in enumerate(PEOPLE.items(), start=10):
        who = ("--role", role, "--first", "2019-03-25", "--name", f"Sample {role.replace('_', ' ')}")
        record.act(f"2019-03-25T09:{number}", ADMINISTRATOR, "appoint", person, *who)
    record.act("2019-03-25T10:00", MANAGER, "adopt", why="Both parties signed it.")
    record.act(
        "2019-04-01T08:00", ADMINISTRATOR, "delegate", "wolds/appointments/a3", STAND_IN,
        "--first", "2019-04-08", "--last", "2019-04-12",
    )  # fmt: skip
    return record


def april(record: Record) -> None:
    record.evidence("2019-04", "2019-05")
    asks = ("--ground", "authority_act", "--from", "2019-04", "--to", "2019-04")
    record.act("2019-05-13T08:00", APPROVER, "request-mitigation", "SEEN", *asks, "--plan", "Two more chairs.")
    record.act("2019-05-13T08:30", PREPARER, "request-mitigation", "LOST", *asks)
    record.act("2019-05-13T08:45", PREPARER, "withdraw", "wolds/LOST/2019-04/g1", why="It was asked by mistake.")
    granted = ("--outcome", "granted", "--effect", "no_points")
    record.act("2019-05-13T14:00", DECIDER, "decide-mitigation", "wolds/SEEN/2019-04/g1", *granted)
    notes = ("--cause", "Too few people.", "--effect", "Visitors waited.", "--remedy", "Two more people.")
    record.act("2019-05-14T09:00", PREPARER, "explain-failure", "LATE", "2019-04", *notes)
    record.lock("2019-04", "2019-05")


def may(record: Record) -> None:
    """Its visits are challenged and its mitigation is asked for; nobody answers either, and people confirm both."""
    record.evidence("2019-05", "2019-06", but="visits")
    record.act(
        "2019-06-10T11:00", OFFICER, "challenge", "wolds/visits/2019-05/s1",
        "--question", "Who are these visitors?", "--row", "V2019-05-03", "--row", "V2019-05-04",
    )  # fmt: skip
    asks = ("--ground", "exceptional", "--from", "2019-05", "--to", "2019-05", "--review-on", "2019-08-30")
    record.act("2019-06-10T12:00", PREPARER, "request-mitigation", "LATE", *asks, "--plan", "A second desk.")
    record.act(
        "2019-06-18T10:00", OFFICER, "close-challenge", "wolds/visits/2019-05/q1",
        "--outcome", "upheld", "--by-silence", why="Nobody answered in time.",
    )  # fmt: skip
    record.act(
        "2019-06-18T11:00", DECIDER, "decide-mitigation", "wolds/LATE/2019-05/g1",
        "--outcome", "granted", "--effect", "no_points", "--by-silence", why="Nobody decided in time.",
    )  # fmt: skip
    record.act(
        "2019-06-18T12:00", OFFICER, "accept", "wolds/visits/2019-05/s1", "--reject", "V2019-05-04=Nobody knows them.",
        why="But for the one whom nobody knows.",
    )  # fmt: skip
    record.act("2019-06-19T15:00", MANAGER, "sign", "2019-05", why="The statement for May is right.")
    record.act("2019-06-20T09:00", APPROVER, "lock", "2019-05", why="We agree the statement for May.")


def june(record: Record) -> None:
    """A notice is adopted, a result disputed, and a mitigation granted for one day."""
    notice = Path(record.where) / "changes" / "CCN-001.yaml"
    notice.parent.mkdir()
    notice.write_text(contract_of.FIRST_NOTICE, encoding="utf-8")
    record.act("2019-06-24T16:00", MANAGER, "adopt", why="Both parties signed CCN-001.")
    record.evidence("2019-06", "2019-07")
    asks = ("--ground", "authority_act", "--from", "2019-06", "--to", "2019-06")
    record.act("2019-07-10T11:00", PREPARER, "request-mitigation", "SEEN", *asks)
    part = ("--outcome", "granted_in_part", "--effect", "no_points", "--day", "2019-06-03")
    record.act("2019-07-11T11:00", DECIDER, "decide-mitigation", "wolds/SEEN/2019-06/g1", *part)
    record.act("2019-07-11T12:00", APPROVER, "dispute", "LOST", "2019-06", "--value", "0.9%", "--instead-of", "1.2%")
    record.act("2019-07-15T12:00", DECIDER, "resolve-dispute", "wolds/LOST/2019-06/d1", "--outcome", "not_upheld")
    record.lock("2019-06", "2019-07")


def july(record: Record) -> None:
    """Late visits for May restate it and, with it, June; July is locked."""
    record.late("2019-07-22", "2019-05", contract_of.visits("2019-05", late=0), number=2)
    record.act("2019-07-23T10:00", MANAGER, "propose-restatement", "2019-05", why="The visits came late.")
    decided = ("wolds/2019-05/r1", "--outcome", "approved")
    record.act("2019-07-24T10:00", DECIDER, "decide-restatement", *decided, why="The figures are right now.")
    record.evidence("2019-07", "2019-08")
    record.lock("2019-07", "2019-08")


def august(record: Record) -> None:
    """July's visits come again with other notes: it is looked at, and its statement kept. What was said is told."""
    record.late("2019-08-27", "2019-07", contract_of.visits("2019-07", note="read by a second person"), number=2)
    record.act("2019-08-28T10:00", MANAGER, "keep-statement", "2019-07", why="Nothing in it is different.")
    record.evidence("2019-08", "2019-09")
    record.lock("2019-08", "2019-09")
    reported = ("count/met_target/2019-08", "--printed", "3", "--where", "board/2019-09-26/4", "--how", "report")
    record.act("2019-09-26T16:00", AUTHOR, "report-figure", *reported, "--on", "2019-09-26")
    stands = ("chairs", "--as-at", "2019-09-25", "--rag", "amber", "--stage", "delivery", "--why", "One lorry is late.")
    record.act("2019-09-27T09:00", PROJECTS, "update-project", *stands, "--path-to-green", "It comes in October.")
    entry = next(
        entry.seq for entry in STORES.open_store(record.where).ledger.entries() if entry.kind == "mitigation.withdrawn"
    )
    record.act("2019-09-27T10:00", ADMINISTRATOR, "erase-text", str(entry), why="It named a person.")


class Site:
    """The pages over the register, used by the people of the contract."""

    def __init__(self) -> None:
        self.models = product("faces.web.models")
        self.client = import_module("django.test").Client
        self.settings = import_module("django.conf").settings

    def add_accounts(self) -> None:
        for role, (actor, _) in PEOPLE.items():
            email, name = f"{role}@wolds.example", f"Sample {role.replace('_', ' ')}"
            self.models.Account.objects.create_user(email, PASSWORD, name=name, actor=actor)
        product("faces.web.accounts").close_account(email=f"{PROJECTS}@wolds.example")

    def add_token(self) -> None:
        with mock.patch.object(product("faces.web.tokens"), "token_urlsafe", return_value=TOKEN.removeprefix("mnm_")):
            now = datetime(2019, 10, 1, tzinfo=UTC)
            _, text = product("faces.web.tokens").make_token(
                account=self.account(AUTHOR), name="the council's own page", scopes=["read"], contract="wolds", on=now,
                expires_at=now.replace(year=2020, month=9, day=30),
            )  # fmt: skip
        assert text == TOKEN
        self.models.Token.objects.update(expires_at=now.replace(year=2999))

    def account(self, role: str) -> object:
        return self.models.Account.objects.get(actor=PEOPLE[role][0])

    def signed_in(self, role: str) -> object:
        client = self.client()
        client.force_login(self.account(role), backend=self.settings.AUTHENTICATION_BACKENDS[0])
        return client

    def send(self, at: str, role: str, address: str, **fields: object) -> str:
        """Send a form as somebody who has just opened its page, and have the worker do what it asks for."""
        CLOCK.move_to(f"{at}:00Z")
        client = self.signed_in(role)
        page = client.get(address).content.decode()  # type: ignore[attr-defined]  # Django's client
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("statement", "figures")}
        shown = {name: match[1] for name, match in found.items() if match}
        sent = {"reason": "It is time.", "key": f"key-{at}", "seen": str(len(self.entries())), **shown, **fields}
        answer = client.post(address, sent)  # type: ignore[attr-defined]  # Django's client
        errors = re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-1500:]
        assert answer.status_code == 303, (address, answer.status_code, errors)
        self.work()
        return str(answer.headers["Location"])

    def look(self, role: str, address: str) -> str:
        answer = self.signed_in(role).get(address)  # type: ignore[attr-defined]  # Django's client
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.content.decode())

    def entries(self) -> tuple[object, ...]:
        return tuple(STORES.open_store(STORES.named("register:wolds")).ledger.entries())

    def work(self) -> None:
        """Do what waits, as the worker does it."""
        command = import_module("django.core.management").call_command
        command("db_worker", batch=True, interval=0, verbosity=0, startup_delay=False)
        jobs = self.models.Job.objects
        assert not jobs.exclude(state="done").exists(), list(jobs.exclude(state="done").values("kind", "wrong"))


def september(record: Record, site: Site) -> None:
    """On the pages: two notices proposed, of which one is adopted; a file uploaded and submitted; a signature."""
    text = "/contracts/wolds/text"
    CLOCK.move_to("2019-09-30T08:00:00Z")
    draft = site.send("2019-09-30T09:00", MANAGER, f"{text}/propose", name="CCN-002", text=contract_of.SECOND_NOTICE)
    site.send("2019-09-30T10:00", APPROVER, f"{draft}/agree")
    site.send("2019-09-30T11:00", MANAGER, f"{draft}/adopt")
    site.send("2019-09-30T12:00", MANAGER, f"{text}/propose", name="CCN-003", text=contract_of.THIRD_NOTICE)
    record.evidence("2019-09", "2019-10")
    statement = "/contracts/wolds/statements/2019-09"
    CLOCK.move_to("2019-10-17T14:00:00Z")
    run("rebuild", record.where)
    site.send("2019-10-17T15:00", MANAGER, f"{statement}/sign")
    record.act("2019-10-18T09:00", APPROVER, "lock", "2019-09", why="We agree the statement for September.")


def october(record: Record, site: Site) -> None:
    """Not over: one table came by upload and waits for its approval, the other not at all."""
    uploaded = import_module("django.core.files.uploadedfile").SimpleUploadedFile
    file = uploaded("visits.csv", contract_of.visits("2019-10").encode())
    address = "/contracts/wolds/evidence/visits/2019-10"
    sent = site.send("2019-11-04T09:00", PREPARER, f"{address}/upload", file=file, control_rows="12")
    site.send("2019-11-04T10:00", PREPARER, f"{sent}/submit")
    site.send("2019-11-05T10:00", MANAGER, "/contracts/wolds/statements/2019-05/v1/bundle")
    site.look(MANAGER, "/contracts/wolds")


def tidy() -> None:
    """No path of this machine, no day of this run, no session; one file without its log."""
    with contextlib.closing(sqlite3.connect(REGISTER)) as database:
        for table, columns in TIMES.items():
            for column in columns:
                kept = f"UPDATE {table} SET {column} = '2019-11-05 10:00:00' WHERE {column} IS NOT NULL"
                database.execute(kept)
        for table in ("usersessions_usersession", "django_session", "web_cache"):
            database.execute(f"DELETE FROM {table}")
        database.execute("UPDATE web_upload SET path = replace(path, ?, ?)", (str(WORKING), NOWHERE))
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")
    dumped = REGISTER.read_bytes()
    assert str(WORKING).encode() not in dumped


TIMES = {
    "django_migrations": ("applied",),
    "web_account": ("created_at", "last_login"),
    "web_job": ("asked_at", "ended_at", "alive_at"),
    "web_upload": ("uploaded_at",),
    "web_token": ("made_at",),
    "web_noticedraft": ("proposed_at",),
    "django_tasks_database_dbtaskresult": ("enqueued_at", "started_at", "finished_at"),
}


def make(out: Path) -> None:
    folder = WORKING / "folder"
    folder.mkdir()
    record = begin(folder)
    for month in (april, may, june, july, august):
        month(record)
    run("register", "create")
    import_module("django.core.management").call_command("bring_up_to_date")
    run("carry-in", folder)
    site, record = Site(), Record("register:wolds")
    site.add_accounts()
    site.add_token()
    run("rebuild", record.where)
    september(record, site)
    october(record, site)
    run("rebuild", record.where)
    product("faces.web.jobs").ask_refresh("wolds")  # still waits when this version is stopped
    assert run("doctor", record.where).startswith("register:wolds: sound")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for statement, name in (("2019-05/v1", "may-v1.zip"), ("2019-06/v2", "june-v2.zip")):
        run("bundle", record.where, f"wolds/{statement}", "--out", out / name)
        run("reperform", out / name)
    carried = WORKING / "carried" / "wolds"
    run("carry-out", record.where, "--out", carried)
    run("backup", record.where, "--out", carried.parent / "backup.zip")
    pack(carried.parent, out / "exported.zip")
    import_module("django.db").connections.close_all()
    tidy()
    kept = WORKING / "kept"
    shutil.copytree(FILES, kept / FILES.name, ignore=shutil.ignore_patterns(".muniment"))
    shutil.move(REGISTER, kept)
    pack(kept, out / "sqlite.zip")
    shutil.rmtree(WORKING)


def pack(folder: Path, out: Path) -> None:
    """A zip of the folder, with no time of this run in it. Packed, nothing that renames or formats text touches it."""
    with ZipFile(out, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            archive.writestr(member, path.read_bytes(), ZIP_DEFLATED)


if __name__ == "__main__":
    make(Path(sys.argv[1]))

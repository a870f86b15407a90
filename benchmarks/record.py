"""A register of many contracts, on SQLite: appending, opening, Table 1 and rebuilding, against hand-written SQL.

Each contract gets one month: its opening, its text, 12 submissions, 9 failure notes and 8 project updates; 31 entries,
in two transactions through the store's own append, because one by one through commands would take most of an hour.
What is timed is then done through commands and queries, on contracts drawn by chance, in turn with the baseline: the
same bytes in a bare table of a database with the same settings (WAL, full sync).
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

from muniment.adapters.register.setup import configure
from muniment.commands.update_project import update_project
from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.fingerprint import canonical_json, fingerprint
from muniment.domain.kernel.period import Month
from muniment.domain.portfolio.updates import ProjectUpdated
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.replay import head
from muniment.domain.record.scripted import ScriptedClock, ScriptedSalts
from muniment.domain.regime.adoption import TextAdopted

if TYPE_CHECKING:
    from muniment.adapters.register.projections import Projected
    from muniment.adapters.register.register import Register
    from muniment.adapters.register.store import RegisterStore

KPIS = 40
MONTH = "2019-11"
OFFICER = Act("m.okafor", "authority", "as agreed")
SUPPLIER = Act("p.lane", "supplier", "the month of November")
CATEGORIES = ("TSL achieved", "MSL achieved", "below MSL", "mitigated", "not measured")


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

    def replace(self, contract: str, fresh: "Projected") -> None:
        results = [
            (
                contract,
                line.month,
                line.kpi,
                f"{line.title}|{line.status}|{line.category}|{line.value}|{line.target}",
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


def month_of(contract: str) -> list[Draft]:
    """Everything after the opening of a contract's month."""
    month = Month.parse(MONTH)
    drafts = [Draft(f"{contract}/text/t1", TextAdopted((("regime.yaml", fingerprint(contract)),)), OFFICER)]
    for number in range(12):
        digest = fingerprint([contract, number])
        received = SubmissionReceived(f"table_{number}", month, "calls.csv", "csv", digest, 50_000, None)
        drafts.append(Draft(f"{contract}/table_{number}/{MONTH}/s1", received, SUPPLIER))
    for number in range(9):
        note = FailureExplained(
            f"KPI_{number}", month, "the telephone system failed", "callers waited", "a second line is being laid"
        )
        drafts.append(Draft(f"{contract}/KPI_{number}/{MONTH}/f1", note, SUPPLIER))
    for number in range(8):
        updated = ProjectUpdated(f"p{number}", date(2019, 11, 30), "amber", "delivery", "the survey came late", None)
        drafts.append(Draft(f"{contract}/projects/p{number}/2019-11-30/u1", updated, SUPPLIER))
    return drafts


def fill(register: "Register", bare: Bare, contracts: Sequence[str]) -> tuple[float, int]:
    """Seconds that the register alone took, and entries that it holds."""
    taken = 0.0
    entries = 0
    for contract in contracts:
        began = time.perf_counter()
        store = open_store(register, contract)
        opened = store.ledger.append([Draft(contract, RecordOpened(contract, "scripted"), OFFICER)], expected_head=None)
        added = store.ledger.append(month_of(contract), expected_head=opened[-1].hash)
        taken += time.perf_counter() - began
        bare.insert(contract, [*opened, *added])
        entries += 1 + len(added)
    return taken, entries


def open_store(register: "Register", contract: str) -> "RegisterStore":
    return register.store(contract, clock=ScriptedClock("2019-12-09T10:00:00Z"), salts=ScriptedSalts(contract))


def computed(contract: str, register: "Register") -> "Projected":
    """Forty results as they would be shown; computing them is measured elsewhere."""
    from muniment.adapters.register.projections import CountLine, Projected, ResultLine

    results = tuple(
        ResultLine(MONTH, f"KPI_{n:02}", f"Calls answered, line {n}", "met_target", CATEGORIES[0], "97.3%", "95%", "0")
        for n in range(KPIS)
    )
    counts = tuple(CountLine(MONTH, category, KPIS // len(CATEGORIES)) for category in CATEGORIES)
    entries = open_store(register, contract).ledger.entries()
    return Projected(len(entries), entries[-1].hash, results, counts)


def append_times(register: "Register", bare: Bare, contracts: Sequence[str]) -> Timing:
    """A command by somebody who comes along: open, decide, append. The baseline commits the same entry."""
    ours, theirs = [], []
    for contract in contracts:
        began = time.perf_counter()
        entry = update_project(
            ledger=open_store(register, contract).ledger,
            act=Act("p.lane", "supplier", "weekly"),
            project="wan",
            as_at="2019-12-08",
            rag="green",
            stage="delivery",
            why="on plan",
            projects=["wan"],
        )
        ours.append(time.perf_counter() - began)
        theirs.append(_seconds(partial(bare.insert, contract, [entry])))
    return Timing("append, through a command", ours, theirs)


def bare_append_times(register: "Register", bare: Bare, contracts: Sequence[str]) -> Timing:
    """The store's append alone, by a process that has the contract open."""
    ours, theirs = [], []
    draft = Draft("x/text/t2", TextAdopted((("regime.yaml", "a" * 64),)), OFFICER)
    for contract in contracts:
        ledger = open_store(register, contract).ledger
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


def measure(folder: Path, *, contracts: int, sample: int) -> None:
    register = configure(f"sqlite:///{folder / 'register.sqlite3'}", folder / "files")
    register.migrate()
    from muniment.adapters.register.projections import month_counts, rebuild

    bare = Bare(folder / "bare.sqlite3")
    names = [f"contract-{number:05}" for number in range(contracts)]
    drawn = random.Random(20191130).sample(names, min(sample, contracts))  # noqa: S311  # a run that can be repeated
    taken, entries = fill(register, bare, names)
    size = (folder / "register.sqlite3").stat().st_size / 1e6
    print(f"{contracts} contracts, {entries} entries: filled in {taken:.1f} s, {size:.0f} MB")

    ready = {name: computed(name, register) for name in names}
    rebuilt = sum(
        _seconds(partial(rebuild, name, partial(ready.__getitem__, name), using=register.using)) for name in names
    )
    for name in names:
        bare.replace(name, ready[name])
    print(f"all {contracts} contracts rebuilt ({KPIS} results each, computing not counted in): {rebuilt:.1f} s")

    using = register.using
    timings = [
        append_times(register, bare, drawn),
        bare_append_times(register, bare, drawn),
        in_turn("open a contract, verified", lambda c: open_store(register, c).ledger.entries(), bare.select, drawn),
        in_turn("verify a contract whole", lambda c: open_store(register, c).ledger.problems(), bare.select, drawn),
        in_turn(
            f"Table 1 of all {contracts} contracts",
            lambda _: month_counts(MONTH, contracts=None, using=using),
            lambda _: bare.table_1(),
            drawn[:20],
        ),
        in_turn(
            "rebuild one contract",
            lambda c: rebuild(c, lambda: ready[c], using=using),
            lambda c: bare.replace(c, ready[c]),
            drawn,
        ),
    ]
    print(f"{'milliseconds':<44} {'p50':>9} {'p95':>9} {'bare p50':>9} {'bare p95':>9} {'p50':>8} {'p95':>8}")
    for timing in timings:
        print(timing)
    register.close()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--contracts", type=int, default=5000, help="how many (default: %(default)s)")
    arguments.add_argument("--sample", type=int, default=300, help="contracts that are timed (default: %(default)s)")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), contracts=asked.contracts, sample=asked.sample)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What one tree prints, writes and describes of its own example, collected so that two trees can be compared."""

import json
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from scripts.pdf_text import text_of_pdf

EXAMPLE = "example"
FIRST, LAST = "2019-04", "2019-11"
MONTH = "2019-09"
STATEMENT = f"cssc/{MONTH}/v1"
READING = ("--from", FIRST, "--to", LAST)
TEXTS = (".yaml", ".yml", ".csv", ".md")
BUNDLE_TEXTS = (".json", ".jsonl", ".yaml", ".sql", ".txt")
SUPPLIER = ("--as", "p.lane", "--for", "supplier", "--reason", "the new system came late")
AUTHORITY = ("--as", "m.okafor", "--for", "authority", "--reason", "as agreed")
OPENAPI = """
import json
from scripts.reference.api import description
print(json.dumps(description(), indent=2, ensure_ascii=False, default=str))
"""
COMMANDS = re.compile(r"^    ([a-z][a-z-]+)(?:  .*)?$", re.MULTILINE)

ACTS_ON_NEW_RECORD: Sequence[tuple[str, ...]] = (
    ("open", *AUTHORITY),
    ("open", *AUTHORITY),
    ("adopt", *AUTHORITY),
    ("request-mitigation", "CSC_KPI_04", "--ground", "third_party", "--from", MONTH, "--to", MONTH, *AUTHORITY),
    ("request-mitigation", "CSC_KPI_04", "--ground", "third_party", "--from", MONTH, "--to", MONTH, *SUPPLIER),
    ("decide-mitigation", f"cssc/CSC_KPI_04/{MONTH}/g1", "--outcome", "granted", "--by-silence", *AUTHORITY),
    ("decide-mitigation", f"cssc/CSC_KPI_04/{MONTH}/g1", "--outcome", "refused", *AUTHORITY),
    ("withdraw", f"cssc/CSC_KPI_04/{MONTH}/g1", *SUPPLIER, "--seen", "2"),
    ("dispute", "CSC_KPI_04", MONTH, "--value", "4.9 %", *SUPPLIER),
    ("close-challenge", f"cssc/calls/{MONTH}/q1", "--outcome", "upheld", "--by-silence", *AUTHORITY),
    ("accept", f"cssc/calls/{MONTH}/s1", "--reject", "C-1", *AUTHORITY),
    ("submit", "calls", MONTH, "../no-calls.csv", *SUPPLIER),
    ("submit", "calls", MONTH, "../no-such-file.csv", *SUPPLIER),
    ("sign", MONTH, *AUTHORITY),
    ("lock", MONTH, *AUTHORITY),
    ("keep-statement", MONTH, *AUTHORITY),
    ("propose-restatement", MONTH, *AUTHORITY),
    ("appoint", "m.okafor", "--role", "administrator", "--first", "2019-04-01", *AUTHORITY),
    ("explain-failure", "CSC_KPI_04", MONTH, "--cause", "a", "--effect", "b", "--remedy", "c", *SUPPLIER),
)
"""Acts on a record that is opened anew: done, refused by a rule, refused because something moved on, wrongly asked."""


@dataclass(frozen=True)
class Output:
    """What was printed or written. `beside`: the exit code and what went to standard error."""

    text: str
    beside: str = ""

    @property
    def exit_line(self) -> str:
        """`exit 0`; empty for a file."""
        return self.beside.partition("\n")[0]

    @property
    def as_text(self) -> str:
        """All of it."""
        return f"{self.beside}\n{self.text}" if self.beside else self.text


@dataclass
class Tree:
    """One tree with its own environment, a folder to work in, and the arguments that were renamed in it."""

    root: Path
    work: Path
    renamed: Mapping[str, str]
    found: dict[str, Output] = field(default_factory=dict)
    without: ClassVar[tuple[str, ...]] = ("MUNIMENT_", "DJANGO_", "PYTHON", "VIRTUAL_ENV")

    @property
    def program(self) -> str:
        return str(self.root / ".venv" / "bin" / "muniment")

    def ask(self, name: str, *arguments: str, at: Path | None = None) -> None:
        """Run the tree's `muniment`, and keep what it says under a name."""
        self.found[name] = self.run([self.program, *(self.renamed.get(each, each) for each in arguments)], at=at)

    def keep(self, name: str, path: Path) -> None:
        """Keep what stands in a file, or of a PDF what it reads as."""
        self.found[name] = Output(text_of_pdf(path) if path.suffix == ".pdf" else path.read_text(encoding="utf-8"))

    def run(self, command: Sequence[str], *, at: Path | None = None) -> Output:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(self.without)}
        done = subprocess.run(
            command,
            cwd=at or self.work,
            env={**environment, "LC_ALL": "C.UTF-8", "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        beside = f"exit {done.returncode}\n{self._anywhere(done.stderr)}"
        return Output(self._anywhere(done.stdout), beside)

    def _anywhere(self, text: str) -> str:
        """Without the places of this machine, and the moments at which it acted."""
        for place in (f"{self.root}/.venv/bin/", f"{self.work}/", f"{self.root}/"):
            text = text.replace(place, "")
        return re.sub(rf"{time.strftime('%Y-%m-%d', time.gmtime())}T[0-9:.]+Z", "<now>", text)


def must_start(tree: Tree) -> None:
    """Nothing is compared with a tree whose program does not start."""
    tree.work.mkdir(parents=True, exist_ok=True)
    said = tree.run([tree.program, "--version"])
    if not said.beside.startswith("exit 0\n"):
        raise SystemExit(f"{tree.root}: 'muniment' does not start; run 'make install' there\n{said.beside}")


def make_example(tree: Tree) -> None:
    """The example, made by the tree's own `muniment demo`, unless it is there."""
    said = tree.work / "demo.txt"
    if not said.exists():
        shutil.rmtree(tree.work / EXAMPLE, ignore_errors=True)
        made = tree.run([tree.program, "demo", "--no-serve", "--out", EXAMPLE])
        if not made.beside.startswith("exit 0\n"):
            raise SystemExit(f"{tree.root}: the example cannot be made\n{made.text}{made.beside}")
        said.write_text(f"{made.text}\n{made.beside}", encoding="utf-8")


def _described(tree: Tree) -> None:
    """The description of the API, the schemas of the agreed text, and every problem, rule and kind of entry."""
    python = str(tree.root / ".venv" / "bin" / "python")
    tree.found["openapi.json"] = tree.run([python, "-c", OPENAPI], at=tree.root)
    reference = tree.root / "docs" / "reference"
    for path in [*sorted((reference / "schema").glob("*.json")), reference / "problems.md", reference / "ledger.md"]:
        tree.keep(f"reference/{path.name}", path)


def _helped(tree: Tree) -> None:
    """What can be typed, and what is said where a command is typed without its arguments."""
    former = {new: old for old, new in tree.renamed.items()}
    for name in ["", *COMMANDS.findall(tree.run([tree.program, "--help"]).text)]:
        called = former.get(name, name)
        tree.ask(f"help/{called or 'muniment'}", *([called] if called else []), "--help")
        if called not in ("", "demo", "serve", "check-deployment"):
            tree.ask(f"help/{called} without arguments", called)


def _written(tree: Tree) -> None:
    """The agreed text of the examples, the record, and the report."""
    example = tree.work / EXAMPLE
    for path in sorted(example.rglob("*")):
        if path.suffix in TEXTS and not {"to-upload", ".muniment"} & {*path.relative_to(example).parts}:
            tree.keep(f"example/{path.relative_to(example)}", path)
    for path in sorted((tree.root / "examples").rglob("*")):
        if path.suffix in TEXTS:
            tree.keep(str(path.relative_to(tree.root)), path)
    tree.keep("demo.text", tree.work / "demo.txt")
    tree.keep("example/ledger.jsonl", example / "ledger.jsonl")
    tree.keep("report.html", example / "report" / "report.html")
    tree.keep("report.pdf", example / "report" / "report.pdf")


def _computed(tree: Tree) -> None:
    """What is computed of the example."""
    for form in ("json", "table", "csv"):
        tree.ask(f"assess.{form}", "assess", EXAMPLE, *READING, "--format", form)
        tree.ask(f"summary.{form}", "summary", EXAMPLE, *READING, "--format", form)
    tree.ask("summary as known.json", "summary", EXAMPLE, *READING, "--known", "2019-10-31", "--format", "json")
    for month in _months():
        tree.ask(f"statement {month}.json", "statement", EXAMPLE, "--period", month, "--format", "json")
    for form in ("table", "csv"):
        tree.ask(f"statement {MONTH}.{form}", "statement", EXAMPLE, "--period", MONTH, "--format", form)
    often, every = _kpis(tree)
    for kpi in every:
        for month in _months() if kpi in often else [MONTH]:
            tree.ask(f"explain {kpi} {month}.json", "explain", EXAMPLE, kpi, month, "--format", "json")
    for kpi in often:
        tree.ask(f"explain {kpi} {MONTH}.text", "explain", EXAMPLE, kpi, MONTH)


def _months() -> list[str]:
    """The locked months of the example."""
    return [f"2019-{month:02}" for month in range(int(FIRST[-2:]), int(LAST[-2:]) + 1)]


def _kpis(tree: Tree) -> tuple[list[str], list[str]]:
    """Three KPIs with the most different statuses, and all of them."""
    statuses: dict[str, set[str]] = {}
    for row in json.loads(tree.found["assess.json"].text)["rows"]:
        statuses.setdefault(row["kpi"], set()).add(f"{row['status']} {row['category']}")
    return sorted(statuses, key=lambda kpi: (-len(statuses[kpi]), kpi))[:3], sorted(statuses)


def _recorded(tree: Tree) -> None:
    """What is read from the record and checked of it."""
    for form in ("json", "text"):
        tree.ask(f"check.{form}", "check", EXAMPLE, "--format", form)
        tree.ask(f"waiting.{form}", "waiting", EXAMPLE, "--format", form)
        tree.ask(f"doctor.{form}", "doctor", EXAMPLE, "--format", form)
    for form in ("json", "table"):
        tree.ask(f"heads.{form}", "heads", EXAMPLE, "--format", form)
        tree.ask(f"log.{form}", "log", EXAMPLE, "--format", form)
        tree.ask(f"overtaken.{form}", "overtaken", EXAMPLE, "--format", form)
        tree.ask(f"reported.{form}", "reported", EXAMPLE, "--on", "2020-01-25", "--format", form)


def _bundled(tree: Tree) -> None:
    """A bundle: its members by name, those that are text, and what re-performing it says."""
    out = tree.work / "bundle.zip"
    out.unlink(missing_ok=True)
    tree.ask("bundle", "bundle", EXAMPLE, STATEMENT, "--out", out.name)
    if out.exists():
        with zipfile.ZipFile(out) as bundle:
            texts = [name for name in bundle.namelist() if name.endswith(BUNDLE_TEXTS) and not name.startswith("rows/")]
            tree.found["bundle members"] = Output("\n".join(sorted(bundle.namelist())))
            for name in texts:
                tree.found[f"bundle/{name}"] = Output(bundle.read(name).decode("utf-8"))
        tree.ask("reperform.json", "reperform", out.name, "--format", "json")


def _kept_in_database(tree: Tree) -> None:
    """The example imported into a database, read from it, and exported again."""
    place = tree.work / "database"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    contract = "register:cssc"
    tree.ask("database/create", "register", "create", at=place)
    tree.ask("database/import", "carry-in", f"../{EXAMPLE}", at=place)
    tree.ask("database/list.json", "register", "list", "--format", "json", at=place)
    tree.ask("database/list.table", "register", "list", at=place)
    tree.ask("database/heads.json", "heads", contract, "--format", "json", at=place)
    tree.ask("database/statement.json", "statement", contract, "--period", MONTH, "--format", "json", at=place)
    tree.ask("database/doctor.json", "doctor", contract, "--format", "json", at=place)
    tree.ask("database/no such contract", "heads", "register:", at=place)
    tree.ask("database/export", "carry-out", contract, "--out", "exported", at=place)
    tree.ask("database/check", "check", "exported", at=place)
    tree.ask("database/accounts.json", "account", "list", "--format", "json", at=place)
    tree.ask("database/deployment.json", "check-deployment", "--format", "json", at=place)


def _acted(tree: Tree) -> None:
    """Acts on a new record, and a locked month of the example that is restated after a late decision."""
    new, copied = tree.work / "acts", tree.work / "restated"
    for place in (new, copied):
        shutil.rmtree(place, ignore_errors=True)
    (tree.work / "no-calls.csv").write_text("call,answered\n1,perhaps\n", encoding="utf-8")
    left_out = shutil.ignore_patterns("ledger.jsonl", "blobs", ".muniment*", ".made-by*", "report", "to-upload")
    shutil.copytree(tree.work / EXAMPLE, new, ignore=left_out)
    for number, (act, *words) in enumerate(ACTS_ON_NEW_RECORD, start=1):
        tree.ask(f"acts/{number:02} {act}", act, ".", *words, at=new)
    tree.ask("acts/waiting.json", "waiting", ".", "--format", "json", at=new)
    shutil.copytree(tree.work / EXAMPLE, copied)
    for number, (act, *words) in enumerate(_restating(), start=1):
        tree.ask(f"restated/{number:02} {act}{'.json' if 'json' in words else ''}", act, ".", *words, at=copied)


def _restating() -> Iterator[tuple[str, ...]]:
    """What is typed until version 2 of a month is locked, by the people of the example."""

    def by(person: str, side: str) -> tuple[str, ...]:
        return ("--as", person, "--for", side, "--reason", "it came late")

    approver, manager, decider = (
        by("p-e20d8f3a16", "supplier"), by("p-3b96a57dc4", "authority"), by("p-91f4c8027e", "authority"),
    )  # fmt: skip
    g1 = f"cssc/CSC_KPI_04/{MONTH}/g1"
    as_json = ("--format", "json")
    yield "request-mitigation", "CSC_KPI_04", "--ground", "third_party", "--from", MONTH, "--to", MONTH, *approver
    yield "decide-mitigation", g1, "--outcome", "granted", "--effect", "no_points", *decider
    yield "overtaken", MONTH, *as_json
    yield "overtaken", MONTH
    yield "propose-restatement", MONTH, *manager
    yield "decide-restatement", f"cssc/{MONTH}/r1", "--outcome", "approved", *manager
    yield "decide-restatement", f"cssc/{MONTH}/r1", "--outcome", "approved", *decider
    yield "changed", STATEMENT, f"cssc/{MONTH}/v2", *as_json
    yield "changed", STATEMENT, f"cssc/{MONTH}/v2"
    yield "statement", "--period", MONTH, *as_json
    yield "explain", "CSC_KPI_04", MONTH, *as_json
    yield "keep-statement", MONTH, *manager


GROUPS: Mapping[str, Callable[[Tree], None]] = {
    "described": _described,
    "help": _helped,
    "written": _written,
    "computed": _computed,
    "record": _recorded,
    "bundle": _bundled,
    "database": _kept_in_database,
    "acts": _acted,
}
"""What is compared, in groups that can be asked for by name."""
WITHOUT_EXAMPLE = ("described", "help")
"""Groups that need no example."""

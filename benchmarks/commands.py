"""What commands and pages cost: those of today's tree against those of v0.1.0, over the same contract.

CPU seconds of whole processes with all that they start, bytecode warm, run in turn so that both meet the same machine;
medians. The example is made by v0.1.0, and both read it; what they answer is compared by its hash. What a report costs
besides its drawing is measured apart, and pages by `contract_pages.py`.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.contract_pages import PAGES, seconds_of_pages  # noqa: E402
from scripts.baseline import baseline_tree  # noqa: E402

MONTHS = ("--from", "2019-04", "--to", "2019-11")
MONTH = ("--from", "2019-11", "--to", "2019-11")
MEETING = ("--meeting", "2020-01-30", "--out", "report")
NOBODY = ("--as", "p-nobody", "--for", "authority", "--reason", "I sign.")


@dataclass(frozen=True)
class Command:
    """`arguments`: FOLDER stands for the contract's. `answers`: what is compared; the report's page, or what is
    printed. `status`: with which it ends."""

    name: str
    arguments: tuple[str, ...]
    answers: str = ""
    status: int = 0


@dataclass(frozen=True)
class Goal:
    """`command` of today takes at most `times` what `other` takes: of v0.1.0 where `is_former`, else of today."""

    command: str
    other: str
    times: float
    is_former: bool


COMMANDS = (
    Command("waiting", ("waiting", "FOLDER", "--on", "2020-01-22")),
    Command("sign, by somebody who may not", ("sign", "FOLDER", "2019-12", *NOBODY), status=1),
    Command("explain", ("explain", "FOLDER", "CSC_KPI_04", "2019-09", "--format", "json")),
    Command("summary of 1 month", ("summary", "FOLDER", *MONTH, "--format", "json")),
    Command("summary of 8 months", ("summary", "FOLDER", *MONTHS, "--format", "json")),
    Command("report of 1 month", ("report", "FOLDER", *MONTH, *MEETING), answers="report/report.html"),
    Command("report of 8 months", ("report", "FOLDER", *MONTHS, *MEETING), answers="report/report.html"),
    Command("demo", ("demo", "--no-serve", "--out", "made"), answers="made/ledger.jsonl"),
)
REWORDED = frozenset({"waiting", "sign, by somebody who may not", "demo"})
"""Commands whose answer has other words than in v0.1.0 (see scripts/former_words.py); of the same tree it is the same
every time."""
GOALS = (
    Goal("sign, by somebody who may not", "waiting", 1.2, is_former=False),
    Goal("explain", "explain", 0.4, is_former=True),
    Goal("summary of 8 months", "summary of 1 month", 1.3, is_former=False),
    Goal("report of 8 months, not drawn", "report of 1 month, not drawn", 1.3, is_former=False),
    Goal("demo", "demo", 0.5, is_former=True),
    *(Goal(f"page: {page}", f"page: {page}", 0.4, is_former=True) for page in PAGES),
)
NOT_DRAWN = """
import sys, time
from muniment.application import report
from muniment.interfaces.cli.main import main

drawn = 0.0

def timed(draw):
    def drawing(*given, **named):
        global drawn
        began = time.process_time()
        try:
            return draw(*given, **named)
        finally:
            drawn += time.process_time() - began
    return drawing

for name in ("charts_of", "render_html", "render_pdf"):
    setattr(report, name, timed(getattr(report, name)))
sys.argv[0] = "muniment"
status = main()
print(time.process_time() - drawn)
sys.exit(status)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baseline", type=Path, default=None, help="a tree of v0.1.0 that is built already")
    parser.add_argument("--runs", type=int, default=5, help="of each command (default: 5)")
    asked = parser.parse_args()
    with baseline_tree(asked.baseline, is_built=True) as tree, tempfile.TemporaryDirectory() as name:
        programs = {"v0.1.0": tree / ".venv" / "bin" / "muniment", "today": Path(sys.executable).with_name("muniment")}
        contract = Path(name) / "contract"
        subprocess.run(
            [programs["v0.1.0"], "demo", "--no-serve", "--out", contract], env=environment(), check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        taken = {command.name: measured(command, programs, contract, runs=asked.runs) for command in COMMANDS}
        taken |= reports_not_drawn(contract, runs=asked.runs)
        pages = seconds_of_pages(
            baseline=programs["v0.1.0"].with_name("python"), today=Path(sys.executable), contract=contract,
            folder=Path(name), runs=asked.runs,
        )  # fmt: skip
        taken |= {f"page: {page}": of for page, of in pages.items()}
    return 0 if told(taken) else 1


def environment() -> dict[str, str]:
    """Ours, in which bytecode is kept."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measured(command: Command, programs: Mapping[str, Path], contract: Path, *, runs: int) -> dict[str, float]:
    """Tree -> median of its CPU seconds. Raises SystemExit where two answers differ that should not."""
    taken: dict[str, list[float]] = {tree: [] for tree in programs}
    answers: dict[str, set[str]] = {tree: set() for tree in programs}
    for number in range(runs + 1):
        for tree, program in programs.items():
            seconds, answer = once(command, program, contract)
            answers[tree].add(answer)
            if number:  # the first run of each pays for a cold page cache, and for what is kept from run to run
                taken[tree].append(seconds)
    together = set[str]().union(*answers.values())
    if any(len(found) > 1 for found in answers.values()) or (command.name not in REWORDED and len(together) > 1):
        raise SystemExit(f"{command.name}: the answers differ: {answers}")
    return {tree: statistics.median(found) for tree, found in taken.items()}


def once(command: Command, program: Path, contract: Path) -> tuple[float, str]:
    """CPU seconds of one run, and the hash of its answer. What it writes goes into a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writes = command.status != 0
        where = Path(shutil.copytree(contract, folder / "contract")) if writes else contract
        arguments = [str(where) if argument == "FOLDER" else argument for argument in command.arguments]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([program, *arguments], cwd=folder, env=environment(), capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != command.status:
            raise SystemExit(f"{command.name} ended with {done.returncode}:\n{done.stderr.decode()}")
        answer = (folder / command.answers).read_bytes() if command.answers else done.stdout
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return seconds, sha256(answer).hexdigest()


def reports_not_drawn(contract: Path, *, runs: int) -> dict[str, dict[str, float]]:
    """Report -> median of the CPU seconds that today's tree takes besides drawing charts and setting pages."""
    taken: dict[str, list[float]] = {command.name: [] for command in COMMANDS if command.arguments[0] == "report"}
    for _ in range(runs):
        for command in COMMANDS:
            if command.name in taken:
                taken[command.name].append(not_drawn(command, contract))
    return {f"{name}, not drawn": {"today": statistics.median(found)} for name, found in taken.items()}


def not_drawn(command: Command, contract: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        arguments = [str(contract) if argument == "FOLDER" else argument for argument in command.arguments]
        done = subprocess.run(
            [sys.executable, "-c", NOT_DRAWN, *arguments], cwd=folder, env=environment(), capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{command.name} ended with {done.returncode}:\n{done.stderr}")
        return float(done.stdout.splitlines()[-1])


def told(taken: Mapping[str, Mapping[str, float]]) -> bool:
    """Print what was measured; whether every goal is met."""
    print(f"{'CPU seconds, medians':<34}{'v0.1.0':>9}{'today':>9}{'ratio':>8}")
    for name, of in taken.items():
        former, now = of.get("v0.1.0"), of["today"]
        beside = f"{'':9}{now:9.3f}" if former is None else f"{former:9.3f}{now:9.3f}{now / former:8.2f}"
        print(f"{name:<34}{beside}")
    print()
    return all([met(goal, taken) for goal in GOALS])  # noqa: C419  # each is printed, whatever the others are


def met(goal: Goal, taken: Mapping[str, Mapping[str, float]]) -> bool:
    tree = "v0.1.0" if goal.is_former else "today"
    ratio = taken[goal.command]["today"] / taken[goal.other][tree]
    verdict = "met" if ratio <= goal.times else "MISSED"
    print(f"{goal.command} against {goal.other} of {tree}: {ratio:.2f}, goal at most {goal.times}: {verdict}")
    return ratio <= goal.times


if __name__ == "__main__":
    sys.exit(main())

"""Run the long verifications, the tests against mutants and the benchmarks; write in docs/evidence/ what came of them.

Each page names the commit, the command with its seed, and the size of the machine, so that another can repeat it.
"""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVIDENCE = ROOT / "docs" / "evidence"
NO_TESTS_FOUND = 5


@dataclass(frozen=True)
class Run:
    """One verification: what it is called, what was run, how it ended, what it printed."""

    title: str
    command: Sequence[str]
    status: int
    output: str

    @property
    def verdict(self) -> str:
        if self.status == NO_TESTS_FOUND:
            return "nothing was there to verify"
        return "held" if self.status == 0 else f"FAILED (exit {self.status})"


def run(title: str, command: Sequence[str]) -> Run:
    print(f"{title} ...", flush=True)
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "proof"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Run(title, command, done.returncode, done.stdout.replace(str(ROOT), "."))


def verifications(seed: int) -> Run:
    command = ("-m", "pytest", "-m", "proof", "-q", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}")
    return run("verifications", command)


def page(result: Run) -> str:
    return f"""# {result.title}: {result.verdict}

| | |
|---|---|
| commit | {commit()} |
| command | `python {" ".join(result.command)}` |
| machine | {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()} |

```text
{result.output.rstrip()}
```
"""


def commit() -> str:
    """The commit that was checked out, and whether files differed from it."""
    named = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return named.stdout.strip() or "none: not a git checkout"


def runs(seed: int) -> Iterator[Run]:
    """One after the other, so that no benchmark shares the machine with another."""
    yield verifications(seed)
    yield run("mutation", ("scripts/mutation.py",))
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        yield run(path.stem, (f"benchmarks/{path.name}",))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=20191130, help="for Hypothesis (default: %(default)s)")
    seed = arguments.parse_args().seed
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    failed = False
    for result in runs(seed):
        (EVIDENCE / f"{result.title}.md").write_text(page(result), encoding="utf-8")
        print(f"{result.title}: {result.verdict}", flush=True)
        failed = failed or result.status not in (0, NO_TESTS_FOUND)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Change the domain one small thing at a time, and see whether its tests notice.

Every mutant (scripts/mutants.py) of `domain/assessment` and `domain/lifecycle`, and a seeded sample of `domain/regime`,
against the tests that run its statement, the quickest first, until one fails (scripts/mutant_runs.py). At least 95 % of
each package must be killed, and each survivor of a package that is not sampled must stand in mutation_survivors.toml
with its reason. Ends with 1 where that is not so.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.mutant_runs import DOMAIN, prepare, survivors_of  # noqa: E402
from scripts.mutants import Key, Mutant, Source  # noqa: E402

SURVIVORS = Path(__file__).with_name("mutation_survivors.toml")
SAMPLES: Mapping[str, int | None] = {"assessment": None, "lifecycle": None, "regime": 300}
FEWEST_KILLED = 95


def reasons() -> dict[Key, str]:
    """Why a survivor is one, by what names the mutant."""
    told = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")) if SURVIVORS.exists() else {}
    return {
        (known["file"], known["function"], known["mutant"], known.get("nth", 1)): " ".join(known["reason"].split())
        for known in told.get("survivor", ())
    }


def report(mutants: Mapping[str, Sequence[Mutant]], survivors: set[Key], *, sampled: Collection[str]) -> bool:
    """Prints counts and survivors; whether all is as it must be."""
    known, holds = reasons(), True
    print(f"{'package':<12}{'mutants':>9}{'killed':>9}{'survived':>10}{'killed %':>10}")
    for package, all_of_it in mutants.items():
        for kind in (None, *sorted({mutant.kind for mutant in all_of_it})):
            some = [mutant for mutant in all_of_it if kind in (None, mutant.kind)]
            killed = sum(mutant.key not in survivors for mutant in some)
            name = f"  {kind}" if kind else package
            print(f"{name:<14}{len(some):>7}{killed:>9}{len(some) - killed:>10}{100 * killed / len(some):>10.1f}")
            holds = holds and (kind is not None or 100 * killed >= FEWEST_KILLED * len(some))
    for package, all_of_it in mutants.items():
        left = [mutant for mutant in all_of_it if mutant.key in survivors]
        print(f"\nSurvivors in {package}{' (of the sample)' if package in sampled else ''}: {len(left)}")
        for mutant in left:
            reason = known.get(mutant.key)
            print(f"  {mutant}\n      {reason or 'NO REASON GIVEN - write a test, or its reason in ' + SURVIVORS.name}")
            holds = holds and (reason is not None or package in sampled)
    whole = {mutant.file for package, some in mutants.items() if package not in sampled for mutant in some}
    for key in sorted({*known} - survivors):
        if key[0] in whole:
            print(f"\n{SURVIVORS.name}: no survivor (any more), take it out: {key}")
            holds = False
    return holds


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", action="append", help="a package or module: lifecycle, assessment/status.py")
    arguments.add_argument("--sample", type=int, help="so many of each package, in place of what is usual")
    arguments.add_argument("--seed", type=int, default=20191130, help="of the sample (default: %(default)s)")
    given = arguments.parse_args()
    os.chdir(ROOT)
    prepare()
    begin = time.monotonic()
    sources: dict[str, Source] = {}
    mutants: dict[str, Sequence[Mutant]] = {}
    sampled = []
    for package, usual in SAMPLES.items():
        files = [f"{package}/{path.name}" for path in sorted((DOMAIN / package).glob("*.py"))]
        files = [file for file in files if not given.only or file.startswith(tuple(given.only))]
        sources |= {file: Source(DOMAIN / file, file) for file in files}
        found = [mutant for file in files for mutant in sources[file].mutants()]
        size = given.sample or usual
        if size is not None and size < len(found):
            sampled.append(package)
            found = random.Random(given.seed).sample(found, size)  # noqa: S311 - a sample, not a secret
        if found:
            mutants[package] = found
    with tempfile.TemporaryDirectory() as folder:
        survivors, tests = survivors_of([m for found in mutants.values() for m in found], sources, Path(folder))
    holds = report(mutants, survivors, sampled=sampled)
    print(f"\nseed {given.seed}; {time.monotonic() - begin:.0f} s; tests that took too long to be asked:")
    print("\n".join(f"  {test.id}" for test in tests.left_out))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())

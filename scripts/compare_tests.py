"""Compare the names of the tests with v0.1.0, after the table of words: no rule loses its last case.

python scripts/compare_tests.py                   checks v0.1.0 out and compares
python scripts/compare_tests.py --baseline DIR    takes v0.1.0 from a folder that holds it already

Only names count: where a case stands does not matter, a parametrised one counts once, and one in a class is named
with it. Each name that is gone must be in the table (former_tests.py) with the case that holds its rule now. Exits with
1 for a name that is gone without an entry, for an entry whose holder is not there or is kept out of `make test`, and
for an entry that nothing needs.
"""

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.baseline import baseline_tree, kept_in_git  # noqa: E402
from scripts.former_tests import HELD_BY  # noqa: E402
from scripts.former_words import name_now  # noqa: E402

LEFT_OUT = "proof"
"""The marker of cases that `make test` leaves to `make proof`."""
Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def cases(paths: Iterable[Path]) -> tuple[Counter[str], Counter[str]]:
    """The names of the tests in files with how often each is there: all, and those that `make test` runs."""
    every: Counter[str] = Counter()
    run: Counter[str] = Counter()
    for path in paths:
        module = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        is_left_out = any(_marks(statement) for statement in module.body if _is_pytestmark(statement))
        for name, is_marked in _named(module.body):
            every[name] += 1
            run[name] += not (is_left_out or is_marked)
    return every, +run


def _named(body: Sequence[ast.stmt], inside: str = "", is_marked: bool = False) -> Iterator[tuple[str, bool]]:
    """Every test function below, and whether it is marked to be left out."""
    for node in body:
        if not isinstance(node, Node):
            continue
        marked = is_marked or any(_marks(decorator) for decorator in node.decorator_list)
        if isinstance(node, ast.ClassDef):
            yield from _named(node.body, f"{inside}{node.name}.", marked)
        elif node.name.startswith("test"):
            yield f"{inside}{node.name}", marked


def _is_pytestmark(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets
    )


def _marks(node: ast.AST) -> bool:
    """Whether `pytest.mark.proof` stands in it."""
    return any(isinstance(part, ast.Attribute) and part.attr == LEFT_OUT for part in ast.walk(node))


@dataclass(frozen=True)
class Names:
    """The names of both trees. `now`: name in v0.1.0 -> what it became by the table of words."""

    before: Counter[str]
    run_before: Counter[str]
    after: Counter[str]
    run_after: Counter[str]
    now: Mapping[str, str]

    @property
    def gone(self) -> list[str]:
        """Names of v0.1.0 that are there neither as they were nor in the words of today."""
        return sorted(old for old, new in self.now.items() if new not in self.after)

    @property
    def renamed(self) -> list[str]:
        """Names of v0.1.0 that are there in the words of today."""
        return sorted(old for old, new in self.now.items() if old != new and new in self.after)


def faults(names: Names, held_by: Mapping[str, str]) -> Iterator[str]:
    """What stands against it, a sentence each."""
    for old in names.gone:
        if old not in held_by:
            yield f"{old} is gone, and nothing says which case holds its rule now"
        elif held_by[old] not in names.after:
            yield f"{old} is said to be held by {held_by[old]}, which is not there"
        elif held_by[old] not in names.run_after:
            yield f"{old} is said to be held by {held_by[old]}, which 'make test' does not run"
    for old in sorted(held_by.keys() - {*names.gone}):
        is_what = "is there" if old in names.now else "is no case of v0.1.0"
        yield f"{old} is in the table of cases that are gone, and {is_what}"
    for old, new in names.now.items():
        if old in names.run_before and new in names.after and new not in names.run_after:
            yield f"{new} was run by 'make test' as {old}, and is left to 'make proof'"


def main() -> int:
    """Collect the names, list what is gone, say what stands against it."""
    arguments = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    arguments.add_argument("--baseline", metavar="DIR", type=Path, help="a folder that holds v0.1.0 already")
    arguments.add_argument("--current", metavar="DIR", type=Path, default=ROOT, help="another tree than this one")
    given = arguments.parse_args()
    with baseline_tree(given.baseline, is_built=False) as baseline:
        before = cases(path for path in kept_in_git(baseline, "tests") if path.match("test_*.py"))
    after = cases((given.current / "tests").rglob("test_*.py"))
    now = {name: name if name in after[0] else name_now(name) for name in before[0]}
    names = Names(*before, *after, now)
    found = list(faults(names, HELD_BY))
    _say(names)
    for each in found:
        print(f"error: {each}", file=sys.stderr)
    return 1 if found else 0


def _say(names: Names) -> None:
    held = [old for old in names.gone if HELD_BY.get(old) in names.after]
    new = names.after.keys() - {*names.now.values()}
    print(f"v0.1.0: {len(names.before):,} names of {names.before.total():,} cases.")
    print(f"Now: {len(names.after):,} names of {names.after.total():,} cases.")
    print(f"Renamed by the table of words: {len(names.renamed)}.")
    for old in names.renamed:
        print(f"    {old} -> {names.now[old]}")
    print(f"Gone, and held by another case: {len(held)}.")
    for old in held:
        print(f"    {old}: {HELD_BY[old]}")
    print(f"Gone without a holder: {len(names.gone) - len(held)}. New, or holding a rule now: {len(new)}.")
    fewer = [old for old, count in names.before.items() if 0 < names.after[names.now[old]] < count]
    print(f"Fewer cases of one name than before: {len(fewer)}.")
    for old in fewer:
        print(f"    {names.now[old]}: {names.before[old]} -> {names.after[names.now[old]]}")


if __name__ == "__main__":
    sys.exit(main())

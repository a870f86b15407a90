"""Compare what this tree prints, writes and describes with v0.1.0, after the table of words; list every difference.

python scripts/compare_outputs.py                     checks v0.1.0 out, builds it, and compares everything
python scripts/compare_outputs.py --baseline DIR      takes v0.1.0 from a folder that holds it already
python scripts/compare_outputs.py --work DIR          keeps both examples there; v0.1.0 says the same again that day
python scripts/compare_outputs.py --work DIR --again  compares what both said last, as when a row of the table is added
python scripts/compare_outputs.py --only help         only one group of outputs (can be given again)
python scripts/compare_outputs.py --without-words     for a tree in which nothing was renamed

Both trees make the example by their own `muniment demo` and run the same commands on it. The table (former_words.py)
is applied to what v0.1.0 says. Fingerprints follow from words, so 12 or 64 hexadecimal digits are masked; over all
outputs that agree it is then checked that each fingerprint of v0.1.0 has become one fingerprint, and no two the same.
(Acts are dated by the clock and salted by chance, so what they leave has other fingerprints each time.)
Columns and wrapped lines follow from the lengths of words, so widths and line ends of tables, help and paper do not
count. Members of JSON objects may stand in another order, and so may the names of those that a schema requires. Exits
with 1 if anything else differs.
"""

import argparse
import difflib
import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.baseline import baseline_tree  # noqa: E402
from scripts.compared_outputs import GROUPS, WITHOUT_EXAMPLE, Output, Tree, make_example, must_start  # noqa: E402
from scripts.former_words import ARGUMENTS, COMPONENTS, EXPECTED, WORDS, WORDS_OF, Table  # noqa: E402

FINGERPRINT = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{12})(?![0-9A-Za-z])")
MASK = "<fingerprint>"
WRAPPED = ("help/", "report.pdf")
CONTINUES = re.compile(r"\n {10,}(?=\S)")
PROBLEM = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
SENTENCE_ENDS = re.compile(r"(?<=[.;:!?]) (?=[A-Z0-9])")
TABLE, NO_WORDS = Table(WORDS, WORDS_OF, COMPONENTS), Table((), {}, {})
Outputs = Mapping[str, Output]


@dataclass(frozen=True)
class Compared:
    """One output of both trees. `pairs`: fingerprints before and after, where nothing differs."""

    name: str
    lines: int
    characters: int
    masked: int
    words: int
    differences: Sequence[str]
    expected: Sequence[str]
    pairs: Sequence[tuple[str, str]]
    is_reordered: bool

    @property
    def sentence(self) -> str:
        size = f"{self.lines:,} lines, {self.characters:,} characters; {self.words} words, {self.masked} masked"
        if self.differences:
            changed = sum(line[:1] in "+-" for line in self.differences)
            return f"{self.name}: {changed} LINES DIFFER ({size})"
        order = "; members in another order" if self.is_reordered else ""
        return f"{self.name}: same after words ({size}{order})"


def compare(name: str, before: Output, after: Output, *, words: Table) -> Compared:
    """Two outputs of one name."""
    counted = words.used.total()
    text, other = (each.as_text for each in (before, after))
    if before.exit_line != after.exit_line:
        text, other = before.beside, after.beside
    text = words.apply(text, name=name)
    replaced = words.used.total() - counted
    old, new, is_reordered = _comparable(name, text), _comparable(name, other), False
    if name.endswith(".json") and _masked(old) != _masked(new):
        old, new, is_reordered = _in_order(old), _in_order(new), True
    all_found = _differences(_masked(old), _masked(new))
    expected = [line for line in all_found if line[1:].strip() in EXPECTED]
    found = all_found if any(line[:1] in "+-" for line in all_found if line not in expected) else ()
    pairs = () if all_found else tuple(zip(FINGERPRINT.findall(old), FINGERPRINT.findall(new), strict=True))
    return Compared(
        name, new.count("\n") + 1, len(other), len(FINGERPRINT.findall(new)), replaced, found, expected,
        pairs, is_reordered and not found,
    )  # fmt: skip


def _comparable(name: str, text: str) -> str:
    """Without what follows from the length of words: widths of columns, and where lines are wrapped."""
    if name.endswith((".json", ".jsonl")):
        return text
    if name.startswith(WRAPPED):
        joined = CONTINUES.sub(" ", text)
        if name.endswith(".pdf"):
            joined = SENTENCE_ENDS.sub("\n", " ".join(text.split()))
        return "\n".join(" ".join(line.split()) for line in joined.splitlines())
    if name == "bundle":
        text = re.sub(r"[\d,]+ bytes", "<size> bytes", text)
    if name == "reference/problems.md":
        text = PROBLEM.sub(_apart, text)
    narrow = re.sub(r"(?<=\S) {2,}", " ", text)
    return re.sub(r"([-─━=]){4,}", r"\1\1\1", narrow)


def _apart(row: re.Match[str]) -> str:
    """The messages of one problem, a line each: their order follows from where the code stands."""
    return "\n".join(f"{row[1]} {message}" for message in sorted(row[2].split("<br>")))


def _in_order(text: str) -> str:
    """JSON with the members of every object in one order; what stands before it stays."""
    head, brace, body = text.partition("{")
    try:
        found = json.loads(brace + body, object_hook=_with_sorted_names)
        return head + json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False)
    except ValueError:
        return text


def _with_sorted_names(found: dict[str, object]) -> dict[str, object]:
    """An object of a schema, with the names of its required members in one order."""
    match found:
        case {"required": [str(), *_] as names}:
            return {**found, "required": sorted(map(str, names))}
        case _:
            return found


def _masked(text: str) -> str:
    return FINGERPRINT.sub(MASK, text)


def _differences(old: str, new: str) -> Sequence[str]:
    """The lines that differ, as a unified diff."""
    if old == new:
        return ()
    return tuple(difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""))[2:]


def compare_all(before: Outputs, after: Outputs, *, words: Table) -> Iterator[Compared]:
    """Every output of either tree. One that only one tree has differs as a whole."""
    renamed = {words.apply(name): name for name in before}
    now = {words.apply(name): name for name in after}
    for name in dict.fromkeys([*renamed, *now]):
        old, new = before.get(renamed.get(name, "")), after.get(now.get(name, ""))
        yield compare(name, old or Output(""), new or Output(""), words=words)


def fingerprints(compared: Sequence[Compared]) -> tuple[str, Sequence[str]]:
    """How many fingerprints changed, in a sentence; and those that did not become one and the same everywhere."""
    became: dict[str, dict[str, str]] = {}
    came_from: dict[str, dict[str, str]] = {}
    for each in compared:
        for old, new in each.pairs:
            became.setdefault(old, {}).setdefault(new, each.name)
            came_from.setdefault(new, {}).setdefault(old, each.name)
    changed = sum(set(news) != {old} for old, news in became.items())
    split = [f"{old} became {news}" for old, news in became.items() if len(news) > 1]
    joined = [f"{new} was {olds}" for new, olds in came_from.items() if len(olds) > 1]
    return f"{len(became):,} fingerprints, {changed:,} of them others than in v0.1.0", [*split, *joined]


def outputs_of(tree: Tree, groups: Sequence[str], *, is_kept: bool) -> Outputs:
    """What a tree says; with `is_kept` what it said earlier that day is taken as it was."""
    today, found = time.strftime("%Y-%m-%d", time.gmtime()), {}
    must_start(tree)
    if not is_kept:
        (tree.work / "demo.txt").unlink(missing_ok=True)
    for group in groups:
        kept = tree.work / f"{group}.outputs.json"
        said = json.loads(kept.read_text(encoding="utf-8")) if is_kept and kept.exists() else {}
        if said.get("day") != today:
            tree.found.clear()
            if group not in WITHOUT_EXAMPLE:
                make_example(tree)
            GROUPS[group](tree)
            said = {"day": today, "outputs": {name: asdict(output) for name, output in tree.found.items()}}
            kept.write_text(json.dumps(said), encoding="utf-8")
        found.update({name: Output(**output) for name, output in said["outputs"].items()})
    return found


def main() -> int:
    """Collect, compare, say what differs."""
    arguments = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    arguments.add_argument("--baseline", metavar="DIR", type=Path, help="a folder that holds v0.1.0 already")
    arguments.add_argument("--current", metavar="DIR", type=Path, default=ROOT, help="another tree than this one")
    arguments.add_argument("--work", metavar="DIR", type=Path, help="where examples and outputs are kept")
    arguments.add_argument("--again", action="store_true", help="compare what is kept in --work from earlier that day")
    arguments.add_argument("--only", metavar="GROUP", action="append", choices=list(GROUPS), help="one group")
    arguments.add_argument("--without-words", action="store_true", help="compare as it is: nothing was renamed")
    given = arguments.parse_args()
    groups, words = given.only or list(GROUPS), NO_WORDS if given.without_words else TABLE
    with baseline_tree(given.baseline, is_built=True) as baseline, TemporaryDirectory() as temporary:
        work = (given.work or Path(temporary)).resolve()
        former = Tree(baseline, work / "before", {})
        current = Tree(given.current.resolve(), work / "after", {} if given.without_words else ARGUMENTS)
        with ThreadPoolExecutor(max_workers=2) as both:
            before = both.submit(outputs_of, former, groups, is_kept=True)
            after = both.submit(outputs_of, current, groups, is_kept=given.again)
        compared = list(compare_all(before.result(), after.result(), words=words))
    return _say(compared, words, is_whole=not given.only)


def _say(compared: Sequence[Compared], words: Table, *, is_whole: bool) -> int:
    for each in compared:
        print(each.sentence)
        for line in each.differences:
            print(f"    {line}")
        for line in each.expected:
            print(f"    expected ({EXPECTED[line[1:].strip()]}): {line}")
    differing = [each for each in compared if each.differences]
    sentence, inconsistent = fingerprints(compared)
    print(f"\n{len(compared)} outputs, {sum(each.lines for each in compared):,} lines compared; {sentence}.")
    for line in inconsistent:
        print(f"    {line}")
    if is_whole and words.unused():
        print(f"Rows of the table that nothing needed: {', '.join(words.unused())}.")
    print(f"{len(differing)} outputs differ.")
    return 1 if differing or inconsistent else 0


if __name__ == "__main__":
    sys.exit(main())

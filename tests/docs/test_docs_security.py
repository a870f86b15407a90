"""The security page names tests that exist, and leaves out no chapter of the standard."""

import ast
import re
from pathlib import Path

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROW = re.compile(r"^\| (V\d+\.\d+)[^|]*\|(.*)\|$", re.MULTILINE)
SECTIONS = {
    1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 10: 7, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5, 17: 1,
}  # fmt: skip
"""Chapter of OWASP ASVS 5.0 -> its sections; the three of the last one stand in one row."""


def _page(docs: Path) -> str:
    return (docs / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_security_page_names_exists(root: Path, docs: Path) -> None:
    named = NAMED.findall(_page(docs))
    assert len(named) > 50
    missing = [f"{path}::{test}" for path, test in named if test not in _tests(root / path)]
    assert missing == []


def _tests(path: Path) -> set[str]:
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_section_of_the_standard_has_a_test_or_a_reason(docs: Path) -> None:
    rows = ROW.findall(_page(docs))
    wanted = [f"V{chapter}.{n}" for chapter, many in SECTIONS.items() for n in range(1, many + 1)]
    assert [row for row, _ in rows] == wanted
    assert [row for row, said in rows if len(said.strip()) < 8] == []

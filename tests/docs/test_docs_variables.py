"""'Run the web app' lists every variable that Muniment reads, and no other."""

import re
from pathlib import Path

VARIABLE = re.compile(r"\bMUNIMENT_[A-Z_]+\b")


def test_every_variable_is_documented_once_and_read_somewhere(root: Path, docs: Path) -> None:
    page = (docs / "how-to" / "run-the-web-app.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(MUNIMENT_[A-Z_]+)` \|", page, flags=re.MULTILINE)
    read = {
        name
        for path in (root / "src" / "muniment").rglob("*.py")
        for name in VARIABLE.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(listed) == sorted(read)
    assert set(VARIABLE.findall(page)) == read

"""Links lead somewhere, the glossary names what exists, and the README shows what the demo prints."""

import ast
import re
from pathlib import Path

from scripts.reference.console import Demo, lay_out, run
from scripts.reference.markdown import anchor

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
FIGURE = re.compile(r"£?\d[\d,.]*\d%?|£?\d%?")
NOT_FROM_THE_DEMO = {
    "3.11": "the Python that it needs",
    "0.1.0": "the version",
    "2.0": "of the licence",
}


def _pages(root: Path) -> list[Path]:
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def _without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def test_links_within_the_documents_resolve(root: Path) -> None:
    broken = []
    for page in _pages(root):
        for target in LINK.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
            path, _, part = target.partition("#")
            if ":" in path:
                continue
            linked = (page.parent / path).resolve() if path else page
            if not linked.exists() or (part and part not in _anchors(linked)):
                broken.append(f"{page.relative_to(root)}: {target}")
    assert broken == []


def _anchors(page: Path) -> set[str]:
    return {anchor(line.lstrip("# ")) for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")}


def test_every_page_can_be_reached_from_the_index(root: Path) -> None:
    reached: set[Path] = set()
    waiting = [root / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8")))
        linked = {(page.parent / path).resolve() for path in targets if path.endswith(".md")}
        waiting += [path for path in linked if path not in reached and path.exists()]
    evidence = root / "docs" / "evidence"
    pages = {page.resolve() for page in (root / "docs").rglob("*.md") if evidence not in page.parents}
    assert sorted(str(page.relative_to(root)) for page in pages - reached) == []


def test_the_glossary_names_what_the_code_has(root: Path) -> None:
    names: set[str] = set()
    for path in (root / "src" / "muniment").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case (
                    ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name) | ast.Attribute(attr=name)
                ):
                    names.add(name)
                case ast.Constant(value=str(text)):
                    names.add(text)
    rows = [line for line in (root / "GLOSSARY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cited = [cited for row in rows for cited in re.findall(r"`([^`]+)`", row.rsplit("|", 2)[1])]
    assert cited
    assert [cite for cite in cited if not set(cite.split(".")) <= names] == []


def test_the_glossary_gives_each_term_once(root: Path) -> None:
    rows = [line for line in (root / "GLOSSARY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    terms = [row.split("|")[1].strip() for row in rows if "Meaning" not in row]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


def test_the_changelog_has_the_version(root: Path) -> None:
    from muniment import __version__

    assert f"\n## {__version__}\n" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_shows_table_1_as_the_demo_prints_it(root: Path, demo: Demo) -> None:
    shown = (root / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("\n```")[0]
    assert shown in demo.printed


def test_the_readme_has_no_figure_that_the_demo_does_not_produce(root: Path, demo: Demo, tmp_path: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    lay_out(root / "docs" / "tutorial.md", folder=tmp_path, demo=demo)
    commands = re.findall(r"`(muniment [^`]+)`", text)
    printed = "\n".join([demo.printed, *(run(command, folder=tmp_path) for command in commands)])
    produced = set(FIGURE.findall(printed)) | set(NOT_FROM_THE_DEMO)
    prose = re.sub(r"\]\([^)]*\)", "]", _without_code(text))
    assert commands
    assert sorted(set(FIGURE.findall(prose)) - produced) == []

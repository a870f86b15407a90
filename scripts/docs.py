"""The reference pages, written from the code, and the commands that the other pages show.

python scripts/docs.py            writes docs/reference/
python scripts/docs.py --check    says which of its pages are no longer current, and changes nothing
python scripts/docs.py --examples runs every command that a page shows, and writes down what it printed
python scripts/docs.py --picture  takes the README's picture of the report
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
LEDGER_WORDS = ROOT / "src" / "muniment" / "interfaces" / "cli" / "ledger_words.txt"
BY_HAND = frozenset({"README.md", "json.md"})
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def pages() -> Mapping[str, str]:
    """Path below docs/reference -> the page as it must be."""
    from scripts.reference.agreed_text import agreed_text_page
    from scripts.reference.api import api_page
    from scripts.reference.cli import cli_page
    from scripts.reference.conditions import conditions_page
    from scripts.reference.evidence import evidence_page
    from scripts.reference.ledger import ledger_page
    from scripts.reference.problems import problems_page
    from scripts.reference.schema import FILES, schema_of

    return {
        "agreed-text.md": agreed_text_page(),
        "api.md": api_page(),
        "cli.md": cli_page(),
        "conditions.md": conditions_page(),
        "ledger.md": ledger_page(),
        "normalised-evidence.md": evidence_page(),
        "problems.md": problems_page(),
        **{f"schema/{name}.json": schema_of(name) for name in FILES},
    }


def words() -> str:
    """What the command line's help says of the commands that write to a ledger: a file of the package, because the help
    imports nothing that a command needs."""
    from muniment.interfaces.cli.command_lines import summaries_text

    return summaries_text()


def stale() -> list[str]:
    """What is not current: pages that differ or are missing, and files that nothing writes."""
    wanted = pages()
    there = {path.relative_to(REFERENCE).as_posix() for path in REFERENCE.rglob("*") if path.is_file()} - BY_HAND
    differs = {name for name in there & set(wanted) if (REFERENCE / name).read_text(encoding="utf-8") != wanted[name]}
    if LEDGER_WORDS.read_text(encoding="utf-8") != words():
        differs.add(LEDGER_WORDS.name)
    return sorted(differs | (there ^ set(wanted)))


def write() -> None:
    LEDGER_WORDS.write_text(words(), encoding="utf-8")
    for name, text in pages().items():
        path = REFERENCE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Write the reference pages from the code.")
    arguments.add_argument("--check", action="store_true", help="say what is not current, and change nothing")
    arguments.add_argument(
        "--examples", action="store_true", help="run the commands that pages show, note what they print"
    )
    arguments.add_argument("--picture", action="store_true", help="take the README's picture of the report")
    asked = arguments.parse_args()
    if asked.picture:
        from scripts.reference.picture import take_picture

        take_picture()
        return 0
    if asked.examples:
        from scripts.reference.console import refresh_all

        refresh_all(ROOT / "docs")
        return 0
    if not asked.check:
        write()
        return 0
    found = stale()
    for name in found:
        print(f"{name}: not current - run 'python scripts/docs.py'", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

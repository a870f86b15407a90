"""What a page shows as printed is what is printed: every command of every page is run."""

from pathlib import Path

import pytest
from scripts.reference.console import (
    Command,
    Demo,
    lay_out,
    needs_demo,
    pages_with_commands,
    printed_by,
    steps_of,
    write_file,
)

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = pages_with_commands(DOCS)
SMALL = [page for page in PAGES if not needs_demo(page)]
LARGE = [page for page in PAGES if needs_demo(page)]


def _name(page: Path) -> str:
    return page.stem


def _follow(page: Path, *, folder: Path, demo: Demo | None) -> None:
    lay_out(page, folder=folder, demo=demo)
    for step in steps_of(page.read_text(encoding="utf-8")):
        if isinstance(step, Command):
            printed = printed_by(step, folder=folder, demo=demo)
            assert printed == step.printed, f"{page.name} shows something else for: {step.text}"
        else:
            write_file(step, folder=folder)


@pytest.mark.parametrize("page", SMALL, ids=_name)
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    _follow(page, folder=tmp_path, demo=None)


@pytest.mark.parametrize("page", LARGE, ids=_name)
def test_a_page_on_the_example_shows_what_its_commands_print(page: Path, tmp_path: Path, demo: Demo) -> None:
    _follow(page, folder=tmp_path, demo=demo)


def test_the_tutorial_and_every_how_to_are_among_the_pages_that_are_run() -> None:
    """But for adding a command, which shows code; serving, which does not end; and the API, whose examples are run
    against the site (test_api_examples)."""
    elsewhere = {DOCS / "how-to" / name for name in ("add-a-command.md", "run-the-web-app.md", "use-the-api.md")}
    expected = {DOCS / "tutorial.md", *(DOCS / "how-to").glob("*.md")} - elsewhere
    assert expected <= set(PAGES)

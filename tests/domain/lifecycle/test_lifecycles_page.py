"""The page of the lifecycles is drawn from the tables that the commands ask."""

from pathlib import Path

from scripts.lifecycles import PAGE, lifecycles_page

from muniment.domain.lifecycle.states import MACHINES


def test_the_page_is_current() -> None:
    assert Path(PAGE).read_text(encoding="utf-8") == lifecycles_page(), "run 'python scripts/lifecycles.py'"


def test_every_machine_has_its_diagram() -> None:
    page = lifecycles_page()
    assert page.count("```mermaid") == len(MACHINES)
    assert all(f"## {machine.title}" in page for machine in MACHINES.values())

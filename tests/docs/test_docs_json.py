"""The keys that json.md documents are the keys that are printed, no more and no fewer."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts.reference.console import run

from muniment.domain.kernel.fingerprint import Json

ASKED = {
    "assess": "muniment assess waste --from 2024-04 --to 2024-05",
    "summary": "muniment summary waste --from 2024-04 --to 2024-05",
    "statement": "muniment statement waste --period 2024-05",
    "explain": "muniment explain waste WST_01 2024-05",
    "check": "sed -i.old 's/measure: missed/measure: mist/' waste/regime.yaml; muniment check waste",
}


def _documented(docs: Path, command: str) -> set[str]:
    page = (docs / "reference" / "json.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {command}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {key for row in rows for key in re.findall(r"`([^`]+)`", row)} - {"credit"}


def _paths(value: Json, at: str = "") -> Iterator[str]:
    """The key paths of a JSON value that hold no further keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{at}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, f"{at}[]")
    else:
        yield at


@pytest.mark.parametrize("command", ASKED)
def test_the_documented_keys_are_the_printed_ones(command: str, docs: Path, waste: Path) -> None:
    printed = run(f"{ASKED[command]} --format json", folder=waste)
    assert set(_paths(json.loads(printed))) == _documented(docs, command)


def test_no_number_that_decides_is_printed_as_a_number(waste: Path) -> None:
    """A fraction in the JSON would be read as a binary one."""
    for command in ("assess", "statement", "explain"):
        printed = run(f"{ASKED[command]} --format json", folder=waste)

        def refuse(text: str) -> None:
            raise AssertionError(f"{text} is a number with a fraction")

        json.loads(printed, parse_float=refuse)

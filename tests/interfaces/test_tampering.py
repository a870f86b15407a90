"""Whoever alters the record is found out: every alteration is reported with its place, and nothing comes of it."""

from pathlib import Path
from typing import Protocol

import pytest


class Ran(Protocol):
    exit: int
    out: str
    err: str


class Muniment(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


NOVEMBER = ("--from", "2019-11", "--to", "2019-11")


def a_blob(folder: Path) -> Path:
    return min(path for path in (folder / "blobs").rglob("*") if path.is_file())


def overwritten(file: Path, content: bytes) -> None:
    """As somebody with access to the disk would do it: blobs are kept read-only."""
    file.chmod(0o644)
    file.write_bytes(content)


def test_a_sound_example_has_no_problems(muniment: Muniment, demo: Path) -> None:
    ran = muniment("check", demo)
    assert (ran.exit, ran.out.splitlines()[-1]) == (0, f"{demo}: no problems.")


@pytest.mark.parametrize("command", [("check",), ("assess", *NOVEMBER)])
def test_an_altered_evidence_file_is_named(muniment: Muniment, own_demo: Path, command: tuple[str, ...]) -> None:
    blob = a_blob(own_demo)
    overwritten(blob, blob.read_bytes() + b"x")
    ran = muniment(command[0], own_demo, *command[1:])
    assert ran.exit == 1
    place = f"{blob.relative_to(own_demo).as_posix()}:1:1: the file was altered"
    assert place in ran.out + ran.err
    assert "TSL achieved" not in ran.out


def test_a_missing_evidence_file_is_named(muniment: Muniment, own_demo: Path) -> None:
    blob = a_blob(own_demo)
    blob.unlink()
    ran = muniment("check", own_demo)
    assert ran.exit == 1
    assert f"{blob.relative_to(own_demo).as_posix()}:1:1: the file is missing" in ran.out


def test_text_that_differs_from_what_was_adopted_is_named(muniment: Muniment, own_demo: Path) -> None:
    with (own_demo / "regime.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word added later\n")
    ran = muniment("check", own_demo)
    assert ran.exit == 1
    assert "regime.yaml:1:1: the file differs from the text that was adopted (adopted: cssc/text/t6)" in ran.out


@pytest.mark.parametrize("command", [("check",), ("assess", *NOVEMBER)])
@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (12, '"rows":', '"rows":9', "ledger.jsonl:12:1: the entry was altered"),
        (50, "{", "{{", "ledger.jsonl:50:2: the line is not JSON"),
    ],
)
def test_a_broken_line_of_the_ledger_is_named(
    muniment: Muniment, own_demo: Path, command: tuple[str, ...], line: int, old: str, new: str, said: str
) -> None:
    ledger = own_demo / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    ledger.write_text("".join(lines), encoding="utf-8")
    ran = muniment(command[0], own_demo, *command[1:])
    assert ran.exit == 1
    assert said in ran.out + ran.err


def test_a_line_taken_out_of_the_ledger_is_noticed_at_the_next(muniment: Muniment, own_demo: Path) -> None:
    ledger = own_demo / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    ledger.write_text("".join(lines[:19] + lines[20:]), encoding="utf-8")
    ran = muniment("check", own_demo)
    assert ran.exit == 1
    assert "ledger.jsonl:20:1: the entry does not follow the one before it" in ran.out


def test_alterations_in_several_places_are_reported_together(muniment: Muniment, own_demo: Path) -> None:
    blob = a_blob(own_demo)
    overwritten(blob, b"nothing")
    with (own_demo / "changes" / "CCN-031.yaml").open("a", encoding="utf-8") as file:
        file.write("# later\n")
    ran = muniment("check", own_demo)
    assert ran.exit == 1
    assert "the file was altered" in ran.out
    assert "changes/CCN-031.yaml:1:1: the file differs from the text that was adopted" in ran.out

"""Pages that are written from the code say what the code does, and leave nothing out."""

import argparse
from pathlib import Path

from scripts.docs import stale
from scripts.reference.agreed_text import models
from scripts.reference.cli import commands
from scripts.reference.examples import keys_of
from scripts.reference.kinds import fields_of, undescribed
from scripts.reference.meanings import MEANINGS
from scripts.reference.problems import codes_in_source

from muniment.commands.entry_kinds import KINDS


def _page(docs: Path, name: str) -> str:
    return (docs / "reference" / name).read_text(encoding="utf-8")


def _section(page: str, heading: str) -> str:
    return page.split(f"\n{heading}\n")[1].split("\n#", maxsplit=1)[0]


def test_every_generated_page_is_current() -> None:
    assert stale() == []


def test_every_command_and_option_is_documented(docs: Path) -> None:
    page = _page(docs, "cli.md")
    missing = [
        f"{name} {option}"
        for name, command in commands().items()
        for action in command._actions
        if not isinstance(action, argparse._HelpAction)
        for option in action.option_strings or [str(action.metavar)]
        if f"`{option}" not in _section(page, f"## {name}")
    ]
    assert missing == []


def test_every_problem_code_is_documented(docs: Path) -> None:
    page = _page(docs, "problems.md")
    assert [code for code in sorted(codes_in_source()) if f"| `{code}` |" not in page] == []


def test_no_problem_code_is_documented_without_words(docs: Path) -> None:
    rows = [line for line in _page(docs, "problems.md").splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.split("|")[2].strip(" .-") == ""] == []


def test_every_kind_of_entry_is_documented_with_its_fields(docs: Path) -> None:
    page = _page(docs, "ledger.md")
    missing = [
        f"{kind}.{field}"
        for kind, payload in KINDS.items()
        for field in fields_of(payload)
        if f"| `{field}` |" not in _section(page, f"### {kind}")
    ]
    assert missing == []


def test_nothing_is_listed_of_which_nothing_is_said() -> None:
    keys = [
        f"{m.__name__}.{key}" for m in models() for key, _, _ in keys_of(m) if not MEANINGS.get(m.__name__, {}).get(key)
    ]
    assert [*undescribed(), *keys] == []


def test_the_documented_fields_of_an_entry_are_those_that_are_recorded() -> None:
    """Found by reading a payload's source; here held against what a payload hands out."""
    from muniment.domain.assessment.failure_notes import FailureExplained
    from muniment.domain.evidence.submissions import SubmissionReceived
    from muniment.domain.kernel.period import Month

    month = Month(2019, 9)
    note = FailureExplained(kpi="K", period=month, cause="c", effect="e", remedy="r")
    sent = SubmissionReceived("calls", month, "calls.csv", "csv", "0" * 64, 1, None)
    assert set(fields_of(FailureExplained)) == {*note.fields(), *note.texts()}
    assert set(fields_of(SubmissionReceived)) >= {*sent.fields(), *sent.texts()}


def test_every_key_of_the_agreed_text_is_documented(docs: Path) -> None:
    page = _page(docs, "agreed-text.md")
    assert [(m.__name__, key) for m in models() for key, _, _ in keys_of(m) if f"| `{key}` |" not in page] == []


def test_every_key_that_is_not_computed_is_named(docs: Path) -> None:
    listed = _page(docs, "agreed-text.md").split("\n## Declared, and not computed")[1]
    assert [key for model in models() for key in sorted(model.NOT_COMPUTED) if f"`{key}`" not in listed] == []


def test_the_python_of_the_ledger_page_finds_a_changed_entry(docs: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    from muniment.domain.record.act import Act
    from muniment.domain.record.chain import sealed_onto
    from muniment.domain.record.entry import Draft
    from muniment.domain.record.in_memory import ScriptedSalts
    from muniment.domain.record.lines import line_of
    from muniment.domain.record.opened import RecordOpened

    recipe = _page(docs, "ledger.md").split("```python\n")[1].split("```")[0]
    act = Act(actor="p-1", on_behalf_of="authority", reason="A reason of two words.")
    draft = Draft("cssc", RecordOpened("cssc", "scripted"), act)
    (entry,) = sealed_onto(None, drafts=[draft], recorded_at="2019-03-25T09:00:00Z", salts=ScriptedSalts("seed"))
    sound = line_of(entry)

    def holds(line: bytes) -> bool:
        (tmp_path / "ledger.jsonl").write_bytes(line)
        done = subprocess.run([sys.executable, "-c", recipe], cwd=tmp_path, capture_output=True, check=False)
        return done.returncode == 0

    assert holds(sound)
    assert not holds(sound.replace(b'"p-1"', b'"p-2"'))
    assert not holds(sound.replace(b"two words", b"new words"))

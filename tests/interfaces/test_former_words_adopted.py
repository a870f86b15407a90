"""A contract whose text was adopted in the words of v0.1.0 is read as it was meant, and edited in the words of now."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.application.contract_text import look_at_draft
from muniment.application.load import open_contract
from muniment.application.recalculation import as_locked, compute
from muniment.commands.contract_text import adopt_text
from muniment.commands.recording import open_record
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.record.act import Act
from tests.interfaces.conftest import Ran
from tests.interfaces.small_contract import JUNE, TEXTS, SmallContract, parcels, visits

Muniment = Callable[..., Ran]
DEEMED = "deemed:\n  supplier_on_challenge: {within: 5 business days, then: upheld, clause: Sch 3 para 4}\n"
NOTICE = """\
change: CCN-1
title: No doubling for visitors never seen
signed: 2019-05-20
effective: 2019-06-01
amend:
  - kpi: LATE
    was: {repeat_failure: repeat}
    set: {repeat_failure: once}
"""
NOW = {
    **TEXTS,
    "contract.yaml": TEXTS["contract.yaml"] + DEEMED,
    "regime.yaml": TEXTS["regime.yaml"].replace(
        "service_credits:", "  once: {after: 1, multiply: 1, mitigated_period: skip}\nservice_credits:"
    ),
}
ACT = Act("p-1", "authority", "As agreed.")


def in_former_words(text: str) -> str:
    for now, former in {
        "repeat_failures:": "ratchets:",
        "repeat_failure:": "ratchet:",
        "deemed:": "if_silent:",
    }.items():
        text = text.replace(now, former)
    return text


FORMER = {path: in_former_words(text) for path, text in NOW.items()}


def made(folder: Path, texts: Mapping[str, str]) -> SmallContract:
    """Its text adopted, and the evidence of April to June."""
    folder.mkdir()
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8")
    small = SmallContract(folder)
    open_record(ledger=small.store.ledger, act=ACT, contract="tiny")
    adopt_text(ledger=small.store.ledger, act=ACT, texts=texts)
    small.clock.move_to("2019-07-05T09:00:00Z")
    for month in (JUNE.plus(-2), JUNE.plus(-1), JUNE):
        small.submit(table="visits", month=month, content=visits(month))
        small.submit(table="parcels", month=month, content=parcels(month))
    return small


@pytest.fixture
def former(tmp_path: Path) -> SmallContract:
    return made(tmp_path / "former", FORMER)


def test_it_has_the_figures_of_the_same_contract_in_the_words_of_now(
    former: SmallContract, tmp_path: Path, muniment: Muniment
) -> None:
    now = made(tmp_path / "now", NOW)
    figures = [
        json.loads(muniment("assess", small.folder, "--from", "2019-04", "--to", "2019-06", "--format", "json").out)
        for small in (former, now)
    ]
    assert figures[0]["rows"] == figures[1]["rows"]
    assert len(figures[0]["rows"]) > 9


def test_nothing_is_said_of_former_words_in_text_that_was_adopted(former: SmallContract, muniment: Muniment) -> None:
    checked = muniment("check", former.folder)
    assert (checked.exit, checked.err, checked.out) == (0, "", f"{former.folder}: no problems.\n")


def test_a_file_that_was_edited_since_is_refused_with_the_new_word_at_its_place(
    former: SmallContract, muniment: Muniment
) -> None:
    file = former.folder / "contract.yaml"
    file.write_text("# as printed\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    checked = muniment("check", former.folder)
    said = [line for line in (checked.out + checked.err).splitlines() if "is now" in line]
    assert (checked.exit, said) == (1, ["contract.yaml:14:1: 'if_silent' is now 'deemed' - write 'deemed'"])


def test_text_without_a_record_is_refused_with_the_new_words(tmp_path: Path, muniment: Muniment) -> None:
    for path, text in FORMER.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    checked = muniment("check", tmp_path)
    said = [line for line in (checked.out + checked.err).splitlines() if "is now" in line]
    assert (checked.exit, said) == (
        1,
        [
            "contract.yaml:13:1: 'if_silent' is now 'deemed' - write 'deemed'",
            "regime.yaml:7:1: 'ratchets' is now 'repeat_failures' - write 'repeat_failures'",
            "regime.yaml:14:81: 'ratchet' is now 'repeat_failure' - write 'repeat_failure'",
        ],
    )


def test_what_an_earlier_entry_adopted_may_be_put_back(former: SmallContract, muniment: Muniment) -> None:
    """It is said to differ from the text that was adopted last, and of its words nothing is said."""
    adopt_text(ledger=former.store.ledger, act=ACT, texts=NOW)
    checked = muniment("check", former.folder)
    assert "differs from the text that was adopted" in checked.out + checked.err
    assert "is now '" not in checked.out + checked.err


def test_a_month_locked_on_text_in_former_words_is_the_same_after_a_text_in_the_words_of_now_was_adopted(
    former: SmallContract, muniment: Muniment
) -> None:
    former.lock(JUNE)
    for path, text in NOW.items():
        former.store.blobs.put(FORMER[path].encode())
        (former.folder / path).write_text(text, encoding="utf-8")
    adopt_text(ledger=former.store.ledger, act=ACT, texts=NOW)
    opened = open_contract(folder=former.folder, known=None)
    lock = locks_known(opened.entries)[JUNE][-1]
    again = compute(opened=as_locked(opened, lock), month=JUNE, engine="duckdb", elsewhere={}).month.sealed
    assert sealed_fingerprint(again) == lock.locked.statement
    found = json.loads(muniment("since-lock", former.folder, "--format", "json").out)["statements"]
    assert [each["effect"] for each in found] == ["no effect"]


def test_a_bundle_holds_the_text_as_it_was_written_and_re_performs(
    former: SmallContract, tmp_path: Path, muniment: Muniment
) -> None:
    former.lock(JUNE)
    out = tmp_path / "june.zip"
    assert muniment("bundle", former.folder, "tiny/2019-06/v1", "--out", out).exit == 0
    with ZipFile(out) as bundle:
        assert bundle.read("text/regime.yaml").decode() == FORMER["regime.yaml"]
    performed = muniment("reperform", out)
    assert (performed.exit, performed.err) == (0, "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (NOTICE, []),
        (
            in_former_words(NOTICE),
            [
                "changes/CCN-1.yaml:7:11: 'ratchet' is now 'repeat_failure' - write 'repeat_failure'",
                "changes/CCN-1.yaml:8:11: 'ratchet' is now 'repeat_failure' - write 'repeat_failure'",
            ],
        ),
    ],
)
def test_a_notice_to_text_in_former_words_is_drafted_in_the_words_of_now(
    former: SmallContract, content: str, said: list[str]
) -> None:
    look = look_at_draft(texts=FORMER, entries=former.entries(), path="changes/CCN-1.yaml", content=content)
    assert [str(problem) for problem in look.problems] == said
    assert look.can_be_adopted == (said == [])

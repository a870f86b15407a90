"""What is signed rests on adopted text, on evidence as it was taken in, and on rows that are there."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from muniment.application import normalised_evidence
from muniment.domain.lifecycle.states import state_in, states_known
from tests.interfaces.conftest import Ran
from tests.interfaces.small_contract import APRIL, MAY, TEXTS, SmallContract, make_small_contract, parcels, visits

Muniment = Callable[..., Ran]
MANAGER = ("--as", "p-9", "--for", "authority", "--reason", "as agreed")
OFFICER = ("--as", "p-4", "--for", "authority", "--reason", "as counted")
DECIDER = ("--as", "p-10", "--for", "authority", "--reason", "it stands")
PREPARER = ("--as", "p-2", "--for", "supplier", "--reason", "as sent")
APPROVER = ("--as", "p-3", "--for", "supplier", "--reason", "as sent")
EASED = """\
change: CCN-1
title: Target eased
signed: 2019-04-20
effective: {effective}
amend:
  - kpi: SEEN
    was: {{target: at least 90%}}
    set: {{target: at least 75%}}
"""


@pytest.fixture
def small(tmp_path: Path) -> SmallContract:
    """May 2019 is locked; other visits for May came later, so that it changed since its lock."""
    return make_small_contract(tmp_path / "tiny")


@pytest.fixture
def fresh(tmp_path: Path, muniment: Muniment) -> Path:
    """A record with the evidence of April, accepted, and nothing signed."""
    folder = tmp_path / "fresh"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert muniment("open", folder, *MANAGER).exit == 0
    assert muniment("adopt", folder, *MANAGER).exit == 0
    for table, content in (("visits", visits(APRIL)), ("parcels", parcels(APRIL))):
        sent = tmp_path / f"{table}.csv"
        sent.write_text(content, encoding="utf-8")
        assert muniment("submit", folder, table, "2019-04", sent, *PREPARER).exit == 0
        assert muniment("approve", folder, f"tiny/{table}/2019-04/s1", *APPROVER).exit == 0
        assert muniment("accept", folder, f"tiny/{table}/2019-04/s1", *OFFICER).exit == 0
    return folder


def lock(muniment: Muniment, folder: Path) -> None:
    for act, who in (("sign", MANAGER), ("lock", APPROVER)):
        done = muniment(act, folder, "2019-04", *who)
        assert done.exit == 0, done.err


def state(small: SmallContract, month: str) -> str:
    return state_in(states_known(small.entries()), machine="month", thing=f"tiny/{month}")


def test_nobody_signs_locks_or_restates_under_a_text_that_was_not_adopted(muniment: Muniment, fresh: Path) -> None:
    regime = fresh / "regime.yaml"
    adopted = regime.read_text(encoding="utf-8")
    eased = adopted.replace("at least 90%, minimum: at least 70%", "at least 2%, minimum: at least 1%")
    regime.write_text(eased, encoding="utf-8")
    refused = muniment("sign", fresh, "2019-04", *MANAGER)
    assert "adopted as tiny/text/t1: regime.yaml (changed) - a contract manager could adopt the text" in refused.err
    regime.write_text(adopted, encoding="utf-8")
    assert muniment("sign", fresh, "2019-04", *MANAGER).exit == 0
    regime.write_text(eased, encoding="utf-8")
    assert muniment("lock", fresh, "2019-04", *APPROVER).exit == 1
    regime.write_text(adopted, encoding="utf-8")
    assert muniment("lock", fresh, "2019-04", *APPROVER).exit == 0
    regime.write_text(eased, encoding="utf-8")
    for act in ("propose-restatement", "confirm-statement"):
        assert "regime.yaml (changed)" in muniment(act, fresh, "2019-04", *MANAGER).err


@pytest.mark.parametrize(("effective", "exit_code"), [("2019-04-01", 1), ("2019-05-01", 0)])
def test_a_notice_that_is_not_adopted_stops_a_signature_where_it_bears_on_the_month(
    muniment: Muniment, fresh: Path, effective: str, exit_code: int
) -> None:
    (fresh / "changes").mkdir()
    (fresh / "changes" / "CCN-1.yaml").write_text(EASED.format(effective=effective), encoding="utf-8")
    assert muniment("sign", fresh, "2019-04", *MANAGER).exit == exit_code


def test_where_no_text_was_adopted_nothing_is_signed(muniment: Muniment, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert muniment("open", tmp_path, *MANAGER).exit == 0
    assert "no text was adopted in this record" in muniment("sign", tmp_path, "2019-04", *MANAGER).err


@pytest.mark.parametrize("how", ["notice", "regime"])
def test_a_text_adopted_after_the_lock_makes_a_revision_and_v1_is_still_bundled(
    muniment: Muniment, fresh: Path, tmp_path: Path, how: str
) -> None:
    """v1 was right under the text that was adopted when it was locked."""
    lock(muniment, fresh)
    if how == "notice":
        (fresh / "changes").mkdir()
        (fresh / "changes" / "CCN-1.yaml").write_text(EASED.format(effective="2019-04-01"), encoding="utf-8")
    else:
        regime = fresh / "regime.yaml"
        regime.write_text(regime.read_text(encoding="utf-8").replace("at least 90%", "at least 75%"), encoding="utf-8")
    adopted = muniment("adopt", fresh, *MANAGER)
    assert "must propose a restatement of tiny/2019-04, or confirm its statement" in adopted.err
    shown = muniment("since-lock", fresh).out
    assert "revision" in shown
    assert "correction" not in shown
    bundled = muniment("bundle", fresh, "tiny/2019-04/v1", "--out", tmp_path / "v1.zip")
    assert bundled.exit == 0, bundled.err
    kept = muniment("confirm-statement", fresh, "2019-04", *MANAGER)
    assert "tiny/2019-04/v1 would say something else now: status or credit changes" in kept.err


def test_normalised_evidence_that_somebody_altered_is_made_again(muniment: Muniment, fresh: Path) -> None:
    before = muniment("assess", fresh, "--from", "2019-04", "--to", "2019-04").out
    part = next((fresh / ".muniment").glob("visits-*.parquet"))
    planted = part.with_suffix(".new")
    duckdb.connect().execute(f"COPY (SELECT * FROM '{part}' LIMIT 12) TO '{planted}' (FORMAT parquet)")
    planted.replace(part)
    assert muniment("assess", fresh, "--from", "2019-04", "--to", "2019-04").out == before
    assert (part.with_suffix(".sha256")).read_text(encoding="ascii") == sha256(part.read_bytes()).hexdigest()


def test_working_files_outside_the_folder_are_kept_where_nobody_else_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder under the name that one could guess is used only if it is one's own."""
    monkeypatch.setattr(normalised_evidence, "gettempdir", lambda: str(tmp_path))
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / ".muniment").write_text("no folder can be made here")
    first = normalised_evidence.cache_folder(blocked)
    assert (first.parent, first.stat().st_mode & 0o777) == (tmp_path, 0o700)
    assert normalised_evidence.cache_folder(blocked) == first
    first.chmod(0o777)
    other = normalised_evidence.cache_folder(blocked)
    assert other != first
    shutil.rmtree(other)
    first.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    first.symlink_to(elsewhere)
    assert normalised_evidence.cache_folder(blocked) not in (first, elsewhere)
    assert not list(elsewhere.iterdir())


def test_a_row_that_is_not_there_is_neither_rejected_nor_challenged_nor_relieved(
    muniment: Muniment, fresh: Path, tmp_path: Path
) -> None:
    sent = tmp_path / "again.csv"
    sent.write_text(visits(APRIL, late=1), encoding="utf-8")
    assert muniment("submit", fresh, "visits", "2019-04", sent, *PREPARER).exit == 0
    assert muniment("approve", fresh, "tiny/visits/2019-04/s2", *APPROVER).exit == 0
    error = muniment("accept", fresh, "tiny/visits/2019-04/s2", "--reject", "V2019-04-001=double", *OFFICER)
    assert "no row 'V2019-04-001' in tiny/visits/2019-04/s2 - did you mean '=V2019-04-001'?" in error.err
    right = muniment("accept", fresh, "tiny/visits/2019-04/s2", "--reject", "=V2019-04-001=double", *OFFICER)
    assert right.exit == 0, right.err
    months = ("--ground", "authority_act", "--from", "2019-04", "--to", "2019-04")
    assert muniment("request-mitigation", fresh, "SEEN", *months, *PREPARER).exit == 0
    part = ("--outcome", "granted_in_part", "--effect", "no_points")
    error = muniment("decide-mitigation", fresh, "tiny/SEEN/2019-04/g1", *part, "--row", "nosuch", *DECIDER)
    assert "there is no row 'nosuch' in the evidence that tiny/SEEN/2019-04/g1 is about" in error.err
    right = muniment("decide-mitigation", fresh, "tiny/SEEN/2019-04/g1", *part, "--row", "=V2019-04-002", *DECIDER)
    assert right.exit == 0, right.err


def test_a_challenge_names_rows_that_are_there(muniment: Muniment, small: SmallContract) -> None:
    assert muniment("approve", small.folder, "tiny/visits/2019-06/s1", *APPROVER).exit == 0
    asked = ("challenge", small.folder, "tiny/visits/2019-06/s1", "--question", "Who?")
    assert "did you mean '=V2019-06-003'?" in muniment(*asked, "--row", "V2019-06-003", *OFFICER).err
    assert muniment(*asked, "--row", "=V2019-06-003", *OFFICER).exit == 0


def test_a_changed_month_where_nothing_matters_is_confirmed(muniment: Muniment, small: SmallContract) -> None:
    assert state(small, "2019-05") == "changed_since_lock"
    assert "could propose a restatement" in muniment("confirm-statement", small.folder, "2019-05", *MANAGER).err
    small.submit(table="visits", month=MAY, content=visits(MAY), number=3)  # as they were at the lock
    kept = muniment("confirm-statement", small.folder, "2019-05", *MANAGER)
    assert kept.out.startswith("tiny/2019-05/v1: statement.kept"), kept.err
    assert state(small, "2019-05") == "locked"
    assert "propose a restatement" not in muniment("waiting", small.folder).out


def test_whoever_proposes_a_restatement_is_told_which_figures_were_reported(
    muniment: Muniment, small: SmallContract
) -> None:
    said = muniment(
        "report-figure", small.folder, "SEEN/2019-05/value", "--printed",
        "77.78%", "--where", "osmb/2019-07-30/6", "--how", "report", "--on", "2019-07-30", *MANAGER,
    )  # fmt: skip
    assert said.exit == 0, said.err
    proposed = muniment("propose-restatement", small.folder, "2019-05", *MANAGER)
    assert "SEEN/2019-05/value: '77.78%' in osmb/2019-07-30/6 (report, 2019-07-30)" in proposed.err


def test_what_waits_takes_in_evidence_that_never_came_and_is_as_known_on_the_day(
    muniment: Muniment, small: SmallContract
) -> None:
    """April to June came by 3 July; nothing came for July."""
    later = muniment("waiting", small.folder, "--on", "2019-09-10").out
    assert (
        "The supplier's preparer or the supplier's approver must submit evidence for parcels, visits of 2019-07 by "
        "2019-08-07 (23 business days late)."
    ) in later
    assert "of 2019-09" not in later, "September is not over"
    assert "propose a restatement" not in muniment("waiting", small.folder, "--on", "2019-06-15").out

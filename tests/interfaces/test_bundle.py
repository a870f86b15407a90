"""Bundles from the command line: made, re-performed in three ways, and found wrong where they are wrong."""

import json
import re
import stat
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.adapters.bundles.bundle import ManifestRows
from muniment.adapters.bundles.verify import check_bundle
from muniment.application.reperformance import place_of_rows
from muniment.commands.retention import erase_text
from muniment.domain.evidence.acceptance import SubmissionApproved
from muniment.domain.evidence.challenges import EvidenceChallenged
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from tests.interfaces.small_contract import APRIL, JUNE, MAY, SmallContract, make_small_contract, visits

Muniment = Callable[..., "Ran"]


class Ran:
    exit: int
    out: str
    err: str


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallContract:
    """No test may change it: take `own` for that."""
    return make_small_contract(tmp_path_factory.mktemp("small") / "contract")


@pytest.fixture
def own(tmp_path: Path) -> SmallContract:
    return make_small_contract(tmp_path / "own")


@pytest.fixture(scope="module")
def bundled(small: SmallContract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from muniment.application.bundle import make_bundle
    from muniment.application.recalculation import statement_reference_of

    out = tmp_path_factory.mktemp("bundled") / "may.zip"
    asked = statement_reference_of("tiny/2019-05/v1")
    return make_bundle(folder=small.folder, asked=asked, known=None, engine="duckdb", out=out, salt=None).path


def read(path: Path, member: str) -> bytes:
    with ZipFile(path) as archive:
        return archive.read(member)


def contents(file: Path | BytesIO) -> bytes:
    with ZipFile(file) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def manifest(path: Path) -> dict[str, object]:
    read_from: dict[str, object] = json.loads(read(path, "manifest.json"))
    return read_from


def test_a_bundle_has_all_that_the_statement_was_computed_from(bundled: Path) -> None:
    with ZipFile(bundled) as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert [name for name in names if name.startswith("rows/")] == [
        "rows/parcels/2019-04.csv",
        "rows/parcels/2019-05.csv",
        "rows/visits/2019-04.csv",
        "rows/visits/2019-05.csv",
    ]
    assert {"text/contract.yaml", "text/evidence.yaml", "text/regime.yaml", "ledger/proof.jsonl"} <= {*names}
    assert {"decisions.json", "calendars.json", "engine.json", "audit.xlsx", "verify.py", "README.txt"} <= {*names}
    assert [name for name in names if name.startswith("sql/")] == ["sql/LATE.sql", "sql/LOST.sql", "sql/SEEN.sql"]


def test_the_locked_statement_is_the_file_that_both_signatures_name(small: SmallContract, bundled: Path) -> None:
    lock = next(entry for entry in small.entries() if entry.kind == "month.locked")
    statement = read(bundled, "expected/statement.json")
    assert sha256(statement).hexdigest() == lock.payload["statement"] == manifest(bundled)["statement"]
    assert json.loads(statement) == lock.payload["sealed"]
    assert (manifest(bundled)["version"], manifest(bundled)["locked"]) == (1, "locked")


def test_the_proof_holds_the_chain_up_to_the_present_and_no_free_text(small: SmallContract, bundled: Path) -> None:
    """So a head that was published after the lock is in it too."""
    lines = [json.loads(line) for line in read(bundled, "ledger/proof.jsonl").splitlines()]
    assert [line["hash"] for line in lines] == [entry.hash for entry in small.entries()]
    assert all(line["texts"] == {} for line in lines)
    assert check_bundle(str(bundled), head=small.entries()[-1].hash).faults == []


def test_the_decisions_are_those_up_to_the_lock(small: SmallContract, bundled: Path) -> None:
    decided = [entry["kind"] for entry in json.loads(read(bundled, "decisions.json"))]
    assert decided == ["mitigation.requested", "mitigation.decided", "statement.signed", "month.locked"]


def test_as_known_on_the_day_of_the_lock_later_entries_are_left_out(
    muniment: Muniment, small: SmallContract, tmp_path: Path
) -> None:
    out = tmp_path / "then.zip"
    assert muniment("bundle", small.folder, "tiny/2019-05/v1", "--known", "2019-06-14", "--out", out).exit == 0
    assert len(read(out, "ledger/proof.jsonl").splitlines()) == 10


def test_a_reason_that_was_erased_is_not_missed(muniment: Muniment, own: SmallContract, tmp_path: Path) -> None:
    act = Act("p-1", "authority", "It named a person.")
    granted = next(entry.seq for entry in own.entries() if entry.kind == "mitigation.decided")
    erase_text(ledger=own.store.ledger, act=act, entry=granted)
    out = tmp_path / "may.zip"
    assert muniment("bundle", own.folder, "tiny/2019-05/v1", "--out", out).exit == 0
    assert check_bundle(str(out), head=own.entries()[-1].hash).faults == []
    before = check_bundle(str(out), head=own.entries()[-2].hash)
    assert ["no entry says that it was erased" in fault for fault in before.faults] == [True]


def test_late_evidence_does_not_touch_the_bundle_of_a_locked_month(small: SmallContract, bundled: Path) -> None:
    assert read(bundled, "rows/visits/2019-05.csv").decode() == visits(MAY)
    assert [e.subject for e in small.entries() if e.kind == "submission.received"][-1] == "tiny/visits/2019-05/s2"


def test_the_same_record_makes_the_same_bytes(muniment: Muniment, small: SmallContract, bundled: Path) -> None:
    again = bundled.with_name("again.zip")
    assert muniment("bundle", small.folder, "tiny/2019-05", "--out", again).exit == 0
    assert again.read_bytes() == bundled.read_bytes()


@pytest.mark.parametrize("way", [("--engine", "duckdb"), ("--engine", "reference"), ("--sql",)])
def test_it_re_performs(muniment: Muniment, bundled: Path, way: tuple[str, ...]) -> None:
    ran = muniment("reperform", bundled, *way)
    assert ran.exit == 0
    assert "agree" in ran.out.splitlines()[0]
    assert "differs" not in ran.out


@pytest.mark.parametrize("month", [APRIL, JUNE])
def test_a_month_that_nobody_locked_is_bundled_as_it_is_computed_and_says_so(
    muniment: Muniment, small: SmallContract, tmp_path: Path, month: Month
) -> None:
    out = tmp_path / "month.zip"
    assert muniment("bundle", small.folder, f"tiny/{month}", "--out", out).exit == 0
    assert (manifest(out)["version"], manifest(out)["locked"]) == (None, "not locked")
    assert "NOT LOCKED" in read(out, "README.txt").decode()
    assert muniment("reperform", out).exit == 0
    assert muniment("reperform", out, "--sql").exit == 0


def test_a_pseudonymised_bundle_names_no_row_and_gives_the_same_statement(
    muniment: Muniment, small: SmallContract, bundled: Path, tmp_path: Path
) -> None:
    out, salt = tmp_path / "hidden.zip", tmp_path / "hidden.zip.salt"
    assert muniment("bundle", small.folder, "tiny/2019-05/v1", "--pseudonymise", "--out", out).exit == 0
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    everything = contents(out) + contents(BytesIO(read(out, "audit.xlsx")))
    assert b"=V2019-05" not in everything
    assert b"HYPERLINK" not in everything
    assert salt.read_bytes().strip() not in everything
    assert b"More chairs." not in everything
    assert read(out, "expected/statement.json") == read(bundled, "expected/statement.json")
    for way in (("--engine", "duckdb"), ("--engine", "reference"), ("--sql",)):
        assert muniment("reperform", out, *way).exit == 0
    again = tmp_path / "again.zip"
    muniment("bundle", small.folder, "tiny/2019-05/v1", "--pseudonymise", "--salt", salt, "--out", again)
    assert again.read_bytes() == out.read_bytes()


def test_no_pseudonymised_bundle_is_made_of_a_record_that_names_rows(
    muniment: Muniment, own: SmallContract, tmp_path: Path
) -> None:
    """A challenge that was withdrawn is in the chain all the same, and the chain is what a bundle is proved by."""
    own.record(subject="tiny/visits/2019-06/s1", payload=SubmissionApproved(), side="supplier", actor="p-3")
    challenged = EvidenceChallenged("tiny/visits/2019-06/s1", "Who was it?", rows=("=V2019-06-003",))
    entry = own.record(subject="tiny/visits/2019-06/q1", payload=challenged)
    made = muniment("bundle", own.folder, "tiny/2019-05/v1", "--pseudonymise", "--out", tmp_path / "x.zip")
    says = f"entry {entry.seq} (evidence.challenged) names rows as they were submitted"
    assert (made.exit, says in made.err, "as known before 2019-07-05 (--known)" in made.err) == (1, True, True)
    assert not (tmp_path / "x.zip").exists()
    before = ("--known", "2019-06-14", "--out", tmp_path / "x.zip")
    assert muniment("bundle", own.folder, "tiny/2019-05/v1", "--pseudonymise", *before).exit == 0
    assert b"=V2019-06" not in contents(tmp_path / "x.zip")


def test_figures_that_do_not_follow_from_the_rows_are_listed(
    muniment: Muniment, small: SmallContract, tmp_path: Path
) -> None:
    """A forger of an unlocked month can make everything fit but the figures."""
    from tests.adapters.bundles.forgery import with_statement

    out, forged = tmp_path / "june.zip", tmp_path / "forged.zip"
    muniment("bundle", small.folder, "tiny/2019-06", "--out", out)
    statement = json.loads(read(out, "expected/statement.json"))
    seen = next(result for result in statement["results"] if result["kpi"] == "SEEN")
    seen["measured"]["numerator"] = "19"
    with ZipFile(out) as archive, ZipFile(forged, "w") as into:
        for name, content in with_statement({n: archive.read(n) for n in archive.namelist()}, statement).items():
            into.writestr(name, content)
    ran = muniment("reperform", forged)
    assert ran.exit == 1
    assert "differs: SEEN, numerator: 19 -> 16" in ran.out
    by_sql = muniment("reperform", forged, "--sql")
    assert (by_sql.exit, "SEEN: expected 19 / 19, the SQL gives 16 / 19" in by_sql.out) == (1, True)


def test_a_damaged_bundle_is_not_re_performed(muniment: Muniment, bundled: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    with ZipFile(bundled) as archive, ZipFile(damaged, "w") as into:
        for name in archive.namelist():
            into.writestr(name, archive.read(name) + (b"\n" if name == "rows/visits/2019-05.csv" else b""))
    ran = muniment("reperform", damaged)
    assert ran.exit == 1
    assert "rows/visits/2019-05.csv: it was altered" in ran.err


def test_a_member_that_would_be_written_elsewhere_is_refused(muniment: Muniment, bundled: Path, tmp_path: Path) -> None:
    from tests.adapters.bundles.forgery import with_manifest

    with ZipFile(bundled) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    climbing = tmp_path / "climbing.zip"
    with ZipFile(climbing, "w") as into:
        for name, content in with_manifest({**members, "sql/../../../escaped": b"x"}).items():
            into.writestr(name, content)
    ran = muniment("reperform", climbing)
    assert ran.exit == 1
    assert "no bundle has a member of that name" in ran.err


@pytest.mark.parametrize(
    ("submission", "digest"),
    [
        ("evidence/visits/../../../../x", "a" * 64),
        ("tiny/visits/2019-05/s1", "../../../../x"),
        ("tiny/visits/2019-05/s1", "../x"),
    ],
)
def test_re_performing_writes_into_its_own_folder_only(tmp_path: Path, submission: str, digest: str) -> None:
    """Whoever made the bundle wrote its manifest too."""
    member = f"rows/{submission.removeprefix('evidence/')}" if submission.startswith("evidence/") else "rows/v/1.csv"
    with pytest.raises(ProblemsFoundError, match="would be written elsewhere"):
        place_of_rows(tmp_path, ManifestRows(member, "v", submission, digest))


def test_text_that_is_not_what_was_adopted_is_not_bundled(muniment: Muniment, own: SmallContract) -> None:
    with (own.folder / "regime.yaml").open("a", encoding="utf-8") as file:
        file.write("# later\n")
    ran = muniment("bundle", own.folder, "tiny/2019-04", "--out", own.folder / "x.zip")
    assert ran.exit == 1
    assert "regime.yaml:1:1: the file is not as it was adopted" in ran.err
    assert not (own.folder / "x.zip").exists()


@pytest.mark.parametrize(
    ("asked", "exit_code", "said"),
    [
        ("2019-05", 2, "write it as cssc/2019-09/v1"),
        ("other/2019-05", 1, "this folder keeps the contract 'tiny', not 'other'"),
        ("tiny/2019-05/v2", 1, "there is no locked statement tiny/2019-05/v2 - bundle tiny/2019-05/v1"),
        ("tiny/2019-06/v1", 1, "lock the month, or bundle tiny/2019-06 as it is computed now"),
    ],
)
def test_what_cannot_be_bundled_is_said(
    muniment: Muniment, small: SmallContract, tmp_path: Path, asked: str, exit_code: int, said: str
) -> None:
    ran = muniment("bundle", small.folder, asked, "--out", tmp_path / "x.zip")
    assert (ran.exit, said in ran.err) == (exit_code, True)


def test_heads_are_those_of_the_record_and_of_each_statement(muniment: Muniment, small: SmallContract) -> None:
    heads = json.loads(muniment("heads", small.folder, "--format", "json").out)
    entries = small.entries()
    lock = next(entry for entry in entries if entry.kind == "month.locked")
    assert heads == {
        "contract": "tiny",
        "heads": [
            {
                "of": "record",
                "entry": len(entries),
                "head": entries[-1].hash,
                "recorded_at": "2019-07-05T09:00:00Z",
                "sealed": None,
            },
            {
                "of": "tiny/2019-05/v1",
                "entry": lock.seq,
                "head": lock.hash,
                "recorded_at": "2019-06-14T09:00:00Z",
                "sealed": lock.payload["statement"],
            },
        ],
    }


def test_the_readme_tells_an_auditor_what_each_file_is(bundled: Path) -> None:
    words = read(bundled, "README.txt").decode()
    with ZipFile(bundled) as archive:
        tops = {re.split(r"[/]", name)[0] for name in archive.namelist()}
    assert [top for top in sorted(tops - {"README.txt"}) if top not in words] == []

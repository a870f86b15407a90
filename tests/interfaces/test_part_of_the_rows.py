"""Rows that were rejected, and rows relieved by a grant in part, from the record to the bundle and back."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested
from muniment.domain.evidence.acceptance import RejectedRow, SubmissionAccepted, SubmissionApproved
from tests.adapters.bundles.forgery import with_statement
from tests.interfaces.conftest import Ran
from tests.interfaces.small_contract import JUNE, MAY, SmallContract, make_small_contract
from tests.interfaces.small_contract import visits as rows_of_visits

Muniment = Callable[..., Ran]
G1 = "tiny/SEEN/2019-06/g1"


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> SmallContract:
    """June without two visits, of which one had waited too long, and with the 3rd and 29th of June relieved."""
    made = make_small_contract(tmp_path_factory.mktemp("partly") / "contract")
    rejected = (RejectedRow("=V2019-06-001", "sent twice"), RejectedRow("=V2019-06-020", "sent twice"))
    visits = "tiny/visits/2019-06/s1"
    made.record(subject=visits, payload=SubmissionApproved(), side="supplier", actor="p-3")
    made.record(subject=visits, payload=SubmissionAccepted(rejected))
    request = MitigationRequested(kpi="SEEN", ground="authority_act", first=JUNE, last=JUNE)
    made.record(subject=G1, payload=request, side="supplier", actor="p-2")
    decided = MitigationDecided("granted_in_part", "no_points", rows=("=V2019-06-001",), days=("2019-06-03",))
    made.record(subject=G1, payload=decided)
    return made


def test_an_explanation_shows_both_values_and_every_rejected_row(muniment: Muniment, partly: SmallContract) -> None:
    said = json.loads(muniment("explain", partly.folder, "SEEN", "2019-06", "--format", "json").out)
    rejected = next(found for found in said["dispositions"] if found["disposition"] == "rejected: sent twice")
    assert rejected["sample"] == ["=V2019-06-001", "=V2019-06-020"]
    assert sum(found["rows"] for found in said["dispositions"]) == 40
    relieved = said["relieved"]
    assert (relieved["by"], relieved["rows"]) == ([G1], 2)  # two visits came on the 3rd; the row was rejected already
    assert relieved["value"] != said["value"]
    shown = muniment("explain", partly.folder, "SEEN", "2019-06").out
    assert f"Relieved  {relieved['value']}% = {relieved['numerator']} / {relieved['denominator']}" in shown


def test_a_check_has_nothing_to_say_of_rejected_rows_that_are_in_the_evidence(
    muniment: Muniment, partly: SmallContract
) -> None:
    ran = muniment("check", partly.folder)
    assert (ran.exit, "accepted without" in ran.out) == (0, False)


def test_a_check_warns_of_rejected_rows_that_are_not_in_the_evidence(muniment: Muniment, tmp_path: Path) -> None:
    """Whoever accepted it meant other rows: =V2019-05-007 is of another month, and V2019-06-008 is no row at all."""
    made = make_small_contract(tmp_path / "contract")
    visits = "tiny/visits/2019-06/s1"
    made.record(subject=visits, payload=SubmissionApproved(), side="supplier", actor="p-3")
    there, *elsewhere = ("=V2019-06-001", "=V2019-05-007", "V2019-06-008")
    rejected = tuple(RejectedRow(row, "sent twice") for row in (there, *elsewhere))
    accepted = made.record(subject=visits, payload=SubmissionAccepted(rejected))
    ran = muniment("check", made.folder)
    said = (
        f"ledger.jsonl:{accepted.seq}:1: warning: {visits} was accepted without rows that are not in it: "
        "'=V2019-05-007', 'V2019-06-008' - find out which rows were meant; until then these reject nothing"
    )
    assert (ran.exit, said in ran.out.splitlines()) == (0, True), ran.out


def test_rejected_rows_are_not_looked_for_in_evidence_from_elsewhere(muniment: Muniment, tmp_path: Path) -> None:
    made = make_small_contract(tmp_path / "contract")
    visits = "tiny/visits/2019-06/s1"
    made.record(subject=visits, payload=SubmissionApproved(), side="supplier", actor="p-3")
    made.record(subject=visits, payload=SubmissionAccepted((RejectedRow("V-1", "sent twice"),)))
    (tmp_path / "may.csv").write_text(rows_of_visits(MAY), encoding="utf-8")
    ran = muniment("check", made.folder, "--evidence", f"visits={tmp_path / 'may.csv'}")
    assert (ran.exit, "accepted without" in ran.out) == (0, False)


def test_both_engines_say_the_same(muniment: Muniment, partly: SmallContract) -> None:
    asked = ("assess", partly.folder, "--from", "2019-04", "--to", "2019-06", "--format", "json")
    quick, slow = (muniment(*asked, "--engine", engine) for engine in ("duckdb", "reference"))
    assert (quick.exit, quick.out) == (0, slow.out)


@pytest.mark.parametrize("way", [("--engine", "duckdb"), ("--engine", "reference"), ("--sql",)])
def test_its_bundle_re_performs(
    muniment: Muniment, partly: SmallContract, tmp_path: Path, way: tuple[str, ...]
) -> None:
    out = tmp_path / "june.zip"
    made = muniment("bundle", partly.folder, "tiny/2019-06", "--out", out)
    assert made.exit == 0, made.err
    with ZipFile(out) as archive:
        sealed = json.loads(archive.read("expected/results.json"))
    (seen,) = (result for result in sealed if result["kpi"] == "SEEN")
    assert (seen["measured"]["dispositions"]["rejected"], seen["relieved"]["rows"]) == (2, 2)
    ran = muniment("reperform", out, *way)
    assert (ran.exit, "differs" in ran.out) == (0, False), ran.out + ran.err


def test_the_bundles_sql_gives_the_relieved_figures_too(
    muniment: Muniment, partly: SmallContract, tmp_path: Path
) -> None:
    out = tmp_path / "june.zip"
    muniment("bundle", partly.folder, "tiny/2019-06", "--out", out)
    with ZipFile(out) as archive:
        (seen,) = (found for found in json.loads(archive.read("expected/results.json")) if found["kpi"] == "SEEN")
        script = archive.read("sql/SEEN.sql").decode()
    measured, relieved = ((seen[name]["numerator"], seen[name]["denominator"]) for name in ("measured", "relieved"))
    assert measured != relieved
    said = "SEEN: {} / {}, and {} / {} relieved".format(*measured, *relieved)
    ran = muniment("reperform", out, "--sql")
    assert (ran.exit, f"  agrees: {said}" in ran.out.splitlines()) == (0, True), ran.out + ran.err
    assert G1 in script
    assert "'=V2019-06-001'" in script


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("relieved", "numerator", "30"), "expected {m}, and 30 / {d} relieved, the SQL gives {m}, and {r} relieved"),
        (("relieved", "denominator", "99"), "expected {m}, and {n} / 99 relieved, the SQL gives {m}, and {r} relieved"),
    ],
)
def test_relieved_figures_that_do_not_follow_from_the_rows_are_found_by_sql(
    muniment: Muniment, partly: SmallContract, tmp_path: Path, changed: tuple[str, str, str], said: str
) -> None:
    out, forged = tmp_path / "june.zip", tmp_path / "forged.zip"
    muniment("bundle", partly.folder, "tiny/2019-06", "--out", out)
    with ZipFile(out) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    statement = json.loads(members["expected/statement.json"])
    (seen,) = (found for found in statement["results"] if found["kpi"] == "SEEN")
    measured, relieved = ("{numerator} / {denominator}".format(**seen[name]) for name in ("measured", "relieved"))
    n, d = relieved.split(" / ")
    part, figure, value = changed
    seen[part][figure] = value
    with ZipFile(forged, "w") as into:
        for name, content in with_statement(members, statement).items():
            into.writestr(name, content)
    ran = muniment("reperform", forged, "--sql")
    assert (ran.exit, f"differs: SEEN: {said.format(m=measured, r=relieved, n=n, d=d)}" in ran.out) == (1, True), (
        ran.out
    )


def test_named_rows_are_not_bundled_under_other_names(
    muniment: Muniment, partly: SmallContract, tmp_path: Path
) -> None:
    may = ("--out", tmp_path / "may.zip", "--pseudonymise")
    made = muniment("bundle", partly.folder, "tiny/2019-06", "--out", tmp_path / "june.zip", "--pseudonymise")
    assert made.exit == 1
    assert "(submission.accepted) names rows as they were submitted" in made.err
    assert not (tmp_path / "june.zip").exists()
    assert "as known before 2019-07-05" in muniment("bundle", partly.folder, "tiny/2019-05", *may).err
    earlier = muniment("bundle", partly.folder, "tiny/2019-05", *may, "--known", "2019-07-04")
    assert earlier.exit == 0, earlier.err


def test_a_month_with_parts_can_be_signed(muniment: Muniment, partly: SmallContract) -> None:
    without = ("--overdue", "parcels=accepted on paper")
    by = ("--as", "p-1", "--for", "authority", "--reason", "as computed")
    signed = muniment("sign", partly.folder, "2019-06", *without, *by)
    assert signed.exit == 0, signed.err

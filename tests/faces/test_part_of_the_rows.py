"""Rows that were rejected, and rows relieved by a grant in part, from the record to the bundle and back."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested
from muniment.domain.evidence.acceptance import RejectedRow, SubmissionAccepted, SubmissionApproved
from tests.faces.conftest import Ran
from tests.faces.small_contract import JUNE, SmallContract, make_small_contract

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


def test_named_rows_are_not_bundled_under_other_names(
    muniment: Muniment, partly: SmallContract, tmp_path: Path
) -> None:
    made = muniment("bundle", partly.folder, "tiny/2019-06", "--out", tmp_path / "june.zip", "--pseudonymise")
    assert made.exit == 1
    assert "the record names rows that were rejected or relieved" in made.err
    assert not (tmp_path / "june.zip").exists()
    earlier = muniment("bundle", partly.folder, "tiny/2019-05", "--out", tmp_path / "may.zip", "--pseudonymise")
    assert earlier.exit == 0, earlier.err


def test_a_month_with_parts_can_be_signed(muniment: Muniment, partly: SmallContract) -> None:
    without = ("--overdue", "parcels=accepted on paper")
    by = ("--as", "p-1", "--for", "authority", "--reason", "as computed")
    signed = muniment("sign", partly.folder, "2019-06", *without, *by)
    assert signed.exit == 0, signed.err

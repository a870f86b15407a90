"""A month whose evidence came as Parquet, bundled with pseudonyms."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest

from muniment.domain.evidence.submissions import SubmissionReceived
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import JUNE, SmallContract, make_small_contract, visits

STATEMENT = "tiny/2019-06"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallContract:
    """June's visits sent again, as Parquet."""
    folder = tmp_path_factory.mktemp("parquet")
    made = make_small_contract(folder / "contract")
    (folder / "visits.csv").write_text(visits(JUNE), encoding="utf-8")
    duckdb.read_csv(str(folder / "visits.csv"), null_padding=True).write_parquet(str(folder / "visits.parquet"))
    received = SubmissionReceived(
        table="visits",
        period=JUNE,
        file_name="visits.parquet",
        file_kind="parquet",
        sha256=made.store.blobs.put_file(folder / "visits.parquet"),
        rows=40,
        supersedes="tiny/visits/2019-06/s1",
    )
    made.record(subject="tiny/visits/2019-06/s2", payload=received, side="supplier", actor="p-2")
    return made


def test_rows_in_parquet_get_pseudonyms_and_re_perform(
    muniment: Muniment, small: SmallContract, tmp_path: Path
) -> None:
    plain, out, again = (tmp_path / f"{name}.zip" for name in ("plain", "hidden", "again"))
    muniment("bundle", small.folder, STATEMENT, "--out", plain)
    made = muniment("bundle", small.folder, STATEMENT, "--out", out, "--pseudonymise")
    assert made.exit == 0, made.err
    muniment("bundle", small.folder, STATEMENT, "--out", again, "--pseudonymise", "--salt", f"{out}.salt")
    assert sha256(again.read_bytes()).hexdigest() == sha256(out.read_bytes()).hexdigest()
    with ZipFile(out) as archive, ZipFile(plain) as shown:
        assert "rows/visits/2019-06.parquet" in archive.namelist()
        for name in ("expected/statement.json", "expected/results.json"):
            assert archive.read(name) == shown.read(name)
        with ZipFile(BytesIO(archive.read("audit.xlsx"))) as workbook:
            inside = b"".join(workbook.read(name) for name in workbook.namelist())
        inside += b"".join(archive.read(name) for name in archive.namelist())
    assert b"V2019-06" not in inside
    for way in (("--engine", "duckdb"), ("--engine", "reference"), ("--sql",)):
        ran = muniment("reperform", out, *way)
        assert (ran.exit, "differs" in ran.out) == (0, False), ran.out + ran.err

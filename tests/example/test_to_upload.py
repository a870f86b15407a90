"""December 2019, which a visitor of the demonstration plays: its files can be taken, but for one on purpose."""

from importlib.resources import files
from pathlib import Path

import pytest

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.take_in import take_in
from muniment.domain.kernel.period import Period
from muniment.domain.regime.agreed import read_agreed_text
from muniment.domain.regime.contract import Contract
from muniment.example.generator import OPEN_MONTH, TABLES, csv_of
from muniment.example.to_upload import SPOILT, SPOILT_NAME, files_to_upload, spoilt

FOLDER = Path(str(files("muniment.example"))) / "contract"


@pytest.fixture(scope="module")
def contract() -> Contract:
    text, _ = read_agreed_text({path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")})
    assert text is not None
    return text.contract(known=None)


def taken(content: bytes, *, table: str, contract: Contract, folder: Path) -> Intake:
    file = folder / f"{table}.csv"
    file.write_bytes(content)
    return take_in(Delivery(
        file=file, kind="csv", shown_as=file.name, table=contract.tables[table], zone=contract.zone,
        expected=Period(OPEN_MONTH, OPEN_MONTH), clocks=(), calendars=contract.calendars, into=folder / "taken.parquet",
    ))  # fmt: skip


def test_there_is_a_file_for_each_table_and_one_that_is_spoilt() -> None:
    assert [name for name, _ in files_to_upload()] == [*(f"{table}.csv" for table in TABLES), f"{SPOILT_NAME}.csv"]


@pytest.mark.parametrize("table", TABLES)
def test_december_can_be_taken_in_whole(table: str, contract: Contract, tmp_path: Path) -> None:
    intake = taken(csv_of(table=table, month=OPEN_MONTH), table=table, contract=contract, folder=tmp_path)
    assert [str(problem) for problem in intake.problems] == []


def test_the_spoilt_file_has_three_bad_rows_each_bad_in_its_own_way(contract: Contract, tmp_path: Path) -> None:
    content = spoilt(csv_of(table=SPOILT, month=OPEN_MONTH))
    found = taken(content, table=SPOILT, contract=contract, folder=tmp_path).problems
    assert [(problem.place.line, problem.what) for problem in found] == [
        (10, "contact_on '2020-01-09' is outside December 2019, the period of this file"),
        (120, "review_id is empty"),
        (301, "quality_mark 'good' is not a number"),
    ]


def test_the_readme_of_the_folder_names_the_lines() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"`{SPOILT_NAME}.csv`" in readme
    assert all(f"(line {line})" in readme for line in (10, 120, 301))

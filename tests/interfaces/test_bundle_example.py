"""Every locked month of the example from its bundle: re-performed by engine, by SQL, and in a spreadsheet program."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.adapters.bundles.verify import check_bundle
from muniment.application.bundle import make_bundle
from muniment.application.recalculation import statement_reference_of
from muniment.application.reperformance import reperform, reperform_by_sql
from tests.adapters.documents.spreadsheet import kpi_lines, recalculated

MONTHS = ("2019-04", "2019-05", "2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11")
Bundled = Callable[[str], Path]


@pytest.fixture
def bundled(demo: Path, tmp_path: Path) -> Bundled:
    def make(month: str) -> Path:
        asked, out = statement_reference_of(f"cssc/{month}/v1"), tmp_path / f"{month}.zip"
        return make_bundle(folder=demo, asked=asked, known=None, engine="duckdb", out=out, salt=None).path

    return make


def agrees_in_a_spreadsheet(bundle: Path, folder: Path) -> tuple[int, list[str]]:
    """How many KPIs agree, and which do not."""
    with ZipFile(bundle) as archive:
        lines = kpi_lines(recalculated(archive.read("audit.xlsx"), folder))
    return sum(line["Agrees"] is True for line in lines.values()), [
        code for code, line in lines.items() if line["Agrees"] is False
    ]


def test_september_comes_out_of_its_sql_and_of_its_workbook(bundled: Bundled, tmp_path: Path) -> None:
    bundle = bundled("2019-09")
    assert check_bundle(str(bundle), head=None).faults == []
    by_sql = reperform_by_sql(bundle=bundle)
    assert (len(by_sql.agreeing), by_sql.differing) == (41, ())
    assert "CSC_KPI_04: 7966 / 59985" in by_sql.agreeing
    assert agrees_in_a_spreadsheet(bundle, tmp_path / "sheets") == (41, [])


@pytest.mark.proof
@pytest.mark.parametrize("month", MONTHS)
def test_every_month_re_performs_in_every_way(bundled: Bundled, tmp_path: Path, month: str) -> None:
    bundle = bundled(month)
    assert check_bundle(str(bundle), head=None).faults == []
    same_engine = reperform(bundle=bundle, engine="duckdb")
    by_sql = reperform_by_sql(bundle=bundle)
    agreeing, disagreeing = agrees_in_a_spreadsheet(bundle, tmp_path / "sheets")
    assert (same_engine.differing, by_sql.differing, disagreeing) == ((), (), [])
    assert agreeing == len(by_sql.agreeing)
    print(f"\n{month}: same bytes; {len(by_sql.agreeing)} KPIs agree in SQL, {agreeing} in a spreadsheet")


@pytest.mark.proof
def test_november_re_performs_row_by_row(bundled: Bundled) -> None:
    assert reperform(bundle=bundled("2019-11"), engine="reference").differing == ()

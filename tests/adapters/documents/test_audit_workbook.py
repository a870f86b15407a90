"""The audit workbook: a spreadsheet program alone brings every figure out of the rows, and nothing else of them."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from muniment.adapters.documents import workbook as workbook_module
from muniment.adapters.documents.workbook import Audit, AuditTable, workbook
from muniment.adapters.documents.workbook_formulas import KpiCells, value
from muniment.adapters.documents.workbook_kpis import NOT_MEASURED
from muniment.application.bundle_contents import audit_of
from muniment.application.load import open_contract
from muniment.application.recalculation import ComputedStatement, compute
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL
from muniment.domain.evidence.measurement import Measurement, Tally
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.quantity import Rounding, RoundingMode
from tests.adapters.documents.spreadsheet import kpi_lines, recalculated
from tests.interfaces.small_contract import JUNE, MAY, SmallContract, make_small_contract

DESCRIBED: dict[str, Json] = {
    "contract": "tiny", "version": 1, "known": "2019-07-05", "statement": "a" * 64, "head": "b" * 64,
}  # fmt: skip
MODES: tuple[RoundingMode, ...] = ("half_up", "half_even", "up", "down")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallContract:
    return make_small_contract(tmp_path_factory.mktemp("workbook") / "contract")


def computed(small: SmallContract, month: Month) -> ComputedStatement:
    opened = open_contract(folder=small.folder, known=None)
    return compute(opened=opened, month=month, engine="duckdb", elsewhere={})


def audit(small: SmallContract, month: Month = MAY) -> Audit:
    return audit_of(computed(small, month), DESCRIBED, rows=None)


def member(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_every_figure_and_status_comes_out_of_the_formulas(small: SmallContract, tmp_path: Path) -> None:
    """June ends a quarter: one of its KPIs reads three months of the same sheet."""
    sheets = recalculated(workbook(audit(small, JUNE)), tmp_path)
    assert sheets["KPIs"][1][0] == "All 4 measured KPIs agree with the statement"
    lines = kpi_lines(sheets)
    assert {code: line["Agrees"] for code, line in lines.items()} == dict.fromkeys(lines, True)
    lost, quarter = lines["LOST"], lines["QUARTER"]
    assert (lost["Numerator"], lost["Denominator"], lost["Value"], lost["Status"]) == (2.5, 200, 1.2, "below target")
    assert (quarter["Period"], quarter["Numerator"], quarter["Denominator"]) == ("2019-04..2019-06", 60, 60)


def test_a_row_that_was_treated_otherwise_is_seen(small: SmallContract, tmp_path: Path) -> None:
    """Without this, 'agrees' might be a word that is always there."""
    whole = audit(small)
    tables = [_one_row_turned(table) if table.table.name == "visits" else table for table in whole.tables]
    sheets = recalculated(workbook(replace(whole, tables=tables)), tmp_path)
    agrees = {code: line["Agrees"] for code, line in kpi_lines(sheets).items()}
    assert agrees == {"SEEN": False, "LOST": True, "LATE": True, "QUARTER": ""}
    assert sheets["KPIs"][1][0] == "Only 2 of 3 measured KPIs agree with the statement"


def _one_row_turned(table: AuditTable) -> AuditTable:
    turned = {}
    for measure, codes in table.dispositions.items():
        row = next(row for row, code in codes.items() if code == COUNTED)
        turned[measure] = {**codes, row: IN_TOTAL} if measure.name == "seen_in_time" else codes
    return replace(table, dispositions=turned)


def test_a_kpi_that_was_not_measured_has_words_and_no_formula(small: SmallContract) -> None:
    sheet = member(workbook(audit(small)), "xl/worksheets/sheet2.xml")
    row = next(row for row in sheet.split("<row ") if ">QUARTER<" in row)
    assert NOT_MEASURED in row
    assert "<f>" not in row


def test_a_table_longer_than_a_sheet_goes_on_another(
    small: SmallContract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "ROWS_ON_A_SHEET", 25)
    sheets = recalculated(workbook(audit(small)), tmp_path)
    assert [name for name in sheets if name.startswith("visits")] == ["visits", "visits (2)"]
    assert sheets["KPIs"][1][0] == "All 3 measured KPIs agree with the statement"


def test_the_same_content_makes_the_same_bytes(small: SmallContract) -> None:
    assert workbook(audit(small)) == workbook(audit(small))


def test_texts_of_rows_never_become_formulas_or_links(small: SmallContract) -> None:
    content = workbook(audit(small))
    rows = member(content, "xl/worksheets/sheet3.xml")
    assert "<f>" not in rows
    assert "hyperlink" not in rows
    assert "=HYPERLINK(" in rows
    assert 'quotePrefix="1"' in member(content, "xl/styles.xml")


def test_formulas_carry_no_stored_result(small: SmallContract) -> None:
    """What is shown was computed by the program that shows it, or is not shown."""
    sheet = member(workbook(audit(small)), "xl/worksheets/sheet2.xml")
    formulas = re.findall(r"<f>[^<]*</f><v>([^<]*)</v>", sheet)
    assert len(formulas) > 10
    assert set(formulas) == {""}


def test_names_of_sheets_are_such_as_excel_takes() -> None:
    taken = {"kpis", "about", "history"}
    long = "a_very_long_name_of_a_table_of_evidence"
    names = [workbook_module._sheet_name(name, taken) for name in ("KPIs", "calls", "Calls", long, long, "History")]
    assert names == ["KPIs (2)", "calls", "Calls (2)", long[:31], f"{long[:27]} (2)", "History (2)"]


def test_every_rounding_rule_rounds_as_the_contract_does(small: SmallContract, tmp_path: Path) -> None:
    """Ties, near ties and others, in every mode and in 0 to 3 decimals, with whole numbers and with pence."""
    kpi = next(result.kpi for result in computed(small, MAY).month.results if result.kpi.code == "LOST")
    chance = Random(20191129)  # noqa: S311  # cases that can be repeated, not a secret
    cases = []
    for number in range(400):
        pence = number % 2
        of = Decimal(chance.choice([8, 16, 40, 125, 200, 400, 2000, 20_000, chance.randrange(1, 60_000)]))
        part = (
            Decimal(chance.randrange(int(of) * 100 + 1)).scaleb(-2) if pence else Decimal(chance.randrange(int(of) + 1))
        )
        cases.append((Rounding(chance.randrange(4), MODES[number // 2 % 4]), part, of))
    stream = BytesIO()
    with Workbook(stream) as book:
        sheet = book.add_worksheet("KPIs")
        for row, (rounding, part, of) in enumerate(cases):
            measured = Measurement(part, of, None, None, Tally(0, (), 0, 0))
            cells = KpiCells(f"A{row + 1}", f"B{row + 1}", f"C{row + 1}", "", "")
            sheet.write_number(row, 0, float(part))
            sheet.write_number(row, 1, float(of))
            sheet.write_formula(row, 2, value(replace(kpi, rounding=rounding), measured, cells), None, "")
    shown = recalculated(stream.getvalue(), tmp_path)["KPIs"]
    expected = [rounding.apply(Fraction(part) * 100 / Fraction(of)) for rounding, part, of in cases]
    found = [Decimal(repr(row[2])).quantize(value) for row, value in zip(shown, expected, strict=True)]
    error = [case for case, ours, theirs in zip(cases, expected, found, strict=True) if ours != theirs]
    assert error == []

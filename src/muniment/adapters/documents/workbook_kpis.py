"""The sheet 'KPIs' of the audit workbook: live figures beside the expected ones, and whether they agree."""

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from muniment.adapters.documents import workbook_formulas as formulas
from muniment.adapters.documents.workbook_formulas import KpiCells, RowsAt
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import STATUS_NAMES
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.regime.measures import Measure

_HEADINGS = (
    "KPI", "Title", "Evidence table", "Measure", "Period", "Numerator", "Denominator", "Value", "Status",
    "Target (edge)", "Minimum (edge)", "Target as agreed", "Minimum as agreed", "Rounding",
    "Expected numerator", "Expected denominator", "Expected value", "Expected status", "Agrees",
)  # fmt: skip
_NUMERATOR, _DENOMINATOR, _VALUE, _STATUS, _TARGET, _MINIMUM = 5, 6, 7, 8, 9, 10
EXPECTED_NUMERATOR, EXPECTED_DENOMINATOR, EXPECTED_VALUE, EXPECTED_STATUS, AGREES = 14, 15, 16, 17, 18
HEADING_ROW = 3
NO_DENOMINATOR = "a number of rows"
NOT_MEASURED = "not measured in this month"


def write_kpis(
    sheet: Worksheet,
    *,
    title: str,
    results: Sequence[Result],
    placed: Mapping[Measure, Sequence[RowsAt]],
    heading: Format,
    bold: Format,
) -> None:
    """A line for each KPI in force. One that was not measured has no formula, and says so."""
    sheet.set_column(0, len(_HEADINGS) - 1, 14)
    sheet.set_column(1, 1, 48)
    sheet.write_string(0, 0, title, bold)
    first, last = HEADING_ROW + 1, HEADING_ROW + max(len(results), 1)
    agrees = f"{xl_rowcol_to_cell(first, AGREES)}:{xl_rowcol_to_cell(last, AGREES)}"
    measured = sum(result.measurement is not None for result in results)
    right = f'"All {measured} measured KPIs agree with the statement"'
    error = f'"Only "&COUNTIF({agrees},TRUE)&" of {measured} measured KPIs agree with the statement"'
    sheet.write_formula(1, 0, f"=IF(COUNTIF({agrees},TRUE)={measured},{right},{error})", bold, "")
    for number, words in enumerate(_HEADINGS):
        sheet.write_string(HEADING_ROW, number, words, heading)
    for row, result in enumerate(results, start=first):
        _write_terms(sheet, row, result)
        if result.measurement is None:
            sheet.write_string(row, _NUMERATOR, NOT_MEASURED)
            sheet.write_string(row, EXPECTED_STATUS, STATUS_NAMES[result.standing.status])
        else:
            _write_live(sheet, row, result, result.measurement, placed.get(result.kpi.measure, ()))
    sheet.freeze_panes(first, 1)


def _write_terms(sheet: Worksheet, row: int, result: Result) -> None:
    """What the agreed text says; in order of columns, as a workbook written row by row wants it."""
    kpi = result.kpi
    for number, words in enumerate((kpi.code, kpi.title, kpi.measure.table, kpi.measure.name, str(result.period))):
        sheet.write_string(row, number, words)
    sheet.write_number(row, _TARGET, float(kpi.target.edge))
    sheet.write_number(row, _MINIMUM, float(kpi.minimum.edge))
    for number, words in enumerate((str(kpi.target), str(kpi.minimum), str(kpi.rounding)), start=_MINIMUM + 1):
        sheet.write_string(row, number, words)


def _write_live(sheet: Worksheet, row: int, result: Result, measurement: Measurement, places: Sequence[RowsAt]) -> None:
    kpi, period = result.kpi, result.period
    cells = _cells(row)
    denominator = formulas.denominator(kpi.measure, places, period)
    sheet.write_formula(row, _NUMERATOR, formulas.numerator(kpi.measure, places, period), None, "")
    if denominator is None:
        sheet.write_string(row, _DENOMINATOR, NO_DENOMINATOR)
        sheet.write_string(row, EXPECTED_DENOMINATOR, NO_DENOMINATOR)
    else:
        sheet.write_formula(row, _DENOMINATOR, denominator, None, "")
        sheet.write_number(row, EXPECTED_DENOMINATOR, float(measurement.denominator or 0))
    sheet.write_formula(row, _VALUE, formulas.value(kpi, measurement, cells), None, "")
    sheet.write_formula(row, _STATUS, formulas.status(kpi, cells, places=places, period=period), None, "")
    sheet.write_number(row, EXPECTED_NUMERATOR, float(measurement.numerator))
    if measurement.value is None:
        sheet.write_string(row, EXPECTED_VALUE, "")
    else:
        sheet.write_number(row, EXPECTED_VALUE, float(measurement.value))
    sheet.write_string(row, EXPECTED_STATUS, STATUS_NAMES[result.standing.status])
    sheet.write_formula(row, AGREES, _agrees(row), None, "")


def _cells(row: int) -> KpiCells:
    columns = (_NUMERATOR, _DENOMINATOR, _VALUE, _TARGET, _MINIMUM)
    numerator, denominator, value, target, minimum = (xl_rowcol_to_cell(row, column) for column in columns)
    return KpiCells(numerator=numerator, denominator=denominator, value=value, target=target, minimum=minimum)


def _agrees(row: int) -> str:
    figures = (
        (_NUMERATOR, EXPECTED_NUMERATOR), (_DENOMINATOR, EXPECTED_DENOMINATOR), (_VALUE, EXPECTED_VALUE),
    )  # fmt: skip
    same = [_same(xl_rowcol_to_cell(row, live), xl_rowcol_to_cell(row, expected)) for live, expected in figures]
    statuses = f"{xl_rowcol_to_cell(row, _STATUS)}={xl_rowcol_to_cell(row, EXPECTED_STATUS)}"
    return f"=IFERROR(AND({','.join([*same, statuses])}),FALSE)"


def _same(live: str, expected: str) -> str:
    """Equal to the sixth decimal, which is as exact as evidence can be; or the same words."""
    return f'IF(ISNUMBER({expected}),ROUND({live}-{expected},6)=0,{live}&""={expected}&"")'

"""The drawings on pages: the chart of a KPI's history, and the small line beside it on the page of a month."""

from collections.abc import Mapping, Sequence

from muniment.adapters.documents.chart import chart_svg
from muniment.adapters.documents.sparkline import sparkline_svg
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.report.areas import areas_of
from muniment.domain.assessment.result import Result
from muniment.domain.board.chart_data import ChartData
from muniment.domain.kernel.period import Month, months_from

CHART_MONTHS = 24
SPARKLINE_MONTHS = 12


def charts_of_kpis(reading: Reading, by_kpi: Mapping[str, Sequence[Result]]) -> dict[str, str]:
    """KPI -> its last months drawn; empty where there is nothing to draw. `by_kpi`: every result, by its KPI."""
    drawn = _charts(reading, by_kpi)
    return {code: chart_svg(drawn[code]) if code in drawn else "" for code in by_kpi}


def sparklines(reading: Reading, results: Sequence[Result], *, month: Month) -> dict[str, str]:
    """KPI -> its small line up to that month, for the page of the month."""
    first = max(reading.start, month.plus(1 - SPARKLINE_MONTHS))
    drawn = [result for result in results if first <= result.month <= month]
    areas = areas_of(reading=reading, results=drawn, months=tuple(months_from(first, month)))
    return {section.code: sparkline_svg(section.chart) for area in areas for section in area.kpis if section.chart}


def _charts(reading: Reading, by_kpi: Mapping[str, Sequence[Result]]) -> dict[str, ChartData]:
    """The charts of the board report. A KPI that is in force no more is drawn up to its last month."""
    by_end: dict[Month, list[Result]] = {}
    for found in by_kpi.values():
        by_end.setdefault(found[-1].month, []).extend(found)
    charts: dict[str, ChartData] = {}
    for end, results in by_end.items():
        first = max(reading.start, end.plus(1 - CHART_MONTHS))
        drawn = [result for result in results if result.month >= first]
        for area in areas_of(reading=reading, results=drawn, months=tuple(months_from(first, end))):
            charts.update({section.code: section.chart for section in area.kpis if section.chart})
    return charts

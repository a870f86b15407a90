"""The pages of KPIs, as they are projected: one KPI in one month explained, and its history with a chart."""

from collections.abc import Mapping, Sequence

from muniment.adapters.documents.chart import chart_svg
from muniment.adapters.documents.sparkline import sparkline_svg
from muniment.application.json_output import explanation_json
from muniment.application.month_projections import RecordFacts
from muniment.commands.queries.explain import Explanation, explanations
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.report.areas import areas_of
from muniment.commands.queries.terms import regime_of_month
from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.words import shown_value
from muniment.domain.board.chart_data import ChartData
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, months_from

CHART_MONTHS = 24
SPARKLINE_MONTHS = 12


def kpi_month_pages(reading: Reading, known: RecordFacts, results: Sequence[Result]) -> dict[str, Json]:
    """`2019-11/CSC_KPI_04`: a KPI-month as `muniment explain` has it, and what people said and decided about it."""
    return {
        f"{explained.result.month}/{explained.result.kpi.code}": _kpi_month_page(reading, known, explained)
        for explained in explanations(reading, results)
    }


def _kpi_month_page(reading: Reading, known: RecordFacts, explained: Explanation) -> dict[str, Json]:
    result, kpi = explained.result, explained.result.kpi
    explanation = explanation_json(contract=reading.contract.id, known=reading.known, explanation=explained)
    assert isinstance(explanation, dict)
    return {
        **explanation,
        "name": result.month.name,
        "shown": shown_value(result),
        "sum": explained.sum_line,
        "relieved_sum": explained.relieved_line,
        "area": kpi.area,
        "title": kpi.title,
        "clause": kpi.clause or "",
        "is_disputed": known.is_disputed(kpi=kpi.code, month=result.month),
        "mitigations": _mitigations(reading, result),
        "failure_notes": _notes(known, result),
        "repeat": f"muniment explain database:{known.contract} {kpi.code} {result.month}",
    }


def _mitigations(reading: Reading, result: Result) -> list[Json]:
    """Those asked for this KPI that touch the month, in the order of the requests."""
    grounds = reading.text.regime_at(on=result.period.first_day, known=reading.known).grounds
    return [
        _mitigation(found, title=grounds[found.ground].title if found.ground in grounds else found.ground)
        for found in reading.mitigations
        if found.kpi == result.kpi.code and found.overlaps(first=result.month, last=result.month)
    ]


def _mitigation(found: Mitigation, *, title: str) -> dict[str, Json]:
    return {
        "id": found.id,
        "ground": found.ground,
        "ground_title": title,
        "from": str(found.first),
        "to": str(found.last),
        "state": found.state,
        "decided_at": found.decision.recorded.at if found.decision else None,
    }


def granted_mitigations(reading: Reading) -> list[Json]:
    """Every grant, whole or in part, with the last day on which it holds."""
    found: list[Json] = []
    for each in reading.mitigations:
        if each.state in ("granted", "granted_in_part"):
            regime = regime_of_month(text=reading.text, known=reading.known, month=each.first)
            title = regime.grounds[each.ground].title if each.ground in regime.grounds else each.ground
            found.append({**_mitigation(each, title=title), "kpi": each.kpi, "until": each.last.last_day.isoformat()})
    return found


def _notes(known: RecordFacts, result: Result) -> list[Json]:
    """Those on the KPI's period that ends in this month, in the order of recording: the last one counts."""
    return [
        {
            "id": note.id,
            "seq": note.recorded.seq,
            "at": note.recorded.at,
            "by": note.recorded.actor,
            "cause": note.explained.cause,
            "effect": note.explained.effect,
            "remedy": note.explained.remedy,
        }
        for note in known.notes
        if (note.kpi, note.period) == (result.kpi.code, result.month)
    ]


def kpi_pages(reading: Reading, results: Sequence[Result]) -> dict[str, Json]:
    """`CSC_KPI_04`: every month of a KPI, and the last of them drawn."""
    by_kpi: dict[str, list[Result]] = {}
    for result in results:
        by_kpi.setdefault(result.kpi.code, []).append(result)
    charts = _charts(reading, by_kpi)
    return {code: _kpi_page(found, charts.get(code)) for code, found in by_kpi.items()}


def sparklines(reading: Reading, results: Sequence[Result], *, month: Month) -> dict[str, Json]:
    """KPI -> its small line up to that month, for the page of the month."""
    first = max(reading.start, month.plus(1 - SPARKLINE_MONTHS))
    drawn = [result for result in results if first <= result.month <= month]
    areas = areas_of(reading=reading, results=drawn, months=tuple(months_from(first, month)))
    return {section.code: sparkline_svg(section.chart) for area in areas for section in area.kpis if section.chart}


def _kpi_page(found: Sequence[Result], chart: ChartData | None) -> dict[str, Json]:
    latest = found[-1].kpi
    months: list[Json] = [_month(result) for result in found]
    return {
        "title": latest.title,
        "area": latest.area,
        "unit": latest.unit,
        "chart": chart_svg(chart) if chart else "",
        "sparkline": sparkline_svg(chart) if chart else "",
        "months": months,
    }


def _month(result: Result) -> dict[str, Json]:
    value = result.measurement.value if result.measurement else None
    return {
        "month": str(result.month),
        "name": result.month.name,
        "value": shown_value(result),
        "number": "" if value is None else f"{value:f}",
        "status": result.standing.status,
        "category": result.category.label,
        "target": str(result.kpi.target),
        "minimum": str(result.kpi.minimum),
        "is_mitigated": result.is_mitigated,
        "points": str(result.points),
    }


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

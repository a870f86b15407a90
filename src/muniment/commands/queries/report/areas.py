"""The per-area tables and charts: every KPI that was in force in the report's months."""

from collections.abc import Mapping, Sequence

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.report.figures import mark_of, points_figure, value_figure
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.words import VERDICTS, counted_of, shown_value
from muniment.domain.board.chart_data import ChartData, ChartLevel, ChartNotice, ChartPoint
from muniment.domain.board.report import AreaSection, KpiSection, ReportedKpiMonth, StatusMark
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month, long_date
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.levels import Level
from muniment.domain.regime.notices import Notice, amended_path

NOT_IN_FORCE = "not in force"


def areas_of(*, reading: Reading, results: Sequence[Result], months: Sequence[Month]) -> tuple[AreaSection, ...]:
    """An area per service area of the contract that has KPIs, in the contract's order."""
    by_kpi: dict[str, dict[Month, Result]] = {}
    for result in results:
        by_kpi.setdefault(result.kpi.code, {})[result.month] = result
    areas = []
    for area, name in reading.contract.areas.items():
        mine = {code: found for code, found in by_kpi.items() if _latest(found).kpi.area == area}
        if mine:
            sections = tuple(_section(reading, mine[code], months) for code in sorted(mine))
            areas.append(AreaSection(name, sections))
    return tuple(areas)


def _latest(found: Mapping[Month, Result]) -> Result:
    return found[max(found)]


def _section(reading: Reading, found: Mapping[Month, Result], months: Sequence[Month]) -> KpiSection:
    latest = _latest(found)
    kpi = latest.kpi
    notices = notices_touching(reading=reading, kpi=kpi, months=months)
    return KpiSection(
        code=kpi.code,
        title=kpi.title,
        target=str(kpi.target),
        minimum=str(kpi.minimum),
        months=tuple(_month(found.get(month), month) for month in months),
        chart=_chart(found, months, notices),
        notices=tuple(Words.of(_notice_sentence(notice)) for notice in notices),
        owner=kpi.owner or "",
    )


def _month(result: Result | None, month: Month) -> ReportedKpiMonth:
    if result is None:
        nothing = Figure(NOT_IN_FORCE)
        mark = StatusMark(NOT_IN_FORCE, None)
        return ReportedKpiMonth(month, nothing, "", NOT_IN_FORCE, NOT_IN_FORCE, mark, Figure("0", "0"), None)
    return ReportedKpiMonth(
        month=month,
        value=value_figure(result),
        counted=counted_of(result),
        target=str(result.kpi.target),
        minimum=str(result.kpi.minimum),
        status=mark_of(result),
        points=points_figure(result),
        category=result.category,
    )


def _chart(found: Mapping[Month, Result], months: Sequence[Month], notices: Sequence[Notice]) -> ChartData:
    latest = _latest(found)
    kpi = latest.kpi
    return ChartData(
        id=f"chart-{kpi.code}",
        finding=finding_of(found),
        subject=f"{kpi.code}, {kpi.title}",
        unit="%" if kpi.is_percent else kpi.unit,
        direction="lower is better" if kpi.target.lower_is_better else "higher is better",
        points=tuple(_point(found.get(month), month) for month in months),
        notices=tuple(ChartNotice(_first_month(notice, months), notice.number) for notice in notices),
    )


def _first_month(notice: Notice, months: Sequence[Month]) -> Month:
    return max(months[0], Month.of(notice.effective))


def finding_of(found: Mapping[Month, Result]) -> str:
    """What a KPI's chart shows: its last measured month, and the line that was missed or met."""
    measured = [r for r in found.values() if r.measurement is not None and r.measurement.value is not None]
    if not measured:
        return f"{_latest(found).kpi.code} was not measured in these months"
    last = max(measured, key=lambda result: result.month)
    tail = ", mitigated" if last.is_mitigated else ""
    return f"{shown_value(last)} in {last.period.name}: {VERDICTS[last.standing.status]}{tail}"


def _point(result: Result | None, month: Month) -> ChartPoint:
    if result is None:
        return ChartPoint(month, None, NOT_IN_FORCE, None, None, None)
    measurement = result.measurement
    return ChartPoint(
        month=month,
        value=measurement.value if measurement is not None else None,
        text=shown_value(result),
        standing=mark_of(result).standing if measurement is not None and measurement.value is not None else None,
        target=_level(result.kpi.target),
        minimum=_level(result.kpi.minimum),
        is_mitigated=result.is_mitigated,
    )


def _level(level: Level) -> ChartLevel:
    return ChartLevel(level.edge, f"{level.edge:f}{'%' if level.is_percent else ''}")


def notices_touching(*, reading: Reading, kpi: Kpi, months: Sequence[Month]) -> tuple[Notice, ...]:
    """The notices known that change this KPI, or its measure, from a month within the range."""
    found = []
    for notice in reading.text.notices:
        is_known = reading.known is None or notice.signed <= reading.known
        if is_known and months[0].first_day <= notice.effective <= months[-1].last_day and _touches(notice, kpi):
            found.append(notice)
    return tuple(sorted(found, key=lambda notice: notice.order))


def _touches(notice: Notice, kpi: Kpi) -> bool:
    subjects = {amended_path(amendment) for amendment in notice.text.amend}
    return bool(subjects & {("kpis", kpi.code), ("measures", kpi.measure.name)})


def _notice_sentence(notice: Notice) -> str:
    title = notice.title.rstrip(".")
    return f"{notice.number}: {title}. Signed {long_date(notice.signed)}, in force from {long_date(notice.effective)}."

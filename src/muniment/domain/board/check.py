"""Checks a board report before it is rendered: totals, months, charts and lists of KPIs must agree."""

from collections.abc import Iterator

from muniment.domain.assessment.status import Category
from muniment.domain.board.report import BoardReport, KpiSection, SummaryColumn

MOST_MONTHS = 13
"""A year and the same month of the year before: what a table holds on paper and still can be read."""


class ReportCheckError(ValueError):
    """Raised with every fault found, a sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def check_report(report: BoardReport) -> None:
    """Raise ReportCheckError unless every column of Table 1 adds up to its total, every table has the report's
    months, every chart shows what its table says, and, where KPIs are listed, Table 1 counts the same KPIs as the
    list does."""
    faults = (
        *_month_faults(report),
        *_sum_faults(report),
        *_list_faults(report),
        *_chart_faults(report),
        *_code_faults(report),
    )
    if faults:
        raise ReportCheckError(faults)


def _month_faults(report: BoardReport) -> Iterator[str]:
    months = tuple(heading.month for heading in report.months)
    if not 1 <= len(months) <= MOST_MONTHS:
        yield f"the report covers {len(months)} months - a table holds 1 to {MOST_MONTHS}, so choose fewer"
    if tuple(column.heading for column in report.summary) != report.months:
        yield "Table 1: its columns are not the months covered - give it one column a month, oldest first"
    for kpi in _kpis(report):
        if tuple(row.month for row in kpi.months) != months:
            yield f"{kpi.code}: its months are not the months covered - give it one entry a month, oldest first"


def _sum_faults(report: BoardReport) -> Iterator[str]:
    for column in report.summary:
        name = f"Table 1, {column.heading.month.name}"
        if column.total is None:
            if column.counts or not column.word:
                yield f"{name}: it has no total - give it one, or no counts and the word for why"
        elif len(column.counts) != len(Category):
            yield f"{name}: {len(column.counts)} counts for {len(Category)} rows - give every row its count"
        elif sum(count.number for count in column.counts) != column.total.number:
            terms = " + ".join(str(count.number) for count in column.counts)
            found = sum(count.number for count in column.counts)
            yield (
                f"{name}: {terms} = {found}, but {column.total.number} KPIs were in force - "
                "every KPI in force belongs in exactly one row"
            )


def _list_faults(report: BoardReport) -> Iterator[str]:
    if not report.areas:
        return
    for index, column in enumerate(report.summary):
        if column.total is not None and len(column.counts) == len(Category):
            yield from _differences(report, index, column)


def _differences(report: BoardReport, index: int, column: SummaryColumn) -> Iterator[str]:
    listed = [kpi.months[index].category for kpi in _kpis(report) if index < len(kpi.months)]
    for category, count in zip(Category, column.counts, strict=True):
        if listed.count(category) != count.number:
            yield (
                f"Table 1, {column.heading.month.name}: {count.number} KPIs '{category.printed}', but the service "
                f"areas list {listed.count(category)} - both must come from one assessment"
            )


def _chart_faults(report: BoardReport) -> Iterator[str]:
    for kpi in _kpis(report):
        if kpi.chart is None:
            continue
        points, rows = kpi.chart.points, kpi.months
        shown = [(point.month, point.standing, point.is_mitigated) for point in points]
        # A month without a value has no mark: evidence that never came may count as below minimum all the same.
        unmarked = {point.month for point in points if point.value is None}
        listed = [(row.month, None if row.month in unmarked else row.status.standing, row) for row in rows]
        if shown != [(month, standing, bool(row.status.mitigation)) for month, standing, row in listed]:
            yield f"{kpi.code}: its chart and its table differ in a month or a status - make both from one assessment"


def _code_faults(report: BoardReport) -> Iterator[str]:
    codes = [kpi.code for kpi in _kpis(report)]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{code}: it is listed {codes.count(code)} times - list a KPI once"
    charts = [kpi.chart.id for kpi in _kpis(report) if kpi.chart is not None]
    for name in sorted({name for name in charts if charts.count(name) > 1}):
        yield f"chart {name}: {charts.count(name)} charts have this id - give every chart its own"


def _kpis(report: BoardReport) -> Iterator[KpiSection]:
    for area in report.areas:
        yield from area.kpis

"""A report that does not add up is never printed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.assessment.status import Category
from muniment.domain.board.chart_data import ChartData, ChartPoint
from muniment.domain.board.check import ReportCheckError, check_report
from muniment.domain.board.report import (
    AreaSection,
    BoardReport,
    Count,
    KpiSection,
    MonthHeading,
    Provenance,
    ReportedKpiMonth,
    StatusMark,
    SummaryColumn,
)
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month

OCTOBER, NOVEMBER = Month(2019, 10), Month(2019, 11)
NONE = Words.of("None.")


def kpi(code: str, *categories: Category | None) -> KpiSection:
    """A KPI in the row of Table 1 that is named for October, and then for November."""
    months = tuple(
        ReportedKpiMonth(month, Figure("97%"), "97 of 100", "at least 95%", "at least 90%", mark, Figure("0"), category)
        for month, category in zip((OCTOBER, NOVEMBER), categories, strict=True)
        for mark in [StatusMark("met target", "met_target")]
    )
    points = tuple(ChartPoint(row.month, Decimal(97), "97%", "met_target", None, None) for row in months)
    chart = ChartData(code, "All is well", "calls answered", "%", "higher is better", points)
    return KpiSection(code, "Calls answered", "at least 95%", "at least 90%", months, chart)


def column(month: Month, *counts: int, total: int) -> SummaryColumn:
    return SummaryColumn(MonthHeading(month, 56), tuple(Count(count) for count in counts), Count(total))


def report() -> BoardReport:
    """Two KPIs in October, a third from November."""
    areas = (
        AreaSection(
            "Customer services",
            (
                kpi("CSC_KPI_01", Category.TSL_ACHIEVED, Category.TSL_ACHIEVED),
                kpi("CSC_KPI_02", Category.TSL_ACHIEVED, Category.MITIGATED),
                kpi("CSC_KPI_03", None, Category.NOT_MEASURED),
            ),
        ),
    )
    summary = (column(OCTOBER, 2, 0, 0, 0, 0, total=2), column(NOVEMBER, 1, 0, 0, 1, 1, total=3))
    return BoardReport(
        report_id="BR-1",
        version="version 1",
        title="November 2019: 1 of 3 at target",
        contract="A contract",
        authority="An authority",
        supplier="A supplier",
        board="A board",
        meeting=date(2020, 1, 30),
        months=tuple(each.heading for each in summary),
        coverage=NONE,
        changed_since="October 2019",
        changed=(),
        waiting=(),
        summary=summary,
        failures_summary=NONE,
        failures=(),
        mitigations_summary=NONE,
        mitigations=(),
        credits_summary=NONE,
        credits=(),
        projects=None,
        areas=areas,
        provenance=Provenance("As known on 22 January 2020", date(2020, 1, 22), "9f2c41d07be3", "Muniment"),
    )


def faults(error: BoardReport) -> str:
    with pytest.raises(ReportCheckError) as refusal:
        check_report(error)
    return str(refusal.value)


def test_a_report_whose_columns_add_up_passes() -> None:
    check_report(report())


def test_a_column_that_does_not_add_up_is_refused_with_the_sum_that_shows_it() -> None:
    good = report()
    error = replace(good, summary=(good.summary[0], column(NOVEMBER, 1, 0, 0, 1, 1, total=4)))
    assert "Table 1, November 2019: 1 + 0 + 0 + 1 + 1 = 3, but 4 KPIs were in force" in faults(error)


def with_october(error: BoardReport, *, point: ChartPoint) -> BoardReport:
    """The first KPI's October is below minimum, and its chart shows it as this point."""
    first, *others = error.areas[0].kpis
    assert first.chart is not None
    october = replace(first.months[0], status=StatusMark("below minimum", "below_minimum"))
    chart = replace(first.chart, points=(point, *first.chart.points[1:]))
    changed = replace(first, months=(october, *first.months[1:]), chart=chart)
    return replace(error, areas=(replace(error.areas[0], kpis=(changed, *others)),))


def test_a_month_that_counts_as_below_minimum_without_evidence_has_no_mark_in_the_chart() -> None:
    check_report(with_october(report(), point=ChartPoint(OCTOBER, None, "no evidence", None, None, None)))


def test_a_month_with_a_value_has_the_mark_of_its_status() -> None:
    value = ChartPoint(OCTOBER, Decimal(9), "9%", None, None, None)
    assert "its chart and its table differ" in faults(with_october(report(), point=value))


@given(
    row=st.integers(0, len(Category) - 1),
    error=st.integers(-3, 3).filter(bool),
    month=st.integers(0, 1),
    with_areas=st.booleans(),
)
def test_no_single_mistyped_count_gets_through(row: int, error: int, month: int, with_areas: bool) -> None:
    good = report()
    counts = list(good.summary[month].counts)
    counts[row] = Count(counts[row].number + error)
    summary = list(good.summary)
    summary[month] = replace(summary[month], counts=tuple(counts))
    assert "Table 1" in faults(replace(good, summary=tuple(summary), areas=good.areas if with_areas else ()))


def test_two_mistakes_that_cancel_out_are_still_found_against_the_list_of_kpis() -> None:
    good = report()
    error = replace(good, summary=(good.summary[0], column(NOVEMBER, 2, 0, 0, 0, 1, total=3)))
    found = faults(error)
    assert "2 KPIs 'TSL achieved', but the service areas list 1" in found
    assert "0 KPIs 'mitigated', but the service areas list 1" in found


def test_a_month_without_figures_needs_the_word_for_why() -> None:
    good = report()
    heading = good.summary[1].heading
    under_review = SummaryColumn(heading, (), None, word="under review")
    check_report(replace(good, summary=(good.summary[0], under_review)))
    assert "November 2019: it has no total" in faults(
        replace(good, summary=(good.summary[0], replace(under_review, word="")))
    )


def test_a_kpi_that_lacks_a_month_is_named() -> None:
    good = report()
    first = good.areas[0].kpis[0]
    short = replace(
        good, areas=(AreaSection("Customer services", (replace(first, months=first.months[:1], chart=None),)),)
    )
    assert "CSC_KPI_01: its months are not the months covered" in faults(short)


def test_a_chart_that_says_something_else_than_its_table_is_refused() -> None:
    good = report()
    first = good.areas[0].kpis[0]
    assert first.chart is not None
    points = (first.chart.points[0], replace(first.chart.points[1], standing="below_minimum"))
    other = replace(first, chart=replace(first.chart, points=points))
    error = replace(good, areas=(AreaSection("Customer services", (other, *good.areas[0].kpis[1:])),))
    assert "CSC_KPI_01: its chart and its table differ" in faults(error)


def test_a_kpi_that_is_listed_twice_is_refused() -> None:
    good = report()
    assert "CSC_KPI_01: it is listed 2 times" in faults(replace(good, areas=good.areas * 2))


def test_every_fault_is_told_at_once() -> None:
    good = report()
    error = replace(good, summary=(column(OCTOBER, 9, 0, 0, 0, 0, total=2), column(NOVEMBER, 9, 0, 0, 1, 1, total=3)))
    assert {"October", "November"} <= {line.split()[2] for line in faults(error).splitlines()}


def test_more_months_than_a_table_holds_are_refused() -> None:
    months = tuple(MonthHeading(OCTOBER.plus(n), n + 1) for n in range(14))
    summary = tuple(SummaryColumn(heading, (), None, word="under review") for heading in months)
    assert "covers 14 months" in faults(replace(report(), months=months, summary=summary, areas=()))

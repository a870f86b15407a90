"""A realistic report, invented: 41 KPIs in five service areas over five months."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from muniment.domain.assessment.status import Category
from muniment.domain.board.chart_data import ChartData, ChartLevel, ChartNotice, ChartPoint, Direction
from muniment.domain.board.report import (
    AreaSection,
    BoardReport,
    Count,
    CreditMonth,
    Failure,
    KpiSection,
    MonthHeading,
    ProjectFigure,
    ProjectsSection,
    Provenance,
    ReportedKpiMonth,
    ReportedMitigation,
    ReportedProject,
    StatusMark,
    SummaryColumn,
)
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month
from muniment.domain.regime.levels import BandStatus

FIRST = Month(2019, 7)
AREAS = (
    ("Customer services", "CSC", 9),
    ("Revenues and benefits", "REV", 9),
    ("ICT services", "ICT", 9),
    ("Human resources and payroll", "HRP", 8),
    ("Finance and procurement", "FIN", 6),
)
TITLES = (
    "Calls abandoned by the caller before an adviser answered",
    "Calls answered within 60 seconds",
    "E-mails and online forms answered within two business days of receipt",
    "Complaints answered in full within 15 business days, where the complaint was made by or for a vulnerable resident",
    "New claims and changes of circumstances decided within 21 days of the date on which all information was received",
    "Days on average to process a change of circumstances",
    "Priority 1 incidents not resolved within four service hours",
    "Payments made without error",
    "Availability of the public website",
)
WORDS: dict[BandStatus, str] = {
    "met_target": "met target",
    "below_target": "below target",
    "below_minimum": "below minimum",
}


@dataclass(frozen=True)
class Recipe:
    """How one sample KPI runs."""

    values: tuple[str, ...]
    target: str
    minimum: str
    unit: str = "%"
    direction: Direction = "higher is better"
    mitigated: tuple[int, ...] = ()
    notice: tuple[int, str, str, str] | None = None


GOOD = Recipe(("98.10", "97.45", "98.92", "99.01", "98.77"), "95", "90")
RECIPES: dict[int, Recipe] = {
    0: Recipe(
        ("12.41", "11.87", "13.28", "9.12", "10.62"),
        "5",
        "10",
        direction="lower is better",
        notice=(3, "CN-021", "7", "10"),
    ),
    1: Recipe(("58.53", "61.20", "66.04", "70.71", "69.30"), "80", "75", mitigated=(0, 1, 2, 3, 4)),
    3: Recipe(
        ("96.00", "94.20", "93.10", "89.40", "92.00"), "95", "90", mitigated=(3, 4), notice=(4, "CN-024", "94", "90")
    ),
    4: Recipe(("not due", "not due", "97.30", "not due", "not due"), "95", "90"),
    5: Recipe(("11", "14", "12", "13", "12"), "14", "16", unit="days", direction="lower is better"),
    6: Recipe(("0", "1", "0", "0", "0"), "0", "2", unit="incidents", direction="lower is better"),
    8: Recipe(("99.95", "99.99", "100.00", "99.97", "99.98"), "99.9", "99.5"),
    14: Recipe(("not due", "not due", "95.00", "not due", "not due"), "95", "95"),
    20: Recipe(("92.10", "93.30", "94.00", "93.90", "91.00"), "95", "90", mitigated=(0, 1, 2, 3, 4)),
}


def standing_of(value: Decimal, target: Decimal, minimum: Decimal, direction: Direction) -> BandStatus:
    sign = 1 if direction == "higher is better" else -1
    if value * sign >= target * sign:
        return "met_target"
    return "below_target" if value * sign >= minimum * sign else "below_minimum"


def levels_at(recipe: Recipe, index: int) -> tuple[str, str]:
    if recipe.notice is not None and index >= recipe.notice[0]:
        return recipe.notice[2], recipe.notice[3]
    return recipe.target, recipe.minimum


def level_words(recipe: Recipe, level: str) -> str:
    words = "at least" if recipe.direction == "higher is better" else "at most"
    return f"{words} {level}{'%' if recipe.unit == '%' else ''}"


def kpi_month(code: str, recipe: Recipe, index: int) -> ReportedKpiMonth:
    month, text = FIRST.plus(index), recipe.values[index]
    target, minimum = levels_at(recipe, index)
    is_measured = text[0].isdigit()
    standing = standing_of(Decimal(text), Decimal(target), Decimal(minimum), recipe.direction) if is_measured else None
    is_mitigated = index in recipe.mitigated and standing != "met_target"
    category: Category = Category.NOT_MEASURED
    if standing is not None:
        by_standing: dict[BandStatus, Category] = {
            "met_target": Category.TSL_ACHIEVED,
            "below_target": Category.MSL_ACHIEVED,
            "below_minimum": Category.BELOW_MSL,
        }
        category = Category.MITIGATED if is_mitigated else by_standing[standing]
    suffix = "%" if recipe.unit == "%" else f" {recipe.unit}"
    fact, points = f"{code}/{month}/value", "15" if category == Category.BELOW_MSL else "0"
    return ReportedKpiMonth(
        month=month,
        value=Figure(f"{text}{suffix}", text, fact) if is_measured else Figure(text),
        counted="7,966 of 59,985 counted calls" if is_measured else "no evidence in this month",
        target=level_words(recipe, target),
        minimum=level_words(recipe, minimum),
        status=StatusMark(
            WORDS[standing] if standing else "not measured", standing, "mitigated" if is_mitigated else ""
        ),
        points=Figure(points, points, f"{code}/{month}/points"),
        category=category,
    )


def chart_of(code: str, recipe: Recipe, title: str) -> ChartData:
    suffix = "%" if recipe.unit == "%" else f" {recipe.unit}"
    points = []
    for index, text in enumerate(recipe.values):
        row = kpi_month(code, recipe, index)
        target, minimum = levels_at(recipe, index)
        points.append(
            ChartPoint(
                month=row.month,
                value=Decimal(text) if row.status.standing else None,
                text=row.value.text,
                standing=row.status.standing,
                target=ChartLevel(Decimal(target), f"{target}{suffix}"),
                minimum=ChartLevel(Decimal(minimum), f"{minimum}{suffix}"),
                is_mitigated=bool(row.status.mitigation),
            )
        )
    notices = (ChartNotice(FIRST.plus(recipe.notice[0]), recipe.notice[1]),) if recipe.notice else ()
    last = points[-1]
    finding = (
        f"{code} was {last.text} in November 2019: {WORDS[last.standing]}"
        if last.standing
        else f"{code} was not due in November 2019"
    )
    return ChartData(code, finding, title[0].lower() + title[1:], recipe.unit, recipe.direction, tuple(points), notices)


def kpi_section(number: int, code: str) -> KpiSection:
    recipe, title = RECIPES.get(number, GOOD), TITLES[number % len(TITLES)]
    months = tuple(kpi_month(code, recipe, index) for index in range(5))
    notices = (
        (
            Words.of(
                f"Change notice {recipe.notice[1]}, in effect from {FIRST.plus(recipe.notice[0]).name}: the target is ",
                f"{level_words(recipe, recipe.notice[2])}; before, it was {level_words(recipe, recipe.target)}.",
            ),
        )
        if recipe.notice
        else ()
    )
    return KpiSection(
        code, title, months[-1].target, months[-1].minimum, months, chart_of(code, recipe, title), notices
    )


def sample_areas() -> tuple[AreaSection, ...]:
    number, areas = 0, []
    for name, prefix, size in AREAS:
        kpis = [kpi_section(number + n, f"{prefix}_KPI_{n + 1:02d}") for n in range(size)]
        number += size
        areas.append(AreaSection(name, tuple(kpis)))
    return tuple(areas)


def summary_column(areas: tuple[AreaSection, ...], index: int) -> SummaryColumn:
    listed = [kpi.months[index].category for area in areas for kpi in area.kpis]
    month = FIRST.plus(index)
    counts = tuple(
        Count(listed.count(category), f"{month}/summary/{category.printed.replace(' ', '_').lower()}")
        for category in Category
    )
    pounds = "2150.00" if index < 3 else "0.00"
    return SummaryColumn(
        heading=MonthHeading(month, 53 + index),
        counts=counts,
        total=Count(len(listed), f"{month}/summary/in_force"),
        credit=Figure("£2,150.00" if index < 3 else "£0.00", pounds, f"{month}/credit/after_cap"),
    )


def failure(kpi: KpiSection, index: int) -> Failure:
    row = kpi.months[index]
    return Failure(
        code=kpi.code,
        title=kpi.title,
        month=row.month,
        line_missed="failed to meet the Minimum Service Level",
        status=row.status,
        value=row.value,
        counted=row.counted,
        level=f"{row.minimum} (schedule 3, appendix 1, line 100)",
        cause=Words.of("Three advisers left in August and their successors were in training until the month's end."),
        effect=Words.of(
            "Callers waited longer, and ", Figure("13.28%", "13.28", f"{kpi.code}/2019-09/value"), " gave up."
        ),
        remedy=Words.of("Four advisers were recruited; call-back has been offered since 14 October."),
        points=row.points,
    )


def mitigation(kpi: KpiSection) -> ReportedMitigation:
    row = kpi.months[-1]
    return ReportedMitigation(
        code=kpi.code,
        title=kpi.title,
        ground="Delay of the telephony replacement by the Authority",
        clause="clause 14.3(b)",
        period="July 2019 to March 2020",
        decided="Granted by the contract manager on 2 July 2019",
        review="31 January 2020",
        plan=Words.of("The new platform goes live in February 2020; until then, calls are shared by two sites."),
        value=row.value,
        counted=row.counted,
        status=row.status,
    )


def project(number: int, rating: str) -> ReportedProject:
    return ReportedProject(
        code=f"PRJ-{number:02d}",
        title="Replacement of the customer relationship system and its interfaces to eleven line-of-business systems",
        rating="red" if rating == "Red" else "amber" if rating == "Amber" else "green",
        rating_word=rating,
        stage="Build",
        why_shown=f"rated {rating.lower()} in November 2019",
        why=Words.of("User testing found that addresses were not matched; the go-live of December was moved."),
        path_to_green=Words.of("Address matching is rebuilt by 17 January; testing is repeated by 7 February."),
        figures=(
            ProjectFigure("Baseline end", Figure("16 December 2019")),
            ProjectFigure("Forecast end", Figure("28 February 2020", "2020-02-28", f"PRJ-{number:02d}/forecast_end")),
            ProjectFigure("Forecast cost", Figure("£412,000", "412000", f"PRJ-{number:02d}/forecast_cost")),
        ),
    )


def build_report() -> BoardReport:
    areas = sample_areas()
    columns = tuple(summary_column(areas, index) for index in range(5))
    kpis = {kpi.code: kpi for area in areas for kpi in area.kpis}
    return BoardReport(
        report_id="BR-2020-01",
        version="version 1",
        title="November 2019: 35 of 41 at target, 1 below minimum, 3 mitigated",
        contract="Corporate Support Services Contract",
        authority="Borough of Eastmarch",
        supplier="Castlegate Services",
        board="Contract Scrutiny Board",
        meeting=date(2020, 1, 30),
        months=tuple(column.heading for column in columns),
        coverage=Words.of(
            "This report covers July to November 2019 (contract months 53 to 57). December 2019 is under review and "
            "follows in an addendum, as known on 22 January 2020."
        ),
        changed_since="October 2019",
        changed=(
            Words.of(
                "CSC_KPI_01 fell below its minimum again: ",
                Figure("10.62%", "10.62", "CSC_KPI_01/2019-11/value"),
                " of calls were abandoned, where at most 10% is allowed.",
            ),
            Words.of("Change notice CN-024 lowered the target of CSC_KPI_04 from at least 95% to at least 94%."),
        ),
        waiting=(Words.of("Castlegate must answer challenge q1 by 4 February 2020 (8 working days left)."),),
        summary=columns,
        failures_summary=Words.of("1 KPI is below its minimum in November 2019; 3 more are mitigated."),
        failures=(failure(kpis["CSC_KPI_01"], 2), failure(kpis["CSC_KPI_01"], 4)),
        mitigations_summary=Words.of("3 KPIs are mitigated in November 2019; their values stand as measured."),
        mitigations=tuple(mitigation(kpis[code]) for code in ("CSC_KPI_02", "CSC_KPI_04", "ICT_KPI_03")),
        credits_summary=Words.of("Credits of £6,450.00 are settled, as known on 22 January 2020."),
        credits=tuple(
            CreditMonth(
                FIRST.plus(n),
                Figure("15", "15", f"{FIRST.plus(n)}/points"),
                Figure("£2,150.00", "2150.00"),
                Figure("£2,150.00", "2150.00"),
                Words.of("15 points, less 5 free points, at £215.00 each; the cap of £21,000.00 is not reached."),
            )
            for n in range(5)
        ),
        projects=ProjectsSection(
            policy="Red and amber always, green at completion",
            decided="the Board on 24 September 2019",
            not_shown="14 projects are not shown because they are green and not complete.",
            shown=(project(3, "Red"), project(7, "Amber"), project(11, "Green")),
        ),
        areas=areas,
        provenance=Provenance("As known on 22 January 2020", date(2020, 1, 22), "9f2c41d07be3", "Muniment 0.1.0"),
    )


@pytest.fixture(scope="session")
def sample_report() -> BoardReport:
    return build_report()


@pytest.fixture(scope="session")
def sample_charts(sample_report: BoardReport) -> dict[str, ChartData]:
    return {kpi.code: kpi.chart for area in sample_report.areas for kpi in area.kpis if kpi.chart is not None}


@pytest.fixture(scope="session")
def with_words(sample_report: BoardReport) -> Callable[[str], BoardReport]:
    """The sample report with a text put where an author may write one."""
    return lambda text: replace(sample_report, changed=(Words.of(text),), supplier=text)

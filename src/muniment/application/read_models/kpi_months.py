"""A KPI in a month: what pages and the API show of it, `assess --format json` prints and a database keeps; its history.

Whoever adds a column adds it here, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.domain.assessment.result import Result
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.quantity import plain


@dataclass(frozen=True, kw_only=True)
class MonthOfKpi:
    """A month in a KPI's history."""

    month: str
    value: str
    number: str
    status: str
    category: str
    target: str
    minimum: str
    is_mitigated: bool
    points: str

    @property
    def name(self) -> str:
        """November 2019"""
        return Month.parse(self.month).name


@dataclass(frozen=True, kw_only=True)
class KpiMonth(MonthOfKpi):
    """A KPI in a month. `value`: as it is shown; `number`, `numerator` and `denominator`: plain decimals."""

    kpi: str
    title: str
    area: str
    owner: str
    unit: str
    numerator: str
    denominator: str
    base_points: str
    is_disputed: bool


@dataclass(frozen=True, kw_only=True)
class AssessedKpi:
    """The same for programs. `numerator`, `denominator` and `value` are null where nothing was measured, `owner` where
    the agreed text names none."""

    kpi: str
    owner: str | None
    period: str
    contract_month: int
    numerator: str | None
    denominator: str | None
    value: str | None
    unit: str
    target: str
    minimum: str
    status: str
    category: str
    mitigated: bool
    points: str


@dataclass(frozen=True, kw_only=True)
class KpiHistory:
    """A KPI and every month of it, the oldest first."""

    title: str
    area: str
    owner: str
    unit: str
    months: tuple[MonthOfKpi, ...]


@dataclass(frozen=True, kw_only=True)
class KpiHistoryPage(KpiHistory):
    """`chart`: the last months drawn, as SVG; empty where there is nothing to draw."""

    chart: str

    @property
    def last_measured(self) -> MonthOfKpi:
        """The last month that has a figure, else the last month."""
        return next((month for month in reversed(self.months) if month.number), self.months[-1])


def kpi_month_of(result: Result, *, is_disputed: bool = False) -> KpiMonth:
    """The result as it is shown; what was not measured is said in words, and its numbers are empty."""
    measurement, denominator = result.measurement, result.measurement.denominator if result.measurement else None
    return KpiMonth(
        **vars(month_of_kpi(result)),
        kpi=result.kpi.code,
        title=result.kpi.title,
        area=result.kpi.area,
        owner=result.kpi.owner or "",
        unit=result.kpi.unit,
        numerator=plain(measurement.numerator) if measurement else "",
        denominator="" if denominator is None else plain(denominator),
        base_points=str(result.consequence.base),
        is_disputed=is_disputed,
    )


def month_of_kpi(result: Result) -> MonthOfKpi:
    """The result as a line of the KPI's history."""
    value = result.measurement.value if result.measurement else None
    return MonthOfKpi(
        month=str(result.month),
        value=shown_value(result),
        number="" if value is None else f"{value:f}",
        status=result.standing.status,
        category=result.category.label,
        target=str(result.kpi.target),
        minimum=str(result.kpi.minimum),
        is_mitigated=result.is_mitigated,
        points=str(result.points),
    )


def assessed_kpi(result: Result) -> AssessedKpi:
    """The result as a row of `muniment assess --format json`."""
    found = kpi_month_of(result)
    return AssessedKpi(
        kpi=found.kpi,
        owner=found.owner or None,
        period=found.month,
        contract_month=result.contract_month,
        numerator=found.numerator or None,
        denominator=found.denominator or None,
        value=found.number or None,
        unit=found.unit,
        target=found.target,
        minimum=found.minimum,
        status=found.status,
        category=result.category,
        mitigated=found.is_mitigated,
        points=found.points,
    )


def history_page(results: Sequence[Result], *, chart: str) -> KpiHistoryPage:
    """`results`: those of one KPI, in month order; its title is that of the last."""
    latest = results[-1].kpi
    return KpiHistoryPage(
        title=latest.title,
        area=latest.area,
        owner=latest.owner or "",
        unit=latest.unit,
        months=tuple(month_of_kpi(result) for result in results),
        chart=chart,
    )

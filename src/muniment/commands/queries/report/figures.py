"""Figures of the board report: values, points, amounts and counts as printed, each with the address of its fact."""

from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import STATUS_NAMES, Category
from muniment.domain.assessment.words import counted_of, shown_value
from muniment.domain.board.report import Count, StatusMark
from muniment.domain.board.words import Figure
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.regime.levels import BandStatus

_STANDINGS: dict[str, BandStatus] = {
    "met_target": "met_target",
    "below_target": "below_target",
    "below_minimum": "below_minimum",
}


def value_figure(result: Result) -> Figure:
    """The value as printed; words where nothing was measured."""
    measurement = result.measurement
    value = measurement.value if measurement is not None else None
    fact = f"{result.kpi.code}/{result.month}/value"
    return Figure(shown_value(result), f"{value:f}" if value is not None else "", fact)


def points_figure(result: Result) -> Figure:
    return Figure(str(result.points), str(result.points), f"{result.kpi.code}/{result.month}/points")


def money_figure(amount: Money, *, fact: str) -> Figure:
    return Figure(str(amount), str(amount.decimal), fact)


def kpi_count(number: int, *, name: str, month: Month) -> Count:
    return Count(number, f"count/{name}/{month}")


def count_figure(number: int, *, name: str, month: Month) -> Figure:
    return Figure(str(number), str(number), f"count/{name}/{month}")


def mark_of(result: Result) -> StatusMark:
    """The status in words, with its standing for colour and shape; mitigation is a second mark."""
    status = result.standing.status
    return StatusMark(
        STATUS_NAMES[status], _STANDINGS.get(status), Category.MITIGATED.printed if result.is_mitigated else ""
    )


def counted_words(result: Result) -> str:
    return counted_of(result)

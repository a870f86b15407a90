"""A chart holds every month, measured or not; words hold every figure that they cite."""

from decimal import Decimal

import pytest

from muniment.domain.board.chart_data import ChartData, ChartPoint
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month


def chart_of(*months: Month) -> ChartData:
    points = tuple(ChartPoint(month, Decimal(97), "97%", "met_target", None, None) for month in months)
    return ChartData("CSC_KPI_01", "All is well", "calls answered", "%", "higher is better", points)


def test_a_month_that_is_left_out_is_refused() -> None:
    with pytest.raises(ValueError, match="December 2019 does not follow October 2019"):
        chart_of(Month(2019, 10), Month(2019, 12))


def test_a_chart_without_months_is_refused() -> None:
    with pytest.raises(ValueError, match="it has no month"):
        chart_of()


def test_a_sentence_reads_as_one_text_and_still_knows_its_figures() -> None:
    share = Figure("13.28%", "13.28", "CSC_KPI_04/2019-09/value")
    sentence = Words.of("In September ", share, " were abandoned.")
    assert sentence.plain == "In September 13.28% were abandoned."
    assert share in sentence.parts

"""Results in words: every sentence names the line that was missed, and absence is said."""

from collections.abc import Callable

import pytest

from muniment.domain.assessment.result import Result
from muniment.domain.assessment.words import sentence_of, shown_value, sum_of
from muniment.domain.regime.kpis import Kpi

MakeKpi = Callable[..., Kpi]
Months = Callable[..., tuple[Result, ...]]
NAME = "CSC_KPI_04 (Calls abandoned)"


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("99", "so the Target Service Level was met."),
        ("97", "so the Target Service Level was missed and the Minimum Service Level met."),
        ("95", "so the Minimum Service Level was missed."),
        (
            "95, mitigated",
            (
                "so the Minimum Service Level was missed."
                " The failure is mitigated: number and status stand, no points are due."
            ),
        ),
    ],
)
def test_a_measured_month_names_both_lines_and_the_one_missed(
    kpi: MakeKpi, months: Months, said: str, ending: str
) -> None:
    (result,) = months(kpi(clause="Sch 3"), said)
    sentence = sentence_of(result)
    assert sentence.startswith(f"{NAME} was {said[:2]}.00% in April 2019: ")
    assert "The target then was at least 99% and the minimum at least 96% (Sch 3)" in sentence
    assert sentence.endswith(ending)


@pytest.mark.parametrize(
    ("said", "choice", "shown", "sentence"),
    [
        ("no activity", {}, "no activity", f"{NAME} had no activity to measure in April 2019."),
        (
            "no activity",
            {"no_activity": "met_target"},
            "no activity",
            (
                f"{NAME} had no activity to measure in April 2019,"
                " which the contract takes as meeting the Target Service Level."
            ),
        ),
        (
            "nothing came",
            {},
            "not submitted",
            (
                f"{NAME} could not be measured: no evidence was submitted for April 2019:"
                " nothing had come by the due date."
            ),
        ),
        (
            "nothing came",
            {"no_evidence": "below_minimum"},
            "no evidence",
            f"{NAME} failed to meet the Minimum Service Level for April 2019: nothing had come by the due date.",
        ),
        (
            "not due",
            {},
            "not due",
            f"{NAME} was not yet due in April 2019: the time for its evidence is not over.",
        ),
        (
            "not due",
            {"length": "quarter"},
            "not due",
            f"{NAME} was not due in April 2019: it is measured for April to June 2019.",
        ),
        (
            "before the record",
            {},
            "not assessed",
            f"{NAME} was not assessed in April 2019: the record begins later.",
        ),
    ],
)
def test_absence_is_said(
    kpi: MakeKpi, months: Months, said: str, choice: dict[str, str], shown: str, sentence: str
) -> None:
    (result,) = months(kpi(**choice), said)
    assert (shown_value(result), sum_of(result), sentence_of(result)) == (shown, shown, sentence)


def test_no_row_at_all_is_not_taken_for_a_missed_target(kpi: MakeKpi, months: Months) -> None:
    """A number of rows of an empty table is 0; where the contract says no activity, no line was missed."""
    counting = kpi(target="at most 2", minimum="at most 4", form="number_of_rows", unit="incidents", places=0)
    (result,) = months(counting, "no activity")
    assert shown_value(result) == "no activity"
    assert "missed" not in sentence_of(result)


@pytest.mark.parametrize(
    ("rule", "said", "ending"),
    [
        ({"then": "not_assessed"}, "3 of 10", "; the volume was too small to assess it."),
        (
            {"then": "allow_failures", "failures": "1"},
            "9 of 10",
            "; with so small a volume the failures were within the number allowed, so it met its target.",
        ),
        ({"then": "allow_failures", "failures": "1"}, "10 of 10", ", so the Target Service Level was met."),
        ({"then": "report_only"}, "3 of 10", ", so the Minimum Service Level was missed."),
    ],
)
def test_a_small_volume_is_said(kpi: MakeKpi, months: Months, rule: dict[str, str], said: str, ending: str) -> None:
    (result,) = months(kpi(small_volume={"fewer_than": "20", **rule}), said)
    assert sentence_of(result).endswith(ending)


def test_the_sum_shows_value_numerator_and_denominator(kpi: MakeKpi, months: Months) -> None:
    (result,) = months(kpi(), "95")
    assert sum_of(result) == "95.00% = 95,000 / 100,000"
    assert "95,000 of 100,000 counted calls" in sentence_of(result)

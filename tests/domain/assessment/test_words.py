"""Results in words: every sentence names the line that was missed, and absence is said."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from muniment.domain.assessment.result import Circumstances, RelievedMeasurement, Result, results_of
from muniment.domain.assessment.status import Status, standing_of
from muniment.domain.assessment.words import (
    VERDICTS,
    amount,
    both_values,
    counted_of,
    relieved_sum,
    relieved_value,
    sentence_of,
    shown_value,
    sum_of,
    value_text,
)
from muniment.domain.evidence.measurement import Tally, measured
from muniment.domain.regime.kpis import Kpi
from tests.domain.assessment.conftest import START, make_due, make_mitigation, measure

MakeKpi = Callable[..., Kpi]
Months = Callable[..., tuple[Result, ...]]
NAME = "CSC_KPI_04 (Calls abandoned)"


def of_april(kpi: Kpi, tally: Tally) -> Result:
    """The result of April 2019 that the tally gives."""
    found = measured(measure=kpi.measure, tally=tally, is_percent=kpi.is_percent, rounding=kpi.rounding)
    due = replace(make_due(kpi, START, "nothing came"), measurement=found)
    (result,) = results_of(due=[due], circumstances=Circumstances([], [], {}))
    return result


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
    assert sum_of(result) == "no activity"
    assert "missed" not in sentence_of(result)


def test_no_row_at_all_is_shown_as_0_where_the_contract_takes_that_for_met(kpi: MakeKpi, months: Months) -> None:
    counting = kpi(
        target="at most 2", minimum="at most 4", form="number_of_rows", unit="incidents", places=0,
        no_activity="met_target",
    )  # fmt: skip
    (result,) = months(counting, "no activity")
    assert (shown_value(result), sum_of(result)) == ("0", "0 incidents")
    assert sentence_of(result).endswith("so the Target Service Level was met.")


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
    assert counted_of(result) == "95,000 of 100,000 counted calls"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("-0.50", "-0.50%"), ("-1.50", "-1.50%"), ("0.00", "0.00%"), ("1234.5", "1,234.5%"), ("7", "7%")],
)
def test_a_value_keeps_its_decimals_and_its_sign(kpi: MakeKpi, value: str, shown: str) -> None:
    assert value_text(kpi=kpi(), value=Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("7195.3", "7,195.30"), ("7195.35", "7,195.35"), ("7195", "7,195"), ("0.125", "0.125")]
)
def test_an_amount_with_pence_has_both_their_digits(value: str, shown: str) -> None:
    assert amount(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("fees_paid", "7,123.35 fees paid of 7,195.30 fees due"),
        ("fees_due", "7,123.35 of 7,195.30 by fees due"),
    ],
)
def test_a_ratio_of_sums_names_its_columns_and_the_same_one_only_once(kpi: MakeKpi, part: str, said: str) -> None:
    fees = kpi(form="ratio_of_sums")
    fees = replace(fees, measure=replace(fees.measure, sum_all="fees_due", sum_counted=part))
    tally = Tally(0, (), 1, 1, sum_all=Decimal("7195.3"), sum_counted=Decimal("7123.35"))
    assert counted_of(of_april(fees, tally)) == said


@pytest.mark.parametrize(
    ("left_out", "rejected", "ending"),
    [
        ((0, 0), 0, "so the Minimum Service Level was missed."),
        ((1, 0), 0, "missed. 1 row was left out: 1 test calls."),
        ((2, 1000), 0, "missed. 1,002 calls were left out: 2 test calls, 1,000 calls from abroad."),
        ((0, 0), 1, "missed. 1 row was rejected when the evidence was accepted."),
        ((0, 0), 2, "missed. 2 rows were rejected when the evidence was accepted."),
    ],
)
def test_rows_left_out_or_rejected_are_said(
    kpi: MakeKpi, left_out: tuple[int, ...], rejected: int, ending: str
) -> None:
    of_calls = kpi(left_out=("test calls", "calls from abroad"))
    assert sentence_of(of_april(of_calls, Tally(0, left_out, 5, 95, rejected=rejected))).endswith(ending)


def granted_in_part(kpi: Kpi, said: str, *, left: str, rows: int) -> Result:
    """The result of April 2019, where a grant in part leaves another share of rows. Both as '95 of 100'."""
    counted, of = (int(number) for number in left.split(" of "))
    found = measure(kpi, counted=counted, of=of)
    relieved = RelievedMeasurement(found, standing_of(kpi=kpi, measurement=found), rows, (make_mitigation(kpi, START),))
    due = replace(make_due(kpi, START, said), relieved=relieved)
    (result,) = results_of(due=[due], circumstances=Circumstances([], [], {}))
    return result


@pytest.mark.parametrize(
    ("said", "left", "rows", "both", "ending"),
    [
        (
            "95 of 100",
            "95 of 96",
            4,
            "95.00% measured, 98.96% without the 4 rows relieved",
            (
                "A mitigation is granted in part: at 98.96% without the 4 rows relieved it missed the Target Service "
                "Level and met the Minimum Service Level. Number and status stand, and the points come from the "
                "relieved value."
            ),
        ),
        (
            "95 of 100",
            "95 of 95",
            5,
            "95.00% measured, 100.00% without the 5 rows relieved",
            (
                "A mitigation is granted in part: at 100.00% without the 5 rows relieved it met the Target Service "
                "Level. Number and status stand, no points are due."
            ),
        ),
        (
            "97 of 100",
            "94 of 99",
            1,
            "97.00% measured, 94.95% without the 1 row relieved",
            (
                "A mitigation is granted in part: at 94.95% without the 1 row relieved it failed to meet the Minimum "
                "Service Level. That is no better, so the points come from the measured value."
            ),
        ),
        (
            "95 of 100",
            "95 of 100",
            0,
            "95.00% measured, and no row of April 2019 is relieved",
            "A mitigation is granted in part, and no row of April 2019 is relieved by it.",
        ),
    ],
)
def test_a_grant_in_part_shows_both_values_and_says_which_the_points_come_from(
    kpi: MakeKpi, said: str, left: str, rows: int, both: str, ending: str
) -> None:
    result = granted_in_part(kpi(), said, left=left, rows=rows)
    assert both_values(result) == both
    assert sentence_of(result).endswith(f" {ending}")


def test_the_sum_of_a_relieved_value_says_how_many_rows_it_is_without(kpi: MakeKpi) -> None:
    ratio = granted_in_part(kpi(), "9500 of 10000", left="8300 of 8500", rows=1500)
    assert relieved_sum(ratio) == "97.65% = 8,300 / 8,500, without the 1,500 rows relieved"
    assert relieved_value(granted_in_part(kpi(), "95 of 100", left="0 of 0", rows=100)) == "no activity"


def test_without_a_grant_in_part_there_is_no_second_value(kpi: MakeKpi, months: Months) -> None:
    (result,) = months(kpi(), "95, mitigated")
    assert [relieved_value(result), both_values(result), relieved_sum(result)] == ["", "", ""]


def test_what_was_not_measured_counts_nothing(kpi: MakeKpi, months: Months) -> None:
    (result,) = months(kpi(), "nothing came")
    assert counted_of(result) == ""


def test_there_is_a_verdict_for_every_status() -> None:
    assert {*VERDICTS} == {*get_args(Status)}

"""Service points month by month, as a contract manager would write them down.

The repeat rule is that of the Model Services Contract, Performance Levels, paragraph 3.2: in two consecutive
measurement periods the second failure, and every later one, earns twice its own points.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Circumstances, RelievedMeasurement, Result, results_of
from muniment.domain.assessment.status import standing_of
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.regime import Suspension
from tests.domain.assessment.conftest import SIGNED, START, make_due

LADDER = (
    ("met_target", "at least 99%"),
    ("minor", "at least 98%"),
    ("serious", "at least 97%"),
    ("severe", "at least 96%"),
    ("threshold", "anything worse"),
)
LADDER_POINTS = {"minor": 1, "serious": 2, "severe": 3, "threshold": 4}

MakeKpi = Callable[..., Kpi]
Months = Callable[..., tuple[Result, ...]]


def points(results: tuple[Result, ...]) -> list[int]:
    return [result.points for result in results]


@pytest.mark.parametrize(
    ("said", "earned"),
    [
        # months measured               points
        (("98.5", "96.5", "96.5"), [1, 6, 6]),  # the doubling is of the month's own points and does not compound
        (("96.5", "98.5", "96.5"), [3, 2, 6]),  # the failures need not be equally bad
        (("98.5", "99.2", "98.5"), [1, 0, 1]),  # a month at target breaks the chain
        (("95", "95", "95"), [4, 8, 8]),
        (("99", "98", "97", "96"), [0, 1, 4, 6]),  # each exactly on an edge is in the better band
        (("98.99", "99.00"), [1, 0]),
    ],
)
def test_the_worked_examples_of_the_ladder(
    kpi: MakeKpi, months: Months, said: tuple[str, ...], earned: list[int]
) -> None:
    ladder = kpi(ladder=LADDER, points=LADDER_POINTS)
    assert points(months(ladder, *said)) == earned


@pytest.mark.parametrize(("places", "band", "earned"), [(0, "met_target", 0), (1, "met_target", 0), (2, "minor", 1)])
def test_98_95_is_where_the_rounding_puts_it(kpi: MakeKpi, months: Months, places: int, band: str, earned: int) -> None:
    """A schedule that prints 98.0 to 98.9 and 99 leaves 98.95 between two bands; the KPI's rounding decides."""
    (result,) = months(kpi(ladder=LADDER, points=LADDER_POINTS, places=places), "98.95")
    assert result.standing.band is not None
    assert (result.standing.band.name, result.points) == (band, earned)


@pytest.mark.parametrize(
    ("rule", "said", "earned"),
    [
        # A mitigated month has no points. What it does to the chain is the contract's choice.
        ("skip", ("95", "95, mitigated", "95"), [3, 0, 6]),
        ("breaks", ("95", "95, mitigated", "95"), [3, 0, 3]),
        ("counts", ("95", "95, mitigated", "95"), [3, 0, 6]),
        ("skip", ("95, mitigated", "95"), [0, 3]),
        ("breaks", ("95, mitigated", "95"), [0, 3]),
        ("counts", ("95, mitigated", "95"), [0, 6]),
        # A month at target breaks the chain whether or not mitigation was granted for it.
        ("counts", ("95", "99, mitigated", "95"), [3, 0, 3]),
        # What is refused or undecided is as if nobody had asked.
        ("skip", ("95", "95, refused", "95"), [3, 6, 6]),
        ("skip", ("95", "95, undecided", "95"), [3, 6, 6]),
        # Months without a status, and suspended failures, neither count nor break.
        ("skip", ("95", "no activity", "95"), [3, 0, 6]),
        ("skip", ("95", "nothing came", "95"), [3, 0, 6]),
        ("skip", ("95", "not due", "95"), [3, 0, 6]),
        ("skip", ("95", "95, suspended", "95"), [3, 0, 6]),
        ("skip", ("95, suspended", "95"), [0, 3]),
        # A suspended month stands outside the chain, whether it failed or not.
        ("skip", ("95", "99, suspended", "95"), [3, 0, 6]),
        # After a mitigated month that breaks the chain, the next failure is the first of a new one.
        ("breaks", ("95", "95, mitigated", "95", "95"), [3, 0, 3, 6]),
    ],
)
def test_what_a_month_does_to_the_chain(
    kpi: MakeKpi, months: Months, rule: str, said: tuple[str, ...], earned: list[int]
) -> None:
    assert points(months(kpi(repeat_failure=(2, 2, rule)), *said)) == earned


@pytest.mark.parametrize(
    ("repeat_failure", "earned"),
    [
        (None, [3, 3, 3, 3]),
        ((2, 2, "skip"), [3, 6, 6, 6]),
        ((3, 2, "skip"), [3, 3, 6, 6]),
        ((2, 3, "skip"), [3, 9, 9, 9]),
        ((1, 2, "skip"), [6, 6, 6, 6]),
    ],
)
def test_after_how_many_failing_months_and_by_how_much(
    kpi: MakeKpi, months: Months, repeat_failure: tuple[int, int, str] | None, earned: list[int]
) -> None:
    assert points(months(kpi(repeat_failure=repeat_failure), "95", "95", "95", "95")) == earned


def test_a_chain_that_began_before_the_record_goes_on(kpi: MakeKpi, months: Months) -> None:
    assert points(months(kpi(), "before the record", "95", run=1)) == [0, 6]
    assert points(months(kpi(), "95", run=0)) == [3]


def test_a_quarterly_kpi_is_pointed_in_the_last_month_and_repeats_by_the_quarter(kpi: MakeKpi, months: Months) -> None:
    said = ("not due", "not due", "95", "not due", "not due", "95", "not due", "not due", "99")
    results = months(kpi(length="quarter"), *said)
    assert points(results) == [0, 0, 3, 0, 0, 6, 0, 0, 0]
    assert [result.category for result in results[:3]] == ["not_measured", "not_measured", "below_msl"]
    assert [str(result.period) for result in results[2:4]] == ["2019-04..2019-06", "2019-07..2019-09"]


def test_a_monitored_kpi_is_reported_and_never_pointed(kpi: MakeKpi, months: Months) -> None:
    (result,) = months(kpi(points={}), "95")
    assert (result.standing.status, result.category, result.points) == ("below_minimum", "below_msl", 0)


def test_a_small_volume_may_be_reported_only(kpi: MakeKpi, months: Months) -> None:
    reported = kpi(small_volume={"fewer_than": "20", "then": "report_only"})
    results = months(reported, "95", "3 of 10", "95")
    assert [result.standing.status for result in results] == ["below_minimum"] * 3
    assert points(results) == [3, 0, 6]


@pytest.mark.parametrize(("said", "earned"), [(("3 of 10", "95"), [0, 3]), (("95", "10 of 10", "95"), [3, 0, 6])])
def test_a_small_volume_reported_only_neither_counts_as_a_failure_nor_breaks_the_chain(
    kpi: MakeKpi, months: Months, said: tuple[str, ...], earned: list[int]
) -> None:
    reported = kpi(small_volume={"fewer_than": "20", "then": "report_only"})
    assert points(months(reported, *said)) == earned


def test_a_mitigated_failure_that_counts_is_one_failure(kpi: MakeKpi, months: Months) -> None:
    assert points(months(kpi(repeat_failure=(3, 2, "counts")), "95, mitigated", "95", "95")) == [0, 3, 6]


def test_the_consequence_says_which_rule_decided(kpi: MakeKpi, months: Months) -> None:
    results = months(kpi(), "99", "95", "95", "95, mitigated", "95, suspended")
    found = [(r.consequence.rule, r.consequence.base, r.consequence.multiplier, r.consequence.run) for r in results]
    assert found == [
        ("none", 0, 1, 0),
        ("earned", 3, 1, 1),
        ("earned", 3, 2, 2),
        ("mitigated", 3, 1, 2),
        ("suspended", 3, 1, 2),
    ]
    small = months(kpi(small_volume={"fewer_than": "20", "then": "report_only"}), "95", "3 of 10")[-1].consequence
    assert (small.rule, small.base, small.multiplier, small.run) == ("report_only", 3, 1, 1)


def test_a_suspension_of_service_credits_suspends_no_points(kpi: MakeKpi) -> None:
    failing = kpi()
    credits_only = Suspension("service_credits", None, START, START, "CCN-10", SIGNED)
    (result,) = results_of(due=[make_due(failing, START, "95")], circumstances=Circumstances([], [credits_only], {}))
    assert (result.suspension, result.points) == (None, 3)


def in_part(failing: Kpi, said: str, *, by: tuple[Mitigation, ...]) -> Result:
    """April at 95 %, and `said` without the rows that grants in part relieve."""
    left = make_due(failing, START, said).measurement
    assert left is not None
    relieved = RelievedMeasurement(left, standing_of(kpi=failing, measurement=left), 12, by)
    due = replace(make_due(failing, START, "95"), relieved=relieved)
    (result,) = results_of(due=[due], circumstances=Circumstances([], [], {}))
    return result


@pytest.mark.parametrize(
    ("scale", "said", "status", "earned"),
    [
        ({"below_target": 1, "below_minimum": 3}, "97", "below_target", 1),
        # No fewer points, and no more either: the relieved value is the one that they come from.
        ({"below_target": 3, "below_minimum": 3}, "97", "below_target", 3),
        # More points without the rows than with them: a grant never costs, so the measured value stands.
        ({"below_target": 5, "below_minimum": 3}, "97", "below_minimum", 3),
        # What meets its target earns no points, whatever the scale says of that band.
        # The relieved value meets the target, so the failure is mitigated: what it earned is relieved.
        ({"met_target": 5, "below_target": 1, "below_minimum": 3}, "99", "below_minimum", 0),
        ({}, "99", "below_minimum", 0),
        # No row is left to measure: no points come from that, so nothing is worse than a failure without points.
        ({}, "no activity", "not_applicable", 0),
    ],
)
def test_points_come_from_the_relieved_value_unless_it_earns_more_than_the_measured_one(
    kpi: MakeKpi, mitigation: Callable[..., Mitigation], scale: dict[str, int], said: str, status: str, earned: int
) -> None:
    failing = kpi(points=scale)
    result = in_part(failing, said, by=(mitigation(failing, START),))
    assert (result.decisive.status, result.points) == (status, earned)


def test_of_several_grants_in_part_a_result_names_the_one_asked_for_first(
    kpi: MakeKpi, mitigation: Callable[..., Mitigation]
) -> None:
    failing = kpi()
    first, second = mitigation(failing, START), replace(mitigation(failing, START), id="cssc/x/g2")
    assert in_part(failing, "97", by=(first, second)).mitigation == first

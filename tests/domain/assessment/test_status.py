"""Where a value stands: exactly on a line is met; absence is said and never a number."""

from collections.abc import Callable
from decimal import Decimal
from typing import get_args

import pytest

from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import FAILING, STATUS_NAMES, Status, category_of, no_evidence, standing_of
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.kernel.period import Month
from muniment.domain.regime.kpis import Kpi

MakeKpi = Callable[..., Kpi]
Months = Callable[..., tuple[Result, ...]]
Rows = Callable[..., Measurement]


def exactly_on_target() -> list[tuple[int, int, int]]:
    """Every k of n rows, for n up to 300, whose share is exactly a target with one decimal: (k, n, target x 10)."""
    return [(k, n, 1000 * k // n) for n in range(1, 301) for k in range(1, n) if (1000 * k) % n == 0]


def test_exactly_on_the_target_is_met_and_one_row_worse_is_not(kpi: MakeKpi, rows: Rows) -> None:
    """By whole numbers: k of n is t per mille where 1000 k = t n. Binary fractions get some of these wrong."""
    cases = exactly_on_target()
    wrong_by_float = [(k, n, t) for k, n, t in cases if k / n * 100 < t / 10]
    assert len(cases) > 1_400
    assert len(wrong_by_float) > 50
    for k, n, tenths in cases:
        line = f"at least {tenths // 10}.{tenths % 10}%"
        on = kpi(target=line, minimum=line, places=1)
        assert standing_of(kpi=on, measurement=rows(on, counted=k, of=n)).status == "met_target", (k, n)
        worse = standing_of(kpi=on, measurement=rows(on, counted=k - 1, of=n)).status
        assert worse == "below_minimum", (k - 1, n)


@pytest.mark.parametrize("n", [1, 3, 7, 11, 30, 60, 128, 500, 999])
def test_every_share_of_n_rows_stands_where_whole_numbers_put_it(kpi: MakeKpi, rows: Rows, n: int) -> None:
    """At most 7 %, rounded half up to 2 places: k of n meets it where 100 k / n < 7.005."""
    abandoned = kpi(target="at most 7%", minimum="at most 10%")
    for k in range(n + 1):
        status = standing_of(kpi=abandoned, measurement=rows(abandoned, counted=k, of=n)).status
        per_100_000 = 100_000 * k
        expected = (
            "met_target" if per_100_000 < 7_005 * n else "below_target" if per_100_000 < 10_005 * n else "below_minimum"
        )
        assert status == expected, k


@pytest.mark.parametrize(
    ("target", "minimum", "value", "status"),
    [
        ("at most 7%", "at most 10%", "7", "met_target"),
        ("at most 7%", "at most 10%", "7.01", "below_target"),
        ("at most 7%", "at most 10%", "10", "below_target"),
        ("at most 7%", "at most 10%", "10.01", "below_minimum"),
        ("below 5%", "at most 5%", "5", "below_target"),
        ("below 5%", "at most 5%", "4.99", "met_target"),
        ("above 95%", "at least 95%", "95", "below_target"),
        ("at least 95%", "at least 95%", "94.99", "below_minimum"),
        ("at least 95%", "at least 95%", "95", "met_target"),
    ],
)
def test_on_and_beside_the_lines(
    kpi: MakeKpi, months: Months, target: str, minimum: str, value: str, status: str
) -> None:
    (result,) = months(kpi(target=target, minimum=minimum), value)
    assert result.standing.status == status


@pytest.mark.parametrize(
    ("said", "choice", "status", "rule", "category"),
    [
        ("no activity", {}, "not_applicable", "no_activity", "not_measured"),
        ("no activity", {"no_activity": "not_assessed"}, "not_assessed", "no_activity", "not_measured"),
        ("no activity", {"no_activity": "met_target"}, "met_target", "no_activity", "tsl_achieved"),
        ("nothing came", {}, "not_submitted", "no_evidence", "not_measured"),
        ("nothing came", {"no_evidence": "below_minimum"}, "below_minimum", "no_evidence", "below_msl"),
        ("not due", {"no_evidence": "below_minimum"}, "not_due", "not_due", "not_measured"),
        ("before the record", {"no_evidence": "below_minimum"}, "not_assessed", "before_the_record", "not_measured"),
    ],
)
def test_absence_has_a_name_of_its_own(
    kpi: MakeKpi, months: Months, said: str, choice: dict[str, str], status: str, rule: str, category: str
) -> None:
    (result,) = months(kpi(**choice), said)
    assert (result.standing.status, result.standing.rule, result.category) == (status, rule, category)


def test_evidence_that_never_came_earns_the_points_of_the_worst_band(kpi: MakeKpi, months: Months) -> None:
    ladder = (("met_target", "at least 99%"), ("minor", "at least 98%"), ("threshold", "anything worse"))
    (result,) = months(kpi(ladder=ladder, points={"threshold": 4}, no_evidence="below_minimum"), "nothing came")
    assert (result.points, result.measurement) == (4, None)


def test_a_number_of_rows_is_no_activity_only_where_no_row_came_at_all(kpi: MakeKpi, rows: Rows) -> None:
    counting = kpi(target="at most 2", minimum="at most 4", form="number_of_rows", unit="incidents", places=0)
    none_came = rows(counting, counted=0)
    assert standing_of(kpi=counting, measurement=none_came).status == "not_applicable"
    counting_with_rule = kpi(
        target="at most 2", minimum="at most 4", form="number_of_rows", unit="incidents", places=0, left_out=("tests",)
    )
    all_left_out = rows(counting_with_rule, counted=0, left_out=(5,))
    assert standing_of(kpi=counting_with_rule, measurement=all_left_out).status == "met_target"


@pytest.mark.parametrize(
    ("said", "status", "rule"),
    [
        ("19 of 20", "below_minimum", "levels"),  # 20 rows are not fewer than 20
        ("18 of 19", "not_assessed", "small_volume"),
        ("19 of 19", "not_assessed", "small_volume"),
    ],
)
def test_a_small_volume_may_be_left_unassessed(kpi: MakeKpi, months: Months, said: str, status: str, rule: str) -> None:
    (result,) = months(kpi(small_volume={"fewer_than": "20", "then": "not_assessed"}), said)
    assert (result.standing.status, result.standing.rule) == (status, rule)
    assert result.measurement is not None
    assert result.measurement.value is not None  # the number is shown all the same


@pytest.mark.parametrize(
    ("said", "status", "rule"),
    [
        ("18 of 19", "met_target", "small_volume"),  # one failure is allowed
        ("17 of 19", "below_minimum", "levels"),  # two are not
        ("19 of 19", "met_target", "levels"),  # none happened: nothing had to be allowed
    ],
)
def test_a_small_volume_may_be_allowed_some_failures(
    kpi: MakeKpi, months: Months, said: str, status: str, rule: str
) -> None:
    rule_text = {"fewer_than": "20", "then": "allow_failures", "failures": "1"}
    (result,) = months(kpi(small_volume=rule_text), said)
    assert (result.standing.status, result.standing.rule) == (status, rule)


def test_a_small_volume_that_is_allowed_no_failure_fails_with_the_first(kpi: MakeKpi, months: Months) -> None:
    rule = {"fewer_than": "20", "then": "allow_failures", "failures": "0"}
    (result,) = months(kpi(small_volume=rule), "18 of 19")
    assert (result.standing.status, result.standing.rule) == ("below_minimum", "levels")


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("18 of 19", {"small_volume": {"fewer_than": "20", "then": "allow_failures", "failures": "1"}}),
        ("no activity", {"no_activity": "met_target"}),
    ],
)
def test_what_the_contract_takes_as_meeting_the_target_stands_in_the_best_band(
    kpi: MakeKpi, months: Months, said: str, choice: dict[str, object]
) -> None:
    (result,) = months(kpi(**choice), said)
    assert result.standing.band is not None
    assert (result.standing.status, result.standing.band.name) == ("met_target", "met_target")


def test_a_small_volume_rule_says_nothing_of_a_number_of_rows(kpi: MakeKpi, rows: Rows) -> None:
    counting = kpi(
        target="at most 2", minimum="at most 4", form="number_of_rows", unit="incidents", places=0,
        small_volume={"fewer_than": "20", "then": "not_assessed"},
    )  # fmt: skip
    standing = standing_of(kpi=counting, measurement=rows(counting, counted=3))
    assert (standing.status, standing.rule) == ("below_target", "levels")


def test_failures_of_a_lower_is_better_ratio_are_its_counted_rows(kpi: MakeKpi, months: Months) -> None:
    rule = {"fewer_than": "20", "then": "allow_failures", "failures": "1"}
    abandoned = kpi(target="at most 5%", minimum="at most 8%", small_volume=rule)
    found = [result.standing.status for result in (*months(abandoned, "1 of 10"), *months(abandoned, "2 of 10"))]
    assert found == ["met_target", "below_minimum"]


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("99, mitigated", "tsl_achieved"),  # what meets its target is not mitigated
        ("97, mitigated", "mitigated"),
        ("95, mitigated", "mitigated"),
        ("95, refused", "below_msl"),
        ("95, undecided", "below_msl"),  # provisional: shown unmitigated
        ("no activity, mitigated", "not_measured"),
        ("97, suspended", "msl_achieved"),  # a suspension takes away points, nothing else
    ],
)
def test_only_a_failing_kpi_can_be_mitigated(kpi: MakeKpi, months: Months, said: str, category: str) -> None:
    (result,) = months(kpi(), said)
    assert result.category == category


def test_a_mitigation_is_no_part_of_a_result_that_meets_its_target(kpi: MakeKpi, months: Months) -> None:
    met, failed = months(kpi(), "99, mitigated", "95, mitigated")
    assert (met.mitigation, met.is_mitigated) == (None, False)
    assert failed.mitigation is not None


@pytest.mark.parametrize(
    ("said", "category"),
    [("99", "tsl_achieved"), ("no activity", "not_measured"), ("nothing came", "not_measured")],
)
def test_what_has_not_failed_keeps_its_row_of_table_1_whatever_is_said_of_mitigation(
    kpi: MakeKpi, months: Months, said: str, category: str
) -> None:
    (result,) = months(kpi(), said)
    assert category_of(standing=result.standing, is_mitigated=True) == category


def test_the_mitigation_of_one_kpi_does_not_relieve_another(
    kpi: MakeKpi, months: Months, mitigation: Callable[..., Mitigation]
) -> None:
    of_another = mitigation(kpi(code="CSC_KPI_05"), Month(2019, 4))
    (result,) = months(kpi(), "95", granted=(of_another,))
    assert (result.mitigation, result.category, result.points) == (None, "below_msl", 3)


def test_mitigation_must_cover_the_whole_period(
    kpi: MakeKpi, months: Months, mitigation: Callable[..., Mitigation]
) -> None:
    quarterly = kpi(length="quarter")
    of_may, of_the_quarter = (
        mitigation(quarterly, Month(2019, 5)),
        mitigation(quarterly, Month(2019, 4), Month(2019, 6)),
    )
    for granted, category in ((of_may, "below_msl"), (of_the_quarter, "mitigated")):
        results = months(quarterly, "not due", "not due", "95", granted=(granted,))
        assert results[-1].category == category


def test_number_and_status_stand_under_mitigation(kpi: MakeKpi, months: Months) -> None:
    (plain,), (relieved,) = months(kpi(), "95"), months(kpi(), "95, mitigated")
    assert relieved.measurement == plain.measurement
    assert relieved.standing == plain.standing


def test_no_evidence_is_the_contracts_choice(kpi: MakeKpi) -> None:
    assert no_evidence(kpi()).status == "not_submitted"
    strict = no_evidence(kpi(no_evidence="below_minimum"))
    assert (strict.status, strict.band is not None) == ("below_minimum", True)
    assert category_of(standing=strict, is_mitigated=True) == "mitigated"


def test_the_value_is_rounded_once_and_the_exact_one_kept(kpi: MakeKpi, rows: Rows) -> None:
    found = rows(kpi(), counted=2, of=3)
    assert found.value == Decimal("66.67")
    assert found.exact is not None
    assert found.exact * 3 == 200


def test_every_status_has_a_name_and_failing_ones_are_those_below_a_line() -> None:
    assert {*STATUS_NAMES} == {*get_args(Status)}
    assert {status for status in STATUS_NAMES if status.startswith("below_")} == FAILING

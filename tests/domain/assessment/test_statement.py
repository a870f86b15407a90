"""The credit of a month: points over the free ones, times a rate, of the charge, up to a cap, rounded once."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.assessment.credit import Credit, credit_of
from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Circumstances, RelievedMeasurement, Result, results_of
from muniment.domain.assessment.statement import credit_working, statement_of, working_of
from muniment.domain.assessment.status import standing_of
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.nodes import Source
from muniment.domain.regime.regime import Regime, Suspension
from muniment.domain.regime.terms import Terms
from muniment.domain.regime.text import ServiceCreditsText
from tests.domain.assessment.conftest import make_due

MakeKpi = Callable[..., Kpi]
Months = Callable[..., tuple[Result, ...]]
APRIL = Month(2019, 4)
CHARGE = "£250000.00"


def terms(
    *, free: int = 0, per_point: str = "0.5%", cap: str = "10%", rule: str = "2 dp half up"
) -> ServiceCreditsText:
    return ServiceCreditsText.model_validate(
        {"free_points": str(free), "per_point": per_point, "of": "monthly", "cap": cap, "round": rule}
    )


def credit(points: int, *, base: str = CHARGE, is_suspended: bool = False, **agreed: int | str) -> Credit:
    return credit_of(
        terms=terms(**agreed),  # type: ignore[arg-type] # each keyword has its own type
        points=points,
        base=Money.parse(base),
        is_suspended=is_suspended,
    )


def regime(*, with_credits: bool = True, **agreed: int | str) -> Regime:
    return Regime(
        schedule="Schedule 3",
        kpis={},
        grounds={},
        service_credits=terms(**agreed) if with_credits else None,  # type: ignore[arg-type] # as above
        charges={"monthly": {"desk": Money.parse("£150000.00"), "fin": Money.parse("£100000.00")}},
        measures={},
        notices=(),
        fingerprint="0" * 64,
        terms=Terms(),
    )


def lifted(*kpis: str, first: Month = APRIL, last: Month = APRIL) -> Suspension:
    source = Source(Place("changes/CCN-10.yaml"), "CCN-10")
    return Suspension("service_credits", frozenset(kpis) if kpis else None, first, last, "CCN-10", source)


def test_seven_points_at_half_a_percent_of_a_quarter_of_a_million() -> None:
    assert str(credit(7).due) == "£8,750.00"


@pytest.mark.parametrize(
    ("points", "chargeable", "due"),
    [(0, 0, "£0.00"), (9, 0, "£0.00"), (10, 0, "£0.00"), (11, 1, "£1,250.00"), (12, 2, "£2,500.00")],
)
def test_free_points_are_an_allowance_and_not_a_cliff(points: int, chargeable: int, due: str) -> None:
    """The eleventh point costs one point's credit, not eleven."""
    found = credit(points, free=10)
    assert (found.chargeable_points, str(found.due)) == (chargeable, due)


@pytest.mark.parametrize(
    ("points", "before", "due", "is_capped"),
    [(19, "£23,750.00", "£23,750.00", False), (20, "£25,000.00", "£25,000.00", False),
     (21, "£26,250.00", "£25,000.00", True), (400, "£500,000.00", "£25,000.00", True)],
)  # fmt: skip
def test_the_cap_limits_the_money_and_not_the_points(points: int, before: str, due: str, is_capped: bool) -> None:
    found = credit(points)
    assert (found.points, str(found.before_cap), str(found.due), found.is_capped) == (points, before, due, is_capped)


@pytest.mark.parametrize(
    ("rule", "due"),
    [("2 dp half up", "£0.03"), ("2 dp half even", "£0.02"), ("2 dp up", "£0.03"), ("0 dp down", "£0.00")],
)
def test_the_credit_is_rounded_once_by_the_contracts_rule(rule: str, due: str) -> None:
    """1 point x 0.5% x £5.00 = 2.5 pence exactly."""
    assert str(credit(1, base="£5.00", rule=rule).due) == due


def test_the_cap_is_compared_before_it_is_rounded() -> None:
    found = credit(3, base="£0.33", per_point="0.5%", cap="1%", rule="2 dp up")
    assert (str(found.before_cap), str(found.cap), str(found.due)) == ("£0.01", "£0.01", "£0.01")


def test_a_suspended_credit_is_worked_out_and_not_due() -> None:
    found = credit(7, is_suspended=True)
    assert (str(found.before_cap), str(found.due), found.is_capped) == ("£8,750.00", "£0.00", False)
    over_the_cap = credit(21, is_suspended=True)
    assert (str(over_the_cap.before_cap), str(over_the_cap.due), over_the_cap.is_capped) == (
        "£26,250.00",
        "£0.00",
        False,
    )


@given(
    points=st.integers(0, 10_000),
    free=st.integers(0, 100),
    per_point=st.integers(0, 1000),
    cap=st.integers(0, 1000),
    pence=st.integers(0, 10**9),
    rule=st.sampled_from(["2 dp half up", "2 dp half even", "2 dp up", "2 dp down", "0 dp half up"]),
)
def test_a_credit_is_never_negative_nor_over_the_cap(
    points: int, free: int, per_point: int, cap: int, pence: int, rule: str
) -> None:
    agreed = terms(free=free, per_point=f"{Decimal(per_point) / 10}%", cap=f"{Decimal(cap) / 10}%", rule=rule)
    found = credit_of(terms=agreed, points=points, base=Money(pence))
    assert Money(0) <= found.due <= found.before_cap
    assert found.due <= found.cap
    more = credit_of(terms=agreed, points=points + 1, base=Money(pence))
    assert found.due <= more.due


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (credit(7), ("7 points - 0 free = 7 chargeable; x 0.5% x £250,000.00 = £8,750.00;"
                    " within the cap of £25,000.00, so £8,750.00 is due.")),
        (credit(1, free=10), ("1 point - 10 free = 0 chargeable; x 0.5% x £250,000.00 = £0.00;"
                             " within the cap of £25,000.00, so £0.00 is due.")),
        (credit(21), ("21 points - 0 free = 21 chargeable; x 0.5% x £250,000.00 = £26,250.00;"
                     " capped at £25,000.00, so £25,000.00 is due.")),
    ],
)  # fmt: skip
def test_the_credit_in_words(found: Credit, words: str) -> None:
    assert credit_working(found) == words


def test_the_lines_of_a_statement_add_up_to_it(kpi: MakeKpi, months: Months) -> None:
    results = tuple(
        result for n, said in enumerate(("99", "97", "95", "95, mitigated", "no activity"))
        for result in months(kpi(code=f"KPI_{n}"), said)
    )  # fmt: skip
    statement = statement_of(month=APRIL, results=results, regime=regime(), suspensions=())
    assert [line.result.points for line in statement.lines] == [0, 1, 3, 0, 0]
    assert statement.points == 4
    assert statement.credit is not None
    assert (statement.credit.points, str(statement.credit.base), str(statement.credit.due)) == (
        4,
        "£250,000.00",
        "£5,000.00",
    )
    assert [line.working for line in statement.lines] == [
        "Met target: no points.",
        "Below target: 1 point.",
        "Below minimum: 3 points.",
        "Below minimum: 3 points, relieved by mitigation.",
        "No activity: no points.",
    ]


@given(
    said=st.lists(st.sampled_from(["99", "97", "95", "95, mitigated", "95, suspended", "nothing came"]), max_size=8),
    data=st.data(),
)
def test_the_order_of_the_lines_changes_no_total(
    said: list[str], data: st.DataObject, kpi: MakeKpi, months: Months
) -> None:
    results = [result for n, words in enumerate(said) for result in months(kpi(code=f"KPI_{n}"), words)]
    shuffled = data.draw(st.permutations(results))
    one, other = (
        statement_of(month=APRIL, results=given_results, regime=regime(free=2), suspensions=())
        for given_results in (results, shuffled)
    )
    assert one.points == other.points == sum(result.points for result in results)
    assert one.credit == other.credit


def test_a_credit_suspended_for_all_is_not_due(kpi: MakeKpi, months: Months) -> None:
    results = months(kpi(), "95")
    statement = statement_of(month=APRIL, results=results, regime=regime(), suspensions=(lifted(),))
    assert statement.points == 3
    assert statement.credit is not None
    assert str(statement.credit.due) == "£0.00"
    assert statement.credit_working.endswith("service credits are suspended by CCN-10, so £0.00 is due.")


def test_a_credit_suspended_for_one_kpi_leaves_its_points_out(kpi: MakeKpi, months: Months) -> None:
    results = (*months(kpi(code="KPI_1"), "95"), *months(kpi(code="KPI_2"), "97"))
    statement = statement_of(month=APRIL, results=results, regime=regime(), suspensions=(lifted("KPI_1"),))
    assert statement.points == 4
    assert statement.credit is not None
    assert (statement.credit.points, str(statement.credit.due)) == (1, "£1,250.00")
    assert statement.credit_working.endswith("Points of some KPIs are left out of the credit by CCN-10.")


def test_a_suspension_of_other_months_changes_nothing(kpi: MakeKpi, months: Months) -> None:
    may = Month(2019, 5)
    statement = statement_of(
        month=APRIL, results=months(kpi(), "95"), regime=regime(), suspensions=(lifted(first=may, last=may),)
    )
    assert statement.credit is not None
    assert str(statement.credit.due) == "£3,750.00"


def test_a_suspension_of_points_is_none_of_the_credit(kpi: MakeKpi, months: Months) -> None:
    """The points that it suspends are not counted in the first place; those of other KPIs are charged as ever."""
    of_points = replace(lifted(), what="points")
    statement = statement_of(month=APRIL, results=months(kpi(), "95"), regime=regime(), suspensions=(of_points,))
    assert statement.credit is not None
    assert (str(statement.credit.due), statement.credit.is_suspended) == ("£3,750.00", False)


def test_a_month_without_any_kpi_in_force_has_no_lines_and_no_number_in_the_contract() -> None:
    statement = statement_of(month=APRIL, results=(), regime=regime(), suspensions=())
    assert (statement.lines, statement.points, statement.contract_month) == ((), 0, 0)


def test_a_regime_without_credits_settles_points_only(kpi: MakeKpi, months: Months) -> None:
    statement = statement_of(
        month=APRIL, results=months(kpi(), "95"), regime=regime(with_credits=False), suspensions=()
    )
    assert (statement.points, statement.credit) == (3, None)
    assert statement.credit_working == "The regime has no service credits."


def test_the_working_of_each_line_says_what_was_done(kpi: MakeKpi, months: Months) -> None:
    results = months(kpi(), "95", "97", "97, suspended")
    assert [working_of(result) for result in results] == [
        "Below minimum: 3 points.",
        "Below target: 1 point x 2, failing for 2 periods running = 2 points.",
        "Below target: 1 point, suspended by CCN-10.",
    ]
    (monitored,) = months(kpi(points={}), "95")
    assert working_of(monitored) == "Below minimum: monitored only, no points."
    (small,) = months(kpi(small_volume={"fewer_than": "20", "then": "report_only"}), "3 of 10")
    assert working_of(small) == "Below minimum: reported only, because of the small volume."


def test_a_grant_in_part_puts_both_values_before_the_working_and_leaves_the_notices_name_as_written(
    kpi: MakeKpi, mitigation: Callable[..., Mitigation]
) -> None:
    failing = kpi()
    left = make_due(failing, APRIL, "97").measurement
    assert left is not None
    relieved = RelievedMeasurement(left, standing_of(kpi=failing, measurement=left), 12, (mitigation(failing, APRIL),))
    letter = replace(lifted(), what="points", notice="Letter: 10 May")
    (result,) = results_of(
        due=[replace(make_due(failing, APRIL, "95"), relieved=relieved)], circumstances=Circumstances([], [letter], {})
    )
    assert working_of(result) == (
        "95.00% measured, 97.00% without the 12 rows relieved: below target, 1 point, suspended by Letter: 10 May."
    )

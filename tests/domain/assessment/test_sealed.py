"""A sealed statement: exact, canonical, and the same whatever engine computed it; what differs between two is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.commands.queries.locked_statements import changed
from muniment.domain.assessment.credit import credit_of
from muniment.domain.assessment.result import Circumstances, Result, results_of
from muniment.domain.assessment.sealed import (
    CountedSubmission,
    SealedDecision,
    SealedInputs,
    beside,
    sealed_bytes,
    sealed_fingerprint,
    sealed_of,
)
from muniment.domain.assessment.sealed_differences import Difference, causes_of, statement_differences
from muniment.domain.assessment.statement import KpiLine, Statement, working_of
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.text import ServiceCreditsText
from tests.domain.assessment.conftest import make_due, make_kpi

Object = dict[str, Json]
TERMS = ServiceCreditsText.model_validate(
    {"free_points": "0", "per_point": "1%", "of": "monthly", "cap": "10%", "round": "2 dp half up"}
)
INPUTS = SealedInputs(
    contract="cssc",
    month=Month(2019, 4),
    known=date(2019, 5, 31),
    regimes=(("2019-04-01", "a" * 64),),
    notices=("CCN-028",),
    submissions=(CountedSubmission("cssc/calls/2019-04/s1", "calls", Month(2019, 4), "b" * 64, "accepted"),),
    mitigations=(),
    calendars=(("business_day", "c" * 64),),
    engine="duckdb",
    engine_version="0.1.0",
)


def sealed(results: tuple[Result, ...], inputs: SealedInputs = INPUTS, *, base: int = 1_000_000) -> Object:
    lines = tuple(KpiLine(result, None, working_of(result)) for result in results)
    points = sum(result.points for result in results)
    credit = credit_of(terms=TERMS, points=points, base=Money(base))
    statement = Statement(results[0].month, 1, lines, credit, "working")
    return sealed_of(statement=statement, results=results, inputs=inputs)


@pytest.fixture
def april(kpi: Callable[..., Kpi], months: Callable[..., tuple[Result, ...]]) -> Callable[[str], tuple[Result, ...]]:
    return lambda said: months(kpi(left_out=("test calls",)), said)


def only(value: Json) -> Object:
    assert isinstance(value, list)
    assert len(value) == 1
    assert isinstance(value[0], dict)
    return value[0]


def part(value: Json, name: str) -> Json:
    assert isinstance(value, dict)
    return value[name]


def test_a_ratio_is_kept_exact_beside_its_rounded_value(april: Callable[[str], tuple[Result, ...]]) -> None:
    measured = part(only(sealed(april("1 of 3"))["results"]), "measured")
    assert (part(measured, "exact"), part(measured, "value")) == ("100/3", "33.33")
    assert (part(measured, "numerator"), part(measured, "denominator")) == ("1", "3")
    assert part(measured, "rounding") == "2 dp half up"


def test_levels_carry_where_they_stand_in_the_text(april: Callable[[str], tuple[Result, ...]]) -> None:
    target = part(only(sealed(april("98"))["results"]), "target")
    assert target == {"level": "at least 99%", "place": "regime.yaml:1:1", "notice": None}


def test_pounds_are_whole_pence(april: Callable[[str], tuple[Result, ...]]) -> None:
    credit = part(sealed(april("90"))["statement"], "credit")
    assert (part(credit, "due"), part(credit, "base"), part(credit, "per_point")) == (30_000, 1_000_000, "1")


@pytest.mark.parametrize(("engine", "version"), [("reference", "0.1.0"), ("duckdb", "2.0.0")])
def test_the_engine_stands_beside_and_not_inside(
    april: Callable[[str], tuple[Result, ...]], engine: str, version: str
) -> None:
    other = replace(INPUTS, engine=engine, engine_version=version)
    assert sealed_bytes(sealed(april("90"), other)) == sealed_bytes(sealed(april("90")))
    assert beside(other) == {"name": engine, "version": version}


@given(counted=st.integers(0, 10**6), more=st.integers(1, 10**6))
def test_equal_statements_have_equal_bytes_and_others_do_not(counted: int, more: int) -> None:
    def results(said: str) -> tuple[Result, ...]:
        due = [make_due(make_kpi(), Month(2019, 4), said)]
        return results_of(due=due, circumstances=Circumstances([], [], {}))

    of = counted + more
    one, same, other = (sealed(results(f"{n} of {of}")) for n in (counted, counted, counted + 1))
    assert sealed_fingerprint(one) == sealed_fingerprint(same)
    assert sealed_fingerprint(one) != sealed_fingerprint(other)
    exact = part(part(only(one["results"]), "measured"), "exact")
    assert Fraction(str(exact)) == Fraction(100 * counted, of)


def test_nothing_differs_between_a_statement_and_itself(april: Callable[[str], tuple[Result, ...]]) -> None:
    assert statement_differences(sealed(april("98")), sealed(april("98"))) == ()


def test_differences_are_inputs_then_kpis_then_points_then_pounds(april: Callable[[str], tuple[Result, ...]]) -> None:
    late = CountedSubmission("cssc/calls/2019-04/s2", "calls", Month(2019, 4), "d" * 64, "accepted")
    found = statement_differences(sealed(april("90")), sealed(april("98"), replace(INPUTS, submissions=(late,))))
    kinds = [difference.kind for difference in found]
    assert kinds == sorted(kinds, key=["input", "kpi", "points", "credit"].index)
    assert set(kinds) == {"input", "kpi", "points", "credit"}
    assert Difference("kpi", "CSC_KPI_04", "status", "below minimum", "below target") in found
    assert Difference("points", "all KPIs", "points", "3", "1") in found
    assert Difference("credit", "credit", "due", "£300.00", "£100.00") in found


def test_what_became_of_the_rows_is_said_in_words() -> None:
    def of(**rows: Json) -> Object:
        return {"results": [{"kpi": "CSC_KPI_05", "measured": {"dispositions": {**rows}}}]}

    before = of(counted=462, in_total=37, left_out=[["test calls", 2], ["abroad", 0]], out_of_scope=0)
    said = "462 counted, 37 in total but not counted, 2 left out (test calls)"
    assert statement_differences(before, of(counted=0, in_total=0, left_out=[], out_of_scope=0)) == (
        Difference("kpi", "CSC_KPI_05", "dispositions", said, "no rows"),
    )


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"submissions": ()}, "late evidence"),
        ({"challenges": (SealedDecision("cssc/calls/2019-04/q1", "upheld", "e" * 64),)}, "challenge upheld"),
        ({"mitigations": (SealedDecision("cssc/CSC_KPI_04/2019-04/g1", "granted", "e" * 64),)}, "mitigation decision"),
        ({"notices": ("CCN-028", "CCN-030")}, "retroactive notice"),
        ({"regimes": (("2019-04-01", "f" * 64),)}, "retroactive notice"),
        ({"calendars": (("business_day", "f" * 64),)}, "calendar"),
        ({"opening_runs": (("CSC_KPI_04", 2),)}, "opening balances"),
    ],
)
def test_the_cause_is_the_input_that_differs(
    april: Callable[[str], tuple[Result, ...]], changes: dict[str, tuple[str, ...]], cause: str
) -> None:
    found = changed(sealed(april("98")), sealed(april("98"), replace(INPUTS, **changes)))  # type: ignore[arg-type]  # the names are those of the class
    assert found.causes == (cause,)
    assert found.is_same is False


def test_outputs_that_differ_on_the_same_inputs_have_no_cause_among_them(
    april: Callable[[str], tuple[Result, ...]],
) -> None:
    assert causes_of(statement_differences(sealed(april("98")), sealed(april("90")))) == ()

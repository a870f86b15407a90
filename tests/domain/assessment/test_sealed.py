"""A sealed statement: exact, canonical, and the same whatever engine computed it; what differs between two is named."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.commands.queries.locked_statements import changed
from muniment.domain.assessment.credit import credit_of
from muniment.domain.assessment.result import Circumstances, RelievedMeasurement, Result, results_of
from muniment.domain.assessment.sealed import (
    CountedSubmission,
    SealedDecision,
    SealedInputs,
    beside,
    sealed_bytes,
    sealed_fingerprint,
    sealed_of,
)
from muniment.domain.assessment.sealed_differences import Difference, DifferenceKind, causes_of, statement_differences
from muniment.domain.assessment.sealed_statement import SealedDispositions, SealedFormError, read_sealed
from muniment.domain.assessment.statement import KpiLine, Statement, working_of
from muniment.domain.assessment.status import standing_of
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.text import ServiceCreditsText
from tests.domain.assessment.conftest import make_due, make_kpi, make_mitigation, measure

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


def differences(before: Object, after: Object) -> tuple[Difference, ...]:
    return statement_differences(read_sealed(before), read_sealed(after))


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


def test_a_sealed_statement_says_in_which_form_it_is(april: Callable[[str], tuple[Result, ...]]) -> None:
    assert sealed(april("98"))["form"] == 1


def test_a_ratio_is_kept_exact_beside_its_rounded_value(april: Callable[[str], tuple[Result, ...]]) -> None:
    measured = part(only(sealed(april("1 of 3"))["results"]), "measured")
    assert (part(measured, "exact"), part(measured, "value")) == ("100/3", "33.33")
    assert (part(measured, "numerator"), part(measured, "denominator")) == ("1", "3")
    assert part(measured, "rounding") == "2 dp half up"


def test_levels_carry_where_they_stand_in_the_text(april: Callable[[str], tuple[Result, ...]]) -> None:
    target = part(only(sealed(april("98"))["results"]), "target")
    assert target == {"level": "at least 99%", "place": "regime.yaml:1:1", "notice": None}


@pytest.mark.parametrize(("said", "band"), [("98", "below_target"), ("no activity", None)])
def test_the_band_is_named_where_a_level_was_compared(
    april: Callable[[str], tuple[Result, ...]], said: str, band: str | None
) -> None:
    assert only(sealed(april(said))["results"])["band"] == band


def test_a_submission_is_sealed_with_its_month_and_the_rows_that_it_was_accepted_without(
    april: Callable[[str], tuple[Result, ...]],
) -> None:
    of_april = CountedSubmission("cssc/calls/2019-04/s1", "calls", Month(2019, 4), "b" * 64, "accepted", ("C-1", "C-7"))
    of_any_month = CountedSubmission("cssc/staff/s1", "staff", None, "d" * 64, "accepted")
    inputs = sealed(april("98"), replace(INPUTS, submissions=(of_april, of_any_month)))["inputs"]
    first = {"id": "cssc/calls/2019-04/s1", "table": "calls", "period": "2019-04", "sha256": "b" * 64}
    second = {"id": "cssc/staff/s1", "table": "staff", "period": None, "sha256": "d" * 64}
    assert part(inputs, "submissions") == [
        {**first, "standing": "accepted", "rejected": ["C-1", "C-7"]},
        {**second, "standing": "accepted"},
    ]


INCIDENTS = {"target": "at most 2", "minimum": "at most 4", "form": "number_of_rows", "unit": "incidents", "places": 0}


@pytest.mark.parametrize(
    ("choices", "measured", "counted", "of", "figures"),
    [
        ({}, "90", 1, 3, ("1", "3", "100/3", "33.33", "below_minimum", "below_minimum", "levels")),
        ({}, "90", 0, 0, ("0", "0", None, None, "not_applicable", None, "no_activity")),
        (INCIDENTS, "5", 3, None, ("3", None, "3/1", "3", "below_target", "below_target", "levels")),
    ],
)
def test_what_grants_in_part_leave_is_sealed_as_exactly_as_what_was_measured(
    choices: dict[str, object], measured: str, counted: int, of: int | None, figures: tuple[str | None, ...]
) -> None:
    kpi = make_kpi(**choices)  # type: ignore[arg-type]  # each keyword has its own type
    due = make_due(kpi, Month(2019, 4), measured)
    left = measure(kpi, counted=counted, of=of)
    relieved = RelievedMeasurement(
        left, standing_of(kpi=kpi, measurement=left), 12, (make_mitigation(kpi, Month(2019, 4)),)
    )
    results = results_of(due=[replace(due, relieved=relieved)], circumstances=Circumstances([], [], {}))
    names = ("numerator", "denominator", "exact", "value", "status", "band", "rule")
    assert only(sealed(results)["results"])["relieved"] == {
        "by": ["cssc/x/g1"],
        "rows": 12,
        **dict(zip(names, figures, strict=True)),
    }


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
    assert differences(sealed(april("98")), sealed(april("98"))) == ()


def test_differences_are_inputs_then_kpis_then_points_then_pounds(april: Callable[[str], tuple[Result, ...]]) -> None:
    late = CountedSubmission("cssc/calls/2019-04/s2", "calls", Month(2019, 4), "d" * 64, "accepted")
    found = differences(sealed(april("90")), sealed(april("98"), replace(INPUTS, submissions=(late,))))
    kinds = [difference.kind for difference in found]
    assert kinds == sorted(kinds, key=["input", "kpi", "points", "credit"].index)
    assert set(kinds) == {"input", "kpi", "points", "credit"}
    assert Difference("kpi", "CSC_KPI_04", "status", "below minimum", "below target") in found
    assert Difference("points", "all KPIs", "points", "3", "1") in found
    assert Difference("credit", "credit", "due", "£300.00", "£100.00") in found


def test_what_became_of_the_rows_is_said_in_words() -> None:
    def of(**rows: Json) -> Object:
        return {"results": [{"kpi": "CSC_KPI_05", "category": "tsl_achieved", "measured": {"dispositions": {**rows}}}]}

    before = of(counted=462, in_total=37, left_out=[["test calls", 2], ["abroad", 0]], out_of_scope=0)
    said = "462 counted, 37 in total but not counted, 2 left out (test calls)"
    assert differences(before, of(counted=0, in_total=0, left_out=[], out_of_scope=0)) == (
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
    assert causes_of(differences(sealed(april("98")), sealed(april("90")))) == ()


def test_inputs_are_told_by_their_names_and_the_first_twelve_digits_of_what_they_are(
    april: Callable[[str], tuple[Result, ...]],
) -> None:
    digits = "0123456789abcdef" * 4
    late = CountedSubmission("cssc/calls/2019-04/s2", "calls", Month(2019, 4), digits, "provisional", ("C-1", "C-7"))
    after = replace(INPUTS, submissions=(late,), regimes=(("2019-04-01", digits),), notices=("CCN-028", "timetable"))
    assert differences(sealed(april("98")), sealed(april("98"), after)) == (
        Difference(
            "input",
            "calls/2019-04",
            "submissions",
            "cssc/calls/2019-04/s1, accepted, sha256 bbbbbbbbbbbb",
            "cssc/calls/2019-04/s2, provisional without C-1, C-7, sha256 0123456789ab",
            "late evidence",
        ),
        Difference("input", "timetable", "notices", "none", "in effect", "retroactive notice"),
        Difference("input", "2019-04-01", "regimes", "aaaaaaaaaaaa", "0123456789ab", "retroactive notice"),
    )


def test_a_kpi_in_force_in_one_statement_only_is_told_as_that_and_in_no_other_part(
    april: Callable[[str], tuple[Result, ...]],
) -> None:
    results = april("98")
    with_it, without = sealed(results), {**sealed(results), "results": []}
    assert differences(with_it, without) == (Difference("kpi", "CSC_KPI_04", "in force", "yes", "no"),)
    assert differences(without, with_it) == (Difference("kpi", "CSC_KPI_04", "in force", "no", "yes"),)


def test_a_level_is_told_with_the_notice_that_set_it() -> None:
    def of(level: str, notice: str | None) -> Object:
        target: Json = {"level": level, "place": "x", "notice": notice}
        return {"results": [{"kpi": "CSC_KPI_05", "category": "tsl_achieved", "target": target}]}

    assert differences(of("at least 99%", None), of("at least 98%", "CCN-10")) == (
        Difference("kpi", "CSC_KPI_05", "target", "at least 99%", "at least 98% (CCN-10)"),
    )


def test_what_was_not_measured_is_told_as_none(april: Callable[[str], tuple[Result, ...]]) -> None:
    found = differences(sealed(april("98")), sealed(april("nothing came")))
    assert [difference for difference in found if difference.part in ("dispositions", "band", "value")] == [
        Difference("kpi", "CSC_KPI_04", "value", "98.00", "none"),
        Difference("kpi", "CSC_KPI_04", "dispositions", "98000 counted, 2000 in total but not counted", "none"),
        Difference("kpi", "CSC_KPI_04", "band", "below target", "none"),
    ]


def test_what_a_statement_leaves_out_differs_in_nothing_from_what_is_empty() -> None:
    assert differences({}, {"results": [], "inputs": {"notices": []}, "statement": {"credit": None}}) == ()


@pytest.mark.parametrize(
    ("spoilt", "where"),
    [
        (["no object"], "the whole"),
        ({"results": ["none"]}, "results.0"),
        ({"results": [{"kpi": "K1"}]}, "results.0.category"),
        ({"results": [{"kpi": "K1", "category": "splendid"}]}, "results.0.category"),
        ({"inputs": {"notices": None}}, "inputs.notices"),
        ({"statement": {"points": "3"}}, "statement.points"),
        ({"statement": {"credit": {"due": True}}}, "statement.credit.due"),
    ],
)
def test_what_does_not_have_the_form_is_refused_with_the_part_that_has_not(spoilt: Json, where: str) -> None:
    with pytest.raises(SealedFormError, match=f"^{re.escape(where)}: "):
        read_sealed(spoilt)


def result_of(path: str, value: Json) -> Object:
    """A statement of one result, with one of its members, or of the members of one of its parts, given."""
    part, _, name = path.rpartition(".")
    member: Object = {part: {name: value}} if part else {name: value}
    return {"results": [{"kpi": "K1", "category": "tsl_achieved", **member}]}


@pytest.mark.parametrize(
    ("path", "before", "after", "kind", "part", "words"),
    [
        ("status", "met_target", "below_target", "kpi", "status", ("met target", "below target")),
        ("category", "tsl_achieved", "below_msl", "kpi", "category", ("TSL achieved", "Below MSL")),
        ("band", "met_target", "serious", "kpi", "band", ("met target", "serious")),
        ("rule", "levels", "small_volume", "kpi", "rule", ("levels", "small_volume")),
        ("target", {"level": "at most 1"}, {"level": "at most 2"}, "kpi", "target", ("at most 1", "at most 2")),
        ("minimum", {"level": "at most 1"}, {"level": "at most 2"}, "kpi", "minimum", ("at most 1", "at most 2")),
        ("mitigation", None, "c/K1/2019-04/g1", "kpi", "mitigation", ("none", "c/K1/2019-04/g1")),
        ("suspension", None, "CCN-10", "kpi", "suspension", ("none", "CCN-10")),
        ("period", "2019-04", "2019-05", "kpi", "period", ("2019-04", "2019-05")),
        ("measured.numerator", "1", "2", "kpi", "numerator", ("1", "2")),
        ("measured.denominator", None, "2", "kpi", "denominator", ("none", "2")),
        ("measured.value", "1", "2", "kpi", "value", ("1", "2")),
        ("measured.rounding", "1 dp", "2 dp", "kpi", "rounding", ("1 dp", "2 dp")),
        ("relieved.rows", 1, 2, "kpi", "relieved rows", ("1", "2")),
        ("relieved.value", "1", "2", "kpi", "relieved value", ("1", "2")),
        (
            "relieved.status", "met_target", "below_minimum", "kpi", "relieved status", ("met target", "below minimum"),
        ),
        ("points.base", 1, 2, "points", "base", ("1", "2")),
        ("points.run", 1, 2, "points", "run", ("1", "2")),
        ("points.multiplier", 1, 2, "points", "multiplier", ("1", "2")),
        ("points.points", 1, 2, "points", "points", ("1", "2")),
    ],
)  # fmt: skip
def test_each_part_of_a_result_that_differs_is_told_once_in_words(
    path: str, before: Json, after: Json, kind: DifferenceKind, part: str, words: tuple[str, str]
) -> None:
    assert differences(result_of(path, before), result_of(path, after)) == (Difference(kind, "K1", part, *words),)


def test_a_sealed_statement_names_its_form(april: Callable[[str], tuple[Result, ...]]) -> None:
    """Version 1 is what locked statements hold: another form needs another number."""
    assert sealed(april("98"))["form"] == 1


def test_what_a_sealed_statement_leaves_out_is_blank() -> None:
    """None, no row, no word: nothing is made up that was not sealed."""
    read = read_sealed(
        {
            "results": [
                {
                    "kpi": "K1",
                    "category": "mitigated",
                    "measured": {"dispositions": {}},
                    "relieved": {},
                    "target": {"level": "at most 1"},
                }
            ],
            "inputs": {"submissions": [{"id": "c/calls/2019-04/s1"}]},
            "statement": {"lines": [{"kpi": "K1"}]},
        }
    )
    (result,), (submission,), (line,) = read.results, read.inputs.submissions, read.statement.lines
    assert result.measured is not None
    parts = (result.measured, result.measured.dispositions, result.relieved, result.target, submission, line)
    given = {name: value for part in parts for name, value in vars(part).items() if value}
    assert given.pop("dispositions") == SealedDispositions()
    assert given == {"level": "at most 1", "id": "c/calls/2019-04/s1", "kpi": "K1"}
    known = {name for name, value in vars(result).items() if value}
    assert known == {"kpi", "category", "measured", "relieved", "target", "points"}
    assert read.statement.credit_working == ""

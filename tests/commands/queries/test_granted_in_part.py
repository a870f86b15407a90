"""A mitigation granted in part: rows or days are relieved, the points come from the value without them, and
what was measured stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.commands.queries.explain import explain_kpi_month
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.seal import seal
from muniment.commands.queries.settlement import settle_month
from muniment.domain.assessment.mitigation import Decision, Mitigation
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.sealed import sealed_fingerprint, with_statement
from muniment.domain.assessment.sealed_differences import statement_differences
from muniment.domain.assessment.sealed_statement import read_sealed
from muniment.domain.assessment.statement import in_former_words
from muniment.domain.evidence.acceptance import TableRejection
from muniment.domain.evidence.reference import ReferenceEngine
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import EntryReference
from tests.commands.queries.conftest import Calls, agreed, calls_of

Read = Callable[..., Reading]
APRIL, MAY, JUNE = Month(2019, 4), Month(2019, 5), Month(2019, 6)
RECORDED = EntryReference(1, "0" * 64, "2019-06-08T09:30:00Z", "m.okafor", "authority", "the flood")


def in_part(
    *, rows: tuple[str, ...] = (), days: tuple[str, ...] = (), month: Month = APRIL, number: int = 1
) -> Mitigation:
    decision = Decision("granted_in_part", "no_points", RECORDED, rows, days)
    return Mitigation(
        f"library/ABANDONED/{month}/g{number}", "ABANDONED", "third_party", month, month, None, None, RECORDED, decision
    )


def first_calls(count: int, month: Month = APRIL) -> tuple[str, ...]:
    """The first calls of the month: the abandoned ones come first."""
    return tuple(f"{month}-{number:03}" for number in range(count))


def assessed(reading: Reading, month: Month = APRIL) -> Result:
    (result,) = (r for r in reading.results(first=month, last=month) if r.kpi.code == "ABANDONED")
    return result


def values(result: Result) -> tuple[str, str]:
    assert result.measurement is not None
    assert result.relieved is not None
    return str(result.measurement.value), str(result.relieved.measurement.value)


# Target: at most 7 %, 1 point beyond it. Minimum: at most 10 %, 3 points beyond it. 20 of 100 calls were abandoned.
@pytest.mark.parametrize(
    ("relieved", "value", "category", "points"),
    [
        (8, "13.0", "below_msl", 3),  # 12 of 92: still below the minimum
        (12, "9.1", "below_msl", 1),  # 8 of 88: below the target only, so the points of that
        (14, "7.0", "mitigated", 0),  # 6 of 86: meets the target
        (20, "0.0", "mitigated", 0),
        (100, "None", "below_msl", 0),  # nothing is left to measure: no points, but no target was met either
    ],
)
def test_the_points_follow_the_relieved_value(
    reading: Read, relieved: int, value: str, category: str, points: int
) -> None:
    result = assessed(reading(None, mitigations=(in_part(rows=first_calls(relieved)),), m2019_04="20 of 100"))
    assert (*values(result), result.category, result.points) == ("20.0", value, category, points)
    assert (result.standing.status, result.is_mitigated) == ("below_minimum", category == "mitigated")


def test_both_values_are_in_the_working(reading: Read) -> None:
    def working(relieved: int, **of_month: str) -> str:
        found = reading(None, mitigations=(in_part(rows=first_calls(relieved)),), **of_month)
        return next(
            line.working for line in settle_month(found, month=APRIL).lines if line.result.kpi.code == "ABANDONED"
        )

    assert working(12, m2019_04="20 of 100") == (
        "20.0% measured, 9.1% without the 12 rows relieved: below target, 1 point."
    )
    assert working(14, m2019_04="20 of 100") == (
        "20.0% measured, 7.0% without the 14 rows relieved: below minimum, 3 points, relieved by mitigation."
    )
    assert working(1, m2019_04="9 of 100") == ("9.0% measured, 8.1% without the 1 row relieved: below target, 1 point.")


@pytest.mark.parametrize(("relieved", "is_reworded"), [(1, False), (12, False), (14, True)])
def test_a_statement_sealed_in_the_words_of_version_0_1_is_computed_again_in_them(
    reading: Read, relieved: int, is_reworded: bool
) -> None:
    found = reading(None, mitigations=(in_part(rows=first_calls(relieved)),), m2019_04="20 of 100")
    now = seal(found, month=APRIL, submissions=(), engine_version="1")
    then = with_statement(now.sealed, in_former_words(now.statement))
    assert ("met target, 3 points, relieved by mitigation" in repr(then)) == is_reworded
    assert now.as_sealed(sealed_fingerprint(then)).sealed == then
    assert now.as_sealed(None).sealed == now.as_sealed("0" * 64).sealed == now.sealed
    assert statement_differences(read_sealed(then), read_sealed(now.sealed)) == ()


def test_the_sentence_says_what_was_relieved_and_where_the_points_come_from(reading: Read) -> None:
    found = reading(None, mitigations=(in_part(rows=first_calls(12)),), m2019_04="20 of 100")
    explanation = explain_kpi_month(found, kpi="ABANDONED", month=APRIL)
    assert explanation.sentence.endswith(
        "so the Minimum Service Level was missed. A mitigation is granted in part: at 9.1% without the 12 rows "
        "relieved it missed the Target Service Level and met the Minimum Service Level. Number and status stand, and "
        "the points come from the relieved value."
    )
    assert explanation.relieved_line == "9.1% = 8 / 88, without the 12 rows relieved"
    assert explanation.sum_line == "20.0% = 20 / 100"


def test_a_grant_of_days_relieves_the_rows_dated_on_them(reading: Read) -> None:
    """Of 20 abandoned calls, 14 were offered on Tuesday 2 April; so were 10 that were answered."""
    calls = calls_of(m2019_04="20 of 100")
    calls.rows[:14] = [replace(row, day=date(2019, 4, 2)) for row in calls.rows[:14]]
    calls.rows[90:] = [replace(row, day=date(2019, 4, 2)) for row in calls.rows[90:]]
    result = assessed(over(calls, in_part(days=("2019-04-02", "2019-04-03"))))
    assert result.relieved is not None
    assert (values(result), result.relieved.rows, result.points) == (("20.0", "7.9"), 24, 1)


def test_rows_and_days_of_several_grants_are_relieved_together(reading: Read) -> None:
    grants = (in_part(rows=first_calls(8)), in_part(rows=first_calls(14)[6:], number=2))
    result = assessed(reading(None, mitigations=grants, m2019_04="20 of 100"))
    assert result.relieved is not None
    assert (values(result), result.relieved.rows, result.relieved.by) == (("20.0", "7.0"), 14, grants)


def test_a_rejected_row_is_not_relieved_as_well(reading: Read) -> None:
    found = reading(None, mitigations=(in_part(rows=first_calls(14)),), m2019_04="20 of 100")
    found = replace(found, rejections=(TableRejection("calls", APRIL, "2019-04-000", "a test"),))
    result = assessed(found)
    assert result.relieved is not None
    assert (values(result), result.relieved.rows) == (("19.2", "7.0"), 13)


def test_relief_that_would_make_it_worse_costs_nothing(reading: Read) -> None:
    """9 of 100 were abandoned: 1 point. Without 20 answered calls it is 9 of 80, which would earn 3."""
    answered = tuple(f"2019-04-{number:03}" for number in range(80, 100))
    result = assessed(reading(None, mitigations=(in_part(rows=answered),), m2019_04="9 of 100"))
    assert (values(result), result.points, result.category) == (("9.0", "11.3"), 1, "msl_achieved")


def test_a_grant_whose_rows_are_not_there_says_so(reading: Read) -> None:
    found = reading(None, mitigations=(in_part(rows=("C-1",)),), m2019_04="20 of 100")
    explanation = explain_kpi_month(found, kpi="ABANDONED", month=APRIL)
    assert explanation.points_working == (
        "20.0% measured, and no row of April 2019 is relieved: below minimum, 3 points."
    )
    assert explanation.sentence.endswith("and no row of April 2019 is relieved by it.")


def test_a_kpi_that_meets_its_target_is_not_mitigated_in_part(reading: Read) -> None:
    result = assessed(reading(None, mitigations=(in_part(rows=first_calls(3)),), m2019_04="7 of 100"))
    assert (result.mitigation, result.relieved, result.category) == (None, None, "tsl_achieved")


def test_a_whole_grant_goes_before_one_in_part(reading: Read) -> None:
    whole = replace(in_part(number=2), decision=Decision("granted", "no_points", RECORDED))
    result = assessed(reading(None, mitigations=(in_part(rows=first_calls(3)), whole), m2019_04="20 of 100"))
    assert (result.mitigation, result.relieved, result.category) == (whole, None, "mitigated")


@pytest.mark.parametrize(
    ("rule", "relieved", "points"),
    [
        # April 3 points; May as relieved; June 3, doubled where the chain goes on.
        ("skip", 14, [3, 0, 6]),
        ("breaks", 14, [3, 0, 3]),
        ("counts", 14, [3, 0, 6]),
        ("skip", 12, [3, 2, 6]),
        ("breaks", 12, [3, 2, 6]),  # still failing, so the chain is not broken
        ("skip", 100, [3, 0, 6]),  # nothing left to assess neither counts nor breaks
    ],
)
def test_what_a_month_relieved_in_part_does_to_the_chain(
    reading: Read, rule: str, relieved: int, points: list[int]
) -> None:
    text = {"regime": f"mitigated_period: skip => mitigated_period: {rule}"}
    grant = in_part(rows=first_calls(relieved, MAY), month=MAY)
    said = "20 of 100"
    found = reading(None, text=text, mitigations=(grant,), m2019_04=said, m2019_05=said, m2019_06=said)
    results = [r for r in found.results(first=APRIL, last=JUNE) if r.kpi.code == "ABANDONED"]
    assert [result.points for result in results] == points


def test_the_relieved_value_is_sealed_and_its_change_is_told(reading: Read) -> None:
    plain, granted = (
        seal(
            reading(None, mitigations=grants, m2019_04="20 of 100"), month=APRIL, submissions=(), engine_version="1"
        ).sealed
        for grants in ((), (in_part(rows=first_calls(12)),))
    )
    assert "relieved" not in repr(plain)
    told = [str(found) for found in statement_differences(read_sealed(plain), read_sealed(granted))]
    assert "library/ABANDONED/2019-04/g1, mitigations: none -> granted_in_part (mitigation decision)" in told
    assert "ABANDONED, relieved value: none -> 9.1" in told
    assert "ABANDONED, points: 3 -> 1" in told


def over(calls: Calls, *mitigations: Mitigation) -> Reading:
    text = agreed()
    engine = ReferenceEngine(rows=calls.of, calendars=text.contract(known=None).calendars)
    return Reading(text=text, known=None, engine=engine, received=calls, mitigations=mitigations)


@given(
    abandoned=st.lists(st.integers(0, 12), min_size=3, max_size=3),
    relieved=st.frozensets(st.integers(0, 39)),
    month=st.sampled_from([APRIL, MAY, JUNE]),
)
def test_a_grant_in_part_never_costs_a_point(abandoned: list[int], relieved: frozenset[int], month: Month) -> None:
    """In its month, and in every later one of the chain."""
    names = ("m2019_04", "m2019_05", "m2019_06")
    calls = calls_of(**{name: f"{count} of 40" for name, count in zip(names, abandoned, strict=True)})
    grant = in_part(rows=tuple(f"{month}-{number:03}" for number in sorted(relieved)), month=month)
    without, with_it = (found.results(first=APRIL, last=JUNE) for found in (over(calls), over(calls, grant)))
    for before, after in zip(without, with_it, strict=True):
        assert after.points <= before.points
        assert (after.measurement, after.standing) == (before.measurement, before.standing)
        assert after.is_mitigated == (after.category == "mitigated")
        if after.relieved is not None:
            assert after.relieved.measurement.tally.rows == 40
            assert after.relieved.rows == len(relieved)

"""An explanation says what happened to every row, which line was missed, and where that line stands."""

from collections.abc import Callable

import pytest

from muniment.commands.queries.explain import explain_kpi_month, explanations
from muniment.commands.queries.reading import Reading
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError

Read = Callable[..., Reading]
APRIL, OCTOBER = Month(2019, 4), Month(2019, 10)
QUARTERLY = {"regime": "    measure: calls_abandoned\n =>     measure: calls_abandoned\n    period: quarter\n"}


def test_every_row_of_the_month_has_one_disposition(reading: Read) -> None:
    found = explain_kpi_month(
        reading(None, m2019_04="8 of 100, 3 tests", m2019_05="50 of 50"), kpi="ABANDONED", month=APRIL
    )
    assert [(said.name, said.count) for said in found.dispositions] == [
        ("counted", 8),
        ("in total, not counted", 92),
        ("left out: test calls", 3),
        ("out of scope", 0),
    ]
    assert sum(said.count for said in found.dispositions) == 103


def test_each_disposition_shows_its_first_rows(reading: Read) -> None:
    found = explain_kpi_month(reading(None, m2019_04="4 of 10, 1 tests"), kpi="ABANDONED", month=APRIL)
    samples = {said.name: said.sample for said in found.dispositions}
    assert samples["counted"] == ("2019-04-000", "2019-04-001", "2019-04-002")
    assert samples["left out: test calls"] == ("2019-04-900",)
    assert samples["out of scope"] == ()


def test_a_number_of_rows_has_no_rows_in_total_only(reading: Read) -> None:
    found = explain_kpi_month(reading(None, m2019_04="0 of 10, 3 long"), kpi="LONG_WAITS", month=APRIL)
    assert [(said.name, said.count) for said in found.dispositions] == [("counted", 3), ("out of scope", 7)]


def test_a_quarter_is_explained_by_all_of_its_rows(reading: Read) -> None:
    quarter = reading(None, text=QUARTERLY, m2019_04="1 of 10", m2019_05="1 of 10", m2019_06="1 of 10")
    found = explain_kpi_month(quarter, kpi="ABANDONED", month=Month(2019, 6))
    assert sum(said.count for said in found.dispositions) == 30
    assert found.dispositions[0].sample == ("2019-04-000", "2019-05-000", "2019-06-000")


def test_the_sentence_names_the_line_that_was_missed(reading: Read) -> None:
    below_target = explain_kpi_month(reading(None, m2019_04="8 of 100"), kpi="ABANDONED", month=APRIL)
    assert "8.0% in April 2019" in below_target.sentence
    assert "The target then was at most 7% and the minimum at most 10%" in below_target.sentence
    assert "Target Service Level was missed and the Minimum Service Level met" in below_target.sentence
    assert below_target.sum_line == "8.0% = 8 / 100"
    below_minimum = explain_kpi_month(reading(None, m2019_04="11 of 100"), kpi="ABANDONED", month=APRIL)
    assert "the Minimum Service Level was missed" in below_minimum.sentence
    assert below_minimum.points_working == "Below minimum: 3 points."


def test_each_line_in_force_says_where_it_stands(reading: Read) -> None:
    found = explain_kpi_month(reading(None, m2019_10="6 of 100"), kpi="ABANDONED", month=OCTOBER)
    lines = [(line.name, str(line.level), str(line.source.place), line.source.notice) for line in found.lines]
    assert lines == [
        ("target", "at most 5%", "changes/CCN-01.yaml:8:19", "CCN-01"),
        ("minimum", "at most 10%", "regime.yaml:24:14", None),
    ]
    assert found.notices == ("CCN-01",)


def test_what_was_not_measured_has_no_rows(reading: Read) -> None:
    found = explain_kpi_month(reading(None), kpi="ABANDONED", month=APRIL)
    assert (found.dispositions, found.sum_line) == ((), "not submitted")


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ("ABANDONNED", "did you mean 'ABANDONED'?"),
        ("PM_KPI_01", "ask for one of ABANDONED, LONG_WAITS, FEES"),
    ],
)
def test_a_kpi_that_was_not_in_force_is_refused_with_a_suggestion(reading: Read, asked: str, remedy: str) -> None:
    with pytest.raises(ProblemsFoundError) as refused:
        explain_kpi_month(reading(None), kpi=asked, month=APRIL)
    assert str(refused.value) == f"regime.yaml:1:1: there is no KPI '{asked}' in force in 2019-04 - {remedy}"


def test_many_results_are_explained_as_each_is_alone(reading: Read) -> None:
    quarter = reading(None, text=QUARTERLY, m2019_04="1 of 10, 2 tests", m2019_05="0 of 10, 3 long", m2019_06="2 of 9")
    results = quarter.results(first=APRIL, last=Month(2019, 6))
    alone = tuple(explain_kpi_month(quarter, kpi=result.kpi.code, month=result.month) for result in results)
    assert explanations(quarter, results) == alone
    assert len({found.result.month for found in alone if found.dispositions}) == 3

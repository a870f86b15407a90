"""Table 1: every KPI in force stands in exactly one row, so that every column adds up."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.summary import headline, table_1
from muniment.domain.kernel.period import Month
from muniment.domain.regime.kpis import Kpi

MakeKpi = Callable[..., Kpi]
Months = Callable[..., tuple[Result, ...]]
WORDS = st.tuples(
    st.sampled_from(
        ["100", "99", "97", "96", "95", "0", "no activity", "nothing came", "not due", "before the record"]
    ),
    st.sampled_from(["", ", mitigated", ", refused", ", undecided", ", suspended"]),
).map("".join)
CHOICES = st.fixed_dictionaries(
    {
        "no_activity": st.sampled_from(["not_applicable", "met_target", "not_assessed"]),
        "no_evidence": st.sampled_from(["not_submitted", "below_minimum"]),
        "repeat_failure": st.sampled_from([None, (2, 2, "skip"), (2, 2, "breaks"), (2, 2, "counts"), (1, 3, "skip")]),
    }
)


def test_the_rows_have_the_names_of_the_boards_table() -> None:
    assert [row.label for row in Category] == ["TSL achieved", "MSL achieved", "Below MSL", "Mitigated", "Not measured"]


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (("99", "99", "97", "95", "95, mitigated", "not due"), (2, 1, 1, 1, 1)),
        (("99", "99, mitigated"), (2, 0, 0, 0, 0)),
        (("nothing came", "no activity", "before the record"), (0, 0, 0, 0, 3)),
    ],
)
def test_a_column_counts_each_kpi_once(
    kpi: MakeKpi, months: Months, said: tuple[str, ...], counts: tuple[int, ...]
) -> None:
    results = [result for n, words in enumerate(said) for result in months(kpi(code=f"KPI_{n}"), words)]
    (column,) = table_1(results)
    assert tuple(column.counts[category] for category in Category) == counts
    assert column.total == len(said)


@given(
    chains=st.lists(st.tuples(CHOICES, st.lists(WORDS, min_size=3, max_size=3)), min_size=1, max_size=5), data=st.data()
)
def test_every_column_adds_up_to_the_kpis_in_force(
    chains: list[tuple[dict[str, object], list[str]]], data: st.DataObject, kpi: MakeKpi, months: Months
) -> None:
    results = [
        result for n, (choices, said) in enumerate(chains) for result in months(kpi(code=f"KPI_{n}", **choices), *said)
    ]
    columns = table_1(data.draw(st.permutations(results)))
    assert [str(column.month) for column in columns] == ["2019-04", "2019-05", "2019-06"]
    assert [column.contract_month for column in columns] == [1, 2, 3]
    assert [column.total for column in columns] == [len(chains)] * 3
    assert columns == table_1(results)


@given(choices=CHOICES, said=st.lists(WORDS, min_size=1, max_size=8), run=st.integers(0, 3))
def test_mitigation_never_adds_points(
    choices: dict[str, object], said: list[str], run: int, kpi: MakeKpi, months: Months
) -> None:
    """With what was granted, the points are at most those without; number and status are the same."""
    granted = months(kpi(**choices), *said, run=run)
    bare = months(kpi(**choices), *(words.replace(", mitigated", "") for words in said), run=run)
    assert sum(result.points for result in granted) <= sum(result.points for result in bare)
    assert [result.standing for result in granted] == [result.standing for result in bare]
    assert [result.measurement for result in granted] == [result.measurement for result in bare]


@given(choices=CHOICES, said=st.lists(WORDS, min_size=1, max_size=8))
def test_only_a_failing_period_earns_points_and_a_met_one_ends_the_chain(
    choices: dict[str, object], said: list[str], kpi: MakeKpi, months: Months
) -> None:
    for result in months(kpi(**choices), *said):
        if result.points:
            assert result.standing.is_failing
            assert not result.is_mitigated
        stands_outside = result.suspension is not None or result.standing.rule == "report_only"
        if result.standing.status == "met_target" and not stands_outside:
            assert result.consequence.run == 0


def test_the_headline_of_a_month(kpi: MakeKpi, months: Months) -> None:
    said = ("99", "99", "97", "95", "95, mitigated", "not due")
    (column,) = table_1([result for n, words in enumerate(said) for result in months(kpi(code=f"K_{n}"), words)])
    assert headline(column) == (
        "April 2019: 2 of 6 at target, 1 below target, 1 below minimum, 1 mitigated, 1 not measured"
    )
    assert column.month == Month(2019, 4)


def test_the_headline_leaves_out_what_did_not_happen(kpi: MakeKpi, months: Months) -> None:
    (column,) = table_1(
        [result for n, words in enumerate(("99", "95")) for result in months(kpi(code=f"K_{n}"), words)]
    )
    assert headline(column) == "April 2019: 1 of 2 at target, 1 below minimum"

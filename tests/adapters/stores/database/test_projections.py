"""What pages read can always be made again, and differs from the record only until somebody looks."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connections

from muniment.adapters.stores.database.models import StoredContract
from muniment.adapters.stores.database.pages import month_results, page, projection_basis
from muniment.adapters.stores.database.projections import (
    ComputedProjection,
    CountLine,
    PageText,
    ProjectionBasis,
    ResultText,
    month_counts,
    projected,
    projection_problems,
    replace_projections,
)
from muniment.adapters.stores.database.store import DatabaseStore

FORM = 3


@pytest.fixture
def fresh(store: DatabaseStore) -> ComputedProjection:
    """What a computation finds: two KPIs in two months."""
    results = tuple(
        ResultText(month, kpi, f'{{"kpi":"{kpi}","value":"97.3%"}}')
        for month in ("2019-10", "2019-11")
        for kpi in ("CSC_KPI_04", "ACF_KPI_03")
    )
    counts = (CountLine("2019-10", "TSL achieved", 2), CountLine("2019-11", "TSL achieved", 2))
    pages = (PageText("2019-10", '{"points":"0"}'), PageText("2019-11", '{"points":"0"}'), PageText("home", "{}"))
    stand = ProjectionBasis(1, store.ledger.entries()[-1].hash, form=FORM)
    return ComputedProjection(stand, results, counts, pages)


def test_what_was_projected_is_read_as_it_was_computed(store: DatabaseStore, fresh: ComputedProjection) -> None:
    assert projected("cssc", using=store.using) is None
    for _ in range(2):
        assert replace_projections("cssc", lambda: fresh, using=store.using) == fresh
    assert projected("cssc", using=store.using) == fresh


def test_table_1_is_shown_for_the_contracts_that_were_asked_for(
    store: DatabaseStore, fresh: ComputedProjection
) -> None:
    for contract in ("cssc", "waste", "roads"):
        replace_projections(contract, lambda: fresh, using=store.using)
    shown = month_counts("2019-11", contracts=["cssc", "roads"], using=store.using)
    assert shown == {"cssc": {"TSL achieved": 2}, "roads": {"TSL achieved": 2}}


def test_what_is_projected_is_compared_with_a_fresh_computation(
    store: DatabaseStore, fresh: ComputedProjection
) -> None:
    def compute() -> ComputedProjection:
        return fresh

    assert [(p.code, p.severity) for p in projection_problems("cssc", compute, using=store.using)] == [
        ("G011", "warning")
    ]
    replace_projections("cssc", compute, using=store.using)
    assert projection_problems("cssc", compute, using=store.using) == ()
    with connections[store.using].cursor() as cursor:
        cursor.execute("UPDATE register_monthresult SET content = '{}' WHERE month = '2019-11' AND kpi = 'ACF_KPI_03'")
    (problem,) = projection_problems("cssc", compute, using=store.using)
    assert str(problem) == (
        "cssc: results:1:1: the results shown for 2019-11 are not those of the record - rebuild the projections"
    )
    replace_projections("cssc", compute, using=store.using)
    assert projection_problems("cssc", compute, using=store.using) == ()


def test_results_in_another_order_are_not_those_of_the_record(store: DatabaseStore, fresh: ComputedProjection) -> None:
    replace_projections("cssc", lambda: replace(fresh, results=fresh.results[::-1]), using=store.using)
    (problem,) = projection_problems("cssc", lambda: fresh, using=store.using)
    assert "in another order" in problem.what


def test_results_that_stand_for_an_earlier_entry_are_out_of_date(
    store: DatabaseStore, fresh: ComputedProjection
) -> None:
    replace_projections("cssc", lambda: fresh, using=store.using)
    later = replace(fresh, stand=ProjectionBasis(2, "b" * 64, form=FORM))
    (problem,) = projection_problems("cssc", lambda: later, using=store.using)
    assert problem.what == "the results stand for entry 1, the record has 2"


def test_a_page_is_read_by_its_name_in_its_contract(store: DatabaseStore, fresh: ComputedProjection) -> None:
    def read(contract: str, name: str) -> str | None:
        return page(contract, name, form=FORM, using=store.using)

    assert read("cssc", "2019-10") is None
    replace_projections("cssc", lambda: fresh, using=store.using)
    assert read("cssc", "2019-10") == '{"points":"0"}'
    assert read("cssc", "2019-12") is None
    assert read("roads", "2019-10") is None


def test_the_results_of_a_month_come_in_the_order_of_the_text(store: DatabaseStore, fresh: ComputedProjection) -> None:
    replace_projections("cssc", lambda: fresh, using=store.using)
    found = month_results("cssc", "2019-11", form=FORM, using=store.using)
    assert found == tuple(result.content for result in fresh.results[2:])
    assert month_results("cssc", "2019-12", form=FORM, using=store.using) == ()


def test_what_is_kept_in_another_form_is_not_there(store: DatabaseStore, fresh: ComputedProjection) -> None:
    former = replace(fresh, stand=replace(fresh.stand, form=FORM - 1, seq=9))
    replace_projections("cssc", lambda: former, using=store.using)
    assert page("cssc", "2019-10", form=FORM, using=store.using) is None
    assert month_results("cssc", "2019-11", form=FORM, using=store.using) == ()
    replace_projections("cssc", lambda: fresh, using=store.using)
    assert projected("cssc", using=store.using) == fresh


def test_pages_say_which_entry_they_stand_for(store: DatabaseStore, fresh: ComputedProjection) -> None:
    assert projection_basis("cssc", using=store.using) is None
    replace_projections("cssc", lambda: fresh, using=store.using)
    assert projection_basis("cssc", using=store.using) == ProjectionBasis(1, fresh.head, form=FORM)


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE register_page SET content = '{\"points\":\"1\"}' WHERE name = '2019-10'",
        "DELETE FROM register_page WHERE name = '2019-10'",
    ],
)
def test_a_page_that_is_not_that_of_the_record_is_named(
    store: DatabaseStore, fresh: ComputedProjection, spoilt: str
) -> None:
    replace_projections("cssc", lambda: fresh, using=store.using)
    with connections[store.using].cursor() as cursor:
        cursor.execute(spoilt)
    (problem,) = projection_problems("cssc", lambda: fresh, using=store.using)
    assert (problem.code, problem.what) == ("G010", "the page 2019-10 does not say what the record says")


def test_what_was_computed_before_a_text_was_erased_is_computed_again(
    store: DatabaseStore, fresh: ComputedProjection
) -> None:
    with_text = replace(fresh, pages=(PageText("2019-10/CSC_KPI_04", '{"cause":"Mrs Hill fell ill."}'),))
    computed = iter((with_text, fresh))

    def compute() -> ComputedProjection:
        found = next(computed)
        if found is with_text:
            StoredContract.objects.using(store.using).filter(id="cssc").update(erasures=1)
        return found

    assert replace_projections("cssc", compute, using=store.using) == fresh
    assert page("cssc", "2019-10/CSC_KPI_04", form=FORM, using=store.using) is None


def test_a_slower_computation_does_not_overwrite_a_newer_one(store: DatabaseStore, fresh: ComputedProjection) -> None:
    """Two workers: the one began before the last entry and ends after the other has written what rests on it."""
    newer = replace(fresh, stand=ProjectionBasis(2, "b" * 64, date(2020, 1, 22), form=FORM))

    def slow() -> ComputedProjection:
        replace_projections("cssc", lambda: newer, using=store.using)
        return replace(fresh, stand=ProjectionBasis(1, fresh.head, date(2020, 1, 22), form=FORM))

    replace_projections("cssc", slow, using=store.using)
    assert projection_basis("cssc", using=store.using) == newer.stand


def test_what_was_computed_for_an_earlier_day_does_not_overwrite_today(
    store: DatabaseStore, fresh: ComputedProjection
) -> None:
    today = replace(fresh, stand=replace(fresh.stand, known=date(2020, 1, 22)))

    def slow() -> ComputedProjection:
        replace_projections("cssc", lambda: today, using=store.using)
        return replace(fresh, stand=replace(fresh.stand, known=date(2020, 1, 21)))

    replace_projections("cssc", slow, using=store.using)
    assert projection_basis("cssc", using=store.using) == today.stand


def test_a_clock_that_was_ahead_is_set_back_by_rebuilding(store: DatabaseStore, fresh: ComputedProjection) -> None:
    for day in (date(2021, 1, 1), date(2020, 1, 22)):
        found = replace(fresh, stand=replace(fresh.stand, known=day))
        replace_projections("cssc", lambda found=found: found, using=store.using)  # type: ignore[misc]  # each its own
    assert projection_basis("cssc", using=store.using) == replace(fresh.stand, known=date(2020, 1, 22))

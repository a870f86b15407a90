"""What pages read can always be made again, and differs from the record only until somebody looks."""

from dataclasses import replace

import pytest
from django.db import connections

from muniment.adapters.register.doctor import store_problems
from muniment.adapters.register.projections import (
    CountLine,
    Projected,
    ResultLine,
    month_counts,
    projected,
    projection_problems,
    rebuild,
)
from muniment.adapters.register.store import RegisterStore


@pytest.fixture
def fresh(store: RegisterStore) -> Projected:
    """What a computation finds: two KPIs in two months."""
    results = tuple(
        ResultLine(month, kpi, f"Title of {kpi}", "met_target", "TSL achieved", "97.3%", "at least 95%", "0")
        for month in ("2019-10", "2019-11")
        for kpi in ("CSC_KPI_04", "ACF_KPI_03")
    )
    counts = (CountLine("2019-10", "TSL achieved", 2), CountLine("2019-11", "TSL achieved", 2))
    return Projected(1, store.ledger.entries()[-1].hash, results, counts)


def test_what_was_projected_is_read_as_it_was_computed(store: RegisterStore, fresh: Projected) -> None:
    assert projected("cssc", using=store.using) is None
    for _ in range(2):
        assert rebuild("cssc", lambda: fresh, using=store.using) == fresh
    assert projected("cssc", using=store.using) == fresh


def test_table_1_is_shown_for_the_contracts_that_were_asked_for(store: RegisterStore, fresh: Projected) -> None:
    for contract in ("cssc", "waste", "roads"):
        rebuild(contract, lambda: fresh, using=store.using)
    shown = month_counts("2019-11", contracts=["cssc", "roads"], using=store.using)
    assert shown == {"cssc": {"TSL achieved": 2}, "roads": {"TSL achieved": 2}}


def test_the_doctor_compares_with_a_fresh_computation(store: RegisterStore, fresh: Projected) -> None:
    def compute() -> Projected:
        return fresh

    assert [(p.code, p.severity) for p in store_problems(store, compute=compute)] == [("G011", "warning")]
    rebuild("cssc", compute, using=store.using)
    assert store_problems(store, compute=compute) == ()
    with connections[store.using].cursor() as cursor:
        cursor.execute("UPDATE register_monthresult SET value = '99.9%' WHERE month = '2019-11' AND kpi = 'ACF_KPI_03'")
    (problem,) = store_problems(store, compute=compute)
    assert str(problem) == (
        "cssc: results:1:1: the results shown for 2019-11 are not those of the record - rebuild the projections"
    )
    rebuild("cssc", compute, using=store.using)
    assert store_problems(store, compute=compute) == ()


def test_results_in_another_order_are_not_those_of_the_record(store: RegisterStore, fresh: Projected) -> None:
    rebuild("cssc", lambda: replace(fresh, results=fresh.results[::-1]), using=store.using)
    (problem,) = projection_problems("cssc", lambda: fresh, using=store.using)
    assert "in another order" in problem.what


def test_results_that_stand_for_an_earlier_entry_are_out_of_date(store: RegisterStore, fresh: Projected) -> None:
    rebuild("cssc", lambda: fresh, using=store.using)
    later = replace(fresh, seq=2, head="b" * 64)
    (problem,) = projection_problems("cssc", lambda: later, using=store.using)
    assert problem.what == "the results stand for entry 1, the record has 2"

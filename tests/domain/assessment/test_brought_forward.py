"""What is brought forward from months whose rows were discarded: failures running, credits due, statements to read."""

from muniment.domain.assessment.brought_forward import BroughtForward, brought_forward
from muniment.domain.assessment.month_lock import MonthLocked
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.retention import RowsDiscarded
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft
from tests.domain.assessment.conftest import record

APRIL, MAY, JUNE = (Month(2019, number) for number in (4, 5, 6))
APPROVER = Act("r.shaw", "authority", "as agreed")


def statement(*, run: int, due: int) -> dict[str, Json]:
    """One KPI that had failed for `run` periods, and a credit in pence."""
    return {
        "results": [{"kpi": "CSC_KPI_04", "category": "below_msl", "points": {"run": run}}],
        "statement": {"credit": {"due": due}},
    }


def lock(month: Month, number: int, sealed: dict[str, Json]) -> Draft:
    locked = MonthLocked(month, number, sealed_fingerprint(sealed), sealed, 1)
    return Draft(f"cssc/{month}/v{number}", locked, APPROVER)


def discarded(before: Month) -> Draft:
    return Draft("cssc", RowsDiscarded(before, (("cssc/calls/2019-04/s1", "a" * 64),)), APPROVER)


def test_nothing_is_brought_forward_while_every_row_is_there() -> None:
    assert brought_forward(record(lock(APRIL, 1, statement(run=1, due=100)))) is None


def test_what_is_brought_forward_is_from_the_last_versions_locked_before_the_first_month_with_rows() -> None:
    entries = record(
        lock(APRIL, 1, statement(run=1, due=100)),
        lock(MAY, 1, statement(run=2, due=200)),
        lock(JUNE, 1, statement(run=3, due=5000)),
        lock(MAY, 2, statement(run=0, due=40)),
        discarded(JUNE),
    )
    assert brought_forward(entries) == BroughtForward(
        first=JUNE,
        runs={"CSC_KPI_04": 0},
        credits=Money(140),
        statements={APRIL: "cssc/2019-04/v1", MAY: "cssc/2019-05/v2"},
    )


def test_failures_run_on_from_the_month_just_before_and_from_no_earlier_one() -> None:
    found = brought_forward(record(lock(APRIL, 1, statement(run=2, due=100)), discarded(JUNE)))
    assert found is not None
    assert (found.runs, found.credits) == ({}, Money(100))


def test_a_statement_without_service_credits_brings_no_money_forward() -> None:
    points_only: dict[str, Json] = {"results": [], "statement": {"credit": None}}
    found = brought_forward(record(lock(MAY, 1, points_only), discarded(JUNE)))
    assert found is not None
    assert (found.runs, found.credits, list(found.statements)) == ({}, Money(0), [MAY])

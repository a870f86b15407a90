"""Evidence for an earlier month of a quarter marks the locked month that measures the quarter, and no other."""

from datetime import date

import pytest

from muniment.commands.evidence import accept_submission, approve_submission, receive_submission
from muniment.commands.waiting import waiting
from muniment.domain.assessment.longer_periods import earlier_evidence
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_statement import read_sealed
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.lifecycle.states import state_in, states_known
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft
from muniment.domain.record.in_memory import MemoryLedger
from muniment.domain.record.replay import head
from tests.domain.lifecycle.evidence_acts import AllBlobs
from tests.domain.lifecycle.month_model import PEOPLE

TODAY = date(2019, 10, 15)
JULY, AUGUST, SEPTEMBER = (Month(2019, number) for number in (7, 8, 9))
OF_Q1: dict[str, Json] = {"kpi": "Q1", "category": "tsl_achieved", "period": "2019-07..2019-09"}
QUARTERLY: Json = {**OF_Q1, "rule": "levels", "measured": {"table": "calls"}}
MONTHLY: Json = {**OF_Q1, "kpi": "K1", "period": "2019-09", "rule": "levels", "measured": {"table": "staff"}}
NOT_DUE: Json = {**OF_Q1, "rule": "not_due", "measured": None}
NOT_SUBMITTED: Json = {**OF_Q1, "rule": "no_evidence", "measured": None}
STAFF_OF_JULY: Json = {"id": "c/staff/2019-07/s1", "table": "staff", "period": "2019-07"}


def by(actor: str) -> Act:
    return Act(actor, PEOPLE[actor][0], "because", on=TODAY)


def _lock(ledger: MemoryLedger, month: Month, *results: Json, submissions: list[Json] | None = None) -> None:
    sealed: dict[str, Json] = {"results": [*results], "inputs": {"submissions": submissions or []}}
    statement, seen = sealed_fingerprint(sealed), len(ledger.entries())
    v1 = f"c/{month}/v1"
    ledger.append(
        [
            Draft(v1, StatementSigned(month, statement, TODAY, seen), by("manager")),
            Draft(v1, MonthLocked(month, 1, statement, sealed, seen), by("approver")),
        ],
        expected_head=head(ledger.entries()),
    )


def _accept(ledger: MemoryLedger, table: str, month: Month) -> None:
    submission = receive_submission(
        ledger=ledger, blobs=AllBlobs(), act=by("preparer"), table=table, period=str(month), file_name="f.csv",
        file_kind="csv", sha256="a" * 64, rows=100, tables=["calls", "staff"],
    ).subject  # fmt: skip
    approve_submission(ledger=ledger, act=by("approver"), submission=submission)
    accept_submission(ledger=ledger, act=by("officer"), submission=submission)


def _states(ledger: MemoryLedger) -> list[str]:
    things = states_known(ledger.entries())
    return [state_in(things, machine="month", thing=f"c/{month}") for month in (AUGUST, SEPTEMBER)]


def test_late_evidence_for_july_overtakes_the_september_that_measures_the_quarter(ledger: MemoryLedger) -> None:
    _lock(ledger, AUGUST, NOT_DUE)
    _lock(ledger, SEPTEMBER, QUARTERLY, MONTHLY)
    _accept(ledger, "calls", JULY)
    assert _states(ledger) == ["locked", "changed_since_lock"]
    assert "propose a restatement of c/2019-09, or confirm its statement" in [
        item.what for item in waiting(ledger.entries(), on=TODAY)
    ]
    assert record_problems(ledger.entries()) == ()


def test_a_table_that_no_quarterly_kpi_measures_overtakes_only_its_own_month(ledger: MemoryLedger) -> None:
    _lock(ledger, SEPTEMBER, QUARTERLY, MONTHLY)
    _accept(ledger, "staff", JULY)
    assert _states(ledger) == ["open", "locked"]


@pytest.mark.parametrize("month", [Month(2019, 6), Month(2019, 10)])
def test_evidence_of_another_quarter_bears_on_nothing_in_this_one(ledger: MemoryLedger, month: Month) -> None:
    _lock(ledger, SEPTEMBER, QUARTERLY)
    _accept(ledger, "calls", month)
    assert _states(ledger) == ["open", "locked"]


def test_a_quarter_without_evidence_waits_for_what_was_wanting(ledger: MemoryLedger) -> None:
    """The statement does not name the table of a KPI for which nothing came; what was there is not what it lacked."""
    _lock(ledger, SEPTEMBER, NOT_SUBMITTED, submissions=[STAFF_OF_JULY])
    _accept(ledger, "staff", JULY)
    assert _states(ledger) == ["open", "locked"]
    _accept(ledger, "calls", JULY)
    assert _states(ledger) == ["open", "changed_since_lock"]


@pytest.mark.parametrize("period", ["2019-07..2019-13", "the summer", "..", "2019-09..2019-07"])
def test_a_statement_of_another_form_rests_on_no_earlier_evidence(period: str) -> None:
    result: Json = {**OF_Q1, "period": period, "rule": "levels", "measured": {"table": "calls"}}
    inputs: Json = {"submissions": [{"id": "s1", "table": "calls", "period": period}]}
    for sealed in ({}, {"results": [result], "inputs": inputs}):
        assert not earlier_evidence(read_sealed(sealed)).takes_in(table="calls", month=JULY)

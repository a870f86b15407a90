"""A restatement goes through with every later locked month that it changes, or not at all: nothing changes unseen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from muniment.commands.evidence import accept_submission, approve_submission, receive_submission
from muniment.commands.queries.recalculation import steps_of
from muniment.commands.restatements import OutsideWindow, RestatedMonth, decide_restatement, propose_restatement
from muniment.commands.statements import lock_month, sign_statement
from muniment.commands.waiting import waiting
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import VersionDifference, restatements_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.lifecycle.states import state_in, states_known
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.in_memory import MemoryLedger
from tests.domain.lifecycle.evidence_acts import AllBlobs
from tests.domain.lifecycle.month_model import PEOPLE

TODAY = date(2019, 11, 15)
MONTHS = (Month(2019, 8), Month(2019, 9), Month(2019, 10))
AUGUST, SEPTEMBER, OCTOBER = MONTHS
DIFFERS = [VersionDifference("K1/points", "1", "2")]


def by(actor: str) -> Act:
    return Act(actor, PEOPLE[actor][0], "because", on=TODAY)


def sealed(month: Month, points: int) -> dict[str, Json]:
    return {"month": str(month), "statement": {"points": points, "credit": {"due": points * 10_000}}}


def _accepted(ledger: MemoryLedger, month: Month, digit: str) -> None:
    submission = receive_submission(
        ledger=ledger, blobs=AllBlobs(), act=by("preparer"), table="calls", period=str(month), file_name="calls.csv",
        file_kind="csv", sha256=digit * 64, rows=100, tables=["calls"],
    ).subject  # fmt: skip
    approve_submission(ledger=ledger, act=by("approver"), submission=submission)
    accept_submission(ledger=ledger, act=by("officer"), submission=submission)


@pytest.fixture
def locked(ledger: MemoryLedger) -> MemoryLedger:
    """August, September and October 2019 are locked; then late evidence for August is accepted."""
    for month in MONTHS:
        _accepted(ledger, month, "a")
        to_lock, statement = MonthToLock(month, {"calls": month.last_day}, ()), sealed(month, 3)
        sign_statement(
            ledger=ledger, act=by("manager"), to_lock=to_lock, statement=sealed_fingerprint(statement), known=TODAY,
            computed_on=len(ledger.entries()),
        )  # fmt: skip
        lock_month(
            ledger=ledger, act=by("approver"), to_lock=to_lock, sealed=statement, computed_on=len(ledger.entries())
        )
    _accepted(ledger, AUGUST, "b")
    return ledger


def restated(month: Month, points: int) -> RestatedMonth:
    return RestatedMonth(str(month), "revision", "late evidence", sealed(month, points), DIFFERS)


def propose(ledger: MemoryLedger, *knock_on: RestatedMonth, outside: OutsideWindow | None = None) -> Entry:
    return propose_restatement(
        ledger=ledger, act=by("manager"), month="2019-08", restates="revision", cause="late evidence",
        sealed=sealed(AUGUST, 0), computed_on=len(ledger.entries()), differences=DIFFERS, knock_on=knock_on,
        outside=outside,
    )  # fmt: skip


def decide(ledger: MemoryLedger, restatement: str, outcome: str = "approved") -> Entry:
    return decide_restatement(ledger=ledger, act=by("decider"), restatement=restatement, outcome=outcome)


def states(ledger: MemoryLedger) -> list[str]:
    things = states_known(ledger.entries())
    return [state_in(things, machine="month", thing=f"c/{month}") for month in MONTHS]


def _refusal(act: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        act()
    return refused.value


def test_the_months_that_change_are_proposed_in_one_transaction(locked: MemoryLedger) -> None:
    count = len(locked.entries())
    proposed = propose(locked, restated(SEPTEMBER, 1), restated(OCTOBER, 2))
    left = locked.entries()[count:]
    assert [entry.subject for entry in left] == ["c/2019-08/r1", "c/2019-09/r1", "c/2019-10/r1"]
    assert {entry.transaction_end for entry in left} == {left[-1].seq}
    assert proposed.payload["ripple"] == ["2019-09", "2019-10"]
    assert [entry.payload.get("goes_with") for entry in left] == [None, "c/2019-08/r1", "c/2019-08/r1"]
    assert states(locked) == ["restatement_proposed"] * 3


def test_one_approval_locks_the_next_version_of_every_month_that_changes(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1), restated(OCTOBER, 2))
    count = len(locked.entries())
    decide(locked, "c/2019-08/r1")
    left = locked.entries()[count:]
    assert [entry.subject for entry in left] == [
        "c/2019-08/r1", "c/2019-08/v2", "c/2019-09/r1", "c/2019-09/v2", "c/2019-10/r1", "c/2019-10/v2",
    ]  # fmt: skip
    assert {entry.transaction_end for entry in left} == {left[-1].seq}
    locks = locks_known(locked.entries())
    assert [locks[month][-1].locked.sealed for month in MONTHS] == [
        sealed(AUGUST, 0), sealed(SEPTEMBER, 1), sealed(OCTOBER, 2),
    ]  # fmt: skip
    assert [locks[month][0].locked.sealed for month in MONTHS] == [sealed(month, 3) for month in MONTHS]
    assert states(locked) == ["locked"] * 3
    assert record_problems(locked.entries()) == ()


def test_one_refusal_refuses_them_all(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1))
    decide(locked, "c/2019-08/r1", "refused")
    assert [found.outcome for found in restatements_known(locked.entries())] == ["refused", "refused"]
    assert [len(versions) for versions in locks_known(locked.entries()).values()] == [1, 1, 1]


def test_a_later_month_is_not_decided_alone(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1))
    refused = _refusal(lambda: decide(locked, "c/2019-09/r1"))
    assert (refused.rule, refused.who_could) == ("ripple", "a decision maker could decide c/2019-08/r1")


def test_whoever_proposed_them_approves_none_of_them(locked: MemoryLedger) -> None:
    propose_restatement(
        ledger=locked, act=by("deputy"), month="2019-08", restates="revision", cause="late evidence",
        sealed=sealed(AUGUST, 0), computed_on=len(locked.entries()), differences=DIFFERS,
        knock_on=[restated(SEPTEMBER, 1)],
    )  # fmt: skip
    refused = _refusal(
        lambda: decide_restatement(ledger=locked, act=by("deputy"), restatement="c/2019-08/r1", outcome="approved")
    )
    assert refused.rule == "four_eyes"


def test_a_later_month_whose_inputs_moved_since_refuses_the_approval_by_name(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1), restated(OCTOBER, 2))
    _accepted(locked, OCTOBER, "c")
    refused = _refusal(lambda: decide(locked, "c/2019-08/r1"))
    assert refused.rule == "overtaken"
    assert "c/2019-10" in refused.what
    assert [len(versions) for versions in locks_known(locked.entries()).values()] == [1, 1, 1], "nothing was approved"
    decide(locked, "c/2019-08/r1", "refused")
    assert states(locked) == ["locked", "locked", "changed_since_lock"]


def test_a_later_month_that_waits_for_a_decision_of_its_own_is_decided_first(locked: MemoryLedger) -> None:
    _accepted(locked, SEPTEMBER, "c")
    propose_restatement(
        ledger=locked, act=by("manager"), month="2019-09", restates="revision", cause="late evidence",
        sealed=sealed(SEPTEMBER, 9), computed_on=len(locked.entries()), differences=DIFFERS,
    )  # fmt: skip
    refused = _refusal(lambda: propose(locked, restated(SEPTEMBER, 1)))
    assert (refused.rule, "c/2019-09" in refused.what) == ("one_proposal", True)


def test_an_earlier_month_does_not_change_with_it(locked: MemoryLedger) -> None:
    assert _refusal(lambda: propose(locked, restated(AUGUST, 1))).rule == "ripple"


def test_an_older_proposal_that_only_lists_its_later_months_is_proposed_again(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1))
    entries = list(locked.entries())
    leader = entries[-2]
    alone = replace(leader, transaction_end=leader.seq).sealed()
    old = MemoryLedger(clock=locked._clock, salts=locked._salts, entries=[*entries[:-2], alone])
    refused = _refusal(lambda: decide(old, "c/2019-08/r1"))
    assert refused.rule == "ripple"
    assert refused.what.startswith("2019-09 would change with c/2019-08/r1")


def test_a_later_month_that_is_decided_otherwise_is_no_record_of_what_can_happen(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1))
    decide(locked, "c/2019-08/r1", "refused")
    *before, last = locked.entries()
    forged = [*before, replace(last, payload={"outcome": "approved"}).sealed()]
    with pytest.raises(ProblemsFoundError, match="goes with c/2019-08/r1"):
        restatements_known(forged)


def test_what_waits_says_with_which_restatement_a_later_month_goes(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1))
    assert [item.what for item in waiting(locked.entries(), on=TODAY)] == [
        "decide the restatement of c/2019-08",
        "decide the restatement of c/2019-09, which goes with c/2019-08/r1",
    ]


def test_points_and_credit_of_each_month_are_said_before_and_after(locked: MemoryLedger) -> None:
    propose(locked, restated(SEPTEMBER, 1))
    says = ["c/2019-08/v1 -> v2: 3 points, credit £300.00 -> 0 points, credit £0.00",
            "c/2019-09/v1 -> v2: 3 points, credit £300.00 -> 1 point, credit £100.00"]  # fmt: skip
    assert [step.sentence for step in steps_of(locked.entries(), restatement="c/2019-08/r1")] == says
    decide(locked, "c/2019-08/r1")
    assert [step.sentence for step in steps_of(locked.entries(), restatement="c/2019-08/r1")] == says


def test_evidence_after_the_window_restates_nothing_unless_somebody_means_it(locked: MemoryLedger) -> None:
    says = "c/calls/2019-08/s2 came on 2019-11-15, after the window of 2 months"
    refused = _refusal(lambda: propose(locked, outside=OutsideWindow(date(2019, 11, 14), says, is_meant=False)))
    assert (refused.rule, refused.what) == ("late_evidence", f"{says}, so no restatement is proposed")
    assert "all the same, and give the reason" in refused.who_could
    proposed = propose(locked, outside=OutsideWindow(date(2019, 11, 14), says, is_meant=True))
    assert proposed.payload["outside_window"] == "2019-11-14"

"""When a month may be signed and locked, and what was recorded since its statement was computed."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from muniment.domain.assessment.disputes import DisputeOutcome, DisputeResolved, ResultDisputed
from muniment.domain.assessment.mitigation import MitigationRequested
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import SubmissionAccepted, SubmissionApproved
from muniment.domain.evidence.challenges import ChallengeAnswered, ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.guards import MonthToLock, inputs_since, must_be_fresh, must_be_ready
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft
from muniment.domain.record.versions import StaleError
from muniment.domain.regime.adoption import TextAdopted
from tests.domain.assessment.conftest import record

AUGUST, SEPTEMBER, OCTOBER = (Month(2019, number) for number in (8, 9, 10))
SUPPLIER, AUTHORITY = Act("p.lane", "supplier", "as asked"), Act("m.okafor", "authority", "as agreed")
DUE = date(2019, 10, 10)
NEXT_DAY = date(2019, 10, 11)


def received(table: str = "calls", month: Month = SEPTEMBER) -> Draft:
    sent = SubmissionReceived(table, month, "f.csv", "csv", "a" * 64, 3, None)
    return Draft(f"c/{table}/{month}/s1", sent, SUPPLIER)


def accepted(table: str = "calls", month: Month = SEPTEMBER) -> list[Draft]:
    subject = f"c/{table}/{month}/s1"
    return [
        received(table, month),
        Draft(subject, SubmissionApproved(), Act("r.shaw", "supplier", "as asked")),
        Draft(subject, SubmissionAccepted(), AUTHORITY),
    ]


def challenged(table: str = "calls", month: Month = SEPTEMBER) -> list[Draft]:
    asked = EvidenceChallenged(f"c/{table}/{month}/s1", "Why so few?")
    return [*accepted(table, month)[:2], Draft(f"c/{table}/{month}/q1", asked, AUTHORITY)]


def requested(kpi: str = "K1", month: Month = SEPTEMBER) -> Draft:
    return Draft(f"c/{kpi}/{month}/g1", MitigationRequested(kpi, "flood", month, month), SUPPLIER)


def disputed(kpi: str = "K1", month: Month = SEPTEMBER) -> Draft:
    return Draft(f"c/{kpi}/{month}/d1", ResultDisputed(kpi, month, "12"), SUPPLIER)


def resolved(outcome: DisputeOutcome, month: Month, after_lock: str | None = None) -> Draft:
    return Draft(f"c/K1/{month}/d1", DisputeResolved(outcome, after_lock), AUTHORITY)


def ready(
    *drafts: Draft,
    on: date = NEXT_DAY,
    due: Mapping[str, date] | None = None,
    failing: Sequence[str] = (),
    overdue: Sequence[tuple[str, str]] = (),
) -> None:
    to_lock = MonthToLock(SEPTEMBER, {"calls": DUE} if due is None else due, failing)
    must_be_ready(record(*drafts), contract="c", to_lock=to_lock, overdue=overdue, on=on)


def refusal(*drafts: Draft, **given: object) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        ready(*drafts, **given)  # type: ignore[arg-type] # what `ready` takes
    return refused.value


def test_a_month_is_locked_from_the_day_after_its_last() -> None:
    refused = refusal(*accepted(), on=date(2019, 9, 30))
    assert (refused.rule, refused.what) == ("month_over", "September 2019 is not over before 2019-10-01")
    ready(*accepted(), on=date(2019, 10, 1))


def test_evidence_that_is_not_accepted_is_awaited_until_its_last_day_is_over() -> None:
    refused = refusal(received(), on=DUE)
    assert refused.rule == "evidence_accepted"
    assert refused.what == "c/calls/2019-09 is not accepted, and not overdue before 2019-10-10"
    refused = refusal(received(), on=NEXT_DAY)
    assert refused.rule == "evidence_accepted"
    assert refused.what == "c/calls/2019-09 is overdue since 2019-10-10 and not accepted"
    assert refused.who_could == "accept it, or say why the month is settled without it"


def test_all_that_is_overdue_is_named_at_once() -> None:
    refused = refusal(due={"calls": DUE, "staff": DUE})
    assert refused.what.count("is overdue since 2019-10-10") == 2
    assert refused.who_could == "accept each, or say why the month is settled without it"


def test_what_is_overdue_may_be_left_out_with_a_reason_that_says_something() -> None:
    ready(received(), overdue=[("calls", "the supplier's system was lost")])
    assert refusal(received(), overdue=[("calls", "  ")]).rule == "evidence_accepted"
    assert refusal(received(), on=DUE, overdue=[("calls", "it was lost")]).rule == "evidence_accepted"


@pytest.mark.parametrize("table", ["calls", "staff"])
def test_only_what_is_due_and_not_accepted_is_named_as_overdue(table: str) -> None:
    refused = refusal(*accepted(), overdue=[(table, "it was lost")])
    assert (refused.rule, refused.what) == ("overdue", f"{table} is not missing from 2019-09")


def test_a_challenge_on_any_table_of_the_month_is_closed_before_its_lock() -> None:
    refused = refusal(*accepted(), *challenged("staff"))
    assert (refused.rule, refused.what) == ("open_challenge", "a challenge is open on c/staff/2019-09")
    ready(*accepted(), *challenged("staff", AUGUST))


def test_a_challenge_that_is_answered_is_still_open_and_one_left_unresolved_is_not() -> None:
    asked = challenged()
    answered = Draft("c/calls/2019-09/q1", ChallengeAnswered("a quiet month"), SUPPLIER)
    left = Draft("c/calls/2019-09/q1", ChallengeClosed("unresolved"), AUTHORITY)
    assert refusal(*asked, answered).rule == "open_challenge"
    ready(*asked, answered, left)


def test_a_proposal_that_waits_leaves_what_is_accepted() -> None:
    subject = "c/calls/2019-09/s2"
    sent = SubmissionReceived("calls", SEPTEMBER, "f.csv", "csv", "b" * 64, 3, "c/calls/2019-09/s1")
    proposal = Draft(subject, sent, SUPPLIER)
    ready(*accepted(), proposal)
    ready(*accepted(), proposal, Draft(subject, SubmissionApproved(), Act("r.shaw", "supplier", "as asked")))


def test_a_dispute_that_was_locked_stays_one() -> None:
    seal = sealed_fingerprint({"statement": {}})
    signed = Draft("c/2019-09/v1", StatementSigned(SEPTEMBER, seal, NEXT_DAY, 1), AUTHORITY)
    locked = MonthLocked(SEPTEMBER, 1, seal, {"statement": {}}, 1)
    by_another = Draft("c/2019-09/v1", locked, Act("d.moss", "authority", "as agreed"))
    ready(*accepted(), disputed(), signed, by_another, requested(), failing=["K1"])


def test_a_request_on_a_failing_kpi_is_decided_before_the_lock_or_the_kpi_is_in_dispute() -> None:
    refused = refusal(*accepted(), requested(), failing=["K1"])
    assert refused.rule == "mitigation_decided"
    assert refused.what == "c/K1/2019-09/g1 waits for a decision, and K1 fails in 2019-09"
    ready(*accepted(), requested(), disputed(), failing=["K1"])


def test_a_request_on_a_kpi_that_does_not_fail_or_for_another_month_may_wait() -> None:
    ready(*accepted(), requested(), failing=["K2"])
    ready(*accepted(), requested(month=OCTOBER), failing=["K1"])


def test_a_statement_rests_on_entries_that_there_are() -> None:
    entries = record(received())
    must_be_fresh(entries, contract="c", month=SEPTEMBER, computed_on=1, wanted="sign it")
    with pytest.raises(RefusedError) as refused:
        must_be_fresh(entries, contract="c", month=SEPTEMBER, computed_on=2, wanted="sign it")
    assert (refused.value.rule, "nothing was computed on entry 2" in refused.value.what) == ("seen", True)


def test_a_statement_is_stale_after_an_input_and_both_sides_are_told() -> None:
    with pytest.raises(StaleError) as stale:
        must_be_fresh(record(*accepted()), contract="c", month=SEPTEMBER, computed_on=1, wanted="sign it")
    assert (stale.value.thing, stale.value.seen, stale.value.wanted) == ("c/2019-09", 1, "sign it")
    assert [(unseen.seq, unseen.kind) for unseen in stale.value.since] == [(3, "submission.accepted")]


@pytest.mark.parametrize(("month", "bears"), [(AUGUST, True), (SEPTEMBER, True), (OCTOBER, False)])
def test_inputs_of_the_month_and_of_earlier_ones_bear_on_its_statement(month: Month, bears: bool) -> None:
    assert bool(inputs_since(record(received(month=month)), month=SEPTEMBER, computed_on=0)) == bears


@pytest.mark.parametrize(
    ("draft", "bears"),
    [
        (Draft("c/text/t1", TextAdopted((("contract.yaml", "a" * 64),)), AUTHORITY), True),
        (resolved("not_upheld", OCTOBER), True),
        (resolved("withdrawn", SEPTEMBER, after_lock="v1"), False),
        (resolved("upheld", SEPTEMBER, after_lock="v1"), True),
        (resolved("upheld", OCTOBER), False),
    ],
)
def test_agreed_text_and_a_dispute_resolved_before_the_lock_bear_on_every_statement(draft: Draft, bears: bool) -> None:
    assert bool(inputs_since(record(draft), month=SEPTEMBER, computed_on=0)) == bears

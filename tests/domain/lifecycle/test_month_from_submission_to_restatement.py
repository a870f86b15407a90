"""One month, told from its first file to its restatement: what a contract manager can expect of the record."""

from collections.abc import Callable
from datetime import date

import pytest

from muniment.commands.evidence import accept_submission, approve_submission, receive_submission
from muniment.commands.mitigation import decide_mitigation, request_mitigation
from muniment.commands.people import end_appointment
from muniment.commands.queries.locked_statements import StatementComparison
from muniment.commands.queries.recalculation import Recalculation, RecalculationEffect
from muniment.commands.recording import open_record
from muniment.commands.restatements import decide_restatement, propose_restatement
from muniment.commands.results import dispute_result, resolve_dispute
from muniment.commands.statements import confirm_statement, lock_month, sign_statement
from muniment.commands.waiting import meaning, states, waiting
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import VersionDifference
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.submissions import counting_submissions
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.appointments import appointments_known
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.in_memory import MemoryLedger
from muniment.domain.record.versions import StaleError
from tests.domain.lifecycle.evidence_acts import AllBlobs, fresh_ledger
from tests.domain.lifecycle.month_model import PEOPLE

SEPTEMBER = Month(2019, 9)
TODAY = date(2019, 10, 15)
TO_LOCK = MonthToLock(SEPTEMBER, {"calls": date(2019, 10, 7)}, {"K1"})
STATEMENT: dict[str, Json] = {"statement": {"points": 12}}
RESTATED: dict[str, Json] = {"statement": {"points": 0}}
G1 = "c/K1/2019-09/g1"


def by(actor: str, *, seen: int | None = None, key: str | None = None) -> Act:
    return Act(actor, PEOPLE[actor][0], "because", seen=seen, key=key, on=TODAY)


def _submit(ledger: MemoryLedger, digit: str, act: Act | None = None) -> Entry:
    return receive_submission(
        ledger=ledger,
        blobs=AllBlobs(),
        act=act or by("preparer"),
        table="calls",
        period="2019-09",
        file_name="calls.csv",
        file_kind="csv",
        sha256=digit * 64,
        rows=100,
        tables=["calls"],
    )


def _accepted(ledger: MemoryLedger, digit: str) -> str:
    submission = _submit(ledger, digit).subject
    approve_submission(ledger=ledger, act=by("approver"), submission=submission)
    accept_submission(ledger=ledger, act=by("officer"), submission=submission)
    return submission


def _sign(ledger: MemoryLedger, sealed: dict[str, Json], act: Act | None = None) -> Entry:
    return sign_statement(
        ledger=ledger,
        act=act or by("manager"),
        to_lock=TO_LOCK,
        statement=sealed_fingerprint(sealed),
        known=TODAY,
        computed_on=len(ledger.entries()),
    )


def _lock(ledger: MemoryLedger, sealed: dict[str, Json], actor: str = "approver") -> Entry:
    computed_on = len(ledger.entries())
    return lock_month(ledger=ledger, act=by(actor), to_lock=TO_LOCK, sealed=sealed, computed_on=computed_on)


def _request(ledger: MemoryLedger) -> Entry:
    return request_mitigation(
        ledger=ledger, act=by("lead"), kpi="K1", ground="storm", first="2019-09", last="2019-09", kpis=["K1"],
        grounds=["storm"], term=Period(Month(2019, 4), Month(2019, 12)),
    )  # fmt: skip


def _locked(ledger: MemoryLedger) -> None:
    _accepted(ledger, "a")
    _sign(ledger, STATEMENT)
    _lock(ledger, STATEMENT)


def _refusal(act: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        act()
    return refused.value


def _month(ledger: MemoryLedger) -> str:
    return next(state.state for state in states(ledger.entries(), machine="month"))


def test_the_month_from_its_first_file_to_its_restatement(ledger: MemoryLedger) -> None:
    s1 = _submit(ledger, "a").subject
    assert counting_submissions(ledger.entries())["calls", SEPTEMBER].is_provisional
    assert [item.sentence for item in waiting(ledger.entries(), on=TODAY)] == [
        "The supplier's approver must approve c/calls/2019-09."
    ]
    approve_submission(ledger=ledger, act=by("approver"), submission=s1)
    assert [item.sentence for item in waiting(ledger.entries(), on=TODAY)] == [
        "The contract officer must accept or challenge c/calls/2019-09 by 2019-10-29 (10 business days left)."
    ]
    accept_submission(ledger=ledger, act=by("officer"), submission=s1)
    assert not counting_submissions(ledger.entries())["calls", SEPTEMBER].is_provisional

    _request(ledger)
    assert _refusal(lambda: _sign(ledger, STATEMENT)).rule == "mitigation_decided"
    decide_mitigation(ledger=ledger, act=by("decider"), mitigation=G1, outcome="refused")

    _sign(ledger, STATEMENT)
    assert _lock(ledger, STATEMENT).subject == "c/2019-09/v1"
    assert _month(ledger) == "locked"

    late = _submit(ledger, "b")
    assert (late.subject, late.payload["after_lock"]) == ("c/calls/2019-09/s2", "v1")
    assert counting_submissions(ledger.entries())["calls", SEPTEMBER].id == s1
    assert _month(ledger) == "locked"
    approve_submission(ledger=ledger, act=by("approver"), submission=late.subject)
    accept_submission(ledger=ledger, act=by("officer"), submission=late.subject)
    assert _month(ledger) == "changed_since_lock"
    assert [item.what for item in waiting(ledger.entries(), on=TODAY)] == [
        "propose a restatement of c/2019-09, or confirm its statement"
    ]

    proposal = propose_restatement(
        ledger=ledger,
        act=by("manager"),
        month="2019-09",
        restates="revision",
        cause="late evidence",
        sealed=RESTATED,
        computed_on=len(ledger.entries()),
        differences=[VersionDifference("K1/points", "12", "0")],
    )
    decide_restatement(ledger=ledger, act=by("decider"), restatement=proposal.subject, outcome="approved")
    v1, v2 = locks_known(ledger.entries())[SEPTEMBER]
    assert (v1.locked.sealed, v2.id, v2.locked.sealed) == (STATEMENT, "c/2019-09/v2", RESTATED)
    assert _month(ledger) == "locked"
    assert waiting(ledger.entries(), on=TODAY) == ()
    assert record_problems(ledger.entries()) == ()


def test_both_signatures_are_under_one_statement(ledger: MemoryLedger) -> None:
    _accepted(ledger, "a")
    _sign(ledger, STATEMENT)
    assert _refusal(lambda: _lock(ledger, RESTATED)).rule == "same_statement"


def test_a_signature_lapses_when_an_input_changes(ledger: MemoryLedger) -> None:
    _accepted(ledger, "a")
    _sign(ledger, STATEMENT)
    _accepted(ledger, "b")
    assert _month(ledger) == "open"
    assert _refusal(lambda: _lock(ledger, STATEMENT)).rule == "signed_first"


def test_the_authority_alone_may_lock_and_the_record_says_so(ledger: MemoryLedger) -> None:
    _accepted(ledger, "a")
    _sign(ledger, STATEMENT)
    refused = _refusal(lambda: _lock(ledger, STATEMENT, actor="manager"))
    assert refused.rule == "four_eyes"
    assert _lock(ledger, STATEMENT, actor="deputy").payload["authority_alone"] is True


def test_a_month_is_not_signed_before_it_is_over(ledger: MemoryLedger) -> None:
    _accepted(ledger, "a")
    early = Act("manager", "authority", "because", on=date(2019, 9, 30))
    refused = _refusal(lambda: _sign(ledger, STATEMENT, early))
    assert (refused.rule, "2019-10-01" in refused.what) == ("month_over", True)


def test_a_decision_after_the_lock_is_kept_and_changes_no_locked_version(ledger: MemoryLedger) -> None:
    _locked(ledger)
    _request(ledger)
    decided = decide_mitigation(ledger=ledger, act=by("decider"), mitigation=G1, outcome="granted", effect="no_points")
    assert decided.payload["after_locks"] == [["2019-09", "v1"]]
    assert _month(ledger) == "changed_since_lock"
    assert [lock.locked.sealed for lock in locks_known(ledger.entries())[SEPTEMBER]] == [STATEMENT]


def test_a_refusal_names_the_rule_the_roles_and_the_people_and_is_an_entry(ledger: MemoryLedger) -> None:
    submission = _submit(ledger, "a").subject
    refused = _refusal(lambda: approve_submission(ledger=ledger, act=by("preparer"), submission=submission))
    assert str(refused) == (
        "preparer is supplier preparer on 2019-10-15, and may not approve a submission - "
        "a supplier approver (approver, lead, turncoat) could"
    )
    last = ledger.entries()[-1]
    assert (last.kind, last.actor, last.payload["rule"], last.payload["about"]) == (
        "act.refused", "preparer", "role", "c/calls/2019-09"
    )  # fmt: skip


def test_a_refusal_to_a_stranger_is_no_entry(ledger: MemoryLedger) -> None:
    count = len(ledger.entries())
    submission = "c/calls/2019-09/s1"
    refused = _refusal(lambda: accept_submission(ledger=ledger, act=by("stranger"), submission=submission))
    assert (refused.rule, len(ledger.entries())) == ("role", count)


def test_whoever_prepared_a_file_does_not_approve_it_though_they_hold_both_roles(ledger: MemoryLedger) -> None:
    submission = _submit(ledger, "a", by("lead")).subject
    refused = _refusal(lambda: approve_submission(ledger=ledger, act=by("lead"), submission=submission))
    assert refused.rule == "four_eyes"
    assert refused.who_could == "another person of the supplier could"


def test_a_stale_act_is_refused_with_what_happened_since(ledger: MemoryLedger) -> None:
    submission = _submit(ledger, "a").subject
    seen = len(ledger.entries())
    approve_submission(ledger=ledger, act=by("approver"), submission=submission)
    again = by("approver", seen=seen)
    refused = _refusal(lambda: approve_submission(ledger=ledger, act=again, submission=submission))
    assert isinstance(refused, StaleError)
    assert (refused.rule, refused.wanted) == ("stale", "approve a submission")
    assert [(change.kind, change.actor) for change in refused.since] == [("submission.approved", "approver")]


def test_something_else_that_happened_makes_nobody_stale(ledger: MemoryLedger) -> None:
    submission = _submit(ledger, "a").subject
    seen = len(ledger.entries())
    _request(ledger)
    assert approve_submission(ledger=ledger, act=by("approver", seen=seen), submission=submission).seq == seen + 2


def test_one_key_is_one_act_whatever_happened_in_between(ledger: MemoryLedger) -> None:
    first = _submit(ledger, "a", by("preparer", key="form-7"))
    _submit(ledger, "b")
    count = len(ledger.entries())
    assert _submit(ledger, "a", by("preparer", key="form-7")) == first
    assert _refusal(lambda: _submit(ledger, "c", by("preparer", key="form-7"))).rule == "idempotency_key"
    assert len(ledger.entries()) == count


def test_an_overdue_table_is_settled_without_only_if_the_signature_says_why(ledger: MemoryLedger) -> None:
    assert _refusal(lambda: _sign(ledger, STATEMENT)).rule == "evidence_accepted"
    signed = sign_statement(
        ledger=ledger,
        act=by("manager"),
        to_lock=TO_LOCK,
        statement=sealed_fingerprint(STATEMENT),
        known=TODAY,
        computed_on=len(ledger.entries()),
        overdue=[("calls", "the telephone system was replaced")],
    )
    assert (signed.payload["overdue"], signed.text("overdue 1")) == (["calls"], "the telephone system was replaced")


def test_every_state_says_what_it_means(ledger: MemoryLedger) -> None:
    _locked(ledger)
    assert [(state.thing, state.state, meaning(state)) for state in states(ledger.entries(), subject="c/2019-09")] == [
        ("c/calls/2019-09", "accepted", "the accepted submission counts"),
        ("c/2019-09", "locked", "the last locked version says what is known"),
    ]


def test_a_signature_and_a_proposal_sent_again_under_their_key_are_recorded_once(ledger: MemoryLedger) -> None:
    """What is known has grown by the first try, and on which entries it was computed is not what was decided."""
    s1 = _submit(ledger, "a").subject
    approve_submission(ledger=ledger, act=by("approver"), submission=s1)
    accept_submission(ledger=ledger, act=by("officer"), submission=s1)

    def sign() -> Entry:
        return sign_statement(
            ledger=ledger, act=by("manager", key="sign-1"), to_lock=TO_LOCK, statement=sealed_fingerprint(STATEMENT),
            known=TODAY, computed_on=len(ledger.entries()),
        )  # fmt: skip

    assert sign() == sign()
    _lock(ledger, STATEMENT)
    late = _submit(ledger, "b").subject
    approve_submission(ledger=ledger, act=by("approver"), submission=late)
    accept_submission(ledger=ledger, act=by("officer"), submission=late)

    def propose(known: str, points: int) -> Entry:
        sealed: dict[str, Json] = {"statement": {"points": points}, "inputs": {"known": known}}
        return propose_restatement(
            ledger=ledger, act=by("manager", key="propose-1"), month="2019-09", restates="revision",
            cause="late evidence", sealed=sealed, computed_on=len(ledger.entries()), differences=[],
        )  # fmt: skip

    assert propose("2019-10-15", 0) == propose("2019-10-16", 0), "the day as known may have moved on"
    assert _refusal(lambda: propose("2019-10-15", 1)).rule == "idempotency_key"


def test_a_dispute_that_is_not_upheld_after_the_lock_leaves_the_month_locked(ledger: MemoryLedger) -> None:
    _locked(ledger)
    for outcome, state in (("not_upheld", "locked"), ("upheld", "changed_since_lock")):
        dispute = dispute_result(
            ledger=ledger, act=by("approver"), kpi="K1", period="2019-09", supplier_value="4 %", kpis=["K1"]
        )
        resolve_dispute(ledger=ledger, act=by("decider"), dispute=dispute.subject, outcome=outcome)
        assert _month(ledger) == state


def test_a_month_changed_since_its_lock_without_a_difference_is_confirmed_and_locked(ledger: MemoryLedger) -> None:
    _locked(ledger)
    assert _refusal(lambda: _confirm(ledger, "no effect")).rule == "not_overtaken"
    late = _submit(ledger, "b").subject
    approve_submission(ledger=ledger, act=by("approver"), submission=late)
    accept_submission(ledger=ledger, act=by("officer"), submission=late)
    assert _refusal(lambda: _confirm(ledger, "status or credit changes")).rule == "restatement_due"
    assert _refusal(lambda: _confirm(ledger, "no effect", actor="officer")).rule == "role"
    confirmed = _confirm(ledger, "number only")
    assert (confirmed.kind, confirmed.subject) == ("statement.kept", "c/2019-09/v1")
    assert confirmed.payload["effect"] == "number only"
    assert _month(ledger) == "locked"
    assert waiting(ledger.entries(), on=TODAY) == ()
    assert record_problems(ledger.entries()) == ()


def test_whoever_raised_a_dispute_does_not_resolve_it_and_whoever_prepared_evidence_does_not_accept_it() -> None:
    """In a record without appointments the same name can stand on both sides."""
    ledger = fresh_ledger()
    open_record(ledger=ledger, act=Act("opener", "authority", "the contract starts"), contract="c")
    s1 = _submit(ledger, "a", Act("x", "supplier", "because")).subject
    approve_submission(ledger=ledger, act=Act("y", "supplier", "because"), submission=s1)
    dispute = dispute_result(
        ledger=ledger, act=Act("x", "supplier", "because"), kpi="K1", period="2019-09", supplier_value="4 %",
        kpis=["K1"],
    ).subject  # fmt: skip
    for actor in ("x", "y", "X ", "x\ufe0f"):
        with pytest.raises(RefusedError) as refused:
            accept_submission(ledger=ledger, act=Act(actor, "authority", "because"), submission=s1)
        assert refused.value.rule == "four_eyes"
    assert _refusal(
        lambda: resolve_dispute(
            ledger=ledger, act=Act("x", "authority", "because"), dispute=dispute, outcome="upheld"
        )
    ).rule == "four_eyes"  # fmt: skip
    accept_submission(ledger=ledger, act=Act("z", "authority", "because"), submission=s1)


def test_nobody_is_to_sign_before_every_table_that_is_due_is_accepted(ledger: MemoryLedger) -> None:
    s1 = _submit(ledger, "a").subject
    approve_submission(ledger=ledger, act=by("approver"), submission=s1)
    accept_submission(ledger=ledger, act=by("officer"), submission=s1)
    due = {f"c/{table}/2019-09": date(2019, 10, 7) for table in ("calls", "staff")}
    assert [item.what for item in waiting(ledger.entries(), on=TODAY, due=due)] == [
        "submit evidence for c/staff/2019-09"
    ]
    assert [item.what for item in waiting(ledger.entries(), on=TODAY)] == ["sign c/2019-09"]


def test_whoever_signed_first_is_not_asked_to_sign_second(ledger: MemoryLedger) -> None:
    """The manager is one of three people who could sign as contract manager; alone, nobody asks for one."""
    s1 = _submit(ledger, "a").subject
    approve_submission(ledger=ledger, act=by("approver"), submission=s1)
    accept_submission(ledger=ledger, act=by("officer"), submission=s1)
    _sign(ledger, STATEMENT)
    asked = waiting(ledger.entries(), on=TODAY)
    assert asked[0].roles == ("supplier_approver", "contract_manager", "decision_maker")
    for known in appointments_known(ledger.entries()).values():
        if known.role == "contract_manager" and known.person != "manager":
            end_appointment(ledger=ledger, act=by("admin"), appointment=known.id, last="2019-10-01")
    assert waiting(ledger.entries(), on=TODAY)[0].roles == ("supplier_approver", "decision_maker")


def test_a_limit_counts_from_the_local_day(ledger: MemoryLedger) -> None:
    """At 23:30 UTC on 15 October it is the 16th in London."""
    s1 = _submit(ledger, "a").subject
    approve_submission(ledger=ledger, act=by("approver"), submission=s1)
    found = waiting(ledger.entries(), on=TODAY, local_day=lambda _: date(2019, 10, 16))
    assert [item.by for item in found] == [date(2019, 10, 30)]


def _confirm(ledger: MemoryLedger, effect: RecalculationEffect, *, actor: str = "manager") -> Entry:
    recalculation = Recalculation("c/2019-09/v1", effect, "revision", StatementComparison("0" * 64, "1" * 64, (), ()))
    return confirm_statement(
        ledger=ledger,
        act=by(actor),
        month=SEPTEMBER,
        recalculation=recalculation,
        known=TODAY,
        computed_on=len(ledger.entries()),
    )

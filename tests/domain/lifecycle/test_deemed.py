"""No answer decides nothing: the agreed text proposes what is deemed then, and a person confirms it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from muniment.commands.challenges import answer_challenge, challenge_evidence, close_challenge
from muniment.commands.evidence import approve_submission, receive_submission
from muniment.commands.mitigation import decide_mitigation, request_mitigation
from muniment.commands.waiting import states, waiting
from muniment.domain.evidence.challenges import challenges_known
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.states import states_known
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.in_memory import MemoryLedger
from tests.domain.lifecycle.evidence_acts import AllBlobs
from tests.domain.lifecycle.month_model import PEOPLE

Q1, G1 = "c/calls/2019-09/q1", "c/K1/2019-09/g1"
DUE = date(2019, 10, 29)
ANSWER_TERM = DeemedProposal(Q1, "challenge", DUE, "upheld", "contract.yaml:12:26, Sch 3 para 4")
DECISION_TERM = DeemedProposal(
    G1, "mitigation request", DUE, "granted", "contract.yaml:13:28, Sch 3 para 7", effect="no_points"
)


def by(actor: str, *, on: date = date(2019, 10, 30)) -> Act:
    return Act(actor, PEOPLE[actor][0], "because", on=on)


@pytest.fixture
def asked(ledger: MemoryLedger) -> MemoryLedger:
    """The calls of September 2019 came on 15 October and were challenged that day."""
    submission = receive_submission(
        ledger=ledger, blobs=AllBlobs(), act=by("preparer"), table="calls", period="2019-09", file_name="calls.csv",
        file_kind="csv", sha256="a" * 64, rows=100, tables=["calls"],
    ).subject  # fmt: skip
    approve_submission(ledger=ledger, act=by("approver"), submission=submission)
    challenge_evidence(ledger=ledger, act=by("officer"), submission=submission, question="Why so few?")
    return ledger


@pytest.fixture
def requested(ledger: MemoryLedger) -> MemoryLedger:
    request_mitigation(
        ledger=ledger, act=by("lead"), kpi="K1", ground="storm", first="2019-09", last="2019-09", kpis=["K1"],
        grounds=["storm"], term=Period(Month(2019, 4), Month(2019, 12)),
    )  # fmt: skip
    return ledger


def _uphold(ledger: MemoryLedger, *, on: date, deemed: DeemedProposal | None, outcome: str = "upheld") -> None:
    close_challenge(
        ledger=ledger, act=by("officer", on=on), challenge=Q1, outcome=outcome, is_deemed=True, deemed=deemed
    )


def _refusal(act: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        act()
    return refused.value


def test_an_unanswered_challenge_is_not_upheld_without_being_deemed(asked: MemoryLedger) -> None:
    refused = _refusal(lambda: close_challenge(ledger=asked, act=by("officer"), challenge=Q1, outcome="upheld"))
    assert refused.rule == "not_answered"
    assert "the supplier's preparer could answer it" in refused.who_could


def test_the_last_day_for_an_answer_still_belongs_to_the_supplier(asked: MemoryLedger) -> None:
    refused = _refusal(lambda: _uphold(asked, on=DUE, deemed=ANSWER_TERM))
    assert refused.rule == "silence"
    assert refused.what == f"the supplier has until 2019-10-29 for {Q1} (contract.yaml:12:26, Sch 3 para 4)"
    assert refused.who_could == "it could be confirmed from 2019-10-30 on"


def test_after_the_limit_an_officer_confirms_what_is_deemed_and_the_entry_says_on_what_it_rests(
    asked: MemoryLedger,
) -> None:
    _uphold(asked, on=date(2019, 10, 30), deemed=ANSWER_TERM)
    closed = asked.entries()[-1]
    assert closed.payload == {
        "outcome": "upheld", "silent_after": "2019-10-29", "under": "contract.yaml:12:26, Sch 3 para 4",
    }  # fmt: skip
    assert next(state.state for state in states(asked.entries(), machine="table_month")) == "approved"


def test_a_contract_without_the_term_deems_nothing(asked: MemoryLedger) -> None:
    refused = _refusal(lambda: _uphold(asked, on=date(2019, 12, 1), deemed=None))
    assert (refused.rule, "says nothing of" in refused.what) == ("silence", True)


def test_nothing_is_deemed_but_what_the_text_says(asked: MemoryLedger) -> None:
    refused = _refusal(lambda: _uphold(asked, on=date(2019, 12, 1), deemed=ANSWER_TERM, outcome="withdrawn"))
    assert "a challenge that nobody answers is deemed 'upheld'" in refused.what


def test_after_a_late_answer_nothing_is_deemed_as_long_as_nobody_confirmed_it(asked: MemoryLedger) -> None:
    answer_challenge(ledger=asked, act=by("preparer"), challenge=Q1, answer="The line was down.")
    assert _refusal(lambda: _uphold(asked, on=date(2019, 12, 1), deemed=ANSWER_TERM)).rule == "answered_once"
    close_challenge(ledger=asked, act=by("officer"), challenge=Q1, outcome="upheld")
    assert asked.entries()[-1].payload == {"outcome": "upheld"}


def test_what_waits_names_the_limit_and_after_it_proposes_with_the_clause(asked: MemoryLedger) -> None:
    terms = {Q1: ANSWER_TERM}
    in_time = waiting(asked.entries(), on=date(2019, 10, 25), deemed_proposals=terms)
    assert [item.sentence for item in in_time] == [
        (
            "The supplier's preparer or the supplier's approver must answer the challenge on c/calls/2019-09 by "
            "2019-10-29 (2 business days left)."
        )
    ]
    late = waiting(asked.entries(), on=date(2019, 10, 30), deemed_proposals=terms)
    assert [item.sentence for item in late][1:] == [
        (
            "The supplier did not answer c/calls/2019-09/q1 by 2019-10-29; under deemed (contract.yaml:12:26, "
            "Sch 3 para 4) it is to be upheld, and the contract officer or the contract manager could confirm it."
        )
    ]
    assert late[0].days_left == -1


def test_a_request_that_nobody_decided_is_deemed_granted_by_a_person(requested: MemoryLedger) -> None:
    proposed = waiting(requested.entries(), on=date(2019, 10, 30), deemed_proposals={G1: DECISION_TERM})[1]
    assert (proposed.roles, proposed.deemed) == (("decision_maker",), DECISION_TERM)

    def grant(effect: str, on: date) -> None:
        decide_mitigation(
            ledger=requested, act=by("decider", on=on), mitigation=G1, outcome="granted", effect=effect,
            is_deemed=True, deemed=DECISION_TERM,
        )  # fmt: skip

    assert _refusal(lambda: grant("no_points", DUE)).rule == "silence"
    assert "with the effect no_points" in _refusal(lambda: grant("no_points_no_trigger", date(2019, 10, 30))).what
    grant("no_points", date(2019, 10, 30))
    payload = requested.entries()[-1].payload
    assert (payload["outcome"], payload["silent_after"]) == ("granted", "2019-10-29")


def test_a_decision_of_its_own_is_not_deemed_even_when_it_comes_late(requested: MemoryLedger) -> None:
    decide_mitigation(ledger=requested, act=by("decider"), mitigation=G1, outcome="refused", deemed=DECISION_TERM)
    assert requested.entries()[-1].payload == {"outcome": "refused", "effect": None}


def test_a_challenge_that_an_older_muniment_upheld_unanswered_is_read_as_it_was_written(asked: MemoryLedger) -> None:
    _uphold(asked, on=date(2019, 10, 30), deemed=ANSWER_TERM)
    *before, closed = asked.entries()
    old = [*before, replace(closed, version=1, payload={"outcome": "upheld"}).sealed()]
    assert states_known(old)["table_month", "c/calls/2019-09"].state == "approved"
    new = [*before, replace(closed, payload={"outcome": "upheld"}).sealed()]
    with pytest.raises(ProblemsFoundError, match="not answered"):
        states_known(new)


def test_an_entry_that_is_deemed_before_its_time_is_no_record_of_what_can_happen(asked: MemoryLedger) -> None:
    _uphold(asked, on=date(2019, 10, 30), deemed=ANSWER_TERM)
    *before, closed = asked.entries()
    early = replace(closed, recorded_at="2019-10-28T12:00:00Z").sealed()
    with pytest.raises(ProblemsFoundError, match="before 2019-10-29 was over"):
        challenges_known([*before, early])
    assert record_problems([*before, replace(closed, recorded_at="2019-10-30T00:30:00Z").sealed()]) == ()

"""What is deemed, the window for late evidence, text adopted late: what a contract's own terms do to its record."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.commands.challenges import challenge_evidence
from muniment.commands.evidence import approve_submission
from muniment.domain.lifecycle.states import state_in, states_known
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from tests.interfaces.conftest import Ran
from tests.interfaces.small_contract import CONTRACT, JUNE, MAY, SmallContract, make_small_contract, visits

Muniment = Callable[..., Ran]
MANAGER = ("--as", "p-9", "--for", "authority", "--reason", "as agreed")
DECIDER = ("--as", "p-10", "--for", "authority", "--reason", "it stands")
DEEMED = """\
deemed:
  supplier_on_challenge:   {within: 5 business days, then: upheld, clause: Sch 3 para 4}
  authority_on_mitigation: {within: 5 business days, then: granted, clause: Sch 3 para 7}
"""
NOTICE = """\
change: CCN-9
title: More time at the desk
signed: 2019-06-20
effective: {effective}
amend:
  - kpi: SEEN
    was: {{target: at least 90%}}
    set: {{target: at least 80%}}
"""
Q1 = "tiny/visits/2019-06/q1"


@pytest.fixture
def small(tmp_path: Path) -> SmallContract:
    """May 2019 is locked on 14 June; other visits for May came on 5 July."""
    return make_small_contract(tmp_path / "tiny")


def agree(small: SmallContract, terms: str) -> None:
    (small.folder / "contract.yaml").write_text(CONTRACT + terms, encoding="utf-8")


def state(small: SmallContract, month: str) -> str:
    return state_in(states_known(small.entries()), machine="month", thing=f"tiny/{month}")


def challenge(small: SmallContract) -> Entry:
    """On Friday 5 July 2019."""
    submission = "tiny/visits/2019-06/s1"
    approve_submission(ledger=small.store.ledger, act=Act("p-3", "supplier", "as sent"), submission=submission)
    act = Act("p-9", "authority", "the totals differ")
    return challenge_evidence(ledger=small.store.ledger, act=act, submission=submission, question="Why so few?")


def test_what_waits_proposes_what_is_deemed_with_the_clause_and_the_command(
    muniment: Muniment, small: SmallContract
) -> None:
    agree(small, DEEMED)
    challenge(small)
    in_time = muniment("waiting", small.folder, "--on", "2019-07-12").out
    assert "must answer the challenge on tiny/visits/2019-06 by 2019-07-12 (0 business days left)" in in_time
    assert "deemed" not in in_time
    late = muniment("waiting", small.folder, "--on", "2019-07-13").out
    assert (
        "The supplier did not answer tiny/visits/2019-06/q1 by 2019-07-12; under deemed (contract.yaml:14:28, "
        "Sch 3 para 4) it is to be upheld, and the contract officer or the contract manager could confirm it.\n"
        f"    muniment close-challenge {small.folder} {Q1} --outcome upheld --deemed --as ACTOR ..."
    ) in late
    assert [item["deemed"] for item in _waiting(muniment, small, "2019-07-13") if item["deemed"]] == ["upheld"]


def test_a_person_confirms_what_is_deemed_and_the_audit_trail_says_on_what_it_rests(
    muniment: Muniment, small: SmallContract
) -> None:
    agree(small, DEEMED)
    challenge(small)
    refused = muniment("close-challenge", small.folder, Q1, "--outcome", "upheld", *MANAGER)
    assert "is not answered" in refused.err
    closed = muniment("close-challenge", small.folder, Q1, "--outcome", "upheld", "--deemed", *MANAGER)
    assert closed.exit == 0, closed.err
    shown = muniment("audit-trail", small.folder, "--subject", Q1).out
    assert "silent_after 2019-07-12; under contract.yaml:14:28, Sch 3 para 4" in shown


def test_without_the_term_nothing_can_be_deemed(muniment: Muniment, small: SmallContract) -> None:
    challenge(small)
    refused = muniment("close-challenge", small.folder, Q1, "--outcome", "upheld", "--deemed", *MANAGER)
    assert (refused.exit, "says nothing of" in refused.err) == (1, True)


def test_a_notice_amends_the_term_for_the_months_from_its_effective_date_on(
    muniment: Muniment, small: SmallContract
) -> None:
    agree(small, DEEMED)
    (small.folder / "changes").mkdir()
    (small.folder / "changes" / "CCN-8.yaml").write_text(
        "change: CCN-8\ntitle: Two weeks to answer\nsigned: 2019-05-20\neffective: 2019-06-01\namend:\n"
        "  - term: supplier_on_challenge\n    was: {within: 5 business days}\n    set: {within: 14 days}\n"
    )
    challenge(small)
    assert "by 2019-07-19" in muniment("waiting", small.folder, "--on", "2019-07-13").out


def test_a_request_that_nobody_decides_is_proposed_with_the_effect_of_its_ground(
    muniment: Muniment, small: SmallContract
) -> None:
    agree(small, DEEMED)
    asked = muniment(
        "request-mitigation", small.folder, "SEEN", "--ground", "authority_act", "--from", "2019-06", "--to", "2019-06",
        "--as", "p-2", "--for", "supplier", "--reason", "The lift was out.",
    )  # fmt: skip
    assert asked.exit == 0, asked.err
    proposed = muniment("waiting", small.folder, "--on", "2099-01-01").out
    assert "The authority did not decide tiny/SEEN/2019-06/g1 by" in proposed
    assert "--outcome granted --effect no_points --deemed" in proposed
    early = muniment(
        "decide-mitigation", small.folder, "tiny/SEEN/2019-06/g1", "--outcome", "granted", "--effect", "no_points",
        "--deemed", *MANAGER,
    )  # fmt: skip
    assert "the authority has until" in early.err


def test_evidence_after_the_window_is_kept_and_asks_for_no_restatement(
    muniment: Muniment, small: SmallContract
) -> None:
    """May is locked on 14 June, so ten days run to 24 June; the visits came on 5 July."""
    agree(small, "late_evidence: {window: 10 days, clause: Sch 3 para 6}\n")
    shown = muniment("since-lock", small.folder).out
    assert "1 locked statement: 0 to be restated" in shown
    assert (
        "tiny/visits/2019-05/s2 came on 2019-07-05, after the window of 10 days (contract.yaml:13:16, Sch 3 para 6) "
        "had ended on 2019-06-24, so no restatement is proposed."
    ) in shown
    assert muniment("adopt", small.folder, *MANAGER).exit == 0
    refused = muniment("propose-restatement", small.folder, "2019-05", *MANAGER)
    assert "so no restatement is proposed - a contract manager could propose it all the same" in refused.err
    meant = muniment("propose-restatement", small.folder, "2019-05", "--outside-window", *MANAGER)
    assert meant.exit == 0, meant.err
    assert small.entries()[-1].payload["outside_window"] == "2019-06-24"


def test_nobody_has_to_restate_a_month_for_what_came_too_late(muniment: Muniment, small: SmallContract) -> None:
    assert "must propose a restatement of tiny/2019-05" in muniment("waiting", small.folder).out
    agree(small, "late_evidence: {window: 10 days}\n")
    assert "propose a restatement" not in muniment("waiting", small.folder).out
    assert state(small, "2019-05") == "changed_since_lock"


def test_evidence_within_the_window_asks_for_it_as_ever(muniment: Muniment, small: SmallContract) -> None:
    agree(small, "late_evidence: {window: 2 months}\n")
    assert "1 locked statement: 1 to be restated" in muniment("since-lock", small.folder).out
    assert muniment("adopt", small.folder, *MANAGER).exit == 0
    refused = muniment("propose-restatement", small.folder, "2019-05", "--outside-window", *MANAGER)
    assert "propose it without saying that the window is over (without --outside-window)" in refused.err


@pytest.mark.parametrize(("restate_when", "due"), [("status_or_credit", 0), ("number", 1)])
def test_the_text_says_whether_a_figure_alone_asks_for_a_restatement(
    muniment: Muniment, small: SmallContract, restate_when: str, due: int
) -> None:
    """One visitor more was seen in time: the figure differs, and it is still below target."""
    small.submit(table="visits", month=MAY, content=visits(MAY, late=2), number=3)
    agree(small, f"late_evidence: {{restate_when: {restate_when}}}\n")
    recalculation = json.loads(muniment("since-lock", small.folder, "--format", "json").out)["statements"][0]
    assert (recalculation["effect"], recalculation["to_be_restated"]) == ("number only", bool(due))


def test_a_notice_adopted_late_overtakes_the_locked_months_from_its_effective_date_on(
    muniment: Muniment, small: SmallContract
) -> None:
    small.submit(table="visits", month=MAY, content=visits(MAY), number=3)  # as they were at the lock
    (small.folder / "changes").mkdir()
    (small.folder / "changes" / "CCN-9.yaml").write_text(NOTICE.format(effective="2019-05-01"), encoding="utf-8")
    before = len(small.entries())
    adopted = muniment("adopt", small.folder, *MANAGER)
    assert adopted.exit == 0, adopted.err
    assert small.entries()[before].payload["touches"] == ["2019-05"]
    assert "must propose a restatement of tiny/2019-05" in adopted.err
    proposed = muniment("propose-restatement", small.folder, "2019-05", *MANAGER)
    assert "retroactive notice" in str(small.entries()[-1].payload["cause"]), proposed.err


@pytest.mark.parametrize("change", ["a later month", "a term", "nothing"])
def test_text_that_touches_no_locked_month_marks_none(muniment: Muniment, small: SmallContract, change: str) -> None:
    (small.folder / "changes").mkdir()
    (small.folder / "changes" / "CCN-9.yaml").write_text(NOTICE.format(effective="2019-07-01"), encoding="utf-8")
    if change == "a term":
        agree(small, DEEMED)
    if change == "nothing":
        (small.folder / "changes" / "CCN-9.yaml").unlink()
        (small.folder / "contract.yaml").write_text(f"# Printed for the Board.\n{CONTRACT}", encoding="utf-8")
    assert muniment("adopt", small.folder, *MANAGER).exit == 0
    assert "touches" not in small.entries()[-1].payload


def test_one_proposal_carries_every_later_month_that_changes_and_one_approval_locks_them(
    muniment: Muniment, small: SmallContract
) -> None:
    """With May met, June's failure is the first again, and not the second running."""
    small.submit(table="visits", month=MAY, content=visits(MAY), number=3)
    small.clock.move_to("2019-07-20T09:00:00Z")
    small.lock(JUNE)
    small.clock.move_to("2019-08-01T09:00:00Z")
    small.submit(table="visits", month=MAY, content=visits(MAY, late=1), number=4)
    proposed = muniment("propose-restatement", small.folder, "2019-05", *MANAGER)
    says = (
        "  tiny/2019-05/v1 -> v2: 5 points, credit £500.00 -> 4 points, credit £400.00\n"
        "  tiny/2019-06/v1 -> v2: 6 points, credit £600.00 -> 5 points, credit £500.00\n"
    )
    assert f"It would restate:\n{says}" in proposed.err
    assert "decide the restatement of tiny/2019-06, which goes with tiny/2019-05/r1" in (
        muniment("waiting", small.folder).out
    )
    approved = muniment("decide-restatement", small.folder, "tiny/2019-05/r1", "--outcome", "approved", *DECIDER)
    assert f"It restates:\n{says}" in approved.err
    assert [state(small, month) for month in ("2019-05", "2019-06")] == ["locked", "locked"]
    quiet = json.loads(muniment("since-lock", small.folder, "--format", "json").out)["statements"]
    assert [(line["statement"], line["effect"]) for line in quiet] == [
        ("tiny/2019-05/v2", "no effect"),
        ("tiny/2019-06/v2", "no effect"),
    ]


def test_late_visits_for_may_mark_the_june_that_measures_the_quarter(small: SmallContract) -> None:
    small.clock.move_to("2019-07-20T09:00:00Z")
    small.lock(JUNE)
    assert state(small, "2019-06") == "locked"
    small.submit(table="visits", month=MAY, content=visits(MAY, late=2), number=3)
    assert state(small, "2019-06") == "changed_since_lock"


def _waiting(muniment: Muniment, small: SmallContract, on: str) -> list[dict[str, str | None]]:
    listed: list[dict[str, str | None]] = json.loads(
        muniment("waiting", small.folder, "--on", on, "--format", "json").out
    )["waiting"]
    return listed

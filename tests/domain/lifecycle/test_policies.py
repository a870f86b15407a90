"""What a command is given, and by which rule it is refused."""

from collections.abc import Callable
from datetime import date

import pytest

from muniment.domain.assessment.mitigation import (
    MitigationDecided,
    MitigationRequested,
    MitigationWithdrawn,
    mitigations_known,
)
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import SubmissionApproved
from muniment.domain.evidence.challenges import ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.policies import (
    appointment_of,
    contract_of,
    decided,
    known_day,
    latest_of,
    may_request,
    must_be_agreed,
    must_be_fingerprint,
    must_be_in_order,
    must_be_within,
    must_declare_figures,
    must_not_be_locked,
    must_say,
    open_challenge,
    whole_month,
)
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft
from muniment.domain.record.reported import TypedFigure
from tests.domain.assessment.conftest import record

APRIL, SEPTEMBER, DECEMBER = (Month(2019, number) for number in (4, 9, 12))
SUPPLIER, AUTHORITY = Act("p.lane", "supplier", "as asked"), Act("m.okafor", "authority", "as agreed")
S1, Q1, G1 = "c/calls/2019-09/s1", "c/calls/2019-09/q1", "c/K1/2019-09/g1"
SENT = SubmissionReceived("calls", SEPTEMBER, "f.csv", "csv", "a" * 64, 3, None)
ASKED = (
    Draft(S1, SENT, SUPPLIER),
    Draft(S1, SubmissionApproved(), Act("r.shaw", "supplier", "as asked")),
    Draft(Q1, EvidenceChallenged(S1, "Why so few?"), AUTHORITY),
)


def refusal(rule: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        rule()
    return refused.value


def test_a_name_that_the_agreed_text_lacks_is_answered_with_those_that_it_has() -> None:
    must_be_agreed("K1", among=["K1"], what="KPI")
    refused = refusal(lambda: must_be_agreed("zz", among=["K2", "K1"], what="KPI"))
    assert (refused.rule, refused.who_could) == ("agreed_text", "use one of: K1, K2")
    assert refusal(lambda: must_be_agreed("zz", among=[], what="KPI")).who_could == "use one of: none is declared"


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        (lambda: contract_of(()), "record_open"),
        (lambda: whole_month("2019"), "whole_month"),
        (lambda: known_day("30 November"), "date"),
        (lambda: known_day("20191130"), "date"),
        (lambda: must_say({"question": "Why?", "reason": " "}), "said"),
        (lambda: may_request((), kpi="K1", ground="flood", first=DECEMBER, last=APRIL), "whole_month"),
        (lambda: latest_of((), subject=subject_of(S1, letter="s", what="submission")), "latest_submission"),
    ],
)
def test_what_is_given_in_another_form_or_not_at_all_is_refused_by_name(rule: Callable[[], object], named: str) -> None:
    assert refusal(rule).rule == named


def mitigation(id_: str, decision: MitigationDecided | None = None) -> list[Draft]:
    asked = Draft(id_, MitigationRequested("K1", "flood", SEPTEMBER, SEPTEMBER), SUPPLIER)
    return [asked] if decision is None else [asked, Draft(id_, decision, AUTHORITY)]


@pytest.mark.parametrize(
    ("drafts", "kpi", "ground", "month", "is_refused"),
    [
        (mitigation(G1), "K1", "flood", SEPTEMBER, True),
        (mitigation(G1, MitigationDecided("granted", "no_points")), "K1", "flood", SEPTEMBER, True),
        (mitigation(G1, MitigationDecided("refused", None)), "K1", "flood", SEPTEMBER, False),
        ([*mitigation(G1), Draft(G1, MitigationWithdrawn(), SUPPLIER)], "K1", "flood", SEPTEMBER, False),
        (mitigation(G1), "K2", "flood", SEPTEMBER, False),
        (mitigation(G1), "K1", "storm", SEPTEMBER, False),
        (mitigation(G1), "K1", "flood", DECEMBER, False),
    ],
)
def test_the_same_is_not_asked_for_twice_while_it_waits_or_is_granted(
    drafts: list[Draft], kpi: str, ground: str, month: Month, is_refused: bool
) -> None:
    known = mitigations_known(record(*drafts))
    if not is_refused:
        may_request(known, kpi=kpi, ground=ground, first=month, last=month)
        return
    refused = refusal(lambda: may_request(known, kpi=kpi, ground=ground, first=month, last=month))
    assert refused.rule == "asked_once"


def test_only_the_submission_that_waits_is_acted_on() -> None:
    entries = record(*ASKED)
    assert latest_of(entries, subject=subject_of(S1, letter="s", what="submission")).id == S1
    other = subject_of("c/calls/2019-09/s2", letter="s", what="submission")
    assert refusal(lambda: latest_of(entries, subject=other)).who_could == f"look at {S1}"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("We lost 12 calls.", ()),
        ("We lost 12 calls.", (TypedFigure("12", " "),)),
        ("We lost 12 calls.", (TypedFigure("12", "log"), TypedFigure("13", "log"))),
    ],
)
def test_each_figure_typed_has_its_source_and_each_declared_is_typed(text: str, typed: tuple[TypedFigure, ...]) -> None:
    must_declare_figures({"cause": text}, typed=[TypedFigure("12", "log")], names=())
    assert refusal(lambda: must_declare_figures({"cause": text}, typed=typed, names=())).rule == "typed_figures"


def test_figures_without_a_source_are_quoted() -> None:
    refused = refusal(lambda: must_declare_figures({"cause": "12 calls, 35 lost"}, typed=(), names=()))
    assert refused.what == "the cause types '12', '35' without a source"


def test_the_first_and_the_last_month_of_the_contract_are_within_it() -> None:
    term = Period(APRIL, DECEMBER)
    must_be_within(term, first=APRIL, last=DECEMBER)
    assert refusal(lambda: must_be_within(term, first=APRIL.plus(-1), last=DECEMBER)).rule == "within_term"
    assert refusal(lambda: must_be_within(term, first=APRIL, last=DECEMBER.plus(1))).rule == "within_term"


def test_days_run_forwards_and_one_day_may_be_all() -> None:
    day, before = date(2019, 9, 30), date(2019, 9, 29)
    must_be_in_order(day, day)
    must_be_in_order(day, None)
    assert refusal(lambda: must_be_in_order(day, before)).rule == "date"


def test_a_decision_has_one_form_for_each_outcome() -> None:
    assert decided(outcome="granted", effect="no_points") == MitigationDecided("granted", "no_points")
    assert decided(outcome="refused", effect=None) == MitigationDecided("refused", None)
    rows = decided(outcome="granted_in_part", effect="no_points", rows=["r1"])
    assert rows == MitigationDecided("granted_in_part", "no_points", rows=("r1",))
    days = decided(outcome="granted_in_part", effect="no_points", days=["2019-09-03"])
    assert days == MitigationDecided("granted_in_part", "no_points", days=("2019-09-03",))


@pytest.mark.parametrize(
    ("outcome", "effect", "rows", "days", "rule"),
    [
        ("perhaps", "no_points", [], [], "outcome"),
        ("granted", "all", [], [], "effect"),
        ("granted", None, [], [], "effect"),
        ("refused", "no_points", [], [], "effect"),
        ("granted_in_part", "no_points", [], [], "granted_in_part"),
        ("granted", "no_points", ["r1"], [], "granted_in_part"),
        ("refused", None, [], ["2019-09-03"], "granted_in_part"),
        ("granted_in_part", "no_points", [], ["3 September"], "date"),
    ],
)
def test_a_decision_in_another_form_is_refused(
    outcome: str, effect: str | None, rows: list[str], days: list[str], rule: str
) -> None:
    assert refusal(lambda: decided(outcome=outcome, effect=effect, rows=rows, days=days)).rule == rule


@pytest.mark.parametrize("challenge", [Q1, "c/calls/2019-09/q2"])
def test_only_an_open_challenge_is_acted_on(challenge: str) -> None:
    asked, subject = record(*ASKED), subject_of(challenge, letter="q", what="challenge")
    assert open_challenge(asked, subject=subject_of(Q1, letter="q", what="challenge")).id == Q1
    closed = record(*ASKED, Draft(Q1, ChallengeClosed("withdrawn"), AUTHORITY))
    assert refusal(lambda: open_challenge(closed, subject=subject)).rule == "no_challenge"


def test_inputs_of_a_locked_month_never_change() -> None:
    seal = sealed_fingerprint({"statement": {}})
    v1 = "c/2019-09/v1"
    entries = record(
        Draft(v1, StatementSigned(SEPTEMBER, seal, date(2019, 10, 15), 1), AUTHORITY),
        Draft(v1, MonthLocked(SEPTEMBER, 1, seal, {"statement": {}}, 1), Act("r.shaw", "authority", "as agreed")),
    )
    subject = subject_of(S1, letter="s", what="submission")
    must_not_be_locked(entries[:1], subject=subject)
    refused = refusal(lambda: must_not_be_locked(entries, subject=subject))
    assert (refused.rule, refused.what) == ("locked", "c/2019-09 is locked, and its inputs never change")


@pytest.mark.parametrize("text", ["0f" * 31, "0F" * 32, "0g" * 32])
def test_a_fingerprint_is_64_hex_digits(text: str) -> None:
    must_be_fingerprint("0f" * 32)
    assert refusal(lambda: must_be_fingerprint(text)).rule == "fingerprint"


def test_an_appointment_that_nobody_made_is_not_found() -> None:
    refused = refusal(lambda: appointment_of((), appointment="c/appointments/a1"))
    assert (refused.rule, refused.who_could) == ("appointment", "an administrator could make one")

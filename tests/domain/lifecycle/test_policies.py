"""What a command is given, and by which rule it is refused."""

from collections.abc import Callable
from datetime import date

import pytest

from muniment.domain.assessment.mitigation import MitigationDecided
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import SubmissionApproved
from muniment.domain.evidence.challenges import ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.policies import (
    appointment_of,
    decided,
    must_be_agreed,
    must_be_fingerprint,
    must_be_in_order,
    must_be_within,
    must_declare_figures,
    must_not_be_locked,
    open_challenge,
)
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft
from muniment.domain.record.reported import TypedFigure
from tests.domain.assessment.conftest import record

APRIL, SEPTEMBER, DECEMBER = (Month(2019, number) for number in (4, 9, 12))
SUPPLIER, AUTHORITY = Act("p.lane", "supplier", "as asked"), Act("m.okafor", "authority", "as agreed")
S1, Q1 = "c/calls/2019-09/s1", "c/calls/2019-09/q1"
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

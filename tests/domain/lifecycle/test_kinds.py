"""Every kind of entry reads back what it wrote, and a ledger holds no other."""

from dataclasses import replace
from datetime import date

import pytest

from muniment.commands.entry_kinds import KINDS, payload_problems
from muniment.domain.assessment.disputes import DisputeResolved, ResultDisputed
from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested, MitigationWithdrawn
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.restatement import RestatementDecided, RestatementProposed, VersionDifference
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import (
    AcceptanceWithdrawn,
    RejectedRow,
    SubmissionAccepted,
    SubmissionApproved,
    SubmissionWithdrawn,
)
from muniment.domain.evidence.challenges import ChallengeAnswered, ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.retention import RowsDiscarded
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.appointments import AppointmentEnded, DelegationMade, PersonAppointed
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.lifecycle.statement_confirmed import StatementConfirmed
from muniment.domain.portfolio.updates import ProjectUpdated
from muniment.domain.record.act import Act
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.erasure import TextErased
from muniment.domain.record.in_memory import ScriptedSalts
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.replay import payload_of
from muniment.domain.record.reported import FigureReported, TypedFigure
from muniment.domain.regime.adoption import TextAdopted
from muniment.domain.regime.agreements import NoticeAgreed
from muniment.domain.regime.terms import DeemedBasis

SEPTEMBER = Month(2019, 9)
SEALED: dict[str, Json] = {"statement": {"points": 12}, "engine": {"name": "duckdb", "version": "2.0"}}
SEAL = sealed_fingerprint(SEALED)
RECEIVED = SubmissionReceived("calls", SEPTEMBER, "calls.csv", "csv", "d" * 64, 59_985, None)
PAYLOADS: list[Payload] = [
    RecordOpened("cssc", "system"),
    NoticeAgreed("changes/CCN-040.yaml", "d" * 64),
    TextAdopted((("contract.yaml", "a" * 64), ("regime.yaml", "b" * 64)), "c" * 64),
    TextAdopted((("contract.yaml", "a" * 64),)),
    TextAdopted((("contract.yaml", "a" * 64),), None, (SEPTEMBER,)),
    RECEIVED,
    SubmissionReceived("calls", SEPTEMBER, "calls.parquet", "parquet", "e" * 64, 0, "cssc/calls/2019-09/s1"),
    SubmissionReceived("calls", SEPTEMBER, "calls.csv", "csv", "f" * 64, 7, "cssc/calls/2019-09/s2", "v1"),
    SubmissionApproved(),
    SubmissionWithdrawn(),
    SubmissionAccepted(),
    SubmissionAccepted((RejectedRow("C-99121", "a test call"), RejectedRow("C-7", "twice in the file")), "v1"),
    AcceptanceWithdrawn(),
    EvidenceChallenged("cssc/calls/2019-09/s1", "why so few?", ("C-1", "C-2")),
    ChallengeAnswered("a day was missing"),
    ChallengeClosed("unresolved"),
    ChallengeClosed("upheld", DeemedBasis(date(2019, 10, 14), "contract.yaml:12:26, Sch 3 para 4")),
    ResultDisputed("CSC_KPI_04", SEPTEMBER, "4.9 %", "13.28 %"),
    DisputeResolved("not_upheld"),
    DisputeResolved("upheld", "v1"),
    StatementSigned(SEPTEMBER, SEAL, date(2019, 10, 9), 7, (("calls", "the system was down"),)),
    MonthLocked(SEPTEMBER, 1, SEAL, SEALED, 9, True),
    RestatementProposed(
        SEPTEMBER,
        2,
        "revision",
        "late evidence",
        SEAL,
        SEALED,
        12,
        (VersionDifference("K/value", "1", "2"),),
        ("2019-10",),
    ),
    RestatementProposed(
        SEPTEMBER, 2, "revision", "late evidence", SEAL, SEALED, 12, (), (), "cssc/2019-08/r1", "2019-11-14"
    ),
    RestatementDecided("approved"),
    StatementConfirmed(SEPTEMBER, 1, date(2019, 10, 15), 4, "no effect"),
    PersonAppointed("m.okafor", "contract_officer", date(2019, 4, 1), None, "M. Okafor"),
    PersonAppointed("p.lane", "supplier_preparer", date(2019, 4, 1), date(2020, 3, 31)),
    AppointmentEnded(date(2019, 12, 31)),
    DelegationMade("cssc/appointments/a1", "n.hall", date(2019, 8, 1), date(2019, 8, 14)),
    FigureReported("count/met_target/2019-11", "36", "osmb/2020-01-30/6a", "addendum", date(2020, 1, 24)),
    ActRefused("submission.accepted", "cssc/calls/2019-09", "role", "p.lane may not - a contract officer could"),
    TextErased(3, "reason"),
    RowsDiscarded(SEPTEMBER, (("cssc/calls/2019-08/s1", "a" * 64),)),
    MitigationDecided("granted_in_part", "no_points", ("C-1",), (), (("2019-09", "v1"),)),
    MitigationWithdrawn(),
    MitigationRequested("ACF_KPI_03", "agreed_change", Month(2019, 4), SEPTEMBER, date(2019, 7, 1), "hire two people"),
    MitigationRequested("ACF_KPI_03", "third_party", SEPTEMBER, SEPTEMBER),
    MitigationDecided("granted", "no_points"),
    MitigationDecided("refused", None),
    MitigationDecided("refused", None, deemed=DeemedBasis(date(2019, 10, 14), "contract.yaml:13:28, Sch 3 para 7")),
    FailureExplained("CSC_KPI_04", SEPTEMBER, "a fault", "waiting", "a fix", (TypedFigure("35", "the minute"),)),
    ProjectUpdated("wan", date(2019, 11, 30), "amber", "delivery", "late survey", "a second team"),
    ProjectUpdated("wan", date(2019, 11, 30), "green", "completed", "done"),
]

WRITTEN_IN_LEDGERS = {
    *((kind, 1) for kind in (
        "record.opened", "notice.agreed", "text.adopted", "person.appointed", "delegation.made", "appointment.ended",
        "submission.received", "submission.approved", "submission.withdrawn", "submission.accepted",
        "acceptance.withdrawn", "evidence.challenged", "challenge.answered", "result.disputed", "dispute.resolved",
        "mitigation.requested", "mitigation.decided", "mitigation.withdrawn", "statement.signed", "month.locked",
        "statement.kept", "restatement.proposed", "restatement.decided", "failure.explained", "project.updated",
        "figure.reported", "rows.discarded", "text.erased", "act.refused",
    )),
    ("challenge.closed", 2),
}  # fmt: skip
"""Kinds of entry that records hold, and the newest form of each: they are read for good."""


def _entry(payload: Payload) -> Entry:
    draft = Draft("cssc", payload, Act("m.okafor", "authority", "as agreed"))
    salts = ScriptedSalts("tests")
    return sealed_onto(None, drafts=[draft], recorded_at="2019-05-08T09:30:00Z", salts=salts)[0]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.kind)
def test_every_kind_reads_back_what_it_wrote(payload: Payload) -> None:
    assert payload_of(_entry(payload), type(payload)) == payload


def test_every_kind_is_in_the_registry_and_tried_above() -> None:
    assert {payload.kind for payload in PAYLOADS} == set(KINDS)


def test_a_kind_that_records_hold_keeps_its_name_and_a_new_form_of_it_is_a_new_number() -> None:
    assert {(kind, payload.version) for kind, payload in KINDS.items()} >= WRITTEN_IN_LEDGERS


def test_free_text_stands_in_no_hashed_field() -> None:
    for payload in PAYLOADS:
        entry = _entry(payload)
        assert not any(text in str(entry.payload) for text in payload.texts().values())
        assert set(entry.commitments) == {"reason", *payload.texts()}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"period": "2019-9"}, "'period': '2019-9' is not a month"),
        ({"rows": True}, "'rows' must be a whole number, 0 or more"),
        ({"sha256": "abc"}, "'sha256' must be a sha256, 64 hex digits"),
        ({"kind": "xlsx"}, "'kind' must be one of csv, parquet"),
        ({"colour": "red"}, "'colour' is not something this kind of entry can have"),
    ],
)
def test_a_payload_of_the_wrong_form_is_a_problem_with_its_line(change: dict[str, Json], what: str) -> None:
    entry = _entry(RECEIVED)
    problems = payload_problems([replace(entry, payload={**entry.payload, **change})])
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"ledger.jsonl:1:1: submission.received: {what}")


def test_an_unknown_kind_is_a_problem_and_a_near_one_is_suggested() -> None:
    problem = payload_problems([replace(_entry(RECEIVED), kind="submission.recieved")])[0]
    assert (problem.code, problem.remedy) == ("C021", "did you mean 'submission.received'?")


def test_a_payload_of_a_later_form_is_left_to_a_later_muniment() -> None:
    problem = payload_problems([replace(_entry(RECEIVED), version=2)])[0]
    assert "has form 2, this Muniment reads up to 1" in problem.what


def test_a_ledger_in_which_the_supplier_decides_is_no_record_of_what_can_happen() -> None:
    salts = ScriptedSalts("tests")
    asked = Draft("g1", MitigationRequested("K", "third_party", SEPTEMBER, SEPTEMBER), Act("p", "supplier", "why"))
    decided = Draft("g1", MitigationDecided("granted", "no_points"), Act("q", "supplier", "why"))
    opened = Draft("cssc", RecordOpened("cssc", "system"), Act("m", "authority", "why"))
    forged = sealed_onto(None, drafts=[opened, asked, decided], recorded_at="2019-05-08T09:30:00Z", salts=salts)
    assert payload_problems(forged) == ()
    assert [problem.place.line for problem in record_problems(forged)] == [3]

"""Every kind of entry that a ledger can hold, in one registry."""

from collections.abc import Iterable, Mapping

from muniment.domain.assessment.disputes import DisputeResolved, ResultDisputed
from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested, MitigationWithdrawn
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.restatement import RestatementDecided, RestatementProposed
from muniment.domain.evidence.acceptance import (
    AcceptanceWithdrawn,
    SubmissionAccepted,
    SubmissionApproved,
    SubmissionWithdrawn,
)
from muniment.domain.evidence.challenges import ChallengeAnswered, ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.retention import RowsDiscarded
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.lifecycle.appointments import AppointmentEnded, DelegationMade, PersonAppointed
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.lifecycle.statement_confirmed import StatementConfirmed
from muniment.domain.portfolio.updates import ProjectUpdated
from muniment.domain.record.entry import LEDGER_FILE, Entry, Payload
from muniment.domain.record.erasure import TextErased
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.replay import payload_of
from muniment.domain.record.reported import FigureReported
from muniment.domain.regime.adoption import TextAdopted
from muniment.domain.regime.agreements import NoticeAgreed

_ALL: tuple[type[Payload], ...] = (
    RecordOpened,
    NoticeAgreed,
    TextAdopted,
    SubmissionReceived,
    SubmissionApproved,
    SubmissionWithdrawn,
    SubmissionAccepted,
    AcceptanceWithdrawn,
    EvidenceChallenged,
    ChallengeAnswered,
    ChallengeClosed,
    ResultDisputed,
    DisputeResolved,
    MitigationRequested,
    MitigationDecided,
    MitigationWithdrawn,
    StatementSigned,
    MonthLocked,
    RestatementProposed,
    RestatementDecided,
    StatementConfirmed,
    PersonAppointed,
    AppointmentEnded,
    DelegationMade,
    FigureReported,
    ActRefused,
    TextErased,
    RowsDiscarded,
    FailureExplained,
    ProjectUpdated,
)
KINDS: Mapping[str, type[Payload]] = {payload.kind: payload for payload in _ALL}
"""Kind -> type of its payload, which also carries the version of the payload's form."""


def payload_problems(entries: Iterable[Entry], *, file: str = LEDGER_FILE) -> tuple[Problem, ...]:
    """The entries whose kind is unknown, or whose payload does not have the form of its kind."""
    problems: list[Problem] = []
    for entry in entries:
        payload = KINDS.get(entry.kind)
        if payload is None:
            remedy = suggestion(entry.kind, KINDS, "read the record with a newer Muniment")
            what = f"there is no kind of entry called '{entry.kind}'"
            problems.append(Problem(Place(file, entry.seq), "C021", what, remedy))
            continue
        try:
            payload_of(entry, payload)
        except ProblemsFoundError as found:
            problems.extend(found.problems)
    return tuple(problems)

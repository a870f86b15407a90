"""Refuses an act for want of a role before its command is reached, and records the refusal.

A page that only some may open stops others before it knows what they would have done.
"""

from collections.abc import Mapping

from muniment.commands.recording import precheck
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
from muniment.domain.lifecycle.appointments import AppointmentEnded, DelegationMade, PersonAppointed
from muniment.domain.lifecycle.permissions import CommandName
from muniment.domain.lifecycle.statement_confirmed import StatementConfirmed
from muniment.domain.portfolio.updates import ProjectUpdated
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry, Payload
from muniment.domain.record.erasure import TextErased
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.ports import Ledger
from muniment.domain.record.reported import FigureReported
from muniment.domain.regime.adoption import TextAdopted
from muniment.domain.regime.agreements import NoticeAgreed

LEAVES: Mapping[CommandName, type[Payload]] = {
    "sign": StatementSigned,
    "lock": MonthLocked,
    "propose_restatement": RestatementProposed,
    "confirm_statement": StatementConfirmed,
    "open_record": RecordOpened,
    "agree_notice": NoticeAgreed,
    "adopt_text": TextAdopted,
    "submit": SubmissionReceived,
    "approve": SubmissionApproved,
    "withdraw_submission": SubmissionWithdrawn,
    "accept": SubmissionAccepted,
    "withdraw_acceptance": AcceptanceWithdrawn,
    "challenge": EvidenceChallenged,
    "answer": ChallengeAnswered,
    "close_challenge": ChallengeClosed,
    "dispute": ResultDisputed,
    "resolve_dispute": DisputeResolved,
    "request_mitigation": MitigationRequested,
    "decide_mitigation": MitigationDecided,
    "withdraw_mitigation": MitigationWithdrawn,
    "decide_restatement": RestatementDecided,
    "appoint": PersonAppointed,
    "end_appointment": AppointmentEnded,
    "delegate": DelegationMade,
    "explain_failure": FailureExplained,
    "update_project": ProjectUpdated,
    "report_figure": FigureReported,
    "erase_text": TextErased,
    "discard_rows": RowsDiscarded,
}
"""The command -> what it would have left in the record."""


def refuse_by_role(*, ledger: Ledger, act: Act, command: CommandName, about: str) -> Entry | None:
    """Raises RefusedError for somebody in none of the act's roles, after remembering it as a refusal of the act itself;
    and NotRecordedError. For everybody else nothing happens. `about`: the thing that it would have been done to."""

    def nothing_else(entries: object) -> None:
        """Of the state nothing is asked: the person comes first."""

    def thing_of(contract: str) -> str:  # noqa: ARG001  # the thing is known already
        return about

    return precheck(ledger=ledger, act=act, command=command, kind=LEAVES[command], must=nothing_else, thing_of=thing_of)

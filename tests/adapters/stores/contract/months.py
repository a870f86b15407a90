"""Months in the hands of the real commands: brought as far as their signature or their lock, then locked or restated.

What is sealed is small and made by hand: computing it is the application's work, and keeping it the store's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from muniment.commands.restatements import decide_restatement, propose_restatement
from muniment.commands.statements import lock_month, sign_statement
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.restatement import VersionDifference
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import SubmissionAccepted, SubmissionApproved
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.record.act import Act, Party
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.ports import ErasingLedger
from muniment.domain.record.replay import head

PEOPLE: dict[str, Party] = {
    "preparer": "supplier", "approver": "supplier", "officer": "authority", "manager": "authority",
    "decider": "authority",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A month of a contract, with one table."""

    ledger: ErasingLedger
    contract: str
    month: Month

    @property
    def today(self) -> date:
        return self.month.last_day + timedelta(days=20)

    @property
    def to_lock(self) -> MonthToLock:
        return MonthToLock(self.month, {"calls": self.month.last_day + timedelta(days=7)}, ())

    def by(self, actor: str) -> Act:
        return Act(actor, PEOPLE[actor], "because", on=self.today)

    def sealed(self, number: int) -> dict[str, Json]:
        """A statement that rests on the submission of that number."""
        submission = f"{self.contract}/calls/{self.month}/s{number}"
        counted: dict[str, Json] = {"id": submission, "sha256": digest_of(submission)}
        return {"inputs": {"submissions": [counted]}, "statement": {"points": number}}

    def accepted(self, number: int) -> list[Draft]:
        """A submission, taken whole: received, approved, accepted."""
        subject = f"{self.contract}/calls/{self.month}/s{number}"
        before = f"{self.contract}/calls/{self.month}/s{number - 1}" if number > 1 else None
        late = "v1" if number > 1 else None
        received = SubmissionReceived("calls", self.month, "calls.csv", "csv", digest_of(subject), 1, before, late)
        return [
            Draft(subject, received, self.by("preparer")),
            Draft(subject, SubmissionApproved(), self.by("approver")),
            Draft(subject, SubmissionAccepted((), late), self.by("officer")),
        ]

    def record(self, *drafts: Draft) -> tuple[Entry, ...]:
        return self.ledger.append(drafts, expected_head=head(self.ledger.entries()))

    def make_locked_and_changed(self) -> tuple[Entry, ...]:
        """In one transaction: v1 is locked, and a later submission accepted."""
        seen = len(self.ledger.entries()) + 3
        statement = sealed_fingerprint(self.sealed(1))
        signed: Payload = StatementSigned(self.month, statement, self.today, seen)
        locked: Payload = MonthLocked(self.month, 1, statement, self.sealed(1), seen)
        v1 = f"{self.contract}/{self.month}/v1"
        return self.record(
            *self.accepted(1),
            Draft(v1, signed, self.by("manager")),
            Draft(v1, locked, self.by("approver")),
            *self.accepted(2),
        )

    def sign(self) -> Entry:
        return sign_statement(
            ledger=self.ledger,
            act=self.by("manager"),
            to_lock=self.to_lock,
            statement=sealed_fingerprint(self.sealed(1)),
            known=self.today,
            computed_on=len(self.ledger.entries()),
        )

    def lock(self, *, computed_on: int) -> Entry:
        return lock_month(
            ledger=self.ledger,
            act=self.by("approver"),
            to_lock=self.to_lock,
            sealed=self.sealed(1),
            computed_on=computed_on,
        )

    def propose(self) -> Entry:
        return propose_restatement(
            ledger=self.ledger,
            act=self.by("manager"),
            month=str(self.month),
            restates="revision",
            cause="late evidence",
            sealed=self.sealed(2),
            computed_on=len(self.ledger.entries()),
            differences=[VersionDifference("statement/points", "1", "2")],
        )

    def approve(self, proposal: Entry) -> Entry:
        return decide_restatement(
            ledger=self.ledger, act=self.by("decider"), restatement=proposal.subject, outcome="approved"
        )


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()

"""Challenges: the authority asks about a submission, the supplier answers, and the authority closes it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.evidence.acceptance import SubmissionWithdrawn
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import misrecorded, payload_of
from muniment.domain.record.snapshot import folded
from muniment.domain.regime.terms import DeemedBasis, is_over, read_deemed_basis

ChallengeOutcome = Literal["upheld", "withdrawn", "unresolved"]
CHALLENGE_OUTCOMES: tuple[ChallengeOutcome, ...] = get_args(ChallengeOutcome)


@dataclass(frozen=True)
class EvidenceChallenged:
    """`submission`: the one that is asked about. `rows`: ids of rows; none where the whole is in question."""

    kind: ClassVar[str] = "evidence.challenged"
    version: ClassVar[int] = 1
    submission: str
    question: str
    rows: tuple[str, ...] = ()

    def fields(self) -> dict[str, Json]:
        rows: list[Json] = [*self.rows]
        return {"submission": self.submission, "rows": rows}

    def texts(self) -> dict[str, str]:
        return {"question": self.question}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            submission=source.line("submission"), question=source.free_text("question"), rows=source.lines("rows")
        )


@dataclass(frozen=True)
class ChallengeAnswered:
    """What the supplier says to it."""

    kind: ClassVar[str] = "challenge.answered"
    version: ClassVar[int] = 1
    answer: str

    def fields(self) -> dict[str, Json]:
        return {}

    def texts(self) -> dict[str, str]:
        return {"answer": self.answer}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(answer=source.free_text("answer"))


@dataclass(frozen=True)
class ChallengeClosed:
    """`unresolved` leaves the table-month in dispute. `deemed`: upheld because nobody answered in time.

    In form 1 a challenge could be upheld unanswered without more; since form 2 only where it is deemed so."""

    kind: ClassVar[str] = "challenge.closed"
    version: ClassVar[int] = 2
    outcome: ChallengeOutcome
    deemed: DeemedBasis | None = None

    def fields(self) -> dict[str, Json]:
        deemed = self.deemed
        return {
            "outcome": self.outcome,
            **({"silent_after": deemed.after.isoformat(), "under": deemed.under} if deemed else {}),
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        read = cls(
            outcome=source.choice("outcome", CHALLENGE_OUTCOMES),
            deemed=read_deemed_basis(source.line_if_given("silent_after"), source.line_if_given("under")),
        )
        if read.deemed and read.outcome != "upheld":
            raise PayloadError("a challenge is deemed upheld, and nothing else")
        return read


@dataclass(frozen=True)
class Challenge:
    """A challenge as the record has it. `id`: cssc/calls/2019-09/q1. `lapsed`: by what it lost its object, the id of a
    new submission or of the withdrawn one."""

    id: str
    challenged: EvidenceChallenged
    asked: EntryReference
    answer: str | None = None
    answered: EntryReference | None = None
    outcome: ChallengeOutcome | None = None
    closed: EntryReference | None = None
    deemed: DeemedBasis | None = None
    lapsed: str | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None and self.lapsed is None

    @property
    def table_month(self) -> str:
        """cssc/calls/2019-09"""
        return self.id.rpartition("/")[0]


def challenges_known(entries: Iterable[Entry]) -> tuple[Challenge, ...]:
    """Every challenge, in the order of asking. Raises ProblemsFoundError for an answer to no open challenge."""
    with folded(entries, _Fold) as fold:
        return tuple(fold.found.values())


class _Fold:
    def __init__(self) -> None:
        self.found: dict[str, Challenge] = {}

    def take(self, entry: Entry) -> None:
        found = self.found
        match entry.kind:
            case EvidenceChallenged.kind:
                found[entry.subject] = Challenge(entry.subject, payload_of(entry, EvidenceChallenged), entry.recorded)
            case ChallengeAnswered.kind:
                answer = payload_of(entry, ChallengeAnswered).answer
                found[entry.subject] = replace(_open(found, entry), answer=answer, answered=entry.recorded)
            case ChallengeClosed.kind:
                found[entry.subject] = _closed(_open(found, entry), entry)
            case SubmissionReceived.kind | SubmissionWithdrawn.kind:
                _lapse(found, entry)


def _closed(known: Challenge, entry: Entry) -> Challenge:
    closed = payload_of(entry, ChallengeClosed)
    if closed.deemed and not is_over(closed.deemed, recorded_at=entry.recorded_at):
        what = f"{entry.subject} is deemed upheld before {closed.deemed.after} was over"
        raise misrecorded(entry, what, "a challenge is deemed upheld when the time for an answer is over")
    return replace(known, outcome=closed.outcome, closed=entry.recorded, deemed=closed.deemed)


def _open(found: dict[str, Challenge], entry: Entry) -> Challenge:
    known = found.get(entry.subject)
    if known is None or not known.is_open:
        raise misrecorded(entry, f"{entry.subject} is not an open challenge", "only an open one is answered or closed")
    return known


def _lapse(found: dict[str, Challenge], entry: Entry) -> None:
    """A challenge is about one file: a new file for the table and month, or none, leaves nothing to ask about."""
    table_month = entry.subject.rpartition("/")[0]
    for challenge in found.values():
        if challenge.is_open and challenge.table_month == table_month:
            found[challenge.id] = replace(challenge, lapsed=entry.subject)

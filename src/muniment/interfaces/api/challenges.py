"""Challenges to evidence: the question, the supplier's answer, and how it was closed."""

from functools import partial
from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.application.acts import silence_on
from muniment.commands.challenges import answer_challenge, close_challenge
from muniment.domain.evidence.challenges import Challenge, challenges_known
from muniment.domain.kernel.fingerprint import Json
from muniment.interfaces.api.commands import EntryShape, asking
from muniment.interfaces.api.operations import Asked, acts, listed, reads, viewer_of
from muniment.interfaces.api.ports import Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.results import RecordedShape, recorded_shape
from muniment.interfaces.api.schemas import (
    ActBody,
    ChallengeIn,
    ContractId,
    Key,
    Limit,
    Listed,
    MonthIn,
    Offset,
    Shape,
    TableIn,
    Text,
)

challenges = Router(tags=["Challenges"])


class ChallengeShape(Shape):
    """A question about a submission. `lapsed`: what it lost its object by."""

    id: Annotated[str, Field(examples=["cssc/calls/2019-09/q1"])]
    submission: str
    question: str
    rows: list[str]
    asked: RecordedShape
    answer: str | None
    answered: RecordedShape | None
    outcome: str | None
    closed: RecordedShape | None
    lapsed: str | None
    is_open: bool


class Challenges(Listed[ChallengeShape]):
    """A page of challenges, in the order of asking."""


def challenge_shape(found: Challenge) -> dict[str, Json]:
    return {
        "id": found.id,
        "submission": found.challenged.submission,
        "question": found.challenged.question,
        "rows": [*found.challenged.rows],
        "asked": recorded_shape(found.asked),
        "answer": found.answer,
        "answered": recorded_shape(found.answered),
        "outcome": found.outcome,
        "closed": recorded_shape(found.closed),
        "lapsed": found.lapsed,
        "is_open": found.is_open,
    }


@reads(
    challenges, "/contracts/{contract}/challenges", name="list_challenges", summary="Challenges", response=Challenges
)
def list_challenges(request: Asked, contract: ContractId, limit: Limit, offset: Offset) -> Challenges:
    """Every challenge to evidence of the contract."""
    found = [challenge_shape(known) for known in challenges_known(viewer_of(request, contract).record)]
    return listed(request, Challenges, found, limit=limit, offset=offset)


Q = "/contracts/{contract}/challenges/{table}/{month}/{challenge}"


@reads(challenges, Q, name="read_challenge", summary="A challenge", response=ChallengeShape)
def read_challenge(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, challenge: ChallengeIn
) -> ChallengeShape:
    """The question, the answer, and how it was closed."""
    found = _known(viewer_of(request, contract), table, month, challenge)
    return ChallengeShape.model_validate(challenge_shape(found))


class AnswerBody(ActBody):
    """How the evidence came about."""

    answer: Text


@acts(challenges, f"{Q}/answer", name="answer_challenge", summary="Answer a challenge", response=EntryShape)
def answer(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, challenge: ChallengeIn, key: Key,
    body: AnswerBody,
) -> dict[str, Json]:  # fmt: skip
    """The supplier answers; the authority reads it and closes the challenge."""
    asked = asking(request, contract, body=body, key=key)
    found = _known(asked.viewer, table, month, challenge)
    return asked.does(partial(answer_challenge, challenge=found.id, answer=body.answer))


class CloseBody(ActBody):
    """`upheld`: a corrected file must follow. `withdrawn`: the evidence can be accepted as it is. `unresolved`: it goes
    into dispute. `is_by_silence`: upheld because nobody answered in time, as the agreed text says."""

    outcome: Literal["upheld", "withdrawn", "unresolved"]
    is_by_silence: bool = False


@acts(challenges, f"{Q}/close", name="close_challenge", summary="Close a challenge", response=EntryShape)
def close(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, challenge: ChallengeIn, key: Key,
    body: CloseBody,
) -> dict[str, Json]:  # fmt: skip
    """The authority says what became of its question."""
    asked = asking(request, contract, body=body, key=key)
    found = _known(asked.viewer, table, month, challenge)
    return asked.performs(
        lambda acting: close_challenge(
            ledger=acting.opened.store.ledger, act=acting.act, challenge=found.id, outcome=body.outcome,
            is_by_silence=body.is_by_silence, silence=silence_on(acting, found.id),
        ),
        rests_on_record=body.is_by_silence,
    )  # fmt: skip


def _known(viewer: Viewer, table: str, month: str, challenge: str) -> Challenge:
    wanted = f"{viewer.contract}/{table}/{month}/{challenge}"
    found = next((item for item in challenges_known(viewer.record) if item.id == wanted), None)
    if found is None:
        raise not_found()
    return found

"""Challenges to evidence: the question, the supplier's answer, and how it was closed."""

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.commands.challenges import ANSWER, CLOSE_CHALLENGE
from muniment.domain.evidence.challenges import Challenge, challenges_known
from muniment.domain.kernel.fingerprint import Json
from muniment.installation.named_things import challenge_named
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads
from muniment.interfaces.api.problems import found_or_problem
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import (
    ActBody,
    ChallengeIn,
    ContractId,
    Key,
    Listed,
    ListSchema,
    MonthIn,
    Schema,
    TableIn,
    TextMember,
)

challenges = Router(tags=["Challenges"])


class ChallengeSchema(Schema):
    """A question about a submission. `lapsed`: what it lost its object by."""

    id: Annotated[str, Field(examples=["cssc/calls/2019-09/q1"])]
    submission: str
    question: str
    rows: list[str]
    asked: RecordedSchema
    answer: str | None
    answered: RecordedSchema | None
    outcome: str | None
    closed: RecordedSchema | None
    lapsed: str | None
    is_open: bool


class Challenges(ListSchema[ChallengeSchema]):
    """A page of challenges, in the order of asking."""


def challenge_to_dict(found: Challenge) -> dict[str, Json]:
    return {
        "id": found.id,
        "submission": found.challenged.submission,
        "question": found.challenged.question,
        "rows": [*found.challenged.rows],
        "asked": recorded_to_dict(found.asked),
        "answer": found.answer,
        "answered": recorded_to_dict(found.answered),
        "outcome": found.outcome,
        "closed": recorded_to_dict(found.closed),
        "lapsed": found.lapsed,
        "is_open": found.is_open,
    }


@reads(
    challenges, "/contracts/{contract}/challenges", name="list_challenges", summary="Challenges", response=Challenges
)
def list_challenges(request: ApiRequest, contract: ContractId) -> Listed:
    """Every challenge to evidence of the contract."""
    return [challenge_to_dict(known) for known in challenges_known(api_viewer_of(request, contract).record)]


_Q = "/contracts/{contract}/challenges/{table}/{month}/{challenge}"


@reads(challenges, _Q, name="read_challenge", summary="A challenge", response=ChallengeSchema)
def read_challenge(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, challenge: ChallengeIn
) -> ChallengeSchema:
    """The question, the answer, and how it was closed."""
    found = _known(api_viewer_of(request, contract), table, month, challenge)
    return ChallengeSchema.model_validate(challenge_to_dict(found))


class AnswerBody(ActBody):
    """How the evidence came about."""

    answer: TextMember


@does(challenges, f"{_Q}/answer", ANSWER, name="answer_challenge", summary="Answer a challenge")
def answer_challenge_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, challenge: ChallengeIn, key: Key,
    body: AnswerBody,
) -> dict[str, Json]:  # fmt: skip
    """The supplier answers; the authority reads it and closes the challenge."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, table, month, challenge)
    return asked.does(challenge=found.id, answer=body.answer)


class CloseBody(ActBody):
    """`upheld`: a corrected file must follow. `withdrawn`: the evidence can be accepted as it is. `unresolved`: it goes
    into dispute. `is_deemed`: upheld because nobody answered in time, as the agreed text says."""

    outcome: Literal["upheld", "withdrawn", "unresolved"]
    is_deemed: bool = False


@does(challenges, f"{_Q}/close", CLOSE_CHALLENGE, name="close_challenge", summary="Close a challenge")
def close_challenge_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, challenge: ChallengeIn, key: Key,
    body: CloseBody,
) -> dict[str, Json]:  # fmt: skip
    """The authority says what became of its question."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, table, month, challenge)
    return asked.does(
        challenge=found.id, outcome=body.outcome, is_deemed=body.is_deemed, rests_on_record=body.is_deemed
    )


def _known(viewer: Viewer, table: str, month: str, challenge: str) -> Challenge:
    return found_or_problem(challenge_named(viewer, table, month, challenge))

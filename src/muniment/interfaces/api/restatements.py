"""Restatements: what a locked statement would say now, why, and the decision."""

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.application.statements import MonthCommandRequest
from muniment.commands.restatements import DECIDE_RESTATEMENT, PROPOSE_RESTATEMENT
from muniment.domain.assessment.restatement import Restatement, restatements_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.installation.named_things import restatement_named
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.jobs import JobSchema, queue_month_command_response
from muniment.interfaces.api.operations import (
    ApiRequest,
    api_viewer_of,
    permitted_viewer,
    reads,
    writes,
)
from muniment.interfaces.api.problems import found_or_problem
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import (
    ActBody,
    ContractId,
    Key,
    Listed,
    ListSchema,
    MonthIn,
    RestatementIn,
    Schema,
)

restatements = Router(tags=["Restatements"])


class DifferenceSchema(Schema):
    """What differs between two versions, as people read it."""

    what: str
    before: str
    after: str


class RestatementSchema(Schema):
    """A proposal. `goes_with`: the one that it is decided with. `knock_on`: later months that change with it."""

    id: Annotated[str, Field(examples=["cssc/2019-09/r1"])]
    month: str
    number: Annotated[int, Field(description="2 for v2.")]
    restates: Annotated[str, Field(description="revision or correction: computed, not chosen.")]
    cause: str
    fingerprint: str
    differences: list[DifferenceSchema]
    knock_on: list[str]
    goes_with: str | None
    outside_window: str | None
    proposed: RecordedSchema
    outcome: str | None
    decided: RecordedSchema | None


class Restatements(ListSchema[RestatementSchema]):
    """A page of restatements, in the order of proposing."""


def restatement_to_dict(found: Restatement) -> dict[str, Json]:
    proposed = found.proposed
    return {
        "id": found.id,
        "month": str(proposed.month),
        "number": proposed.number,
        "restates": proposed.restates,
        "cause": proposed.cause,
        "fingerprint": proposed.statement,
        "differences": [{"what": d.what, "before": d.before, "after": d.after} for d in proposed.differences],
        "knock_on": [*proposed.knock_on],
        "goes_with": proposed.goes_with,
        "outside_window": proposed.outside_window,
        "proposed": recorded_to_dict(found.recorded),
        "outcome": found.outcome,
        "decided": recorded_to_dict(found.decided),
    }


@reads(restatements, "/contracts/{contract}/restatements", name="list_restatements", summary="Restatements",
       response=Restatements)  # fmt: skip
def list_restatements(request: ApiRequest, contract: ContractId) -> Listed:
    """Every proposal, and what was decided."""
    return [restatement_to_dict(known) for known in restatements_known(api_viewer_of(request, contract).record)]


_R = "/contracts/{contract}/restatements/{month}/{restatement}"


@reads(restatements, _R, name="read_restatement", summary="A restatement", response=RestatementSchema)
def read_restatement(
    request: ApiRequest, contract: ContractId, month: MonthIn, restatement: RestatementIn
) -> RestatementSchema:
    """What differs, in which months, and the decision where there is one."""
    found = _known(api_viewer_of(request, contract), month, restatement)
    return RestatementSchema.model_validate(restatement_to_dict(found))


class ProposeBody(ActBody):
    """`is_outside_window`: the evidence came after the agreed window, and it is to be restated all the same."""

    is_outside_window: bool = False


@writes(restatements, "/contracts/{contract}/statements/{month}/restatements", name="propose_restatement",
      command=PROPOSE_RESTATEMENT, summary="Propose a restatement", response=JobSchema, status=202)  # fmt: skip
def propose_one(request: ApiRequest, contract: ContractId, month: MonthIn, key: Key, body: ProposeBody) -> JobSchema:
    """The statement is computed as known today; later locked months that change with it are proposed with it."""
    viewer = permitted_viewer(request, contract, "propose_restatement", reason=body.reason)
    asked = MonthCommandRequest("propose_restatement", Month.parse(month), is_outside_window=body.is_outside_window)
    return queue_month_command_response(request, viewer, asked, body=body, key=key)


class DecideRestatementBody(ActBody):
    """Approved, every month is locked as its next version at once, or none."""

    outcome: Literal["approved", "refused"]


@does(restatements, f"{_R}/decide", DECIDE_RESTATEMENT, name="decide_restatement", summary="Decide a restatement")
def decide_restatement_operation(
    request: ApiRequest,
    contract: ContractId,
    month: MonthIn,
    restatement: RestatementIn,
    key: Key,
    body: DecideRestatementBody,
) -> dict[str, Json]:
    """By somebody who did not propose it. The versions before stay as they are."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, month, restatement)
    return asked.does(restatement=found.proposed.goes_with or found.id, outcome=body.outcome)


def _known(viewer: Viewer, month: str, restatement: str) -> Restatement:
    return found_or_problem(restatement_named(viewer, month, restatement))

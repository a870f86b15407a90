"""Restatements: what a locked statement would say now, why, and the decision."""

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.application.statements import Settling
from muniment.commands.restatements import decide_restatement
from muniment.domain.assessment.restatement import Restatement, restatements_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.interfaces.api.commands import EntryShape
from muniment.interfaces.api.job_schemas import JobShape, act_asked
from muniment.interfaces.api.operations import Asked, acted, acts, listed, permitted, reads, viewer_of
from muniment.interfaces.api.ports import Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.results import RecordedShape, recorded_shape
from muniment.interfaces.api.schemas import (
    ActBody,
    ContractId,
    Key,
    Limit,
    Listed,
    MonthIn,
    Offset,
    RestatementIn,
    Shape,
)

restatements = Router(tags=["Restatements"])


class DifferenceShape(Shape):
    """What differs between two versions, as people read it."""

    what: str
    before: str
    after: str


class RestatementShape(Shape):
    """A proposal. `goes_with`: the one that it is decided with. `ripple`: later months that change with it."""

    id: Annotated[str, Field(examples=["cssc/2019-09/r1"])]
    month: str
    number: Annotated[int, Field(description="2 for v2.")]
    restates: Annotated[str, Field(description="revision or correction: computed, not chosen.")]
    cause: str
    fingerprint: str
    differences: list[DifferenceShape]
    ripple: list[str]
    goes_with: str | None
    outside_window: str | None
    proposed: RecordedShape
    outcome: str | None
    decided: RecordedShape | None


class Restatements(Listed[RestatementShape]):
    """A page of restatements, in the order of proposing."""


def restatement_shape(found: Restatement) -> dict[str, Json]:
    proposed = found.proposed
    return {
        "id": found.id,
        "month": str(proposed.month),
        "number": proposed.number,
        "restates": proposed.restates,
        "cause": proposed.cause,
        "fingerprint": proposed.statement,
        "differences": [{"what": d.what, "before": d.before, "after": d.after} for d in proposed.differences],
        "ripple": [*proposed.ripple],
        "goes_with": proposed.goes_with,
        "outside_window": proposed.outside_window,
        "proposed": recorded_shape(found.recorded),
        "outcome": found.outcome,
        "decided": recorded_shape(found.decided),
    }


@reads(restatements, "/contracts/{contract}/restatements", name="list_restatements", summary="Restatements",
       response=Restatements)  # fmt: skip
def list_restatements(request: Asked, contract: ContractId, limit: Limit, offset: Offset) -> Restatements:
    """Every proposal, and what was decided."""
    found = [restatement_shape(known) for known in restatements_known(viewer_of(request, contract).record)]
    return listed(request, Restatements, found, limit=limit, offset=offset)


R = "/contracts/{contract}/restatements/{month}/{restatement}"


@reads(restatements, R, name="read_restatement", summary="A restatement", response=RestatementShape)
def read_restatement(
    request: Asked, contract: ContractId, month: MonthIn, restatement: RestatementIn
) -> RestatementShape:
    """What differs, in which months, and the decision where there is one."""
    found = _known(viewer_of(request, contract), month, restatement)
    return RestatementShape.model_validate(restatement_shape(found))


class ProposeBody(ActBody):
    """`is_outside_window`: the evidence came after the agreed window, and it is to be restated all the same."""

    is_outside_window: bool = False


@acts(restatements, "/contracts/{contract}/statements/{month}/restatements", name="propose_restatement",
      summary="Propose a restatement", response=JobShape, status=202)  # fmt: skip
def propose_one(request: Asked, contract: ContractId, month: MonthIn, key: Key, body: ProposeBody) -> JobShape:
    """The statement is computed as known today; later locked months that change with it are proposed with it."""
    viewer = permitted(request, contract, "propose_restatement", reason=body.reason)
    asked = Settling("propose_restatement", Month.parse(month), is_outside_window=body.is_outside_window)
    return act_asked(request, viewer, asked, body=body, key=key)


class DecideRestatementBody(ActBody):
    """Approved, every month is locked as its next version at once, or none."""

    outcome: Literal["approved", "refused"]


@acts(restatements, f"{R}/decide", name="decide_restatement", summary="Decide a restatement", response=EntryShape)
def decide(
    request: Asked,
    contract: ContractId,
    month: MonthIn,
    restatement: RestatementIn,
    key: Key,
    body: DecideRestatementBody,
) -> dict[str, Json]:
    """By somebody who did not propose it. The versions before stay as they are."""
    viewer = permitted(request, contract, "decide_restatement", reason=body.reason)
    found = _known(viewer, month, restatement)
    return acted(
        viewer, verb="decide_restatement", body=body, key=key,
        perform=lambda acting: decide_restatement(
            ledger=acting.opened.store.ledger, act=acting.act, restatement=found.proposed.goes_with or found.id,
            outcome=body.outcome,
        ),
    )  # fmt: skip


def _known(viewer: Viewer, month: str, restatement: str) -> Restatement:
    wanted = f"{viewer.contract}/{month}/{restatement}"
    found = next((item for item in restatements_known(viewer.record) if item.id == wanted), None)
    if found is None:
        raise not_found()
    return found

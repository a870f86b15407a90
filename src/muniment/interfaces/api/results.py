"""What people say about a result: disputes, how they were resolved, and why a KPI failed."""

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.application.command_context import dispute_shown_result
from muniment.application.projected import projected_kpi_month
from muniment.commands.reporting import EXPLAIN_FAILURE
from muniment.commands.results import DISPUTE, RESOLVE_DISPUTE
from muniment.domain.assessment.disputes import Dispute, disputes_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import EntryReference
from muniment.installation.input_limits import LONGEST_FIGURE
from muniment.installation.viewer import DATABASE_ALIAS
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, figures_or_problem, reads
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import (
    ActBody,
    Body,
    ContractId,
    DisputeIn,
    Key,
    KpiIn,
    LineMember,
    Listed,
    ListSchema,
    MonthIn,
    Schema,
    TextMember,
)

results = Router(tags=["Results"])


class RecordedSchema(Schema):
    """By whom, when (UTC) and why; `entry` is its number in the record."""

    entry: int
    at: str
    by: str
    on_behalf_of: str
    reason: str


def recorded_to_dict(found: EntryReference | None) -> dict[str, Json] | None:
    if found is None:
        return None
    said: dict[str, Json] = {"entry": found.seq, "at": found.at, "by": found.actor}
    return {**said, "on_behalf_of": found.on_behalf_of, "reason": found.reason}


class DisputeSchema(Schema):
    """A dispute about a result: both figures, and the outcome where there is one."""

    id: Annotated[str, Field(examples=["cssc/CSC_KPI_04/2019-09/d1"])]
    kpi: str
    month: str
    supplier_value: str
    authority_value: str | None
    raised: RecordedSchema
    outcome: str | None
    resolved: RecordedSchema | None


def dispute_to_dict(found: Dispute) -> dict[str, Json]:
    return {
        "id": found.id,
        "kpi": found.disputed.kpi,
        "month": str(found.disputed.period),
        "supplier_value": found.disputed.supplier_value,
        "authority_value": found.disputed.authority_value,
        "raised": recorded_to_dict(found.raised),
        "outcome": found.outcome,
        "resolved": recorded_to_dict(found.resolved),
    }


class Disputes(ListSchema[DisputeSchema]):
    """A page of disputes, in the order of raising."""


@reads(results, "/contracts/{contract}/disputes", name="list_disputes", summary="Disputes", response=Disputes)
def list_disputes(request: ApiRequest, contract: ContractId) -> Listed:
    """Every dispute about a result of the contract."""
    return [dispute_to_dict(known) for known in disputes_known(api_viewer_of(request, contract).record)]


_K = "/contracts/{contract}/months/{month}/kpis/{kpi}"


class DisputeBody(ActBody):
    """What the result should be."""

    supplier_value: Annotated[LineMember, Field(max_length=LONGEST_FIGURE, examples=["9.40%"])]


@does(results, f"{_K}/disputes", DISPUTE, name="dispute_result", summary="Dispute a result")
def dispute_result_operation(
    request: ApiRequest, contract: ContractId, month: MonthIn, kpi: KpiIn, key: Key, body: DisputeBody
) -> dict[str, Json]:
    """The supplier says what it should be. The authority's figure stands meanwhile, marked as disputed. Refused
    (`being_computed`) while the figures are behind the record."""
    asked = command_request(request, contract, body=body, key=key)
    figures_or_problem(projected_kpi_month(contract, month, kpi, using=DATABASE_ALIAS), asked.viewer)
    return asked.performs(
        lambda acting: dispute_shown_result(
            acting, contract=contract, kpi=kpi, period=month, supplier_value=body.supplier_value, using=DATABASE_ALIAS
        )
    )


class ResolveBody(ActBody):
    """`upheld`: the supplier is right. `not_upheld`: the authority's figure stands."""

    outcome: Literal["upheld", "not_upheld", "withdrawn"]


@does(
    results, "/contracts/{contract}/disputes/{kpi}/{month}/{dispute}/resolve", RESOLVE_DISPUTE,
    name="resolve_dispute", summary="Resolve a dispute",
)  # fmt: skip
def resolve_dispute_operation(
    request: ApiRequest,
    contract: ContractId,
    kpi: KpiIn,
    month: MonthIn,
    dispute: DisputeIn,
    key: Key,
    body: ResolveBody,
) -> dict[str, Json]:
    """The outcome changes no figure by itself: corrected evidence does."""
    asked = command_request(request, contract, body=body, key=key)
    wanted = f"{contract}/{kpi}/{month}/{dispute}"
    if not any(known.id == wanted for known in disputes_known(asked.viewer.record)):
        raise not_found()
    return asked.does(dispute=wanted, outcome=body.outcome)


class FigureBody(Body):
    """A figure in your words, and where you have it from."""

    figure: Annotated[LineMember, Field(examples=["13"])]
    source: Annotated[LineMember, Field(examples=["the centre's duty log of 3 September"])]


def typed_figures_of(given: list[FigureBody]) -> list[tuple[str, str]]:
    return [(item.figure.strip(), item.source.strip()) for item in given]


class ExplainBody(ActBody):
    """Why a KPI failed. A figure of your own needs its source; those of the KPI itself are printed with it."""

    cause: TextMember
    effect: TextMember
    remedy: TextMember
    typed: Annotated[list[FigureBody], Field(max_length=50, default_factory=list)]


@does(results, f"{_K}/failure-explanations", EXPLAIN_FAILURE, name="explain_failure", summary="Explain a failure")
def explain_failure_operation(
    request: ApiRequest, contract: ContractId, month: MonthIn, kpi: KpiIn, key: Key, body: ExplainBody
) -> dict[str, Json]:
    """Cause, effect and remedy, for the board report."""
    asked = command_request(request, contract, body=body, key=key)
    figures_or_problem(projected_kpi_month(contract, month, kpi, using=DATABASE_ALIAS), asked.viewer)
    return asked.does(
        kpi=kpi, month=month, cause=body.cause, effect=body.effect, remedy=body.remedy,
        typed=typed_figures_of(body.typed),
    )  # fmt: skip

"""Mitigation: what the supplier asks for and the authority decides, with what a grant would change."""

from datetime import date
from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from muniment.application.load import local_day
from muniment.application.projected import projected_impact
from muniment.application.read_models.mitigations import ImpactOfMonth
from muniment.commands.mitigation import (
    DECIDE_MITIGATION,
    REQUEST_MITIGATION,
    WITHDRAW_MITIGATION,
)
from muniment.commands.queries.terms import departures_of, last_day_of_asking
from muniment.domain.assessment.mitigation import Mitigation, MitigationEffect, mitigations_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.states import MACHINES
from muniment.installation.named_things import kpi_month_named, mitigation_named
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads
from muniment.interfaces.api.problems import found_or_problem
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import (
    NAME_PATTERN,
    ActBody,
    ContractId,
    DayMember,
    Key,
    KpiIn,
    Listed,
    ListSchema,
    MonthIn,
    MonthMember,
    RequestIn,
    RowId,
    Schema,
    TextMember,
)

mitigations = Router(tags=["Mitigation"])


class DecisionSchema(Schema):
    """`effect`: what a grant does. `rows` or `days`: what a grant in part covers."""

    outcome: str
    effect: str | None
    rows: list[str]
    days: list[str]
    recorded: RecordedSchema


class MitigationSchema(Schema):
    """A request for the months `first` to `last`, and its decision where there is one."""

    id: Annotated[str, Field(examples=["cssc/CSC_KPI_04/2019-09/g1"])]
    kpi: str
    ground: str
    first: str
    last: str
    state: Annotated[str, Field(description=MACHINES["mitigation"].states_listed)]
    plan: str | None
    review_on: date | None
    requested: RecordedSchema
    decision: DecisionSchema | None
    withdrawn: RecordedSchema | None


class Mitigations(ListSchema[MitigationSchema]):
    """A page of mitigation requests, in the order of asking."""


class MitigationToDecide(MitigationSchema):
    """`departures`: where the request departs from the terms of its ground, a sentence each. `impact`: what a whole
    grant would change; empty once it is decided."""

    departures: list[str]
    impact: list[ImpactOfMonth]


class Ground(Schema):
    """A ground of the agreed text. `until`: the last day on which it is asked for in time."""

    ground: str
    title: str
    clause: str
    effect: str
    until: date


class Grounds(ListSchema[Ground]):
    """A page of grounds."""


def mitigation_to_dict(found: Mitigation) -> dict[str, Json]:
    decision = found.decision
    decided: Json = None
    if decision is not None:
        said: dict[str, Json] = {"outcome": decision.outcome, "effect": decision.effect}
        decided = {
            **said, "rows": [*decision.rows], "days": [*decision.days], "recorded": recorded_to_dict(decision.recorded)
        }  # fmt: skip
    return {
        "id": found.id,
        "kpi": found.kpi,
        "ground": found.ground,
        "first": str(found.first),
        "last": str(found.last),
        "state": found.state,
        "plan": found.plan,
        "review_on": found.review_on.isoformat() if found.review_on else None,
        "requested": recorded_to_dict(found.requested),
        "decision": decided,
        "withdrawn": recorded_to_dict(found.withdrawn),
    }


@reads(mitigations, "/contracts/{contract}/mitigations", name="list_mitigations", summary="Mitigation requests",
       response=Mitigations)  # fmt: skip
def list_mitigations(request: ApiRequest, contract: ContractId) -> Listed:
    """Every request, and what was decided."""
    return [mitigation_to_dict(known) for known in mitigations_known(api_viewer_of(request, contract).record)]


_G = "/contracts/{contract}/mitigations/{kpi}/{month}/{mitigation}"
_K = "/contracts/{contract}/months/{month}/kpis/{kpi}"


@reads(mitigations, _G, name="read_mitigation", summary="A mitigation request", response=MitigationToDecide)
def read_mitigation(
    request: ApiRequest, contract: ContractId, kpi: KpiIn, month: MonthIn, mitigation: RequestIn
) -> MitigationToDecide:
    """With its departures from the terms of its ground, and what each answer would cost."""
    viewer = api_viewer_of(request, contract)
    found = _known(viewer, kpi, month, mitigation)
    text = viewer.opened.text
    asked_on = local_day(found.requested.at, text.contract_text.zone)
    departures = departures_of(text=text, known=viewer.today, mitigation=found, asked_on=asked_on)
    impact = projected_impact(contract, found.id, using=DATABASE_ALIAS) if found.is_open else None
    return MitigationToDecide.model_validate(
        {**mitigation_to_dict(found), "departures": departures, "impact": impact.months if impact else ()}
    )


@reads(mitigations, f"{_K}/grounds", name="list_grounds", summary="Grounds for mitigation", response=Grounds)
def list_grounds(request: ApiRequest, contract: ContractId, month: MonthIn, kpi: KpiIn) -> Listed:
    """Those in force in the month, each with the last day of asking."""
    viewer = api_viewer_of(request, contract)
    found = _month(viewer, month, kpi)
    text = viewer.opened.text
    grounds = text.regime_at(on=found.first_day, known=viewer.today).grounds
    return [
        {
            "ground": code, "title": ground.title, "clause": ground.clause or "", "effect": ground.effect,
            "until": last_day_of_asking(text=text, ground=code, month=found, known=viewer.today).isoformat(),
        }
        for code, ground in grounds.items()
    ]  # fmt: skip


class AskBody(ActBody):
    """For the month of the address up to `last`. `plan` and `review_on`: for mitigation over several months."""

    ground: Annotated[str, Field(pattern=NAME_PATTERN, examples=["authority_act"])]
    last: MonthMember
    plan: TextMember | None = None
    review_on: DayMember | None = None


@does(mitigations, f"{_K}/mitigations", REQUEST_MITIGATION, name="request_mitigation", summary="Ask for mitigation")
def request_mitigation_operation(
    request: ApiRequest, contract: ContractId, month: MonthIn, kpi: KpiIn, key: Key, body: AskBody
) -> dict[str, Json]:
    """The figure and its status stay as they are; a grant changes only what follows from them."""
    asked = command_request(request, contract, body=body, key=key)
    _month(asked.viewer, month, kpi)
    return asked.does(
        kpi=kpi, ground=body.ground, first=month, last=body.last, plan=body.plan,
        review_on=body.review_on.isoformat() if body.review_on else None,
    )  # fmt: skip


class DecideMitigationBody(ActBody):
    """`effect`: what a grant does; a refusal has none. `rows` or `days`: what a grant in part covers. `is_deemed`:
    because nobody decided in time, as the agreed text says."""

    outcome: Literal["granted", "granted_in_part", "refused"]
    effect: MitigationEffect | None = None
    rows: Annotated[list[RowId], Field(max_length=10_000, default_factory=list)]
    days: Annotated[list[DayMember], Field(max_length=400, default_factory=list)]
    is_deemed: bool = False


@does(mitigations, f"{_G}/decide", DECIDE_MITIGATION, name="decide_mitigation", summary="Decide a mitigation")
def decide_mitigation_operation(
    request: ApiRequest, contract: ContractId, kpi: KpiIn, month: MonthIn, mitigation: RequestIn, key: Key,
    body: DecideMitigationBody,
) -> dict[str, Json]:  # fmt: skip
    """By somebody who did not ask for it. Locked months keep their statement; a restatement can be proposed. A row that
    the evidence does not have is refused."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, kpi, month, mitigation)
    return asked.does(
        mitigation=found.id, outcome=body.outcome, effect=body.effect, rows=body.rows,
        days=[day.isoformat() for day in body.days], is_deemed=body.is_deemed, rests_on_record=body.is_deemed,
    )  # fmt: skip


@does(mitigations, f"{_G}/withdraw", WITHDRAW_MITIGATION, name="withdraw_mitigation", summary="Withdraw a request")
def withdraw_mitigation_operation(
    request: ApiRequest,
    contract: ContractId,
    kpi: KpiIn,
    month: MonthIn,
    mitigation: RequestIn,
    key: Key,
    body: ActBody,
) -> dict[str, Json]:
    """Before it is decided. A new request can be made while it is in time."""
    asked = command_request(request, contract, body=body, key=key)
    found = _known(asked.viewer, kpi, month, mitigation)
    return asked.does(mitigation=found.id)


def _month(viewer: Viewer, month: str, kpi: str) -> Month:
    """A month of the contract and a KPI that it knows. Raises a 404."""
    return found_or_problem(kpi_month_named(viewer, kpi, month))


def _known(viewer: Viewer, kpi: str, month: str, mitigation: str) -> Mitigation:
    return found_or_problem(mitigation_named(viewer, kpi, month, mitigation))

"""Statements: what a month comes to as computed now, and the commands that sign, lock and confirm it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from ninja import Router
from pydantic import Field

from muniment.application.agreed_terms import tables_to_excuse
from muniment.application.projected import projected_as_signed, projected_statement
from muniment.application.read_models.statements import ShownStatement, StatementInForce, StatementPage
from muniment.application.statements import MonthCommandRequest
from muniment.commands.statements import CONFIRM_STATEMENT, LOCK, SIGN, MonthCommand
from muniment.domain.assessment.month_lock import Signature, signatures_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.states import MACHINES, state_in, states_known
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.api.jobs import JobSchema, queue_month_command_response
from muniment.interfaces.api.locked_statements import locks_of
from muniment.interfaces.api.months import ComputedOn, computed_on
from muniment.interfaces.api.operations import (
    ApiRequest,
    figures_or_problem,
    permitted_viewer,
    reads,
    viewer_of_figures,
    writes,
)
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import NAME_PATTERN, ActBody, Body, ContractId, Key, LineMember, MonthIn, Schema

statements = Router(tags=["Statements"])


class VersionLine(Schema):
    """A locked version of the statement."""

    number: int
    entry: int
    at: str
    by: str


class SignatureSchema(Schema):
    """The first signature, while it waits for the second. `statement`: the fingerprint of what was signed."""

    statement: str
    known: str
    computed_on: int
    recorded: RecordedSchema


@dataclass(frozen=True, kw_only=True)
class StatementSchema(StatementInForce):
    """The statement of a month as computed now, as `muniment statement --format json` has it; and where it stands.
    While it is signed once, the figures are those that were signed."""

    contract: str
    state: Annotated[str, Field(description=MACHINES["month"].states_listed, examples=["locked"])]
    locked: list[VersionLine]
    signature: SignatureSchema | None
    overdue: Annotated[
        list[str], Field(description="Tables whose evidence is late or not accepted: a signature says why without it.")
    ]
    computed_on: ComputedOn
    fingerprint: Annotated[
        str | None, Field(description="Of what a signature would seal: send it with the signature. Null once locked.")
    ]


_M = "/contracts/{contract}/statements/{month}"


@reads(statements, _M, name="read_statement", summary="The statement of a month", response=StatementSchema)
def read_statement(request: ApiRequest, contract: ContractId, month: MonthIn) -> Mapping[str, object]:
    """As computed now, whether or not it is locked. Locked versions stand beside it."""
    viewer = viewer_of_figures(request, contract)
    state = state_in(states_known(viewer.record), machine="month", thing=f"{contract}/{month}")
    found = _projected(viewer, month)
    if state == "signed":
        signed = projected_as_signed(contract, month, using=DATABASE_ALIAS)
        now = replace(found, fingerprint="") if signed is None else signed
        found = replace(now, stands=found.stands, differs=found.differs)
    signature = signatures_known(viewer.record).get(Month.parse(month)) if state == "signed" else None
    return {
        **vars(found),
        "contract": contract,
        "state": state,
        "signature": None if signature is None else _signature(signature),
        "locked": [
            VersionLine(number=lock.locked.number, entry=lock.recorded.seq, at=lock.recorded.at, by=lock.recorded.actor)
            for lock in locks_of(viewer, month)
        ],
        "overdue": tables_to_excuse(viewer.opened, month=Month.parse(month), on=viewer.today),
        "computed_on": computed_on(viewer),
        "fingerprint": found.fingerprint or None,
    }


def _signature(found: Signature) -> dict[str, Json]:
    signed = found.signed
    return {
        "statement": signed.statement,
        "known": signed.known.isoformat(),
        "computed_on": signed.computed_on,
        "recorded": recorded_to_dict(found.recorded),
    }


class WithoutSchema(Body):
    """A table whose evidence is late, and why the month is settled without it."""

    table: Annotated[str, Field(pattern=NAME_PATTERN)]
    reason: LineMember


Fingerprint = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{64}$",
        description="The `fingerprint` of the statement that you read: 409 where it is another one by now.",
        examples=["f" * 64],
    ),
]


class LockBody(ActBody):
    """You sign what you read."""

    fingerprint: Fingerprint


class SignBody(LockBody):
    """`overdue`: a reason for each table that `overdue` of the statement names."""

    overdue: Annotated[list[WithoutSchema], Field(max_length=100, default_factory=list)]


@writes(statements, f"{_M}/sign", name="sign_statement", command=SIGN, summary="Sign a statement first",
      response=JobSchema, status=202)  # fmt: skip
def sign_statement_operation(
    request: ApiRequest, contract: ContractId, month: MonthIn, key: Key, body: SignBody
) -> JobSchema:
    """The contract manager signs the figures as known today. If anything about the month changes, it lapses."""
    viewer = _permitted(request, contract, "sign", month, body)
    overdue = tuple((item.table, item.reason) for item in body.overdue)
    return queue_month_command_response(
        request,
        viewer,
        MonthCommandRequest("sign", Month.parse(month), overdue=overdue, shown=_shown(body)),
        body=body,
        key=key,
    )


@writes(statements, f"{_M}/lock", name="lock_month", command=LOCK, summary="Sign second, and lock", response=JobSchema,
      status=202)  # fmt: skip
def lock_month_operation(
    request: ApiRequest, contract: ContractId, month: MonthIn, key: Key, body: LockBody
) -> JobSchema:
    """The supplier's approver, or another person of the authority. The statement never changes again."""
    viewer = _permitted(request, contract, "lock", month, body)
    return queue_month_command_response(
        request, viewer, MonthCommandRequest("lock", Month.parse(month), shown=_shown(body)), body=body, key=key
    )


@writes(statements, f"{_M}/confirm", name="confirm_statement", command=CONFIRM_STATEMENT,
      summary="Confirm a locked statement", response=JobSchema, status=202)  # fmt: skip
def confirm_statement_operation(
    request: ApiRequest, contract: ContractId, month: MonthIn, key: Key, body: ActBody
) -> JobSchema:
    """Where what came since asks for no restatement. The statement is computed as known today, and compared."""
    viewer = _permitted(request, contract, "confirm_statement", month, body)
    return queue_month_command_response(
        request, viewer, MonthCommandRequest("confirm_statement", Month.parse(month)), body=body, key=key
    )


def _shown(body: LockBody) -> ShownStatement:
    """Its figures are known to the caller, and to nobody here."""
    return ShownStatement(body.fingerprint, "")


def _permitted(request: ApiRequest, contract: str, command: MonthCommand, month: str, body: ActBody) -> Viewer:
    viewer = permitted_viewer(request, contract, command, reason=body.reason)
    _projected(viewer, month)
    return viewer


def _projected(viewer: Viewer, month: str) -> StatementPage:
    return figures_or_problem(projected_statement(viewer.contract, month, using=DATABASE_ALIAS), viewer)

"""Statements: what a month comes to as computed now, and the commands that sign, lock and confirm it."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from muniment.adapters.stores.database.pages import page
from muniment.application.agreed_terms import tables_to_excuse
from muniment.application.statements import MonthCommandRequest, ShownStatement
from muniment.commands.statements import CONFIRM_STATEMENT, LOCK, SIGN, MonthCommand
from muniment.domain.assessment.month_lock import signatures_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.states import MACHINES, state_in, states_known
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.api.jobs import JobSchema, queue_month_command_response
from muniment.interfaces.api.locked_statements import locks_of
from muniment.interfaces.api.months import ComputedOn, MonthFigures, Table1, computed_on
from muniment.interfaces.api.operations import ApiRequest, permitted_viewer, reads, viewer_of_figures, writes
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import NAME_PATTERN, ActBody, Body, ContractId, Key, LineMember, MonthIn, Schema

statements = Router(tags=["Statements"])


class StatementLine(Schema):
    """A KPI's line: how its points came about."""

    kpi: str
    value: str
    status: str
    category: str
    base_points: str
    multiplier: int
    points: str
    ground: str | None
    working: str


class CreditSchema(Schema):
    """A service credit. Points and amounts (GBP) as plain decimals."""

    points: str
    free_points: str
    chargeable_points: str
    per_point_percent: str
    base: str
    before_cap: str
    cap: str
    due: str
    suspended: bool


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


class LockedFigures(MonthFigures):
    """What the last locked version says."""

    version: int


class StatementSchema(Schema):
    """The statement of a month as computed now, as `muniment statement --format json` has it; and where it stands.
    While it is signed once, the figures are those that were signed."""

    contract: str
    period: str
    contract_month: int
    state: Annotated[str, Field(description=MACHINES["month"].states_listed, examples=["locked"])]
    lines: list[StatementLine]
    table_1: Table1
    kpis: int
    points: str
    credit: CreditSchema | None
    credit_working: str | None
    credits_to_date: str | None
    stands: Annotated[LockedFigures | None, Field(description="What is locked; null while nothing is.")] = None
    differs: Annotated[bool, Field(description="Whether what is computed now is something else.")] = False
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
def read_statement(request: ApiRequest, contract: ContractId, month: MonthIn) -> StatementSchema:
    """As computed now, whether or not it is locked. Locked versions stand beside it."""
    viewer = viewer_of_figures(request, contract)
    state = state_in(states_known(viewer.record), machine="month", thing=f"{contract}/{month}")
    found = _projected(viewer, month)
    if state == "signed":
        as_signed = page(contract, f"signed/{month}", using=DATABASE_ALIAS)
        found = {**found, **(as_signed if isinstance(as_signed, dict) else {"fingerprint": ""})}
    signature = signatures_known(viewer.record).get(Month.parse(month)) if state == "signed" else None
    signed: Json = None
    if signature is not None:
        signed = {
            "statement": signature.signed.statement,
            "known": signature.signed.known.isoformat(),
            "computed_on": signature.signed.computed_on,
            "recorded": recorded_to_dict(signature.recorded),
        }
    locked: list[Json] = [
        {
            "number": known.locked.number,
            "entry": known.recorded.seq,
            "at": known.recorded.at,
            "by": known.recorded.actor,
        }
        for known in locks_of(viewer, month)
    ]
    more: dict[str, Json] = {
        "state": state,
        "signature": signed,
        "locked": locked,
        "overdue": [*tables_to_excuse(viewer.opened, month=Month.parse(month), on=viewer.today)],
        "computed_on": computed_on(viewer),
        "fingerprint": found.get("fingerprint") or None,
    }
    return StatementSchema.model_validate({**found, **more})


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


def _projected(viewer: Viewer, month: str) -> dict[str, Json]:
    found = page(viewer.contract, month, using=DATABASE_ALIAS)
    if not isinstance(found, dict):
        raise not_found()
    return found

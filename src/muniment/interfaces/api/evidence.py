"""Evidence: what is due, what came, what became of it, and the acts on a submission."""

from datetime import date
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from muniment.application.evidence_downloads import template_csv
from muniment.commands.challenges import CHALLENGE
from muniment.commands.evidence import ACCEPT, APPROVE, DECLARE_NIL_RETURN, WITHDRAW_ACCEPTANCE, WITHDRAW_SUBMISSION
from muniment.commands.queries.terms import business_days_of
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period, months_from
from muniment.domain.lifecycle.states import MACHINES, Things, state_in, states_known
from muniment.domain.regime.contract import Contract
from muniment.installation.input_limits import LONGEST_LINE
from muniment.installation.named_things import submission_named, table_month_named
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads
from muniment.interfaces.api.problems import found_or_problem, not_found
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import (
    MONTH_PATTERN,
    ActBody,
    Body,
    ContractId,
    Key,
    Listed,
    ListSchema,
    MonthIn,
    RowId,
    Schema,
    SubmissionIn,
    TableIn,
    TextMember,
)

evidence = Router(tags=["Evidence"])
TableMonthState = Annotated[str, Field(description=MACHINES["table_month"].states_listed)]


class TableMonthLine(Schema):
    """A table in a month. `due`: the last day in time. `state`: where it stands (see the page on lifecycles)."""

    table: str
    month: str
    due: date
    state: TableMonthState
    is_late: bool


class TableMonths(ListSchema[TableMonthLine]):
    """A page of tables by month, the oldest month first."""


class RejectedSchema(Schema):
    """A row that does not count although its file was accepted."""

    row: str
    reason: str


class SubmissionSchema(Schema):
    """A file that was submitted, and what became of it."""

    id: Annotated[str, Field(examples=["cssc/calls/2019-09/s1"])]
    table: str
    month: str
    file_name: str
    sha256: str
    rows: int
    submitted: RecordedSchema
    approved: RecordedSchema | None
    accepted: RecordedSchema | None
    withdrawn: RecordedSchema | None
    superseded_by: str | None
    rejected: list[RejectedSchema]


class TableMonthSchema(Schema):
    """A table in a month, with every submission in the order of receipt."""

    table: str
    month: str
    due: date
    state: TableMonthState
    is_late: bool
    submissions: list[SubmissionSchema]


def submission_to_dict(found: Submission) -> dict[str, Json]:
    received = found.received
    return {
        "id": found.id,
        "table": received.table,
        "month": str(received.period),
        "file_name": received.file_name,
        "sha256": received.sha256,
        "rows": received.rows,
        "submitted": recorded_to_dict(found.recorded),
        "approved": recorded_to_dict(found.approved),
        "accepted": recorded_to_dict(found.accepted.recorded if found.accepted else None),
        "withdrawn": recorded_to_dict(found.withdrawn),
        "superseded_by": found.superseded_by,
        "rejected": [{"row": rejected.row, "reason": rejected.reason} for rejected in found.rejected],
    }


OneMonth = Annotated[str, Query("", pattern=f"{MONTH_PATTERN}|^$", description="Only this month.")]


@reads(
    evidence, "/contracts/{contract}/evidence", name="list_evidence", summary="Tables by month", response=TableMonths
)
def list_evidence(request: ApiRequest, contract: ContractId, month: OneMonth) -> Listed:
    """Every table in every month of the record that is over: what is due, and where it stands."""
    viewer = api_viewer_of(request, contract)
    agreed = viewer.opened.text.contract(known=viewer.today)
    last = min(agreed.end, Month.of(viewer.today))
    over = [found for found in months_from(agreed.record_from, last) if found.last_day < viewer.today]
    states = states_known(viewer.record)
    return [
        _cell(viewer, agreed, states, table, each)
        for each in over
        if month in ("", str(each))
        for table in agreed.tables
    ]


@reads(
    evidence, "/contracts/{contract}/evidence/{table}/template.csv", name="read_template",
    summary="The header of a file", file_types=("text/csv",),
)  # fmt: skip
def read_template(request: ApiRequest, contract: ContractId, table: TableIn) -> HttpResponse:
    """A CSV file with the columns that the table asks for."""
    viewer = api_viewer_of(request, contract)
    agreed = viewer.opened.text.contract(known=viewer.today)
    if table not in agreed.tables:
        raise not_found()
    headers = {"Content-Disposition": f'attachment; filename="{contract}-{table}.csv"'}
    return HttpResponse(template_csv(agreed, table), content_type="text/csv; charset=utf-8", headers=headers)


@reads(
    evidence, "/contracts/{contract}/evidence/{table}/{month}", name="read_table_month", summary="A table in a month",
    response=TableMonthSchema,
)  # fmt: skip
def read_table_month(request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn) -> TableMonthSchema:
    """What is due, and every submission that came."""
    viewer = api_viewer_of(request, contract)
    agreed, found = known_table_month(viewer, table, month)
    submissions = [
        submission_to_dict(known)
        for known in submissions_known(viewer.record)
        if (known.table, known.period) == (table, found)
    ]
    cell = _cell(viewer, agreed, states_known(viewer.record), table, found)
    return TableMonthSchema.model_validate({**cell, "submissions": submissions})


@does(
    evidence, "/contracts/{contract}/evidence/{table}/{month}/nil-return", DECLARE_NIL_RETURN,
    name="declare_nil_return", summary="Declare a nil return", scope="submit",
)  # fmt: skip
def declare_nil_return_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, key: Key, body: ActBody
) -> dict[str, Json]:
    """The evidence of the month came, and there was nothing. It is approved and accepted as a file is."""
    asked = command_request(request, contract, body=body, key=key)
    known_table_month(asked.viewer, table, month)
    return asked.does(table=table, month=month)


_S = "/contracts/{contract}/submissions/{table}/{month}/{submission}"


@reads(evidence, _S, name="read_submission", summary="A submission", response=SubmissionSchema)
def read_submission(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn
) -> SubmissionSchema:
    """A file that was submitted, and what became of it."""
    wanted = _submission(api_viewer_of(request, contract), table, month, submission)
    return SubmissionSchema.model_validate(submission_to_dict(wanted))


@does(evidence, f"{_S}/approve", APPROVE, name="approve_submission", summary="Approve a submission")
def approve_submission_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ActBody,
) -> dict[str, Json]:  # fmt: skip
    """Another person of the supplier stands by the file. Then the authority looks at it."""
    asked = command_request(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(submission=found.id)


@does(evidence, f"{_S}/withdraw", WITHDRAW_SUBMISSION, name="withdraw_submission", summary="Withdraw a submission")
def withdraw_submission_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ActBody,
) -> dict[str, Json]:  # fmt: skip
    """Before it is accepted. It stays in the record and counts for nothing."""
    asked = command_request(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(submission=found.id)


class RejectedRowSchema(Body):
    """A row that shall not count, and why."""

    row: RowId
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]


class AcceptBody(ActBody):
    """`rejected`: rows that stay in the file and are counted as rejected."""

    rejected: Annotated[list[RejectedRowSchema], Field(max_length=1000, default_factory=list)]


@does(evidence, f"{_S}/accept", ACCEPT, name="accept_submission", summary="Accept a submission")
def accept_submission_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: AcceptBody,
) -> dict[str, Json]:  # fmt: skip
    """From now on it counts, but for the rows that are rejected by name. A row that is not in it is refused."""
    asked = command_request(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    rejected = [(item.row, item.reason) for item in body.rejected]
    return asked.does(submission=found.id, rejected=rejected)


@does(
    evidence, f"{_S}/withdraw-acceptance", WITHDRAW_ACCEPTANCE,
    name="withdraw_acceptance", summary="Take an acceptance back",
)  # fmt: skip
def withdraw_acceptance_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ActBody,
) -> dict[str, Json]:  # fmt: skip
    """Until the month is locked. It waits to be accepted or challenged again."""
    asked = command_request(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(submission=found.id)


class ChallengeBody(ActBody):
    """`rows`: those in question; none where the whole file is."""

    question: TextMember
    rows: Annotated[list[RowId], Field(max_length=1000, default_factory=list)]


@does(evidence, f"{_S}/challenge", CHALLENGE, name="challenge_submission", summary="Challenge a submission")
def challenge_submission_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ChallengeBody,
) -> dict[str, Json]:  # fmt: skip
    """Ask the supplier about an approved file. It is not accepted meanwhile. A row that is not in it is refused."""
    asked = command_request(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(submission=found.id, question=body.question, rows=body.rows)


def known_table_month(viewer: Viewer, table: str, month: str) -> tuple[Contract, Month]:
    """The agreed contract and the month, which must be of its record. Raises a 404."""
    return found_or_problem(table_month_named(viewer, table, month))


def _submission(viewer: Viewer, table: str, month: str, submission: str) -> Submission:
    return found_or_problem(submission_named(viewer, table, month, submission))


def _cell(viewer: Viewer, agreed: Contract, states: Things, table: str, month: Month) -> dict[str, Json]:
    terms = agreed.tables[table]
    due = business_days_of(agreed).after(Period(month, month).last_day, terms.due_business_days)
    state = state_in(states, machine="table_month", thing=f"{viewer.contract}/{table}/{month}")
    is_late = due < viewer.today and state == "awaiting"
    return {"table": table, "month": str(month), "due": due.isoformat(), "state": state, "is_late": is_late}

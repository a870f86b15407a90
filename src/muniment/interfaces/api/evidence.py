"""Evidence: what is due, what came, what became of it, and the acts on a submission."""

from datetime import date
from functools import partial
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from muniment.application import named_rows as naming_rows
from muniment.application.evidence_downloads import template_csv
from muniment.commands.evidence import approve_submission, withdraw_acceptance, withdraw_submission
from muniment.commands.queries.terms import business_days_of
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period, months_from
from muniment.domain.lifecycle.states import Things, state_in, states_known
from muniment.domain.regime.contract import Contract
from muniment.interfaces.api.commands import EntryShape, asking
from muniment.interfaces.api.operations import Asked, acts, listed, reads, viewer_of
from muniment.interfaces.api.ports import Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.results import RecordedShape, recorded_shape
from muniment.interfaces.api.schemas import (
    MONTH,
    ActBody,
    Body,
    ContractId,
    Key,
    Limit,
    Listed,
    MonthIn,
    Offset,
    RowId,
    Shape,
    SubmissionIn,
    TableIn,
    Text,
)

evidence = Router(tags=["Evidence"])


class TableMonthLine(Shape):
    """A table in a month. `due`: the last day in time. `state`: where it stands (see the page on lifecycles)."""

    table: str
    month: str
    due: date
    state: str
    is_late: bool


class TableMonths(Listed[TableMonthLine]):
    """A page of tables by month, the oldest month first."""


class Rejected(Shape):
    """A row that does not count although its file was accepted."""

    row: str
    reason: str


class SubmissionShape(Shape):
    """A file that was submitted, and what became of it."""

    id: Annotated[str, Field(examples=["cssc/calls/2019-09/s1"])]
    table: str
    month: str
    file_name: str
    sha256: str
    rows: int
    submitted: RecordedShape
    approved: RecordedShape | None
    accepted: RecordedShape | None
    withdrawn: RecordedShape | None
    superseded_by: str | None
    rejected: list[Rejected]


class TableMonthShape(Shape):
    """A table in a month, with every submission in the order of receipt."""

    table: str
    month: str
    due: date
    state: str
    is_late: bool
    submissions: list[SubmissionShape]


def submission_shape(found: Submission) -> dict[str, Json]:
    received = found.received
    return {
        "id": found.id,
        "table": received.table,
        "month": str(received.period),
        "file_name": received.file_name,
        "sha256": received.sha256,
        "rows": received.rows,
        "submitted": recorded_shape(found.recorded),
        "approved": recorded_shape(found.approved),
        "accepted": recorded_shape(found.accepted.recorded if found.accepted else None),
        "withdrawn": recorded_shape(found.withdrawn),
        "superseded_by": found.superseded_by,
        "rejected": [{"row": rejected.row, "reason": rejected.reason} for rejected in found.rejected],
    }


OneMonth = Annotated[str, Query("", pattern=f"{MONTH}|^$", description="Only this month.")]


@reads(
    evidence, "/contracts/{contract}/evidence", name="list_evidence", summary="Tables by month", response=TableMonths
)
def list_evidence(request: Asked, contract: ContractId, limit: Limit, offset: Offset, month: OneMonth) -> TableMonths:
    """Every table in every month of the record that is over: what is due, and where it stands."""
    viewer = viewer_of(request, contract)
    agreed = viewer.opened.text.contract(known=viewer.today)
    last = min(agreed.end, Month.of(viewer.today))
    over = [found for found in months_from(agreed.record_from, last) if found.last_day < viewer.today]
    states = states_known(viewer.record)
    found = [
        _cell(viewer, agreed, states, table, each)
        for each in over
        if month in ("", str(each))
        for table in agreed.tables
    ]
    return listed(request, TableMonths, found, limit=limit, offset=offset)


@reads(
    evidence, "/contracts/{contract}/evidence/{table}/template.csv", name="read_template",
    summary="The header of a file", file_types=("text/csv",),
)  # fmt: skip
def read_template(request: Asked, contract: ContractId, table: TableIn) -> HttpResponse:
    """A CSV file with the columns that the table asks for."""
    viewer = viewer_of(request, contract)
    agreed = viewer.opened.text.contract(known=viewer.today)
    if table not in agreed.tables:
        raise not_found()
    headers = {"Content-Disposition": f'attachment; filename="{contract}-{table}.csv"'}
    return HttpResponse(template_csv(agreed, table), content_type="text/csv; charset=utf-8", headers=headers)


@reads(
    evidence, "/contracts/{contract}/evidence/{table}/{month}", name="read_table_month", summary="A table in a month",
    response=TableMonthShape,
)  # fmt: skip
def read_table_month(request: Asked, contract: ContractId, table: TableIn, month: MonthIn) -> TableMonthShape:
    """What is due, and every submission that came."""
    viewer = viewer_of(request, contract)
    agreed, found = asked_of(viewer, table, month)
    submissions = [
        submission_shape(known)
        for known in submissions_known(viewer.record)
        if (known.table, known.period) == (table, found)
    ]
    cell = _cell(viewer, agreed, states_known(viewer.record), table, found)
    return TableMonthShape.model_validate({**cell, "submissions": submissions})


S = "/contracts/{contract}/submissions/{table}/{month}/{submission}"


@reads(evidence, S, name="read_submission", summary="A submission", response=SubmissionShape)
def read_submission(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn
) -> SubmissionShape:
    """A file that was submitted, and what became of it."""
    wanted = _submission(viewer_of(request, contract), table, month, submission)
    return SubmissionShape.model_validate(submission_shape(wanted))


@acts(evidence, f"{S}/approve", name="approve_submission", summary="Approve a submission", response=EntryShape)
def approve(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ActBody,
) -> dict[str, Json]:  # fmt: skip
    """Another person of the supplier stands by the file. Then the authority looks at it."""
    asked = asking(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(partial(approve_submission, submission=found.id))


@acts(evidence, f"{S}/withdraw", name="withdraw_submission", summary="Withdraw a submission", response=EntryShape)
def withdraw(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ActBody,
) -> dict[str, Json]:  # fmt: skip
    """Before it is accepted. It stays in the record and counts for nothing."""
    asked = asking(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(partial(withdraw_submission, submission=found.id))


class RejectedRow(Body):
    """A row that shall not count, and why."""

    row: RowId
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class AcceptBody(ActBody):
    """`rejected`: rows that stay in the file and are counted as rejected."""

    rejected: Annotated[list[RejectedRow], Field(max_length=1000, default_factory=list)]


@acts(evidence, f"{S}/accept", name="accept_submission", summary="Accept a submission", response=EntryShape)
def accept(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: AcceptBody,
) -> dict[str, Json]:  # fmt: skip
    """From now on it counts, but for the rows that are rejected by name. A row that is not in it is refused."""
    asked = asking(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    rejected = [(item.row, item.reason) for item in body.rejected]
    return asked.performs(lambda acting: naming_rows.accept(acting, submission=found.id, rejected=rejected))


@acts(evidence, f"{S}/withdraw-acceptance", name="withdraw_acceptance", summary="Take an acceptance back",
      response=EntryShape)  # fmt: skip
def unaccept(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ActBody,
) -> dict[str, Json]:  # fmt: skip
    """Until the month is locked. It waits to be accepted or challenged again."""
    asked = asking(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.does(partial(withdraw_acceptance, submission=found.id))


class ChallengeBody(ActBody):
    """`rows`: those in question; none where the whole file is."""

    question: Text
    rows: Annotated[list[RowId], Field(max_length=1000, default_factory=list)]


@acts(evidence, f"{S}/challenge", name="challenge_submission", summary="Challenge a submission", response=EntryShape)
def challenge(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, submission: SubmissionIn, key: Key,
    body: ChallengeBody,
) -> dict[str, Json]:  # fmt: skip
    """Ask the supplier about an approved file. It is not accepted meanwhile. A row that is not in it is refused."""
    asked = asking(request, contract, body=body, key=key)
    found = _submission(asked.viewer, table, month, submission)
    return asked.performs(
        lambda acting: naming_rows.challenge(acting, submission=found.id, question=body.question, rows=body.rows)
    )


def asked_of(viewer: Viewer, table: str, month: str) -> tuple[Contract, Month]:
    """The agreed contract and the month, which must be of its record. Raises Wrong."""
    agreed, found = viewer.opened.text.contract(known=viewer.today), Month.parse(month)
    if table not in agreed.tables or not agreed.record_from <= found <= agreed.end:
        raise not_found()
    return agreed, found


def _submission(viewer: Viewer, table: str, month: str, submission: str) -> Submission:
    wanted = f"{viewer.contract}/{table}/{month}/{submission}"
    found = next((item for item in submissions_known(viewer.record) if item.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _cell(viewer: Viewer, agreed: Contract, states: Things, table: str, month: Month) -> dict[str, Json]:
    terms = agreed.tables[table]
    due = business_days_of(agreed).after(Period(month, month).last_day, terms.due_business_days)
    state = state_in(states, machine="table_month", thing=f"{viewer.contract}/{table}/{month}")
    is_late = due < viewer.today and state == "awaiting"
    return {"table": table, "month": str(month), "due": due.isoformat(), "state": state, "is_late": is_late}

"""What takes longer than a request, done by the worker: board reports, bundles, files of rows; how far each job is."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import FileResponse
from ninja import Path, Router

from muniment.application.report import must_be_reportable, reportable_months
from muniment.application.statements import MonthCommandRequest
from muniment.installation.file_jobs import file_of_job, files_of, queue_bundle, queue_report, queue_rows
from muniment.installation.jobs import job_of, jobs_of, refusal_of_job
from muniment.installation.models import Job
from muniment.installation.statement_jobs import entry_of_job, queue_month_command
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.evidence import known_table_month
from muniment.interfaces.api.locked_statements import locked_version
from muniment.interfaces.api.operations import ApiRequest, address_in, api_viewer_of, reads, writes
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import (
    ActBody,
    Body,
    ContractId,
    DayMember,
    Listed,
    ListSchema,
    MonthIn,
    MonthMember,
    Schema,
    TableIn,
    VersionIn,
)

jobs = Router(tags=["Jobs"])
FILE_TYPES = ("text/html", "application/pdf", "application/zip", "text/csv")

_J = "/contracts/{contract}/jobs/{uuid:job}"
FileIn = Annotated[str, Path(..., pattern=r"^[a-z]{1,20}\.[a-z]{1,8}$", description="Its name.", example="report.pdf")]


class JobFileSchema(Schema):
    """A file that it left, at `/contracts/{contract}/jobs/{job}/files/{name}`."""

    name: str
    what: str


class JobSchema(Schema):
    """How far it is. `error`: why it failed; `rule`: the stable name of the rule that stood against it. `files`: what
    it left, once it is done; `entry`: the number of the entry that an act left."""

    id: UUID
    kind: str
    title: str
    thing: str
    state: Literal["waiting", "running", "done", "failed"]
    step: str
    error: str
    rule: str | None
    asked_at: datetime
    ended_at: datetime | None
    files: list[JobFileSchema]
    entry: int | None


def job_to_dict(found: Job) -> dict[str, object]:
    refusal, left = refusal_of_job(found), entry_of_job(found)
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "thing": found.thing,
        "state": found.state,
        "step": found.step,
        "error": found.error,
        "rule": refusal.rule if refusal else None,
        "asked_at": found.asked_at,
        "ended_at": found.ended_at,
        "files": [{"name": name, "what": what} for name, what in files_of(found).items()],
        "entry": left.entry if left else None,
    }


def job_response(request: ApiRequest, found: Job) -> JobSchema:
    """The answer, with the job's address in its header Location."""
    request.made_at = address_in(request, found.contract, f"jobs/{found.id}")
    return JobSchema.model_validate(job_to_dict(found))


def queue_month_command_response(
    request: ApiRequest, viewer: Viewer, asked: MonthCommandRequest, *, body: ActBody, key: str
) -> JobSchema:
    """Have a command done that computes a statement first. Raises RefusedError, ProblemsFoundError,
    NotRecordedError."""
    context = viewer.acting(command=asked.command, reason=body.reason, key=key, seen=body.seen)
    return job_response(request, queue_month_command(viewer, context, asked))


class Jobs(ListSchema[JobSchema]):
    """A page of jobs, the newest first."""


@reads(jobs, "/contracts/{contract}/jobs", name="list_jobs", summary="Your jobs", response=Jobs)
def list_jobs(request: ApiRequest, contract: ContractId) -> Listed:
    """Those that you asked for."""
    return [job_to_dict(item) for item in jobs_of(api_viewer_of(request, contract))]


@reads(jobs, _J, name="read_job", summary="A job", response=JobSchema, scopes=("read", "submit", "act", "bind"))
def read_job(request: ApiRequest, contract: ContractId, job: UUID) -> JobSchema:
    """Ask again until it is done or failed."""
    found = job_of(api_viewer_of(request, contract), job)
    if found is None:
        raise not_found()
    return JobSchema.model_validate(job_to_dict(found))


@reads(jobs, f"{_J}/files/{{name}}", name="read_job_file", summary="A file of a job", file_types=FILE_TYPES)
def read_job_file(request: ApiRequest, contract: ContractId, job: UUID, name: FileIn) -> FileResponse:
    """A report as a page or as PDF, a bundle, or rows."""
    found = file_of_job(api_viewer_of(request, contract), job, name)
    if found is None:
        raise not_found()
    return FileResponse(
        found.path.open("rb"), content_type=found.content_type, as_attachment=True, filename=f"{contract}-{name}"
    )


class ReportBody(Body):
    """The months, both included, and the meeting at which the report is considered."""

    first: MonthMember
    last: MonthMember
    meeting: DayMember


@writes(
    jobs,
    "/contracts/{contract}/reports",
    name="make_report",
    summary="Have a board report made",
    response=JobSchema,
    status=202,
    scope="read",
)
def make_report_operation(request: ApiRequest, contract: ContractId, body: ReportBody) -> JobSchema:
    """Of any months of the record that are over, as a page and as PDF."""
    viewer = api_viewer_of(request, contract)
    months = reportable_months(viewer.months, today=viewer.today)
    must_be_reportable(body.first, body.last, months=months)
    return job_response(request, queue_report(viewer, first=body.first, last=body.last, meeting=body.meeting))


@writes(jobs, "/contracts/{contract}/statements/{month}/versions/{number}/bundle", name="make_bundle",
      summary="Have a bundle made", response=JobSchema, status=202, scope="read")  # fmt: skip
def make_bundle_operation(request: ApiRequest, contract: ContractId, month: MonthIn, number: VersionIn) -> JobSchema:
    """Of a locked statement, with all that it was computed from: others can check it without this site."""
    viewer = api_viewer_of(request, contract)
    return job_response(request, queue_bundle(viewer, statement=locked_version(viewer, month, number).lock.id))


@writes(jobs, "/contracts/{contract}/evidence/{table}/{month}/rows", name="make_rows_file",
      summary="Have a file of rows made", response=JobSchema, status=202, scope="read")  # fmt: skip
def make_rows(request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn) -> JobSchema:
    """Every row of the table and month that failed, was left out or was rejected."""
    viewer = api_viewer_of(request, contract)
    _, found = known_table_month(viewer, table, month)
    return job_response(request, queue_rows(viewer, table=table, month=found))

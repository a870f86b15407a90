"""What takes longer than a request, done by the worker: board reports, bundles, files of rows; how far each job is."""

from typing import Annotated
from uuid import UUID

from django.http import FileResponse
from ninja import Path, Router

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import RefusedError
from muniment.interfaces.api.evidence import known_table_month
from muniment.interfaces.api.job_schemas import JobSchema, job_response, job_to_dict
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, list_page, objects, reads, writes
from muniment.interfaces.api.ports import JobKind, Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import (
    Body,
    ContractId,
    DayMember,
    Limit,
    ListSchema,
    MonthIn,
    MonthMember,
    Offset,
    TableIn,
    VersionIn,
)
from muniment.interfaces.api.statements import locked_version

jobs = Router(tags=["Jobs"])
FILE_TYPES = ("text/html", "application/pdf", "application/zip", "text/csv")


class Jobs(ListSchema[JobSchema]):
    """A page of jobs, the newest first."""


@reads(jobs, "/contracts/{contract}/jobs", name="list_jobs", summary="Your jobs", response=Jobs)
def list_jobs(request: ApiRequest, contract: ContractId, limit: Limit, offset: Offset) -> Jobs:
    """Those that you asked for."""
    found = [job_to_dict(item) for item in api_viewer_of(request, contract).jobs()]
    return list_page(request, Jobs, found, limit=limit, offset=offset)


_J = "/contracts/{contract}/jobs/{uuid:job}"


@reads(jobs, _J, name="read_job", summary="A job", response=JobSchema, scopes=("read", "submit", "act", "bind"))
def read_job(request: ApiRequest, contract: ContractId, job: UUID) -> JobSchema:
    """Ask again until it is done or failed."""
    found = api_viewer_of(request, contract).job(job)
    if found is None:
        raise not_found()
    return JobSchema.model_validate(job_to_dict(found))


FileIn = Annotated[str, Path(..., pattern=r"^[a-z]{1,20}\.[a-z]{1,8}$", description="Its name.", example="report.pdf")]


@reads(jobs, f"{_J}/files/{{name}}", name="read_job_file", summary="A file of a job", file_types=FILE_TYPES)
def read_job_file(request: ApiRequest, contract: ContractId, job: UUID, name: FileIn) -> FileResponse:
    """A report as a page or as PDF, a bundle, or rows."""
    found = api_viewer_of(request, contract).file_of(job, name)
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
    is_command=False,
)
def make_report_operation(request: ApiRequest, contract: ContractId, body: ReportBody) -> JobSchema:
    """Of any months of the record that are over, as a page and as PDF."""
    viewer = api_viewer_of(request, contract)
    over = [str(found["month"]) for found in objects(viewer.home.get("months"))]
    known = [month for month in over if month < str(Month.of(viewer.today))]
    if body.first not in known or body.last not in known or body.first > body.last:
        what = f"{body.first} to {body.last} are no months of the record that are over"
        raise RefusedError(
            "months", what, f"ask for months from {known[0]} to {known[-1]}" if known else "wait for one"
        )
    title = f"The board report, {Month.parse(body.first).name} to {Month.parse(body.last).name}"
    asked: dict[str, Json] = {"first": body.first, "last": body.last, "meeting": body.meeting.isoformat()}
    return _asked(request, viewer, "report", thing=contract, title=title, asked=asked)


@writes(jobs, "/contracts/{contract}/statements/{month}/versions/{number}/bundle", name="make_bundle",
      summary="Have a bundle made", response=JobSchema, status=202, scope="read", is_command=False)  # fmt: skip
def make_bundle_operation(request: ApiRequest, contract: ContractId, month: MonthIn, number: VersionIn) -> JobSchema:
    """Of a locked statement, with all that it was computed from: others can check it without this site."""
    viewer = api_viewer_of(request, contract)
    found = locked_version(viewer, month, number).lock.id
    return _asked(request, viewer, "bundle", thing=found, title=f"The bundle of {found}", asked={"statement": found})


@writes(jobs, "/contracts/{contract}/evidence/{table}/{month}/rows", name="make_rows_file",
      summary="Have a file of rows made", response=JobSchema, status=202, scope="read", is_command=False)  # fmt: skip
def make_rows(request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn) -> JobSchema:
    """Every row of the table and month that failed, was left out or was rejected."""
    viewer = api_viewer_of(request, contract)
    _, found = known_table_month(viewer, table, month)
    return _asked(
        request, viewer, "rows", thing=f"{contract}/{table}/{month}", title=f"Rows of {table}, {found.name}",
        asked={"table": table, "month": month},
    )  # fmt: skip


def _asked(
    request: ApiRequest, viewer: Viewer, kind: JobKind, *, thing: str, title: str, asked: dict[str, Json]
) -> JobSchema:
    return job_response(request, viewer, viewer.ask(kind=kind, thing=thing, title=title, asked=asked))

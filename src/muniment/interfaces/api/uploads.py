"""Files that are taken in to be looked at, and submitted once they are found good."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import FileResponse, HttpResponse
from ninja import Query, Router
from pydantic import Field

from muniment.application.uploads import SentFile
from muniment.commands.evidence import SUBMIT
from muniment.domain.kernel.fingerprint import Json
from muniment.installation.models import Upload
from muniment.installation.uploads import (
    CONTROL_ROWS,
    discard_upload,
    keep_upload,
    must_be_submittable,
    problems_file,
    report_on,
    submit_upload,
    upload_of,
    uploads_of,
)
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.evidence import known_table_month
from muniment.interfaces.api.operations import ApiRequest, address_in, permitted_viewer, reads, writes
from muniment.interfaces.api.problems import HttpProblemError, not_found, problem_of
from muniment.interfaces.api.schemas import (
    ActBody,
    ContractId,
    Key,
    Listed,
    ListSchema,
    MonthIn,
    Schema,
    TableIn,
)

uploads = Router(tags=["Uploads"])
_PORTION = 1 << 20
FILE_NAME = r"^[^\x00-\x1f\x7f/\\]+\.([Cc][Ss][Vv]|[Xx][Ll][Ss][Xx]|[Pp][Aa][Rr][Qq][Uu][Ee][Tt])$"


class RowErrorSchema(Schema):
    """A problem as a row of the file; `row` is null where the problem is the file's."""

    row: int | None
    column: str
    key: str
    what: str
    remedy: str
    code: str


class Keys(Schema):
    """Rows of a kind, with the ids of some."""

    count: int
    ids: list[str]


class ComparedSchema(Schema):
    """Against the last submission of the same table and month."""

    submission: str
    rows_before: int
    added: Keys
    removed: Keys
    changed: Keys


class Side(Schema):
    """A KPI's figures."""

    value: str
    status: str
    category: str
    points: int


class PreviewLineSchema(Schema):
    """A KPI of the month: as it is now, and as it will be with the file."""

    kpi: str
    title: str
    month: str
    changes: bool
    now: Side
    then: Side


class PreviewSchema(Schema):
    """What the engine will say. `elsewhere`: other months that change with it."""

    lines: list[PreviewLineSchema]
    elsewhere: list[PreviewLineSchema]


class Look(Schema):
    """What was found in the file. `against`: in sentences, all that stands against submitting it."""

    sha256: str
    rows_read: int
    rows_sound: int
    rows_with_problems: int
    rows_outside: int
    rows_duplicate: int
    problems: list[RowErrorSchema]
    more_problems: int
    warnings: list[str]
    ignored_columns: list[str]
    volume: str
    is_unusual: bool
    control_rows: int | None
    same_as: str | None
    against: list[str]
    can_be_submitted: bool
    comparison: ComparedSchema | None
    preview: PreviewSchema | None = None


class UploadSchema(Schema):
    """A file that counts for nothing until it is submitted. `look`: null until somebody looked at it."""

    id: UUID
    table: str
    month: str
    file_name: str
    size: Annotated[int, Field(description="In bytes.")]
    control_rows: int | None
    uploaded_at: datetime
    job: Annotated[UUID | None, Field(description="The job that looks at it.")]
    look: Look | None
    submitted_as: str | None


class Uploads(ListSchema[UploadSchema]):
    """A page of files that were not submitted yet, the newest first."""


def upload_to_dict(found: Upload) -> dict[str, object]:
    return {
        "id": found.id,
        "table": found.table,
        "month": found.month,
        "file_name": found.file_name,
        "size": found.size,
        "control_rows": found.control_rows,
        "uploaded_at": found.uploaded_at,
        "job": found.job_id,
        "look": report_on(found),
        "submitted_as": found.submitted_as or None,
    }


FileName = Annotated[
    str,
    Query(
        ..., min_length=5, max_length=200, pattern=FILE_NAME,
        description="What the file is called; by its ending it is read.", example="calls-2019-12.csv",
    ),
]  # fmt: skip
ControlRows = Annotated[
    int | None,
    Query(None, ge=0, le=CONTROL_ROWS, description="How many rows it should have, as your own system counts them."),
]


@writes(
    uploads, "/contracts/{contract}/evidence/{table}/{month}/uploads", name="upload_file", summary="Upload a file",
    response=UploadSchema, status=202, scope="submit", is_upload=True,
)  # fmt: skip
def upload_file(
    request: ApiRequest,
    contract: ContractId,
    table: TableIn,
    month: MonthIn,
    file_name: FileName,
    control_rows: ControlRows,
) -> UploadSchema:
    """Send the file's bytes as they are. It is looked at by a job and counts for nothing until it is submitted. Where
    other bytes come than Content-Length announced, nothing is kept."""
    viewer = permitted_viewer(request, contract, "submit")
    known_table_month(viewer, table, month)
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced.isdecimal() or not int(announced):
        raise HttpProblemError(problem_of("not-valid", 422, "The file is empty, or its Content-Length was not sent."))
    if request.content_type != "application/octet-stream":
        raise HttpProblemError(problem_of("media-type", 415, "Send the file's bytes as application/octet-stream."))
    sent = SentFile(table, month, file_name, control_rows, announced=int(announced))
    kept = keep_upload(account=viewer.account, contract=contract, sent=sent, portions=_portions(request))
    request.made_at = address_in(request, contract, f"uploads/{kept.id}")
    return UploadSchema.model_validate(upload_to_dict(kept))


@reads(uploads, "/contracts/{contract}/uploads", name="list_uploads", summary="Your uploads", response=Uploads,
       scopes=("read", "submit"))  # fmt: skip
def list_uploads(request: ApiRequest, contract: ContractId) -> Listed:
    """Files of yours that were not submitted yet."""
    viewer = permitted_viewer(request, contract, "submit")
    return [upload_to_dict(item) for item in uploads_of(viewer)]


_U = "/contracts/{contract}/uploads/{uuid:upload}"


@reads(uploads, _U, name="read_upload", summary="An upload", response=UploadSchema, scopes=("read", "submit"))
def read_upload_operation(request: ApiRequest, contract: ContractId, upload: UUID) -> UploadSchema:
    """What was found in the file, row by row, and what the figures will be. Ask again until `look` is there."""
    return UploadSchema.model_validate(upload_to_dict(_upload(permitted_viewer(request, contract, "submit"), upload)))


@reads(
    uploads, f"{_U}/problems.csv", name="read_upload_problems", summary="The problems of an upload",
    file_types=("text/csv",),    scopes=("read", "submit"),
)  # fmt: skip
def read_upload_problems(request: ApiRequest, contract: ContractId, upload: UUID) -> FileResponse:
    """The problems as a file, for whoever mends them."""
    found = _upload(permitted_viewer(request, contract, "submit"), upload)
    file = problems_file(found)
    if file is None:
        raise not_found()
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=f"{found.table}-{found.month}-problems.csv",
        content_type="text/csv; charset=utf-8",
    )  # fmt: skip


@does(uploads, f"{_U}/submit", SUBMIT, name="submit_upload", summary="Submit a file", scope="submit")
def submit_upload_operation(
    request: ApiRequest, contract: ContractId, upload: UUID, key: Key, body: ActBody
) -> dict[str, Json]:
    """It is kept for good and named in the record. Another person of the supplier then approves it."""
    asked = command_request(request, contract, body=body, key=key)
    found = _upload(asked.viewer, upload)
    must_be_submittable(found)
    return asked.performs(lambda acting: submit_upload(acting, found))


@writes(uploads, _U, name="discard_upload", summary="Discard an upload", response=None, status=204, scope="submit",
      method="DELETE")  # fmt: skip
def discard_upload_operation(request: ApiRequest, contract: ContractId, upload: UUID) -> HttpResponse:
    """Forget a file that was only looked at."""
    discard_upload(_upload(permitted_viewer(request, contract, "submit"), upload))
    return HttpResponse(status=204)


def _upload(viewer: Viewer, upload: UUID) -> Upload:
    found = upload_of(viewer, upload)
    if found is None:
        raise not_found()
    return found


def _portions(request: ApiRequest) -> Iterator[bytes]:
    """The body as it comes: it is never held whole."""
    while portion := request.read(_PORTION):
        yield portion

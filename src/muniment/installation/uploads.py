"""Files sent and not submitted yet: kept, looked at by a job with what they would change, then submitted."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from muniment.application.command_context import CommandContext
from muniment.application.dry_run import look_at_upload
from muniment.application.evidence_downloads import problems_csv
from muniment.application.load import open_contract
from muniment.application.preview import preview
from muniment.application.read_models.jobs import UploadAsked
from muniment.application.read_models.stored import dump, load
from muniment.application.read_models.uploads import RestsOn, UploadReport, report_of
from muniment.application.stores import ContractInDatabase, today_in
from muniment.application.uploads import SentFile, forget_file, forget_readings, keep_file, submit_kept
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.installation.jobs import StepReporter, queue_job
from muniment.installation.models import Account, Job, Upload
from muniment.installation.viewer import Viewer

CONTROL_ROWS = 2**53
"""The largest number of rows that anybody can state."""

_PROBLEMS_FILE = "problems.csv"


def keep_upload(*, account: Account, contract: str, sent: SentFile, portions: Iterable[bytes]) -> Upload:
    """Keep the bytes and have them looked at. Raises FileTooLargeError, CutOffError; whatever is raised,
    nothing is kept."""
    kept = keep_file(
        files=Path(settings.BLOBS_FOLDER), contract=contract, portions=portions, limit=settings.UPLOAD_LIMIT,
        announced=sent.announced,
    )  # fmt: skip
    try:
        with transaction.atomic():
            upload = Upload.objects.create(
                id=kept.number, account=account, contract=contract, table=sent.table, month=sent.month,
                file_name=sent.file_name, size=kept.size, path=str(kept.path), control_rows=sent.control_rows,
            )  # fmt: skip
            upload.job = _queue_look(upload)
            upload.save(update_fields=["job"])
    except BaseException:
        forget_file(kept.path)
        raise
    return upload


def uploads_of(viewer: Viewer) -> QuerySet[Upload]:
    """Files of this person that were not submitted yet, the newest first."""
    found = Upload.objects.filter(contract=viewer.contract, account=viewer.account, submitted_as="")
    return found.order_by("-uploaded_at", "id")


def upload_of(viewer: Viewer, upload: UUID) -> Upload | None:
    """A file that this person uploaded to the contract, submitted or not."""
    return Upload.objects.filter(id=upload, contract=viewer.contract, account=viewer.account).first()


def look_again(upload: Upload) -> None:
    """Have the file looked at against the record as it is now, unless it was submitted or is being looked at."""
    if upload.submitted_as or (upload.job is not None and not upload.job.is_over):
        return
    upload.report = None
    upload.job = _queue_look(upload)
    upload.save(update_fields=["job", "report"])


def discard_upload(upload: Upload) -> None:
    """Forget a file that was only looked at."""
    forget_file(Path(upload.path))
    upload.delete()


def problems_file(upload: Upload) -> Path | None:
    """The problems of the file as CSV; None until it was looked at."""
    file = Path(upload.path).parent / _PROBLEMS_FILE
    return file if file.is_file() else None


def must_be_submittable(upload: Upload) -> UploadReport:
    """What was found in it. Raises RefusedError for a file that nobody has looked at, or against which something
    stands. One that was submitted already is left to its idempotency key."""
    report = report_on(upload)
    if report is None:
        raise RefusedError("looked_at", f"nobody has looked at {upload.file_name} yet", "ask again in a moment")
    if not report.can_be_submitted and not upload.submitted_as:
        raise RefusedError("sound_file", "; ".join(report.against), "mend the file and upload it again")
    return report


def submit_upload(acting: CommandContext, upload: Upload) -> Entry:
    """Submit the file; what the look made of it is not made again. Raises RefusedError,
    ProblemsFoundError, NotRecordedError."""
    entry = submit_kept(
        store=acting.opened.store, text=acting.opened.text, act=acting.act, table=upload.table,
        month=Month.parse(upload.month), file_name=upload.file_name, path=Path(upload.path), known=acting.today,
        limits=settings.UPLOAD_READING, looked_at=_looked_at(upload),
    )  # fmt: skip
    forget_readings(Path(upload.path).parent)
    upload.submitted_as = entry.subject
    upload.save(update_fields=["submitted_as"])
    return entry


def _looked_at(upload: Upload) -> tuple[str, int] | None:
    """The sha256 of the file, and how many rows were found in it."""
    match upload.report:
        case {"sha256": str(sha256), "rows_read": int(rows)}:
            return sha256, rows
        case _:
            return None


def _queue_look(upload: Upload) -> Job:
    return queue_job(
        account=upload.account, contract=upload.contract, kind="upload", asked=dump(UploadAsked(str(upload.id))),
        thing=f"{upload.contract}/{upload.table}/{upload.month}", title=f"Looking at {upload.file_name}",
    )  # fmt: skip


def report_on(upload: Upload) -> UploadReport | None:
    """What was found in the file; None until somebody looked at it."""
    return None if upload.report is None else load(UploadReport, upload.report)


def work_upload(job: Job, step: StepReporter) -> UploadAsked:
    """Write into the upload what was found."""
    asked = load(UploadAsked, job.asked)
    upload = Upload.objects.get(id=asked.upload)
    where = ContractInDatabase(upload.contract, settings.DATABASE_ADDRESS)
    opened = open_contract(folder=where, known=None)
    today = today_in(opened.text.contract_text.zone)
    month, path = Month.parse(upload.month), Path(upload.path)
    step("Reading every row")
    look = look_at_upload(
        store=opened.store, text=opened.text, known=today, table=upload.table, month=month, path=path,
        file_name=upload.file_name, control_rows=upload.control_rows, limits=settings.UPLOAD_READING,
    )  # fmt: skip
    (path.parent / _PROBLEMS_FILE).write_bytes(problems_csv(look))
    shown = None
    if look.can_be_submitted:
        step("Computing what the figures will be")
        shown = preview(
            store=opened.store, text=opened.text, entries=opened.store.ledger.entries(), known=today,
            table=upload.table, month=month, path=path, file_name=upload.file_name, limits=settings.UPLOAD_READING,
        )  # fmt: skip
    found = report_of(look, rests_on=RestsOn(len(opened.entries), today.isoformat()), shown=shown)
    upload.report = dump(found)
    upload.save(update_fields=["report"])
    return asked

"""Files that somebody sent: kept to be looked at by a job, and submitted as they were looked at."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.faces.desk.acting import Acting
from muniment.faces.desk.keeping_uploads import SentFile, forget_file, keep_file
from muniment.faces.desk.kept_readings import forget_readings
from muniment.faces.desk.submitting import submit_kept
from muniment.faces.web.jobs import ask
from muniment.faces.web.models import Account, Upload

CONTROL_ROWS = 2**53
"""The largest number of rows that anybody can state."""


def keep_upload(*, account: Account, contract: str, sent: SentFile, portions: Iterable[bytes]) -> Upload:
    """Keep the bytes and have them looked at. Raises TooLarge, CutOff; whatever is raised, nothing is kept."""
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
            upload.job = ask(
                account=account, contract=contract, thing=f"{contract}/{sent.table}/{sent.month}", kind="upload",
                title=f"Looking at {sent.file_name}", asked={"upload": str(upload.id)},
            )  # fmt: skip
            upload.save(update_fields=["job"])
    except BaseException:
        forget_file(kept.path)
        raise
    return upload


def submit_upload(acting: Acting, upload: Upload) -> Entry:
    """Submit the file; what the look made of it is not made again. Raises Refused, ProblemsFound, NotRecorded."""
    entry = submit_kept(
        store=acting.opened.store, text=acting.opened.text, act=acting.act, table=upload.table,
        month=Month.parse(upload.month), file_name=upload.file_name, path=Path(upload.path), known=acting.today,
        limits=settings.UPLOAD_READING,
    )  # fmt: skip
    forget_readings(Path(upload.path).parent)
    upload.submitted_as = entry.subject
    upload.save(update_fields=["submitted_as"])
    return entry

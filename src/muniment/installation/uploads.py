"""Files sent and not submitted yet: kept, looked at by a job with what they would change, then submitted."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from muniment.application.acts import CommandContext
from muniment.application.dry_run import RowProblem, UploadComparison, UploadLook, look_at_upload
from muniment.application.evidence_downloads import problems_csv
from muniment.application.load import open_contract
from muniment.application.preview import Preview, PreviewLine, preview
from muniment.application.stores import ContractInDatabase, today_in
from muniment.application.uploads import SentFile, forget_file, forget_readings, keep_file, submit_kept
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.installation.jobs import StepReporter, queue_job
from muniment.installation.models import Account, Job, Upload

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
            upload.job = queue_job(
                account=account, contract=contract, thing=f"{contract}/{sent.table}/{sent.month}", kind="upload",
                title=f"Looking at {sent.file_name}", asked={"upload": str(upload.id)},
            )  # fmt: skip
            upload.save(update_fields=["job"])
    except BaseException:
        forget_file(kept.path)
        raise
    return upload


def submit_upload(acting: CommandContext, upload: Upload) -> Entry:
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


_SHOWN = 200
"""Problems that the page shows; the file has more of them."""


def work_upload(job: Job, step: StepReporter) -> Json:
    """Write into the upload what was found."""
    upload = Upload.objects.get(id=str(job.asked["upload"]))
    where = ContractInDatabase(upload.contract, settings.DATABASE_ADDRESS)
    opened = open_contract(folder=where, known=None)
    today = today_in(opened.text.contract_text.zone)
    month, path = Month.parse(upload.month), Path(upload.path)
    step("Reading every row")
    look = look_at_upload(
        store=opened.store, text=opened.text, known=today, table=upload.table, month=month, path=path,
        file_name=upload.file_name, control_rows=upload.control_rows, limits=settings.UPLOAD_READING,
    )  # fmt: skip
    found = _look_json(look)
    found["rests_on"] = {"entry": len(opened.entries), "known": today.isoformat()}
    (path.parent / "problems.csv").write_bytes(problems_csv(look))
    if look.can_be_submitted:
        step("Computing what the figures will be")
        entries = opened.store.ledger.entries()
        shown = preview(
            store=opened.store, text=opened.text, entries=entries, known=today, table=upload.table, month=month,
            path=path, file_name=upload.file_name, limits=settings.UPLOAD_READING,
        )  # fmt: skip
        found["preview"] = _preview_json(shown)
    upload.report = found
    upload.save(update_fields=["report"])
    return {"href": reverse("upload_report", args=[upload.contract, upload.id])}


def _look_json(look: UploadLook) -> dict[str, Json]:
    return {
        "sha256": look.sha256,
        "rows_read": look.rows_read,
        "rows_sound": look.rows_sound,
        "rows_with_problems": look.rows_with_problems,
        "rows_outside": look.rows_outside,
        "rows_duplicate": look.rows_duplicate,
        "problems": [_problem_json(found) for found in look.problems[:_SHOWN]],
        "more_problems": look.more_problems + max(len(look.problems) - _SHOWN, 0),
        "warnings": [f"{found.what} - {found.remedy}" for found in look.warnings],
        "ignored_columns": [*look.ignored_columns],
        "volume": str(look.volume),
        "is_unusual": look.volume.is_unusual,
        "control_rows": look.control_rows,
        "same_as": look.same_as,
        "against": [*look.against],
        "can_be_submitted": look.can_be_submitted,
        "comparison": _comparison_json(look.comparison),
    }


def _problem_json(found: RowProblem) -> Json:
    return {
        "row": found.row,
        "column": found.column,
        "key": found.key,
        "what": found.what,
        "remedy": found.remedy,
        "code": found.code,
    }


def _comparison_json(found: UploadComparison | None) -> Json:
    if found is None:
        return None
    kinds = {"added": found.found.added, "removed": found.found.removed, "changed": found.found.changed}
    return {
        "submission": found.submission,
        "rows_before": found.rows_before,
        **{name: {"count": rows.count, "ids": [*rows.ids]} for name, rows in kinds.items()},
    }


def _preview_json(found: Preview) -> Json:
    return {
        "lines": [_line_json(line) for line in found.lines],
        "elsewhere": [_line_json(line) for line in found.elsewhere],
    }


def _line_json(line: PreviewLine) -> Json:
    sides = {"now": line.now, "then": line.then}
    return {
        "kpi": line.kpi,
        "title": line.title,
        "month": str(line.month),
        "changes": line.changes,
        **{
            name: {"value": side.value, "status": side.status, "category": side.category, "points": side.points}
            for name, side in sides.items()
        },
    }

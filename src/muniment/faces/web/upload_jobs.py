"""Looking at an upload before it counts: its problems row by row, and what the engine will say of it."""

from pathlib import Path

from django.conf import settings
from django.urls import reverse

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.faces.desk.opening import open_contract
from muniment.faces.desk.stores import InRegister, today_in
from muniment.faces.desk.uploading import Comparison, RowProblem, UploadLook, look_at_upload
from muniment.faces.desk.uploading_files import problems_csv
from muniment.faces.desk.uploading_preview import Preview, PreviewLine, preview
from muniment.faces.web.jobs import Step
from muniment.faces.web.models import Job, Upload

SHOWN = 200
"""Problems that the page shows; the file has more of them."""


def work_upload(job: Job, step: Step) -> Json:
    """Write into the upload what was found."""
    upload = Upload.objects.get(id=str(job.asked["upload"]))
    where = InRegister(upload.contract, settings.REGISTER)
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
        "problems": [_problem_json(found) for found in look.problems[:SHOWN]],
        "more_problems": look.more_problems + max(len(look.problems) - SHOWN, 0),
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


def _comparison_json(found: Comparison | None) -> Json:
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

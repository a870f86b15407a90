"""Uploading a file, looking at what is in it and what it would change, and submitting it."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from muniment.adapters.stores.database.pages import has_more
from muniment.application.command_context import CommandContext
from muniment.application.evidence_downloads import template_notes
from muniment.application.read_models.uploads import UploadReport
from muniment.application.uploads import SentFile
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.installation.models import Upload
from muniment.installation.uploads import (
    CONTROL_ROWS,
    discard_upload,
    keep_upload,
    look_again,
    must_be_submittable,
    problems_file,
    report_on,
    submit_upload,
    upload_of,
)
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.command_pages import CleanedData, CommandForm, CommandPage, command_page
from muniment.interfaces.web.pages.table_months import crumbs_of, place_of_table, table_month_asked_for
from muniment.interfaces.web.wording import day_text, state_words

_KINDS = (".csv", ".xlsx", ".parquet")


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV, a spreadsheet (XLSX) or Parquet.",
        error_messages={"required": "Choose a file", "empty": "The file is empty: choose another"},
    )
    control_rows = forms.IntegerField(
        label="How many rows it should have",
        help_text="As your own system counts them. The file is held against it.",
        required=False,
        min_value=0,
        max_value=CONTROL_ROWS,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"invalid": "Write a whole number"},
    )
    use_required_attribute = False

    def clean_file(self) -> UploadedFile:
        found: UploadedFile = self.cleaned_data["file"]
        if not str(found.name).lower().endswith(_KINDS):
            raise forms.ValidationError(f"{found.name} is no CSV, XLSX or Parquet file: choose one that is")
        if (found.size or 0) > settings.UPLOAD_LIMIT:
            limit = settings.UPLOAD_LIMIT // (1024 * 1024)
            raise forms.ValidationError(f"The file is larger than {limit} MB: split it, or send it as Parquet")
        return found


@contract_page(command="submit")
def upload(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponse:
    """Take a file in to look at; it counts for nothing yet."""
    contract, found = table_month_asked_for(viewer, table, month)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        kept = _keep(viewer, table, month, form)
        return HttpResponseRedirect(reverse("upload_report", args=[viewer.contract, kept.id]), status=303)
    context = {
        "title": f"Upload {state_words(table)} for {found.name}",
        "section": "evidence",
        "crumbs": crumbs_of(viewer, table, month),
        "viewer": viewer,
        "form": form,
        "table": table,
        "month": found,
        "terms": contract.tables[table],
        "columns": template_notes(contract, table),
    }
    return render(request, "evidence/upload.html", context, status=422 if form.errors else 200)


@contract_page(command="submit")
def upload_report(request: HttpRequest, viewer: Viewer, upload: UUID) -> HttpResponse:
    """What was found in the file, and what the figures will be. It looks again by itself until that is known."""
    found = _upload(viewer, upload)
    report = report_on(found)
    state = "being looked at"
    if report is not None:
        state = "can be submitted" if report.can_be_submitted else "cannot be taken"
    if found.submitted_as:
        state = f"submitted as {found.submitted_as.rpartition('/')[2]}"
    context = {
        "title": f"{found.file_name}: {state}",
        "section": "evidence",
        "crumbs": crumbs_of(viewer, found.table, found.month),
        "viewer": viewer,
        "upload": found,
        "report": report,
        "is_waiting": report is None and not (found.job and found.job.is_over),
        "moved_on": "" if found.submitted_as else _moved_on(viewer, report),
        "place": place_of_table(viewer, found.table, found.month),
        "month": Month.parse(found.month),
    }
    return render(request, "evidence/report.html", context)


@contract_page(command="submit")
def upload_problems(request: HttpRequest, viewer: Viewer, upload: UUID) -> FileResponse:  # noqa: ARG001  # alike
    found = _upload(viewer, upload)
    file = problems_file(found)
    if file is None:
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{found.table}-{found.month}-problems.csv")


@contract_page(command="submit")
def upload_submit(request: HttpRequest, viewer: Viewer, upload: UUID) -> HttpResponse:
    found = _upload(viewer, upload)
    here = reverse("upload_report", args=[viewer.contract, found.id])
    if found.submitted_as and request.method != "POST":
        return HttpResponseRedirect(here, status=303)
    try:
        report = must_be_submittable(found)
    except RefusedError:
        messages.error(request, _why_not(report_on(found)))
        return HttpResponseRedirect(here, status=303)

    def perform(acting: CommandContext, given: CleanedData) -> Entry:  # noqa: ARG001  # a submission says only why
        return submit_upload(acting, found)

    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Submit {found.file_name} as {state_words(found.table)} of {Month.parse(found.month).name}",
            command="submit",
            thing=f"{viewer.contract}/{found.table}/{found.month}",
            form=CommandForm,
            perform=perform,
            button="Submit",
            done=place_of_table(viewer, found.table, found.month),
            said="The file is submitted. Your approver must stand by it before the authority looks at it.",
            back=here,
            happens=(
                f"{report.rows_read:,} rows are kept for good, and named in the record.",
                "Another person of the supplier approves the submission; then the authority accepts it.",
                "It can be withdrawn until it is accepted.",
                *([moved_on] if (moved_on := _moved_on(viewer, report)) else []),
            ),
            about={"section": "evidence", "crumbs": crumbs_of(viewer, found.table, found.month)},
        ),
    )


@require_POST
@contract_page(command="submit")
def upload_look_again(request: HttpRequest, viewer: Viewer, upload: UUID) -> HttpResponse:  # noqa: ARG001  # a POST
    """Have the file looked at against the record as it is now."""
    found = _upload(viewer, upload)
    look_again(found)
    return HttpResponseRedirect(reverse("upload_report", args=[viewer.contract, found.id]), status=303)


@require_POST
@contract_page(command="submit")
def upload_discard(request: HttpRequest, viewer: Viewer, upload: UUID) -> HttpResponse:  # noqa: ARG001  # a POST
    """Forget a file that was only looked at."""
    found = _upload(viewer, upload)
    discard_upload(found)
    return HttpResponseRedirect(place_of_table(viewer, found.table, found.month), status=303)


def _moved_on(viewer: Viewer, report: UploadReport | None) -> str:
    """What to say where the file was looked at on another day, or with less of the record, than there is now."""
    if report is None or report.rests_on is None:
        return ""
    entry, known = report.rests_on.entry, report.rests_on.known
    if not has_more(viewer.contract, since=entry, using=DATABASE_ALIAS) and known == viewer.today.isoformat():
        return ""
    return f"The file was looked at on {day_text(known)}, at entry {entry} of the record, which has moved on since."


def _why_not(report: UploadReport | None) -> str:
    """Why a file that was looked at, or still is, cannot be submitted."""
    if report is None:
        return "The file was not submitted: it is still being looked at. Wait until every row is checked."
    return f"The file was not submitted. {' '.join(report.against)}"


def _keep(viewer: Viewer, table: str, month: str, form: UploadForm) -> Upload:
    """What the sender called it is only shown. The form has looked at its size."""
    sent: UploadedFile = form.cleaned_data["file"]
    name = str(sent.name).replace("\\", "/").rpartition("/")[2][:200]
    said = SentFile(table, month, name, form.cleaned_data["control_rows"])
    return keep_upload(account=viewer.account, contract=viewer.contract, sent=said, portions=sent.chunks())


def _upload(viewer: Viewer, upload: UUID) -> Upload:
    """A file that was uploaded to this contract by somebody of the supplier. Raises Http404."""
    found = upload_of(viewer, upload)
    if found is None:
        raise Http404
    return found


_ONE = "contracts/<slug:contract>/evidence/<str:table>/<str:month>"
_UPLOADED = "contracts/<slug:contract>/uploads/<uuid:upload>"
routes = [
    path(f"{_ONE}/upload", upload, name="upload"),
    path(_UPLOADED, upload_report, name="upload_report"),
    path(f"{_UPLOADED}/problems.csv", upload_problems, name="upload_problems"),
    path(f"{_UPLOADED}/submit", upload_submit, name="upload_submit"),
    path(f"{_UPLOADED}/look-again", upload_look_again, name="upload_look_again"),
    path(f"{_UPLOADED}/discard", upload_discard, name="upload_discard"),
]

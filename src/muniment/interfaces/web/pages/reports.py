"""The board report of any range of months, made by the worker; and the files that jobs leave."""

from uuid import UUID

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from muniment.application.report import reportable_months
from muniment.domain.kernel.period import Month
from muniment.domain.record.index import is_month
from muniment.installation.file_jobs import file_of_job, queue_report, queue_rows
from muniment.installation.jobs import jobs_of
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.fields import DayField

_KEPT = 20


class ReportForm(forms.Form):
    first = forms.ChoiceField(label="From", error_messages={"required": "Choose the first month"})
    last = forms.ChoiceField(label="To", error_messages={"required": "Choose the last month"})
    meeting = DayField(label="Meeting at which it is considered")
    use_required_attribute = False

    def __init__(self, *args: object, months: tuple[str, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through
        choices = [(month, Month.parse(month).name) for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        if found.get("first") and found.get("last") and str(found["first"]) > str(found["last"]):
            self.add_error("last", "The last month is before the first: choose a later one")
        return found


@contract_page()
def reports(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Ask for a report, and find those that were made for you."""
    months = reportable_months(viewer.months, today=viewer.today)
    sent = request.POST if request.method == "POST" else None
    form = ReportForm(sent, months=months, initial=_usual(viewer, months))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        job = queue_report(viewer, first=given["first"], last=given["last"], meeting=given["meeting"])
        return HttpResponseRedirect(reverse("job", args=[viewer.contract, job.id]), status=303)
    context = {
        "title": "Board reports",
        "section": "reports",
        "crumbs": [{"text": "Reports"}],
        "viewer": viewer,
        "form": form,
        "made": jobs_of(viewer).filter(kind__in=("report", "bundle", "rows"))[:_KEPT],
    }
    return render(request, "reports/all.html", context, status=422 if form.is_bound else 200)


@contract_page()
def job_file(request: HttpRequest, viewer: Viewer, job: UUID, name: str) -> FileResponse:  # noqa: ARG001  # views alike
    """A file that a job of this person left."""
    found = file_of_job(viewer, job, name)
    if found is None:
        raise Http404
    # A page is handed out as a file too, so that it is never run under this site's own address.
    return FileResponse(
        found.path.open("rb"), content_type=found.content_type, as_attachment=True, filename=f"{viewer.contract}-{name}"
    )


@require_POST
@contract_page()
def left_out(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponse:  # noqa: ARG001  # a POST
    """Have the rows that failed or were left out written into a file."""
    if not is_month(month) or table not in viewer.opened.text.contract(known=viewer.today).tables:
        raise Http404
    job = queue_rows(viewer, table=table, month=Month.parse(month))
    return HttpResponseRedirect(reverse("job", args=[viewer.contract, job.id]), status=303)


def _usual(viewer: Viewer, months: tuple[str, ...]) -> dict[str, object]:
    """The last five months, for a meeting today."""
    return {"first": months[-5:][0], "last": months[-1], "meeting": viewer.today} if months else {}


routes = [
    path("contracts/<slug:contract>/reports", reports, name="reports"),
    path("contracts/<slug:contract>/jobs/<uuid:job>/<str:name>", job_file, name="job_file"),
    path("contracts/<slug:contract>/evidence/<str:table>/<str:month>/rows", left_out, name="left_out"),
]

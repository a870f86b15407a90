"""Two submissions of a table and month beside one another: what came, what went, what changed."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from muniment.application.comparison import submission_pair
from muniment.application.read_models.comparisons import Comparison
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import RefusedError
from muniment.installation.comparison_jobs import (
    SubmissionPair,
    ask_comparison,
    comparison_of,
    file_of,
    last_comparison,
    read_both,
)
from muniment.installation.file_jobs import DIFFERENCES_FILE, folder_of
from muniment.installation.models import Upload
from muniment.installation.uploads import report_on
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_comparison
from muniment.interfaces.web.pages.table_months import crumbs_of, table_month_asked_for
from muniment.interfaces.web.wording import counted, table_title


@contract_page()
def compare_submissions_page(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponse:
    """`?which=s2&with=s1`; without them the newest two."""
    _, found = table_month_asked_for(viewer, table, month)
    context: dict[str, object] = {
        "section": "evidence",
        "crumbs": [*crumbs_of(viewer, table, month), {"text": "Comparison"}],
        "viewer": viewer,
        "table": table,
        "month": found,
        "submissions": [item.id.rpartition("/")[2] for item in _submissions(viewer, table, month)],
    }
    pair = _pair(request, viewer, table, month)
    if pair is None:
        context["title"] = f"{table_title(table)}, {found.name}: there are no two submissions to compare"
        return render(request, "evidence/compare.html", context)
    return render(request, "evidence/compare.html", {**context, "pair": pair, **_compared(viewer, pair)})


@contract_page()
def compare_file(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponseBase:
    """Every row that differs, as CSV."""
    pair = _pair_or_404(request, viewer, table, month)
    earlier, later = pair.names
    name = f"{viewer.contract}-{table}-{month}-{earlier}-{later}.csv"
    try:
        if not pair.is_large:
            content = file_of(viewer.opened, *read_both(viewer.opened, pair))
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
        job = last_comparison(viewer, pair)
    except ProblemsFoundError:
        raise Http404 from None
    if job is None or not (folder_of(job) / DIFFERENCES_FILE).is_file():
        raise Http404
    return FileResponse((folder_of(job) / DIFFERENCES_FILE).open("rb"), as_attachment=True, filename=name)


@require_POST
@contract_page()
def start_comparison(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponse:
    """Have two large submissions compared by the worker."""
    pair = _pair_or_404(request, viewer, table, month)
    job = ask_comparison(viewer, pair)
    return HttpResponseRedirect(reverse("job", args=[viewer.contract, job.id]), status=303)


def _submissions(viewer: Viewer, table: str, month: str) -> list[Submission]:
    known = submissions_known(viewer.record)
    return [found for found in known if (found.table, str(found.period)) == (table, month)]


def _pair(request: HttpRequest, viewer: Viewer, table: str, month: str) -> SubmissionPair | None:
    """None where there are no two, or one was asked to be compared with itself. Raises Http404 for one that is not."""
    names = [found.id.rpartition("/")[2] for found in _submissions(viewer, table, month)]
    given = request.POST if request.method == "POST" else request.GET
    first, second = given.get("which") or (names[-1:] or [""])[0], given.get("with") or (names[-2:] or [""])[0]
    if any(name not in names for name in (first, second) if name):
        raise Http404
    try:
        pair = submission_pair(
            viewer.record, table_month=f"{viewer.contract}/{table}/{month}", first=first, second=second
        )
    except RefusedError:
        return None
    return SubmissionPair(*pair) if pair else None


def _pair_or_404(request: HttpRequest, viewer: Viewer, table: str, month: str) -> SubmissionPair:
    """Raises Http404 where there are no two to compare."""
    table_month_asked_for(viewer, table, month)
    pair = _pair(request, viewer, table, month)
    if pair is None:
        raise Http404
    return pair


def _compared(viewer: Viewer, pair: SubmissionPair) -> dict[str, object]:
    """What the page says of the two; what was compared, or why not."""
    earlier, later = pair.names
    try:
        found = comparison_of(viewer, pair)
    except ProblemsFoundError as error:
        problems = [f"{problem.what}: {problem.remedy}" for problem in error.problems]
        return {"title": f"{later} and {earlier} cannot be compared row by row", "problems": problems}
    if found is None:
        return {"title": f"{later} and {earlier} are large: comparing them takes a while", "is_to_start": True}
    effect = Upload.objects.filter(contract=viewer.contract, submitted_as=pair.later.id).first()
    report = report_on(effect) if effect is not None else None
    file = reverse("compare_file", args=[viewer.contract, *pair.thing.split("/")[1:]])
    place = place_of_comparison(earlier=pair.earlier.id, later=pair.later.id)
    preview = report.preview if report else None
    return {"title": _title(found), "found": found, "preview": preview, "file": _beside(file, place)}


def _beside(address: str, other: str) -> str:
    """The address with the question of another."""
    return f"{address}?{other.partition('?')[2]}"


def _title(found: Comparison) -> str:
    """The answer: 's2 has 12 rows more than s1, and 3 changed'."""
    earlier, later, added, gone, changed = found.earlier, found.later, found.added, found.gone, found.changed
    if not (added or gone or changed):
        return f"{later} says the same as {earlier} in every row"
    more = found.rows_after - found.rows_before
    size = f"{counted(abs(more), 'row')} {'more' if more > 0 else 'fewer'} than" if more else "as many rows as"
    moved = [f"{added:,} added", f"{gone:,} gone"] if added and gone else []
    return f"{later} has {size} {earlier}: {', '.join([*moved, f'{changed:,} changed' if changed else 'none changed'])}"


_ONE = "contracts/<slug:contract>/evidence/<str:table>/<str:month>/compare"
routes = [
    path(_ONE, compare_submissions_page, name="compare"),
    path(f"{_ONE}/start", start_comparison, name="start_comparison"),
    path(f"{_ONE}/differences.csv", compare_file, name="compare_file"),
]

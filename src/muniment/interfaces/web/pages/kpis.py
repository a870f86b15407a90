"""The KPI page: how a KPI stands in a month, explained down to the rows, with its history."""

from collections.abc import Iterable, Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import mark_safe

from muniment.application.projected import projected_history, projected_kpi_month, projected_results
from muniment.application.read_models.explanations import KpiMonthPage
from muniment.application.read_models.kpi_months import KpiMonth
from muniment.commands.queries.locked_statements import SealedLine, locked_statement
from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.period import Month
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.installation.waiting import waits_in
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_wait
from muniment.interfaces.web.pages.results import DISPUTE_OUTCOME_WORDS


def locked_apart(viewer: Viewer, month: Month, lines: Iterable[KpiMonth]) -> Mapping[str, SealedLine]:
    """KPI -> its line of the month's last locked statement. `lines`: as computed today; one that says the same is left
    out."""
    locks = locks_known(viewer.record).get(month, ())
    now = {line.kpi: (line.number, line.status, line.category, line.points) for line in lines}
    return {
        line.kpi: line
        for line in (locked_statement(locks[-1]).lines if locks else ())
        if line.kpi in now and (line.value, line.status, line.category.label, line.points) != now[line.kpi]
    }


@contract_page()
def kpi_month(request: HttpRequest, viewer: Viewer, month: str, kpi: str) -> HttpResponse:
    explained = projected_kpi_month(viewer.contract, month, kpi, using=DATABASE_ALIAS)
    history = projected_history(viewer.contract, kpi, using=DATABASE_ALIAS)
    if explained is None or history is None:
        raise Http404
    thing = f"{viewer.contract}/{kpi}/{month}"
    found = Month.parse(month)
    lines = projected_results(viewer.contract, month, using=DATABASE_ALIAS)
    context = {
        "title": _answer(explained, found),
        "section": "contract",
        "crumbs": [
            {"text": found.name, "href": reverse("month", args=[viewer.contract, month])},
            {"text": kpi},
        ],
        "viewer": viewer,
        "month": found,
        "kpi": kpi,
        "found": explained,
        "chart": mark_safe(history.chart),  # noqa: S308  # our own drawing: every text in it was escaped
        "months": history.months,
        "table": viewer.kpi_tables.get(kpi, ""),
        "disputes": [dispute for dispute in disputes_known(viewer.entries) if dispute.id.startswith(f"{thing}/")],
        "outcomes": DISPUTE_OUTCOME_WORDS,
        "waiting": [(item, place_of_wait(viewer, item)) for item in waits_in(viewer, subject=thing)],
        "locked": locked_apart(viewer, found, [line for line in lines if line.kpi == kpi]).get(kpi),
        "version": len(locks_known(viewer.record).get(found, ())),
        "is_failing": explained.is_failing,
    }
    return render(request, "kpi.html", context)


@contract_page()
def kpi(request: HttpRequest, viewer: Viewer, kpi: str) -> HttpResponse:  # noqa: ARG001  # views are called alike
    """The last month of the KPI that has a figure, else its last month."""
    history = projected_history(viewer.contract, kpi, using=DATABASE_ALIAS)
    if history is None:
        raise Http404
    return HttpResponseRedirect(reverse("kpi_month", args=[viewer.contract, history.last_measured.month, kpi]))


def _answer(found: KpiMonthPage, month: Month) -> str:
    """CSC_KPI_04 in September 2019: 13.28%, below minimum"""
    words = {
        "met_target": "at target",
        "below_target": "below target",
        "below_minimum": "below minimum",
    }.get(found.status, "")
    mitigated = ", mitigated" if found.mitigated else ""
    return f"{found.kpi} in {month.name}: {found.shown}{', ' if words else ''}{words}{mitigated}"


routes = [
    path("contracts/<slug:contract>/kpis/<str:kpi>", kpi, name="kpi"),
    path("contracts/<slug:contract>/months/<str:month>/kpis/<str:kpi>", kpi_month, name="kpi_month"),
]

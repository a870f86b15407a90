"""The KPI page: how a KPI stands in a month, explained down to the rows, with its history."""

from collections.abc import Iterable, Iterator, Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe

from muniment.adapters.stores.database.pages import month_lines, page
from muniment.adapters.stores.database.projections import ResultLine
from muniment.commands.queries.locked_statements import SealedLine, locked_statement
from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.index import is_month
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.installation.waiting import waits_in
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_wait
from muniment.interfaces.web.pages.results import DISPUTE_OUTCOME_WORDS

_Found = Mapping[str, Json]


def locked_apart(viewer: Viewer, month: Month, lines: Iterable[ResultLine]) -> Mapping[str, SealedLine]:
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
    explained = page(viewer.contract, f"{month}/{kpi}", using=DATABASE_ALIAS) if is_month(month) else None
    history = page(viewer.contract, kpi, using=DATABASE_ALIAS)
    if not isinstance(explained, dict) or not isinstance(history, dict):
        raise Http404
    thing = f"{viewer.contract}/{kpi}/{month}"
    found = Month.parse(month)
    lines = month_lines(viewer.contract, months=[month], using=DATABASE_ALIAS)
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
        "history": history,
        "chart": _drawn(history.get("chart")),
        "months": list(_months(history)),
        "table": viewer.kpi_tables.get(kpi, ""),
        "disputes": [dispute for dispute in disputes_known(viewer.entries) if dispute.id.startswith(f"{thing}/")],
        "outcomes": DISPUTE_OUTCOME_WORDS,
        "waiting": [(item, place_of_wait(viewer, item)) for item in waits_in(viewer, subject=thing)],
        "locked": locked_apart(viewer, found, [line for line in lines if line.kpi == kpi]).get(kpi),
        "version": len(locks_known(viewer.record).get(found, ())),
        "is_failing": explained.get("status") in ("below_target", "below_minimum"),
    }
    return render(request, "kpi.html", context)


@contract_page()
def kpi(request: HttpRequest, viewer: Viewer, kpi: str) -> HttpResponse:  # noqa: ARG001  # views are called alike
    """The last month of the KPI that has a figure, else its last month."""
    history = page(viewer.contract, kpi, using=DATABASE_ALIAS)
    if not isinstance(history, dict):
        raise Http404
    months = list(_months(history))
    measured = [found for found in months if found.get("number")] or months
    if not measured or "chart" not in history:  # a page of another kind: of a month, or the contract's own
        raise Http404
    return HttpResponseRedirect(reverse("kpi_month", args=[viewer.contract, str(measured[-1]["month"]), kpi]))


def _answer(found: _Found, month: Month) -> str:
    """CSC_KPI_04 in September 2019: 13.28%, below minimum"""
    words = {
        "met_target": "at target",
        "below_target": "below target",
        "below_minimum": "below minimum",
    }.get(str(found.get("status")), "")
    mitigated = ", mitigated" if found.get("mitigated") else ""
    return f"{found.get('kpi')} in {month.name}: {found.get('shown')}{', ' if words else ''}{words}{mitigated}"


def _drawn(chart: Json) -> SafeString:
    """Our own drawing of our own figures: every text in it was escaped when it was drawn."""
    return mark_safe(chart) if isinstance(chart, str) else SafeString("")  # noqa: S308  # see above


def _months(history: _Found) -> Iterator[_Found]:
    months = history.get("months")
    if isinstance(months, list):
        yield from (found for found in months if isinstance(found, dict))


routes = [
    path("contracts/<slug:contract>/kpis/<str:kpi>", kpi, name="kpi"),
    path("contracts/<slug:contract>/months/<str:month>/kpis/<str:kpi>", kpi_month, name="kpi_month"),
]

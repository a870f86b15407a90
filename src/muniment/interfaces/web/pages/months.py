"""The month page: every KPI of a contract and month, by area, with who must act next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe

from muniment.application.projected import projected_results, projected_statement
from muniment.application.read_models.kpi_months import KpiMonth
from muniment.application.read_models.statements import StatementPage
from muniment.commands.queries.locked_statements import SealedLine
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.summary import headline_of
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.index import is_month
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.installation.waiting import Wait, waits_in
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_wait
from muniment.interfaces.web.expected_evidence import expected_in, without_expected
from muniment.interfaces.web.pages.kpis import locked_apart

_SHOWN = {
    "all": "All",
    "failing": "Failing",
    "mitigated": "Mitigated",
    "not-measured": "Not measured",
    "waiting": "Wait",
}


@dataclass(frozen=True)
class KpiRow:
    """A KPI of the month. `next`: who must act, of all that waits about it; `days_left` of the soonest. `locked`: what
    the locked statement says of it, where that is something else."""

    line: KpiMonth
    sparkline: SafeString
    next: Sequence[Wait]
    href: str
    place: str
    locked: SealedLine | None = None

    @property
    def soonest(self) -> Wait | None:
        return self.next[0] if self.next else None


@dataclass(frozen=True)
class AreaRows:
    code: str
    title: str
    rows: Sequence[KpiRow]


@contract_page()
def month(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    """`?show=` failing | mitigated | not-measured | waiting, `?area=` a service area: filters by link."""
    if not is_month(month):
        raise Http404
    lines = projected_results(viewer.contract, month, using=DATABASE_ALIAS)
    waiting = waits_in(viewer, subject=f"{viewer.contract}/{month}")
    statement = projected_statement(viewer.contract, month, using=DATABASE_ALIAS)
    rows = _rows(viewer, month, lines, waiting, statement)
    known = [line for line in viewer.months if line.month == month]
    if not rows and not known:
        raise Http404
    show, area = request.GET.get("show", "all"), request.GET.get("area", "")
    counts = {category: sum(line.category == category.label for line in lines) for category in Category}
    stands = statement.stands if statement is not None else None
    found = Month.parse(month)
    answer = headline_of(month=found, counts=stands.counts if stands else counts)
    context = {
        "title": answer if lines else f"{found.name}: nothing is computed yet",
        "section": "contract",
        "crumbs": [{"text": found.name}],
        "viewer": viewer,
        "month": found,
        "contract_month": known[0].contract_month if known else None,
        "areas": _areas(viewer, [row for row in rows if _is_shown(row, show) and area in ("", row.line.area)]),
        "filters": _filters(viewer, month, show=show, area=area, rows=rows),
        "neighbours": _neighbours(viewer, month),
        "expected": expected_in(viewer, waiting),
        "waiting": [(item, place_of_wait(viewer, item)) for item in without_expected(waiting)],
        "statement": statement,
        "apart": headline_of(month=found, counts=counts) if stands and statement and statement.differs else "",
        "today": viewer.today,
    }
    return render(request, "month.html", context)


def _rows(
    viewer: Viewer,
    month: str,
    lines: Sequence[KpiMonth],
    waiting: Sequence[Wait],
    statement: StatementPage | None,
) -> list[KpiRow]:
    by_thing: dict[str, list[Wait]] = {}
    for found in waiting:
        by_thing.setdefault("/".join(found.thing.split("/")[:3]), []).append(found)
    tables = viewer.kpi_tables
    apart = locked_apart(viewer, Month.parse(month), lines) if statement and statement.differs else {}
    rows = []
    for line in lines:
        of_kpi = by_thing.get(f"{viewer.contract}/{line.kpi}/{month}", [])
        of_table = by_thing.get(f"{viewer.contract}/{tables.get(line.kpi, '')}/{month}", [])
        soonest = sorted([*of_kpi, *of_table], key=lambda item: (item.by is None, item.by or date.max))
        place = place_of_wait(viewer, soonest[0]) if soonest else ""
        href = reverse("kpi_month", args=[viewer.contract, month, line.kpi])
        # Our own drawing of our own figures: every text in it was escaped when it was drawn.
        drawn = mark_safe(statement.sparklines.get(line.kpi, "") if statement else "")  # noqa: S308  # see above
        rows.append(KpiRow(line, drawn, soonest, href, place, apart.get(line.kpi)))
    return rows


def _is_shown(row: KpiRow, show: str) -> bool:
    match show:
        case "failing":
            return row.line.status in ("below_target", "below_minimum")
        case "mitigated":
            return row.line.is_mitigated
        case "not-measured":
            return row.line.category == Category.NOT_MEASURED.label
        case "waiting":
            return bool(row.next)
        case _:
            return True


def _areas(viewer: Viewer, rows: Sequence[KpiRow]) -> list[AreaRows]:
    named = viewer.home.areas if viewer.home else {}
    found: dict[str, list[KpiRow]] = {}
    for row in rows:
        found.setdefault(row.line.area, []).append(row)
    return [AreaRows(code, named.get(code, code), of_area) for code, of_area in found.items()]


def _filters(viewer: Viewer, month: str, *, show: str, area: str, rows: Sequence[KpiRow]) -> dict[str, list[Json]]:
    """Links, each with how many rows it shows and whether it is the present one."""
    here = reverse("month", args=[viewer.contract, month])

    def link(*, show: str, area: str) -> str:
        query = {name: value for name, value in (("show", show), ("area", area)) if value not in ("", "all")}
        return f"{here}?{urlencode(query)}" if query else here

    shown: list[Json] = [
        {"text": label, "href": link(show=name, area=area), "is_here": name == show,
         "count": sum(_is_shown(row, name) and area in ("", row.line.area) for row in rows)}
        for name, label in _SHOWN.items()
    ]  # fmt: skip
    areas: list[Json] = [
        {"text": found.title, "href": link(show=show, area=found.code), "is_here": found.code == area,
         "count": len(found.rows)}
        for found in _areas(viewer, rows)
    ]  # fmt: skip
    every: Json = {"text": "All areas", "href": link(show=show, area=""), "is_here": not area, "count": len(rows)}
    return {"show": shown, "areas": [every, *areas]}


def _neighbours(viewer: Viewer, month: str) -> Mapping[str, str | None]:
    months = [line.month for line in viewer.months]
    at = months.index(month) if month in months else -1
    return {
        "before": months[at - 1] if at > 0 else None,
        "after": months[at + 1] if 0 <= at < len(months) - 1 else None,
    }


routes = [path("contracts/<slug:contract>/months/<str:month>", month, name="month")]

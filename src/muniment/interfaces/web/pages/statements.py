"""Statements: what a month comes to, its signatures and locks, what finance needs, and the bundle that proves it."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from muniment.application.finance import credit_csv, credit_file_name
from muniment.application.projected import projected_results, projected_statement
from muniment.application.read_models.kpi_months import KpiMonth
from muniment.application.read_models.statements import StatementPage
from muniment.commands.queries.locked_statements import LockedStatement, difference, locked_statement
from muniment.domain.assessment.month_lock import Lock, locks_known, signatures_known
from muniment.domain.assessment.restatement import restatements_known
from muniment.domain.assessment.status import Category
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.states import MACHINES, state_in, states_known
from muniment.domain.record.index import is_month
from muniment.installation.file_jobs import queue_bundle
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.installation.waiting import waits_in
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_wait
from muniment.interfaces.web.expected_evidence import expected_in, without_expected


@contract_page()
def statements_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    months = viewer.months
    over = [month for month in months if Month.parse(month.month).last_day < viewer.today]
    locked = sum(bool(month.locked) for month in months)
    context = {
        "title": f"{locked} of {len(over)} months are locked",
        "section": "statements",
        "crumbs": [{"text": "Statements"}],
        "viewer": viewer,
        "months": [(month, month in over) for month in reversed(months)],
        "in_words": MACHINES["month"].in_words,
    }
    return render(request, "statements/all.html", context)


@contract_page()
def statement(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    """As computed now, with every locked version beside it."""
    found, projected = projected_of(viewer, month)
    locks = locks_known(viewer.record).get(found, ())
    thing = f"{viewer.contract}/{month}"
    state = state_in(states_known(viewer.record), machine="month", thing=thing)
    waits = waits_in(viewer, subject=thing)
    lines = {line.kpi: line for line in projected_results(viewer.contract, month, using=DATABASE_ALIAS)}
    context = {
        "title": f"Statement of {found.name}: {MACHINES['month'].in_words(state)}",
        "section": "statements",
        "crumbs": crumbs_of_month(viewer, found),
        "viewer": viewer,
        "month": found,
        "projected": projected,
        "lines": _lines(projected, lines),
        "locks": locks,
        "restatements": [item for item in restatements_known(viewer.record) if item.proposed.month == found],
        "signature": signatures_known(viewer.record).get(found) if state == "signed" else None,
        "state": state,
        "expected": expected_in(viewer, waits),
        "waiting": [(item, place_of_wait(viewer, item)) for item in without_expected(waits)],
        "categories": Category,
    }
    return render(request, "statements/one.html", context)


@contract_page()
def statement_version(request: HttpRequest, viewer: Viewer, month: str, number: int) -> HttpResponse:
    """A locked version, as it was signed: it never changes and stays at this address."""
    found = _lock(viewer, month, number)
    context = {
        "title": f"Statement of {found.lock.locked.month.name}, v{number}",
        "section": "statements",
        "crumbs": [*crumbs_of_month(viewer, found.lock.locked.month), {"text": f"v{number}"}],
        "viewer": viewer,
        "found": found,
        "later": locks_known(viewer.record)[found.lock.locked.month][number:],
    }
    return render(request, "statements/version.html", context)


@contract_page()
def finance(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    """The credit of a month for whoever adjusts the invoice: the locked version's, with its working."""
    found = _last_lock(viewer, month)
    before = _credited_before(viewer, found)
    context = {
        "title": f"Credit for {found.lock.locked.month.name}: {found.due or 'none'}",
        "section": "statements",
        "crumbs": [*crumbs_of_month(viewer, found.lock.locked.month), {"text": "For finance"}],
        "viewer": viewer,
        "found": found,
        "before": before,
        "difference": difference(found, before),
    }
    return render(request, "statements/finance.html", context)


@contract_page()
def finance_csv(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:  # noqa: ARG001  # views are alike
    """The same as one line that an accounting system can take, with the fingerprint that proves it."""
    found = _last_lock(viewer, month)
    content = credit_csv(contract=viewer.contract, found=found, before=_credited_before(viewer, found))
    name = credit_file_name(contract=viewer.contract, found=found)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@contract_page()
def bundle(request: HttpRequest, viewer: Viewer, month: str, number: int) -> HttpResponse:  # noqa: ARG001  # a POST
    """Have the bundle of a locked statement made; its job's page offers the file."""
    found = _lock(viewer, month, number)
    job = queue_bundle(viewer, statement=found.lock.id)
    return HttpResponseRedirect(reverse("job", args=[viewer.contract, job.id]), status=303)


def projected_of(viewer: Viewer, month: str) -> tuple[Month, StatementPage]:
    found = projected_statement(viewer.contract, month, using=DATABASE_ALIAS)
    if found is None:
        raise Http404
    return Month.parse(month), found


def _lock(viewer: Viewer, month: str, number: int) -> LockedStatement:
    locks = locks_known(viewer.record).get(Month.parse(month), ()) if is_month(month) else ()
    if not 1 <= number <= len(locks):
        raise Http404
    return locked_statement(locks[number - 1])


def _last_lock(viewer: Viewer, month: str) -> LockedStatement:
    locks: tuple[Lock, ...] = locks_known(viewer.record).get(Month.parse(month), ()) if is_month(month) else ()
    return _lock(viewer, month, len(locks))


def _credited_before(viewer: Viewer, found: LockedStatement) -> LockedStatement | None:
    """The version before, whose credit an invoice may have been adjusted by already."""
    number = found.lock.locked.number
    return _lock(viewer, str(found.lock.locked.month), number - 1) if number > 1 else None


def _lines(projected: StatementPage, lines: Mapping[str, KpiMonth]) -> list[tuple[KpiMonth, str]]:
    """The KPIs of the statement, each with its working in words."""
    return [(lines[line.kpi], line.working) for line in projected.lines if line.kpi in lines]


def crumbs_of_month(viewer: Viewer, month: Month) -> list[dict[str, str]]:
    return [
        {"text": "Statements", "href": reverse("statements", args=[viewer.contract])},
        {"text": month.name, "href": place_of_month(viewer, str(month))},
    ]


def place_of_month(viewer: Viewer, month: str) -> str:
    return reverse("statement", args=[viewer.contract, month])


_ALL = "contracts/<slug:contract>/statements"
_ONE = f"{_ALL}/<str:month>"
routes = [
    path(_ALL, statements_page, name="statements"),
    path(_ONE, statement, name="statement"),
    path(f"{_ONE}/v<int:number>", statement_version, name="statement_version"),
    path(f"{_ONE}/v<int:number>/bundle", bundle, name="bundle"),
    path(f"{_ONE}/finance", finance, name="finance"),
    path(f"{_ONE}/finance.csv", finance_csv, name="finance_csv"),
]

"""Evidence: what is due, what came, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from muniment.application.evidence_downloads import template_csv
from muniment.commands.queries.terms import business_days_of
from muniment.domain.evidence.challenges import challenges_known
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.period import Month, Period, months_from
from muniment.domain.lifecycle.states import MACHINES, Things, ThingState, states_known
from muniment.domain.record.index import is_month
from muniment.domain.regime.contract import Contract
from muniment.installation.models import Upload
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.pages.table_months import crumbs_of, table_month_asked_for
from muniment.interfaces.web.wording import counted, table_title

TABLE_MONTHS = 6
_NAMED = 3
"""Months that a headline names one by one."""


@dataclass(frozen=True)
class TableMonthCell:
    """A table in a month. `due`: the last day in time. `state` None: nothing came yet."""

    table: str
    month: Month
    due: date
    state: ThingState | None
    is_late: bool

    @property
    def words(self) -> str:
        if self.state is not None:
            return MACHINES["table_month"].in_words(self.state.state)
        return "overdue" if self.is_late else "awaited"


@contract_page()
def evidence_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Every table by month: the last months that are over, newest first. `?until=2019-07`: older ones."""
    contract = viewer.opened.text.contract(known=viewer.today)
    last = min(contract.end, Month.of(viewer.today))
    over = [month for month in months_from(contract.record_from, last) if month.last_day < viewer.today]
    until = request.GET.get("until", "")
    shown = [month for month in over if not is_month(until) or str(month) <= until]
    months = list(reversed(shown[-TABLE_MONTHS:]))
    states = states_known(viewer.record)
    grid = [(table, [_cell(viewer, contract, states, table, month) for month in months]) for table in contract.tables]
    missing = [
        _cell(viewer, contract, states, table, month)
        for table in contract.tables
        for month in over
        if _state_of(viewer, states, table, month) is None
    ]
    context = {
        "title": _missing_words(missing),
        "section": "evidence",
        "crumbs": [{"text": "Evidence"}],
        "viewer": viewer,
        "months": months,
        "grid": grid,
        "older": shown[-TABLE_MONTHS - 1] if len(shown) > TABLE_MONTHS else None,
        "newer": over[min(len(shown) + TABLE_MONTHS, len(over)) - 1] if len(shown) < len(over) else None,
    }
    return render(request, "evidence/all.html", context)


@contract_page()
def table_month(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponse:
    contract, found = table_month_asked_for(viewer, table, month)
    cell = _cell(viewer, contract, states_known(viewer.record), table, found)
    submissions = _submissions(viewer, table, found)
    thing = f"{viewer.contract}/{table}/{month}"
    context = {
        "title": f"{table_title(table)}, {found.name}: {cell.words}",
        "section": "evidence",
        "crumbs": crumbs_of(viewer, table, month),
        "viewer": viewer,
        "cell": cell,
        "month": found,
        "table": table,
        "terms": contract.tables[table],
        "submissions": [
            (item, _name(item, is_challenged=_is_challenged(viewer, item)), _acts(viewer, item))
            for item in reversed(submissions)
        ],
        "challenges": [item for item in challenges_known(viewer.record) if item.table_month == thing],
        "uploads": Upload.objects.filter(
            contract=viewer.contract, table=table, month=month, submitted_as="", account=viewer.account
        ).order_by("-uploaded_at"),
        "kpis": _kpis_of(viewer, table),
    }
    return render(request, "evidence/table_month.html", context)


@contract_page()
def template(request: HttpRequest, viewer: Viewer, table: str) -> HttpResponse:  # noqa: ARG001  # views are alike
    """The header that a file of the table has."""
    contract = viewer.opened.text.contract(known=viewer.today)
    if table not in contract.tables:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{viewer.contract}-{table}.csv"'}
    return HttpResponse(template_csv(contract, table), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(viewer: Viewer, contract: Contract, states: Things, table: str, month: Month) -> TableMonthCell:
    terms = contract.tables[table]
    due = business_days_of(contract).after(Period(month, month).last_day, terms.due_business_days)
    return TableMonthCell(table, month, due, _state_of(viewer, states, table, month), is_late=due < viewer.today)


def _state_of(viewer: Viewer, states: Things, table: str, month: Month) -> ThingState | None:
    """None: nothing came yet."""
    found = states.get(("table_month", f"{viewer.contract}/{table}/{month}"))
    return found if found is not None and found.state != "awaiting" else None


def _missing_words(missing: Sequence[TableMonthCell]) -> str:
    """31 tables are overdue for December 2019."""
    if not missing:
        return "All evidence has come"
    late = sum(cell.is_late for cell in missing)
    named = sorted({cell.month for cell in missing})
    months = " and ".join(month.name for month in named)
    if len(named) > _NAMED:
        months = f"{counted(len(named), 'month')} from {named[0].name} to {named[-1].name}"
    is_are = "table is" if len(missing) == 1 else "tables are"
    words = "overdue" if late == len(missing) else f"awaited, {late} of them overdue" if late else "awaited"
    return f"{len(missing)} {is_are} {words} for {months}"


def _submissions(viewer: Viewer, table: str, month: Month) -> list[Submission]:
    known = submissions_known(viewer.record)
    return [item for item in known if (item.received.table, item.received.period) == (table, month)]


def _acts(viewer: Viewer, found: Submission) -> list[tuple[str, str]]:
    """What this person may do about it: words and address. The state may still stand against it, and then says so."""
    here = [viewer.contract, *found.id.split("/")[1:]]
    is_open = found.withdrawn is None and found.superseded_by is None
    is_accepted, is_approved = found.accepted is not None, found.approved is not None
    is_asked = _is_challenged(viewer, found)
    waits = is_open and is_approved and not is_accepted and not is_asked
    offered: list[tuple[bool, str, str, str]] = [
        (is_open and not is_approved, "approve", "Approve", "approve"),
        (waits, "accept", "Accept", "accept"),
        (waits, "challenge", "Challenge", "challenge_evidence"),
        (is_open and not is_accepted, "withdraw_submission", "Withdraw", "withdraw_submission"),
        (is_open and is_accepted, "withdraw_acceptance", "Take the acceptance back", "withdraw_acceptance"),
    ]
    return [(words, reverse(name, args=here)) for fits, command, words, name in offered if fits and viewer.may(command)]


def _is_challenged(viewer: Viewer, found: Submission) -> bool:
    """Whether the supplier still has to answer, or the authority to close; nothing is accepted meanwhile."""
    thing = found.id.rpartition("/")[0]
    return any(item.is_open and item.table_month == thing for item in challenges_known(viewer.record))


def _name(found: Submission, *, is_challenged: bool) -> str:
    if found.withdrawn is not None:
        return "withdrawn"
    if found.superseded_by is not None:
        return f"followed by {found.superseded_by.rpartition('/')[2]}"
    if found.accepted is not None:
        return "accepted"
    if is_challenged:
        return "challenged"
    return "approved, waits for acceptance" if found.approved is not None else "submitted, waits for approval"


def _kpis_of(viewer: Viewer, table: str) -> Sequence[str]:
    return [kpi for kpi, of in viewer.kpi_tables.items() if of == table]


_ALL = "contracts/<slug:contract>/evidence"
_ONE = f"{_ALL}/<str:table>/<str:month>"
routes = [
    path(_ALL, evidence_page, name="evidence"),
    path(f"{_ALL}/<str:table>/template.csv", template, name="template"),
    path(_ONE, table_month, name="table_month"),
]

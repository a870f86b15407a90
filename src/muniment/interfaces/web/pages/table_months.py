"""What the pages about a table's evidence share: which table and month were asked for, and where their page is."""

from django.http import Http404
from django.urls import reverse

from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.index import is_month
from muniment.domain.regime.contract import Contract
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.wording import table_title


def table_month_asked_for(viewer: Viewer, table: str, month: str) -> tuple[Contract, Month]:
    contract = viewer.opened.text.contract(known=viewer.today)
    if table not in contract.tables or not is_month(month):
        raise Http404
    found = Month.parse(month)
    if not contract.record_from <= found <= contract.end:
        raise Http404
    return contract, found


def submission_of(viewer: Viewer, table: str, month: str, submission: str) -> Submission:
    wanted = f"{viewer.contract}/{table}/{month}/{submission}"
    found = next((item for item in submissions_known(viewer.record) if item.id == wanted), None)
    if found is None:
        raise Http404
    return found


def crumbs_of(viewer: Viewer, table: str, month: str) -> list[dict[str, str]]:
    return [
        {"text": "Evidence", "href": reverse("evidence", args=[viewer.contract])},
        {"text": f"{table_title(table)}, {Month.parse(month).name}", "href": place_of_table(viewer, table, month)},
    ]


def place_of_table(viewer: Viewer, table: str, month: str) -> str:
    return reverse("table_month", args=[viewer.contract, table, month])

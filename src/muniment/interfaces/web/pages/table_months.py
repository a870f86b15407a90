"""What the pages about a table's evidence share: which table and month were asked for, and where their page is."""

from django.urls import reverse

from muniment.domain.evidence.submissions import Submission
from muniment.domain.kernel.period import Month
from muniment.domain.regime.contract import Contract
from muniment.installation.named_things import submission_named, table_month_named
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import found_or_404
from muniment.interfaces.web.wording import table_title


def table_month_asked_for(viewer: Viewer, table: str, month: str) -> tuple[Contract, Month]:
    return found_or_404(table_month_named(viewer, table, month))


def submission_of(viewer: Viewer, table: str, month: str, submission: str) -> Submission:
    return found_or_404(submission_named(viewer, table, month, submission))


def crumbs_of(viewer: Viewer, table: str, month: str) -> list[dict[str, str]]:
    return [
        {"text": "Evidence", "href": reverse("evidence", args=[viewer.contract])},
        {"text": f"{table_title(table)}, {Month.parse(month).name}", "href": place_of_table(viewer, table, month)},
    ]


def place_of_table(viewer: Viewer, table: str, month: str) -> str:
    return reverse("table_month", args=[viewer.contract, table, month])

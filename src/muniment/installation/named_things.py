"""What an address names in a contract: a submission, a challenge, a month; None where there is no such thing.

Pages and the API answer that each in their own way.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from muniment.domain.assessment.mitigation import Mitigation, mitigations_known
from muniment.domain.assessment.restatement import Restatement, restatements_known
from muniment.domain.evidence.challenges import Challenge, challenges_known
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.policies import is_within
from muniment.domain.record.index import is_month
from muniment.domain.regime.contract import Contract
from muniment.installation.viewer import Viewer


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


def submission_named(viewer: Viewer, table: str, month: str, submission: str) -> Submission | None:
    return _with_id(submissions_known(viewer.record), viewer.contract, table, month, submission)


def challenge_named(viewer: Viewer, table: str, month: str, challenge: str) -> Challenge | None:
    return _with_id(challenges_known(viewer.record), viewer.contract, table, month, challenge)


def mitigation_named(viewer: Viewer, kpi: str, month: str, request: str) -> Mitigation | None:
    return _with_id(mitigations_known(viewer.record), viewer.contract, kpi, month, request)


def restatement_named(viewer: Viewer, month: str, restatement: str) -> Restatement | None:
    return _with_id(restatements_known(viewer.record), viewer.contract, month, restatement)


def table_month_named(viewer: Viewer, table: str, month: str) -> tuple[Contract, Month] | None:
    """The agreed contract, which has that table, and a month of its record."""
    agreed = viewer.opened.text.contract(known=viewer.today)
    if table not in agreed.tables or not is_month(month):
        return None
    found = Month.parse(month)
    return (agreed, found) if agreed.record_from <= found <= agreed.end else None


def kpi_month_named(viewer: Viewer, kpi: str, month: str) -> Month | None:
    """A month of the contract, for which one may ask about a KPI that some version of the text knows."""
    if kpi not in viewer.kpis or not is_month(month):
        return None
    found, agreed = Month.parse(month), viewer.opened.text.contract(known=viewer.today)
    return found if is_within(agreed.months, first=found, last=found) else None


def _with_id(known: Iterable[_T], *parts: str) -> _T | None:
    wanted = "/".join(parts)
    return next((item for item in known if item.id == wanted), None)

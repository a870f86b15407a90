"""The example's evidence: `csv_of` a table and a month, the same bytes on every machine and in every Python."""

from collections.abc import Mapping

from muniment.domain.kernel.period import Month
from muniment.example import calls, care, contacts, finance, incidents, people, technology
from muniment.example.chance import Chance
from muniment.example.plan import MONTHS, OPEN_MONTH, PLANNED_MONTHS
from muniment.example.rows import Generator

__all__ = ["MONTHS", "OPEN_MONTH", "TABLES", "csv_of"]

GENERATORS: Mapping[str, Generator] = {
    "payroll_payments": people.payroll_payments,
    "people_queries": people.people_queries,
    "starters": people.starters,
    "hr_records_sampled": people.hr_records_sampled,
    "hr_actions": people.hr_actions,
    "payroll_returns": people.payroll_returns,
    "incidents": incidents.incidents,
    "application_days": technology.application_days,
    "site_days": technology.site_days,
    "service_requests": technology.service_requests,
    "leavers": technology.leavers,
    "backups": technology.backups,
    "it_changes": technology.it_changes,
    "milestones": technology.milestones,
    "device_updates": technology.device_updates,
    "refresh_devices": technology.refresh_devices,
    "calls": calls.calls,
    "contact_reviews": contacts.contact_reviews,
    "correspondence": contacts.correspondence,
    "complaints": contacts.complaints,
    "reviews": contacts.reviews,
    "call_backs": contacts.call_backs,
    "client_invoices": care.client_invoices,
    "assessments_sampled": care.assessments_sampled,
    "assessments": care.assessments,
    "residential_assessments": care.residential_assessments,
    "care_payments": care.care_payments,
    "invoices": finance.invoices,
    "reconciliations": finance.reconciliations,
    "debts": finance.debts,
    "sales_invoices": finance.sales_invoices,
    "receipts": finance.receipts,
}
TABLES = tuple(GENERATORS)
"""Every table of evidence.yaml, in its order."""


def csv_of(*, table: str, month: Month) -> bytes:
    """The table's evidence for one of MONTHS or for OPEN_MONTH, as a UTF-8 CSV file with a heading.

    For tables dated by a deadline, the rows of a month are those due in it. No cell needs quoting.
    Raises KeyError for a table, ValueError for a month that the example does not have.
    """
    if month not in PLANNED_MONTHS:
        raise ValueError(f"the example has no evidence for {month.name}")
    made = GENERATORS[table](month, Chance(f"muniment example, {table}, {month}"))
    lines = [",".join(made.heading), *(",".join(row) for row in made.rows)]
    return ("\n".join(lines) + "\n").encode()

"""A contract, its months and its KPIs, as they are projected: read, never computed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from ninja import Router
from pydantic import Field

from muniment.application.projected import projected_history, projected_kpi_month, projected_results
from muniment.application.read_models.contracts import TableLine, Term
from muniment.application.read_models.explanations import ExplainedKpiMonth
from muniment.application.read_models.kpi_months import KpiHistory, KpiMonth
from muniment.application.read_models.months import MonthLine
from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.lifecycle.appointments import Role
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.api.operations import ApiRequest, figures_or_problem, reads, viewer_of_figures
from muniment.interfaces.api.results import DisputeSchema, dispute_to_dict
from muniment.interfaces.api.schemas import ContractId, KpiIn, Listed, ListSchema, MonthIn, Schema

months = Router(tags=["Figures"])


class ComputedOn(Schema):
    """What the figures rest on: the record up to `entry`, as known on the day `known`. `is_behind`: the record has
    newer entries, or it is another day; they are being computed again."""

    entry: int | None
    head: str | None
    known: str | None
    is_behind: bool


class ContractSchema(Schema):
    """A contract: its parties, its service areas and its tables."""

    contract: str
    title: str
    authority: str
    supplier: str
    term: Term | None
    zone: str
    roles: Annotated[list[Role], Field(description="Yours, today.")]
    areas: Annotated[dict[str, str], Field(description="Code -> title.")]
    tables: list[TableLine]
    kpi_tables: Annotated[dict[str, str], Field(description="KPI -> the table that it is measured from.")]
    computed_on: ComputedOn


class Months(ListSchema[MonthLine]):
    """A page of months, the oldest first."""


class MonthSchema(Schema):
    """Every KPI of a month, in the order of the agreed text."""

    month: str
    results: list[KpiMonth]
    computed_on: ComputedOn


@dataclass(frozen=True, kw_only=True)
class ExplainedSchema(ExplainedKpiMonth):
    """A KPI in a month down to its rows, as `muniment explain --format json` has it. Numbers that decide are texts."""

    contract: str
    disputes: list[DisputeSchema]
    computed_on: ComputedOn


@dataclass(frozen=True, kw_only=True)
class KpiSchema(KpiHistory):
    """A KPI and every month of it, the oldest first."""

    kpi: str
    computed_on: ComputedOn


def computed_on(viewer: Viewer) -> ComputedOn:
    found = viewer.standing
    known = found.known.isoformat() if found.known else None
    return ComputedOn(entry=found.entry, head=found.head, known=known, is_behind=found.is_behind)


@reads(months, "/contracts/{contract}", name="read_contract", summary="A contract", response=ContractSchema)
def read_contract_operation(request: ApiRequest, contract: ContractId) -> ContractSchema:
    """Its parties, service areas and tables, and your roles in it."""
    viewer = viewer_of_figures(request, contract)
    home = viewer.home
    return ContractSchema(
        contract=contract,
        title=viewer.title,
        authority=viewer.authority,
        supplier=home.supplier if home else "",
        term=home.term if home else None,
        zone=home.zone if home else "",
        roles=sorted(viewer.roles),
        areas=dict(home.areas) if home else {},
        tables=[*home.tables] if home else [],
        kpi_tables=dict(viewer.kpi_tables),
        computed_on=computed_on(viewer),
    )


@reads(months, "/contracts/{contract}/months", name="list_months", summary="Months of a contract", response=Months)
def list_months(request: ApiRequest, contract: ContractId) -> Listed:
    """Table 1, points and credits of every month of the record: as locked, or as computed where nothing is locked."""
    return viewer_of_figures(request, contract).months


@reads(months, "/contracts/{contract}/months/{month}", name="read_month", summary="A month", response=MonthSchema)
def read_month(request: ApiRequest, contract: ContractId, month: MonthIn) -> MonthSchema:
    """How every KPI stands in the month as computed now. What is locked stays at its version's address."""
    viewer = viewer_of_figures(request, contract)
    results = figures_or_problem(projected_results(contract, month, using=DATABASE_ALIAS) or None, viewer)
    return MonthSchema(month=month, results=[*results], computed_on=computed_on(viewer))


@reads(
    months, "/contracts/{contract}/months/{month}/kpis/{kpi}", name="explain_kpi",
    summary="A KPI in a month, explained",    response=ExplainedSchema,
)  # fmt: skip
def explain_kpi(request: ApiRequest, contract: ContractId, month: MonthIn, kpi: KpiIn) -> Mapping[str, object]:
    """The value with what it was computed from, the levels in force with their clauses, and what people said of it."""
    viewer = viewer_of_figures(request, contract)
    found = figures_or_problem(projected_kpi_month(contract, month, kpi, using=DATABASE_ALIAS), viewer)
    thing = f"{contract}/{kpi}/{month}/"
    disputes = [dispute_to_dict(known) for known in disputes_known(viewer.entries) if known.id.startswith(thing)]
    return {**vars(found), "contract": contract, "disputes": disputes, "computed_on": computed_on(viewer)}


@reads(months, "/contracts/{contract}/kpis/{kpi}", name="read_kpi", summary="The history of a KPI", response=KpiSchema)
def read_kpi(request: ApiRequest, contract: ContractId, kpi: KpiIn) -> Mapping[str, object]:
    """Every month of it, with the levels that were in force then."""
    viewer = viewer_of_figures(request, contract)
    found = figures_or_problem(projected_history(contract, kpi, using=DATABASE_ALIAS), viewer)
    return {**vars(found), "kpi": kpi, "computed_on": computed_on(viewer)}

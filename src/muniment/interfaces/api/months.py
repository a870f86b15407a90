"""A contract, its months and its KPIs, as they are projected: read, never computed again."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from muniment.adapters.stores.database.pages import month_lines, page
from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import Role
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.api.operations import ApiRequest, objects, reads, viewer_of_figures
from muniment.interfaces.api.problems import not_found
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


class TermSchema(Schema):
    """The days of a contract, both included."""

    first: str
    last: str


class TableLine(Schema):
    """An evidence table of the agreed text."""

    table: str
    row_is: str
    due_business_days: int


class ContractSchema(Schema):
    """A contract: its parties, its service areas and its tables."""

    contract: str
    title: str
    authority: str
    supplier: str
    term: TermSchema | None
    zone: str
    roles: Annotated[list[Role], Field(description="Yours, today.")]
    areas: Annotated[dict[str, str], Field(description="Code -> title.")]
    tables: list[TableLine]
    kpi_tables: Annotated[dict[str, str], Field(description="KPI -> the table that it is measured from.")]
    computed_on: ComputedOn


class Table1(Schema):
    """KPIs of a month by category: they add up to those in force."""

    tsl_achieved: int
    msl_achieved: int
    below_msl: int
    mitigated: int
    not_measured: int


class MonthFigures(Schema):
    """What a month comes to. Amounts as they are shown; empty where there is none."""

    counts: Table1
    kpis: int
    points: str
    credit_due: str
    credit_cap: str
    credits_to_date: str


class MonthLine(MonthFigures):
    """A month of the contract: the figures of its last locked statement, or where none is locked those computed now."""

    month: str
    contract_month: int
    now: Annotated[
        MonthFigures | None, Field(description="As computed now, where that differs from what is locked.")
    ] = None
    locked: Annotated[int, Field(description="How many versions of its statement are locked.")]
    state: str


class Months(ListSchema[MonthLine]):
    """A page of months, the oldest first."""


class ResultSchema(Schema):
    """A KPI in a month. `value`: as it is shown; `number`, `numerator` and `denominator`: plain decimals."""

    month: str
    kpi: str
    title: str
    area: str
    status: str
    category: str
    value: str
    unit: str
    number: str
    numerator: str
    denominator: str
    target: str
    minimum: str
    points: str
    base_points: str
    is_mitigated: bool
    is_disputed: bool


class MonthSchema(Schema):
    """Every KPI of a month, in the order of the agreed text."""

    month: str
    results: list[ResultSchema]
    computed_on: ComputedOn


class LevelSchema(Schema):
    """A level in force, and where it was agreed."""

    level: str
    place: str
    notice: str | None


class MeasureSchema(Schema):
    """The measure in force, and where it was agreed."""

    name: str
    place: str
    notice: str | None


class Disposition(Schema):
    """What became of rows, with the ids of some."""

    disposition: str
    rows: int
    sample: list[str]


class ReliefSchema(Schema):
    """The value without the rows that grants in part relieve."""

    by: list[str]
    rows: int
    numerator: str
    denominator: str | None
    value: str | None
    status: str


class MitigationOfMonth(Schema):
    """A mitigation that touches the month."""

    id: str
    ground: str
    ground_title: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    state: str
    decided_at: str | None


class FailureNoteSchema(Schema):
    """Why the KPI failed; of several the last counts."""

    id: str
    seq: int
    at: str
    by: str
    cause: str
    effect: str
    remedy: str


class ExplainedSchema(Schema):
    """A KPI in a month down to its rows, as `muniment explain --format json` has it. Numbers that decide are texts."""

    contract: str
    kpi: str
    title: str
    area: str
    clause: str
    period: str
    measured_over: str
    contract_month: int
    sentence: str
    shown: str
    sum: str
    numerator: str | None
    denominator: str | None
    value: str | None
    unit: str
    target: str
    minimum: str
    status: str
    category: str
    mitigated: bool
    is_disputed: bool
    points: str
    working: str
    levels: dict[str, LevelSchema]
    measure: MeasureSchema
    dispositions: list[Disposition]
    relieved: ReliefSchema | None
    notices: list[str]
    mitigations: list[MitigationOfMonth]
    failure_notes: list[FailureNoteSchema]
    disputes: list[DisputeSchema]
    computed_on: ComputedOn


class MonthOfKpi(Schema):
    """A month in a KPI's history."""

    month: str
    value: str
    number: str
    status: str
    category: str
    target: str
    minimum: str
    is_mitigated: bool
    points: str


class KpiSchema(Schema):
    """A KPI and every month of it, the oldest first."""

    kpi: str
    title: str
    area: str
    unit: str
    months: list[MonthOfKpi]
    computed_on: ComputedOn


def computed_on(viewer: Viewer) -> dict[str, Json]:
    found = viewer.standing
    known = found.known.isoformat() if found.known else None
    return {"entry": found.entry, "head": found.head, "known": known, "is_behind": found.is_behind}


@reads(months, "/contracts/{contract}", name="read_contract", summary="A contract", response=ContractSchema)
def read_contract_operation(request: ApiRequest, contract: ContractId) -> ContractSchema:
    """Its parties, service areas and tables, and your roles in it."""
    viewer = viewer_of_figures(request, contract)
    blank: dict[str, Json] = {"supplier": "", "term": None, "zone": "", "areas": {}, "tables": [], "kpi_tables": {}}
    own: dict[str, Json] = {
        "contract": contract,
        "title": viewer.title,
        "authority": viewer.authority,
        "roles": [*sorted(viewer.roles)],
        "computed_on": computed_on(viewer),
    }
    return ContractSchema.model_validate({**blank, **viewer.home, **own})


@reads(months, "/contracts/{contract}/months", name="list_months", summary="Months of a contract", response=Months)
def list_months(request: ApiRequest, contract: ContractId) -> Listed:
    """Table 1, points and credits of every month of the record: as locked, or as computed where nothing is locked."""
    viewer = viewer_of_figures(request, contract)
    return objects(viewer.home.get("months"))


@reads(months, "/contracts/{contract}/months/{month}", name="read_month", summary="A month", response=MonthSchema)
def read_month(request: ApiRequest, contract: ContractId, month: MonthIn) -> MonthSchema:
    """How every KPI stands in the month as computed now. What is locked stays at its version's address."""
    viewer = viewer_of_figures(request, contract)
    lines = month_lines(contract, months=[month], using=DATABASE_ALIAS)
    if not lines:
        raise not_found()
    results = [{name: getattr(line, name) for name in ResultSchema.model_fields} for line in lines]
    return MonthSchema.model_validate({"month": month, "results": results, "computed_on": computed_on(viewer)})


@reads(
    months, "/contracts/{contract}/months/{month}/kpis/{kpi}", name="explain_kpi",
    summary="A KPI in a month, explained",    response=ExplainedSchema,
)  # fmt: skip
def explain_kpi(request: ApiRequest, contract: ContractId, month: MonthIn, kpi: KpiIn) -> ExplainedSchema:
    """The value with what it was computed from, the levels in force with their clauses, and what people said of it."""
    viewer = viewer_of_figures(request, contract)
    found = page(contract, f"{month}/{kpi}", using=DATABASE_ALIAS)
    if not isinstance(found, dict):
        raise not_found()
    thing = f"{contract}/{kpi}/{month}/"
    disputes = [dispute_to_dict(known) for known in disputes_known(viewer.entries) if known.id.startswith(thing)]
    return ExplainedSchema.model_validate({**found, "disputes": disputes, "computed_on": computed_on(viewer)})


@reads(months, "/contracts/{contract}/kpis/{kpi}", name="read_kpi", summary="The history of a KPI", response=KpiSchema)
def read_kpi(request: ApiRequest, contract: ContractId, kpi: KpiIn) -> KpiSchema:
    """Every month of it, with the levels that were in force then."""
    viewer = viewer_of_figures(request, contract)
    found = page(contract, kpi, using=DATABASE_ALIAS)
    if not isinstance(found, dict) or "months" not in found or "title" not in found or kpi == "home":
        raise not_found()
    return KpiSchema.model_validate({**found, "kpi": kpi, "computed_on": computed_on(viewer)})

"""Schemas (Pydantic models) of the agreed text: contract.yaml, evidence.yaml, regime.yaml, changes/*.yaml.

Each model says what its thing is called in messages (`CALLED`) and which keys are known but this version does
not compute (`NOT_COMPUTED`): declaring one is refused by name, never ignored.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from muniment.domain.kernel.period import PeriodLength
from muniment.domain.regime.scalars import (
    ConditionText,
    DayText,
    DueText,
    EdgeText,
    LevelText,
    LimitText,
    MoneyText,
    MonthText,
    NameText,
    PositiveText,
    RateText,
    RoundingText,
    TextText,
    WholeText,
    WithinText,
    YesText,
)


class TextModel(BaseModel):
    """A part of the agreed text: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)
    CALLED: ClassVar[str] = "this"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset()


class PartyText(TextModel):
    CALLED: ClassVar[str] = "a party"
    name: TextText


class TermText(TextModel):
    CALLED: ClassVar[str] = "a term"
    first: DayText = Field(alias="from")
    last: DayText = Field(alias="to")


class CalendarText(TextModel):
    """Either `days:` (Business Days) or `open:` (service hours)."""

    CALLED: ClassVar[str] = "a calendar"
    days: TextText | None = None
    open: dict[str, TextText] | None = None
    holidays: Literal["england-and-wales", "scotland", "northern-ireland", "none"]
    zone: TextText | None = None


class OpeningText(TextModel):
    """Where the record begins when the contract is older than it."""

    CALLED: ClassVar[str] = "an opening balance"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset({"points"})
    consecutive_failures: dict[NameText, WholeText] = {}
    credits_to_date: MoneyText | None = None


class DeemedOnChallengeText(TextModel):
    """What it amounts to when the supplier does not answer a challenge in time."""

    CALLED: ClassVar[str] = "the deemed term on challenges"
    within: LimitText
    then: Literal["upheld"]
    clause: TextText


class DeemedOnMitigationText(TextModel):
    """What it amounts to when the authority does not decide a mitigation request in time."""

    CALLED: ClassVar[str] = "the deemed term on mitigation"
    within: LimitText
    then: Literal["refused", "granted"]
    clause: TextText


class DeemedText(TextModel):
    CALLED: ClassVar[str] = "the deemed terms"
    supplier_on_challenge: DeemedOnChallengeText | None = None
    authority_on_mitigation: DeemedOnMitigationText | None = None


class LateEvidenceText(TextModel):
    """Evidence for a month that is locked."""

    CALLED: ClassVar[str] = "the text on late evidence"
    window: LimitText | None = None
    restate_when: Literal["status_or_credit", "number"] = "status_or_credit"
    clause: TextText | None = None


class ContractText(TextModel):
    """contract.yaml"""

    CALLED: ClassVar[str] = "a contract"
    contract: NameText
    title: TextText
    authority: PartyText
    supplier: PartyText
    term: TermText
    confirmed_to: DayText | None = None
    zone: TextText = "Europe/London"
    record_from: MonthText | None = None
    opening: OpeningText = OpeningText()
    areas: dict[NameText, TextText]
    calendars: dict[NameText, CalendarText] = {}
    charges: dict[NameText, dict[NameText, MoneyText]] = {}
    deemed: DeemedText | None = None
    late_evidence: LateEvidenceText | None = None


class ColumnText(TextModel):
    CALLED: ClassVar[str] = "a column"
    type: Literal["number", "text", "date", "datetime", "yes_no"]
    may_be: Literal["missing"] | None = None
    one_of: list[TextText] = []
    source: TextText | None = None
    format: TextText | None = None


class TableText(TextModel):
    CALLED: ClassVar[str] = "an evidence table"
    row_is: TextText
    key: list[NameText]
    dated_by: NameText
    due: DueText = 5
    columns: dict[NameText, ColumnText]


class EvidenceText(TextModel):
    """evidence.yaml"""

    CALLED: ClassVar[str] = "the evidence text"
    tables: dict[NameText, TableText]


class RepeatFailureText(TextModel):
    CALLED: ClassVar[str] = "a repeat-failure rule"
    after: PositiveText
    multiply: PositiveText
    mitigated_period: Literal["skip", "breaks", "counts"]


class ServiceCreditsText(TextModel):
    CALLED: ClassVar[str] = "the service credits"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset(
        {"earn_back", "table", "bands", "at_risk", "amount_per_point", "withhold", "index", "cap_over"}
    )
    free_points: WholeText = 0
    per_point: RateText
    of: NameText
    cap: RateText
    round: RoundingText


class GroundText(TextModel):
    CALLED: ClassVar[str] = "a mitigation ground"
    title: TextText
    clause: TextText
    request_within: WithinText
    effect: Literal["no_points", "no_points_no_trigger"]
    longest: WithinText | None = None


class SmallVolumeText(TextModel):
    CALLED: ClassVar[str] = "a small-volume rule"
    fewer_than: PositiveText
    then: Literal["not_assessed", "allow_failures", "report_only"]
    failures: WholeText | None = None


NoActivity = Literal["not_applicable", "met_target", "not_assessed"]
NoEvidence = Literal["not_submitted", "below_minimum"]


def _kind_of_points(value: object) -> str:
    return "by band" if isinstance(value, dict) else "scale"


PointsText = Annotated[
    Annotated[NameText, Tag("scale")] | Annotated[dict[NameText, WholeText], Tag("by band")],
    Discriminator(_kind_of_points),
]


class DefaultsText(TextModel):
    CALLED: ClassVar[str] = "the defaults"
    unit: TextText = "percent"
    period: PeriodLength = "month"
    round: RoundingText | None = None
    points: NameText | None = None
    repeat_failure: NameText | None = None
    no_activity: NoActivity = "not_applicable"
    no_evidence: NoEvidence = "not_submitted"


class KpiText(TextModel):
    """`target` and `minimum`, or a ladder of `bands` best to worst."""

    CALLED: ClassVar[str] = "a KPI"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset({"weight", "amount_at_risk", "earn_back", "related_to"})
    title: TextText
    area: NameText
    clause: TextText | None = None
    owner: TextText | None = None
    measure: NameText
    unit: TextText | None = None
    period: PeriodLength | None = None
    round: RoundingText | None = None
    target: LevelText | None = None
    minimum: LevelText | None = None
    bands: dict[NameText, EdgeText] | None = None
    below_minimum_from: NameText | None = None
    points: PointsText | None = None
    repeat_failure: NameText | None = None
    small_volume: SmallVolumeText | None = None
    no_activity: NoActivity | None = None
    no_evidence: NoEvidence | None = None


class MeasureText(TextModel):
    CALLED: ClassVar[str] = "a measure"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset(
        {"average", "percentile", "minutes_open", "minutes_down", "on_time", "stated", "python"}
    )
    table: NameText = Field(alias="from")
    leave_out: dict[TextText, ConditionText] = {}
    count_all: ConditionText | None = None
    count_if: ConditionText | None = None
    number_of: ConditionText | None = None
    sum_all: NameText | None = None
    sum_if: ConditionText | None = None
    sum_counted: NameText | None = None


class RegimeText(TextModel):
    """regime.yaml, as signed or consolidated"""

    CALLED: ClassVar[str] = "a regime"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset({"earn_back", "triggers", "incentives", "withholding"})
    regime: NameText
    schedule: TextText
    signed: DayText
    effective: DayText
    points_scales: dict[NameText, dict[NameText, WholeText]] = {}
    repeat_failures: dict[NameText, RepeatFailureText] = {}
    service_credits: ServiceCreditsText | None = None
    mitigation_grounds: dict[NameText, GroundText] = {}
    defaults: DefaultsText = DefaultsText()
    kpis: dict[NameText, KpiText]
    measures: dict[NameText, MeasureText]


class AmendText(TextModel):
    """One amendment; `was`, `set` and `add` are patches of the thing named and are checked against it."""

    CALLED: ClassVar[str] = "an amendment"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset({"calendar", "trigger", "service_credits", "table"})
    kpi: NameText | None = None
    measure: NameText | None = None
    charges: NameText | None = None
    points_scale: NameText | None = None
    term: Literal["supplier_on_challenge", "authority_on_mitigation", "late_evidence"] | None = None
    retire: YesText = False
    was: dict[TextText, object] | None = None
    set: dict[TextText, object] | None = None
    add: dict[TextText, object] | None = None


def _kind_of_kpis(value: object) -> str:
    return "list" if isinstance(value, list) else "all"


class SuspendText(TextModel):
    CALLED: ClassVar[str] = "a suspension"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset({"triggers"})
    what: Literal["points", "service_credits"]
    kpis: Annotated[
        Annotated[Literal["all"], Tag("all")] | Annotated[list[NameText], Tag("list")], Discriminator(_kind_of_kpis)
    ]
    first: MonthText = Field(alias="from")
    last: MonthText = Field(alias="to")


class ChangeText(TextModel):
    """changes/*.yaml"""

    CALLED: ClassVar[str] = "a change notice"
    change: TextText
    title: TextText
    signed: DayText
    effective: DayText | None = None
    from_period: Literal["next"] | None = None
    amend: list[AmendText] = []
    suspend: SuspendText | None = None

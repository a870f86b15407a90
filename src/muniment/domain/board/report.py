"""A board report as dataclasses: tables, charts, failures, credits, projects and footer, worded and formatted.

Documents print it as it stands. They decide nothing and add nothing up; `check_report` proves that it adds up.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from muniment.domain.assessment.status import Category
from muniment.domain.board.chart_data import ChartData
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month
from muniment.domain.regime.levels import BandStatus

Rating = Literal["red", "amber", "green"]


@dataclass(frozen=True)
class MonthHeading:
    """A calendar month and its number in the contract's term."""

    month: Month
    contract_month: int


@dataclass(frozen=True)
class Count:
    """A whole number of KPIs; `fact` is its address, or empty."""

    number: int
    fact: str = ""


@dataclass(frozen=True)
class SummaryColumn:
    """A month of Table 1. `counts` follow the rows of it. A month without figures has no counts, no total, and a `word`
    that says why ('under review')."""

    heading: MonthHeading
    counts: tuple[Count, ...]
    total: Count | None
    credit: Figure | None = None
    word: str = ""


@dataclass(frozen=True)
class StatusMark:
    """A status: its word, and its standing for colour and shape (None: no status, a word alone).

    `mitigation` is a second mark beside the status, e.g. 'mitigated'; it never replaces the first."""

    word: str
    standing: BandStatus | None
    mitigation: str = ""


@dataclass(frozen=True)
class ReportedKpiMonth:
    """A KPI in one month. `value` is the figure or the word for its absence; `counted` is its numerator and denominator
    in words ('7,966 of 59,985 counted calls'). `category` is its row of Table 1, None when it was not in force."""

    month: Month
    value: Figure
    counted: str
    target: str
    minimum: str
    status: StatusMark
    points: Figure
    category: Category | None


@dataclass(frozen=True)
class KpiSection:
    """A KPI over the report's months. `target`, `minimum` and `owner` are those in force at the end. `notices` are
    sentences."""

    code: str
    title: str
    target: str
    minimum: str
    months: tuple[ReportedKpiMonth, ...]
    chart: ChartData | None
    notices: tuple[Words, ...] = ()
    owner: str = ""


@dataclass(frozen=True)
class AreaSection:
    """A service area and its KPIs, retired ones included."""

    name: str
    kpis: tuple[KpiSection, ...]


@dataclass(frozen=True)
class Failure:
    """A KPI that missed a line. `line_missed`: 'failed to meet the Minimum Service Level'. `level`: that line, with
    its clause. What nobody has answered yet is said in words."""

    code: str
    title: str
    month: Month
    line_missed: str
    status: StatusMark
    value: Figure
    counted: str
    level: str
    cause: Words
    effect: Words
    remedy: Words
    points: Figure


@dataclass(frozen=True)
class ReportedMitigation:
    """A granted mitigation, with the value and status that it leaves as they are. `decided`: by which role, and when.
    `period`: 'September 2019 to March 2020'."""

    code: str
    title: str
    ground: str
    clause: str
    period: str
    decided: str
    review: str
    plan: Words
    value: Figure
    counted: str
    status: StatusMark


@dataclass(frozen=True)
class CreditMonth:
    """A month's points and service credit, each as printed; `working` is the sum in words."""

    month: Month
    points: Figure
    before_cap: Figure
    after_cap: Figure
    working: Words


@dataclass(frozen=True)
class ProjectFigure:
    """One figure of a project: 'Forecast end', '31 March 2020'."""

    label: str
    figure: Figure


@dataclass(frozen=True)
class ReportedProject:
    """A project that the policy shows. `why_shown`: the policy's reason; `why`: the reason of the rating."""

    code: str
    title: str
    rating: Rating
    rating_word: str
    stage: str
    why_shown: str
    why: Words
    path_to_green: Words
    figures: tuple[ProjectFigure, ...] = ()


@dataclass(frozen=True)
class ProjectsSection:
    """Projects under a reporting policy. `decided`: who adopted it, and when ('the Board on 28 November 2019').
    `not_shown`: a sentence on how many are left out, and why; said also when it is none."""

    policy: str
    decided: str
    not_shown: str
    shown: tuple[ReportedProject, ...]


@dataclass(frozen=True)
class Provenance:
    """Where the report comes from: the footer's words. `as_known`: 'As known on 22 January 2020'."""

    as_known: str
    known_on: date
    ledger_head: str
    engine: str


@dataclass(frozen=True)
class BoardReport:
    """A report to a board. `title` is its answer. `changed`: sentences on what is new since the month before.
    `waiting`: who must do what by when. Each summary sentence stands also when nothing follows it."""

    report_id: str
    version: str
    title: str
    contract: str
    authority: str
    supplier: str
    board: str
    meeting: date
    months: tuple[MonthHeading, ...]
    coverage: Words
    changed_since: str
    changed: tuple[Words, ...]
    waiting: tuple[Words, ...]
    summary: tuple[SummaryColumn, ...]
    failures_summary: Words
    failures: tuple[Failure, ...]
    mitigations_summary: Words
    mitigations: tuple[ReportedMitigation, ...]
    credits_summary: Words
    credits: tuple[CreditMonth, ...]
    projects: ProjectsSection | None
    areas: tuple[AreaSection, ...]
    provenance: Provenance

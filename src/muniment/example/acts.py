"""What people did, as data. Every act says when (UTC), who, for which side, and why."""

from dataclasses import dataclass, field
from typing import Literal

from muniment.domain.kernel.period import Month
from muniment.domain.portfolio.updates import Rag
from muniment.domain.record.act import Party


@dataclass(frozen=True, kw_only=True)
class ActDetails:
    """`at`: 2019-05-08T14:00:00Z. `actor`: the id of a person of the cast."""

    at: str
    actor: str
    on_behalf_of: Party
    reason: str


@dataclass(frozen=True, kw_only=True)
class OpenRecord(ActDetails):
    contract: str


@dataclass(frozen=True, kw_only=True)
class AdoptText(ActDetails):
    """`files`: every file of the contract folder that is adopted from now on."""

    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Submit(ActDetails):
    """The table's evidence for the month, as generator.csv_of gives it."""

    table: str
    month: Month

    @property
    def file_name(self) -> str:
        return f"{self.table}-{self.month}.csv"


@dataclass(frozen=True, kw_only=True)
class Appoint(ActDetails):
    """`person`: an id of the cast. `first`: the day from which they hold the role."""

    person: str
    name: str
    role: str
    first: str


@dataclass(frozen=True, kw_only=True)
class Approve(ActDetails):
    """The supplier's approver stands behind the table's evidence for the month."""

    table: str
    month: Month


@dataclass(frozen=True, kw_only=True)
class Accept(ActDetails):
    """The authority's officer accepts the table's evidence for the month."""

    table: str
    month: Month


@dataclass(frozen=True, kw_only=True)
class Sign(ActDetails):
    """The first signature on the month's statement."""

    month: Month


@dataclass(frozen=True, kw_only=True)
class LockMonth(ActDetails):
    """The second signature: the statement is locked."""

    month: Month


@dataclass(frozen=True, kw_only=True)
class RequestMitigation(ActDetails):
    """For the months first to last, both included. `reason` says why it is asked for."""

    mitigation: str
    kpi: str
    ground: str
    first: Month
    last: Month
    plan: str | None = None
    review_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class DecideMitigation(ActDetails):
    mitigation: str
    outcome: Literal["granted", "refused"]
    effect: str | None = field(default=None)


@dataclass(frozen=True, kw_only=True)
class ExplainFailure(ActDetails):
    """`month`: the month, or the last month of the quarter, in which the KPI failed."""

    kpi: str
    month: Month
    cause: str
    effect: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class UpdateProject(ActDetails):
    project: str
    as_at: str
    rag: Rag
    stage: str
    why: str
    path_to_green: str | None = None


StoryAct = (
    OpenRecord
    | AdoptText
    | Appoint
    | Submit
    | Approve
    | Accept
    | Sign
    | LockMonth
    | RequestMitigation
    | DecideMitigation
    | ExplainFailure
    | UpdateProject
)

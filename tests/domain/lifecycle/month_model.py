"""A month as docs/explanation/lifecycles.md tells it, for the commands to be compared with.

The model below was written from that page's sentences, not from the tables of the product: it keeps plain facts and
says for each act which rules stand against it. `role`, `four_eyes` and `stale` are rules of their own; all that the
state forbids is `state`.
"""

from dataclasses import dataclass, field
from datetime import date

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.act import Party

MONTH = "2019-09"
TABLES = ("calls", "staff")
KPIS = ("K1", "K2")
FAILING = ("K1",)
TODAY = date(2019, 10, 15)
DUE = {"calls": date(2019, 10, 7), "staff": date(2019, 10, 31)}
PEOPLE: dict[str, tuple[Party, tuple[str, ...]]] = {
    "preparer": ("supplier", ("supplier_preparer",)),
    "approver": ("supplier", ("supplier_approver",)),
    "lead": ("supplier", ("supplier_preparer", "supplier_approver")),
    "officer": ("authority", ("contract_officer",)),
    "manager": ("authority", ("contract_manager",)),
    "decider": ("authority", ("decision_maker",)),
    "deputy": ("authority", ("contract_manager", "decision_maker")),
    "turncoat": (
        "authority",
        ("supplier_preparer", "supplier_approver", "contract_officer", "contract_manager", "decision_maker"),
    ),
    "admin": ("authority", ("administrator",)),
    "stranger": ("authority", ()),
}
SUPPLIER = {"supplier_preparer", "supplier_approver"}
MAY: dict[str, set[str]] = {
    "submit": SUPPLIER,
    "approve": {"supplier_approver"},
    "withdraw": SUPPLIER,
    "accept": {"contract_officer"},
    "withdraw_acceptance": {"contract_officer", "contract_manager"},
    "challenge": {"contract_officer", "contract_manager"},
    "answer": SUPPLIER,
    "close": {"contract_officer", "contract_manager"},
    "dispute": {"supplier_approver"},
    "resolve": {"decision_maker"},
    "request": SUPPLIER,
    "decide": {"decision_maker"},
    "take_back": SUPPLIER,
    "sign": {"contract_manager"},
    "lock": {"supplier_approver", "contract_manager", "decision_maker"},
    "propose": {"contract_manager"},
    "confirm": {"contract_manager"},
    "decide_restatement": {"decision_maker"},
}


@dataclass
class FileModel:
    """A submission: who prepared it, whether the supplier's approver stood by it."""

    id: str
    by: str
    is_approved: bool = False
    approved_by: str | None = None


@dataclass
class TableModel:
    """`latest`: the file that stands last; `accepted`: the one that counts for good."""

    latest: FileModel | None = None
    accepted: FileModel | None = None
    rejected: tuple[str, ...] = ()
    count: int = 0
    challenges: int = 0
    challenge: str | None = None
    is_answered: bool = False
    is_disputed: bool = False

    @property
    def is_proposal(self) -> bool:
        return self.accepted is not None and self.latest is not self.accepted

    @property
    def is_settled(self) -> bool:
        return self.accepted is not None or self.is_disputed

    @property
    def counting(self) -> tuple[str, bool, tuple[str, ...]] | None:
        """Id, whether it is provisional, and the rows that do not count."""
        if self.accepted is not None:
            return self.accepted.id, False, self.rejected
        return (self.latest.id, True, ()) if self.latest else None

    @property
    def state(self) -> str:
        """Where the evidence stands, in one word."""
        if self.latest is None:
            return "awaiting"
        if self.accepted is not None:
            waits = "proposal_approved" if self.latest.is_approved else "proposed"
            return waits if self.is_proposal else "accepted"
        if not self.latest.is_approved:
            return "submitted"
        if self.challenge is not None:
            return "answered" if self.is_answered else "challenged"
        return "disputed" if self.is_disputed else "approved"

    def forget_challenge(self) -> None:
        self.challenge, self.is_answered, self.is_disputed = None, False, False


@dataclass
class RequestModel:
    id: str
    kpi: str
    ground: str
    by: str
    outcome: str | None = None


@dataclass
class ProposalModel:
    id: str
    by: str
    sealed: dict[str, Json]
    computed_on: int
    is_changed: bool = False


@dataclass
class MonthModel:
    """`versions`: what each locked version sealed. `touched`: thing -> seq of the last entry about it."""

    tables: dict[str, TableModel] = field(default_factory=lambda: {table: TableModel() for table in TABLES})
    disputes: dict[str, str] = field(default_factory=dict)
    disputed_by: dict[str, str] = field(default_factory=dict)
    raised: dict[str, int] = field(default_factory=dict)
    resolved: int = 0
    requests: list[RequestModel] = field(default_factory=list)
    signed_by: str | None = None
    signed: dict[str, Json] = field(default_factory=dict)
    overdue: tuple[str, ...] = ()
    versions: list[dict[str, Json]] = field(default_factory=list)
    is_changed: bool = False
    proposal: ProposalModel | None = None
    proposals: int = 0
    last_input: int = 0
    touched: dict[str, int] = field(default_factory=dict)

    def inputs(self) -> dict[str, Json]:
        """All that the month's figures follow from."""
        evidence: list[Json] = []
        for name, table in self.tables.items():
            counting = table.counting
            rows: list[Json] = [*counting[2]] if counting else []
            evidence.append([name, table.is_disputed, [counting[0], counting[1], rows] if counting else None])
        decided: list[Json] = [[r.id, r.outcome] for r in self.requests if r.outcome not in (None, "withdrawn")]
        return {"evidence": evidence, "decided": decided, "resolved": self.resolved}

    def settle_change(self, before: dict[str, Json]) -> None:
        """What a change of the inputs does to a signature, to a locked version and to a proposal."""
        if self.inputs() == before:
            return
        self.signed_by = None
        if self.proposal is not None:
            self.proposal.is_changed = True
        elif self.versions:
            self.is_changed = True

    def state(self) -> str:
        if self.proposal is not None:
            return "changed_since_proposal" if self.proposal.is_changed else "restatement_proposed"
        if self.versions:
            return "changed_since_lock" if self.is_changed else "locked"
        return "open" if self.signed_by is None else "signed"

    def is_ready(self, overdue: tuple[str, ...]) -> bool:
        """Over; evidence settled or overdue and said so; nothing asked and unanswered; mitigations decided."""
        if any(table.challenge is not None for table in self.tables.values()):
            return False
        for name, table in self.tables.items():
            is_late = DUE[name] < TODAY
            if table.is_settled == (name in overdue) or (not table.is_settled and not is_late):
                return False
        waiting = [r for r in self.requests if r.outcome is None and r.kpi in FAILING]
        return all(request.kpi in self.disputes for request in waiting)

    def locked_version(self) -> str | None:
        return f"v{len(self.versions)}" if self.versions else None


def side_of(actor: str, command: str) -> Party:
    """The turncoat acts for whichever side may; the others for their own."""
    if actor == "turncoat" and MAY[command] <= SUPPLIER:
        return "supplier"
    return PEOPLE[actor][0]


def may(actor: str, command: str) -> bool:
    roles = {role for role in PEOPLE[actor][1] if (role in SUPPLIER) == (side_of(actor, command) == "supplier")}
    return bool(MAY[command] & roles)

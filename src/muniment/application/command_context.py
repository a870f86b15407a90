"""A contract opened for a command, by a person on a day; adopting its text and disputing a result; what waits next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from muniment.application.agreed_terms import deemed_proposals_of, waiting_in
from muniment.application.load import OpenedContract, local_day, open_contract
from muniment.application.projection_state import projection_state_of
from muniment.application.stores import CheckableLedger, ContractPlace, FileBlobStore, open_store, today_in
from muniment.commands.contract_text import adopt_text
from muniment.commands.results import dispute_result
from muniment.commands.waiting import WaitingItem
from muniment.domain.kernel.period import Period
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.record.act import Act, Party, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import first_with_key
from muniment.domain.record.replay import payload_of
from muniment.domain.regime.adoption import TextAdopted
from muniment.domain.regime.contract import Contract

_Progress = Callable[[str], None]


def _to_nobody(step: str) -> None:
    """Where nobody waits to hear how far an act is."""


@dataclass(frozen=True)
class CommandContext:
    """A contract opened for an act. `today`: the day in the contract's zone. `say`: told how far a long act is."""

    folder: ContractPlace
    opened: OpenedContract
    act: Act
    today: date
    say: _Progress = _to_nobody

    @property
    def ledger(self) -> CheckableLedger:
        return self.opened.store.ledger

    @property
    def blobs(self) -> FileBlobStore:
        return self.opened.store.blobs

    @property
    def contract(self) -> Contract:
        """As the agreed text has it, with the bank holidays known that day."""
        return self.opened.text.contract(known=self.opened.known)

    @property
    def projects(self) -> tuple[str, ...]:
        return tuple(self.opened.followed.projects)

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI of every version of the text."""
        return self.opened.text.all_kpis()

    @property
    def term(self) -> Period:
        """The months of the contract."""
        return Period(self.contract.start, self.contract.end)

    @property
    def grounds(self) -> tuple[str, ...]:
        text = self.opened.text
        return tuple(text.regime_at(on=text.contract_text.term.last, known=None).grounds)

    def deemed_proposal(self, of: str) -> DeemedProposal | None:
        """What the agreed text says of the challenge or request that waits; None where it says nothing."""
        return deemed_proposals_of(self.opened).get(of)


def open_for_act(
    *, folder: ContractPlace, actor: str, side: Party, reason: str, seen: int | None, key: str | None
) -> CommandContext:
    """Open the contract as known today, for the act of a person as they declare it. Raises ProblemsFoundError,
    RefusedError."""
    opened = open_contract(folder=folder, known=None)
    today = today_in(opened.text.contract_text.zone)
    act = Act(actor, side, reason, key=key, seen=seen, on=today)
    known = today if opened.known is None else max(today, opened.known)
    return CommandContext(folder, replace(opened, known=known), act, today)


def with_all_entries(opened: OpenedContract, folder: ContractPlace) -> OpenedContract:
    """With the entries of a clock that was ahead of this one too: whoever acts, acts on all that is recorded."""
    entries = opened.store.ledger.entries()
    last = local_day(entries[-1].recorded_at, opened.text.contract_text.zone) if entries else None
    if last is None or opened.known is None or last <= opened.known:
        return opened
    return open_contract(folder=folder, known=last)


def as_the_first_time(acting: CommandContext) -> CommandContext:
    """The contract as it stood when the act's key was used first, for what is computed from the whole record: the same
    request again is the same act, whatever came since. Unchanged for a new key."""
    entries = acting.opened.store.ledger.entries()
    before = None if acting.act.key is None else first_with_key(entries, acting.act.key)
    if before is None:
        return acting
    day = local_day(before.recorded_at, acting.opened.text.contract_text.zone)
    opened = open_contract(folder=acting.folder, known=day)
    then = replace(opened, entries=opened.entries[: before.seq - 1])
    return replace(acting, opened=then, act=replace(acting.act, on=day), today=day)


def adopt(acting: CommandContext) -> Entry:
    """Adopt the text as the files are now. A copy of each is kept, to compute statements under it again."""
    opened = acting.opened
    for text in opened.texts.values():
        if opened.store.adopted_text(sha256(text.encode()).hexdigest()) is None:
            opened.store.blobs.put(text.encode())
    return adopt_text(ledger=opened.store.ledger, act=acting.act, texts=opened.texts, text=opened.text)


def waits_next(acting: CommandContext, *, entry: Entry) -> tuple[WaitingItem, ...]:
    """What waits now about the thing that the entry was about, or about its month, or about the months that a text
    touches. Evidence that has not come is left out: it waits whatever was done."""
    opened = replace(acting.opened, entries=open_store(acting.folder).ledger.entries())
    parts = entry.subject.split("/")
    months = [f"{parts[0]}/{parts[2]}" if len(parts) > 3 else "/".join(parts[:2])]
    if entry.kind == TextAdopted.kind:
        months = [f"{parts[0]}/{month}" for month in payload_of(entry, TextAdopted).touches]
    found = (item for month in months for item in waiting_in(opened, on=acting.today, subject=month))
    return tuple(item for item in found if "submit" not in item.commands)


def dispute_shown_result(
    acting: CommandContext, *, contract: str, kpi: str, period: str, supplier_value: str, using: str
) -> Entry:
    """Raises RefusedError while the figures are being computed again, ProblemsFoundError, NotRecordedError."""
    return dispute_result(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        kpi=kpi,
        period=period,
        supplier_value=supplier_value,
        authority_value=_authority_value(acting, contract, kpi=kpi, period=period, using=using),
        kpis=acting.kpis,
    )


def _authority_value(acting: CommandContext, contract: str, *, kpi: str, period: str, using: str) -> str | None:
    """As it is shown; of the same act again, as the first time."""
    from muniment.application.projected import projected_kpi_month

    key = acting.act.key
    before = None if key is None else first_with_key(acting.opened.store.ledger.entries(), key)
    if before is not None:
        return str(before.payload.get("authority_value") or "") or None
    # The standing first: what is computed in between is newer.
    if projection_state_of(contract, using=using).is_behind:
        what = "the figures are being computed again, and what you dispute must be the figure of today"
        raise RefusedError("being_computed", what, "look at the figure again in a moment, and dispute it then")
    found = projected_kpi_month(contract, period, kpi, using=using)
    return found.shown or None if found is not None else None

"""Acting on a contract: who acts on which day, and the statement that a person signs, locks or restates."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from muniment.commands.adopt_text import adopt_text
from muniment.commands.as_shown import NotAsShown
from muniment.commands.foresee_refusal import SettlingVerb, foresee_refusal
from muniment.commands.keep_statement import keep_statement
from muniment.commands.lock_month import lock_month
from muniment.commands.propose_restatement import propose_restatement
from muniment.commands.queries.restated import Step, steps_of
from muniment.commands.queries.waiting import Waiting
from muniment.commands.sign_statement import sign_statement
from muniment.domain.assessment.month_lock import Lock, locks_known, signatures_known
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_differences import Difference
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.lifecycle.silence import Silence
from muniment.domain.record.act import Act, Party
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import first_with_key
from muniment.domain.record.refused import Refused
from muniment.domain.record.replay import payload_of
from muniment.domain.record.reported import Reported, figures_reported
from muniment.domain.regime.adoption import TextAdopted
from muniment.faces.desk.agreed_terms import silences_of, waiting_in
from muniment.faces.desk.computing import Computed, compute
from muniment.faces.desk.opening import Opened, local_day, must_be_adopted, open_contract
from muniment.faces.desk.restating import restatement_of, shadow_of
from muniment.faces.desk.stores import Where, open_store, today_in

COMPUTING, RECORDING = "Computing the statement from the evidence", "Recording"
Say = Callable[[str], None]


def _to_nobody(step: str) -> None:
    """Where nobody waits to hear how far an act is."""


@dataclass(frozen=True)
class Shown:
    """The statement that somebody was shown before they sign: its sealed fingerprint, and its figures in words."""

    statement: str
    figures: str


@dataclass(frozen=True)
class Acting:
    """A contract opened for an act. `today`: the day in the contract's zone. `say`: told how far a long act is."""

    folder: Where
    opened: Opened
    act: Act
    today: date
    say: Say = _to_nobody

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI of every version of the text."""
        text = self.opened.text
        days = [text.contract_text.term.first, *(notice.effective for notice in text.notices)]
        return tuple(dict.fromkeys(code for day in days for code in text.regime_at(on=day, known=None).kpis))

    @property
    def term(self) -> Period:
        """The months of the contract."""
        contract = self.opened.text.contract(known=self.opened.known)
        return Period(contract.start, contract.end)

    @property
    def grounds(self) -> tuple[str, ...]:
        text = self.opened.text
        return tuple(text.regime_at(on=text.contract_text.term.last, known=None).grounds)


def open_for_act(*, folder: Where, actor: str, side: Party, reason: str, seen: int | None, key: str | None) -> Acting:
    """Open the contract as known today, for the act of a person as they declare it. Raises ProblemsFound, Refused."""
    zone = open_contract(folder=folder, known=None).text.contract_text.zone
    today = today_in(zone)
    act = Act(actor, side, reason, key=key, seen=seen, on=today)
    return Acting(folder, _with_all(open_contract(folder=folder, known=today), folder), act, today)


def _with_all(opened: Opened, folder: Where) -> Opened:
    """With the entries of a clock that was ahead of this one too: whoever acts, acts on all that is recorded."""
    entries = opened.store.ledger.entries()
    last = local_day(entries[-1].recorded_at, opened.text.contract_text.zone) if entries else None
    if last is None or opened.known is None or last <= opened.known:
        return opened
    return open_contract(folder=folder, known=last)


def as_the_first_time(acting: Acting) -> Acting:
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


def adopt(acting: Acting) -> Entry:
    """Adopt the text as the files are now. A copy of each is kept, to compute statements under it again."""
    opened = acting.opened
    for text in opened.texts.values():
        if opened.store.adopted_text(sha256(text.encode()).hexdigest()) is None:
            opened.store.blobs.put(text.encode())
    return adopt_text(ledger=opened.store.ledger, act=acting.act, texts=opened.texts, text=opened.text)


def sign(
    acting: Acting, *, month: Month, overdue: Sequence[tuple[str, str]], shown: Shown | None = None
) -> tuple[Entry, str]:
    """The first signature, on the statement as known today; and its fingerprint. `shown`: refused as NotAsShown where
    that is another one."""
    opened = to_be_signed(acting, month)
    entries = opened.entries
    computed = _computed(acting, opened, month)
    statement = _must_be_as_shown(acting, computed, verb="sign", shown=shown)
    entry = sign_statement(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        statement=statement,
        known=opened.known or acting.today,
        computed_on=len(entries),
        overdue=overdue,
    )
    return entry, statement


def lock(acting: Acting, *, month: Month, shown: Shown | None = None) -> Entry:
    """The second signature, on the statement that the first one saw, computed again from the same entries. `shown`:
    refused as NotAsShown where that is another one."""
    opened = to_be_signed(acting, month)
    entries = opened.entries
    signature = signatures_known(entries).get(month)
    seen, computed_on = opened, len(entries)
    if signature is not None:
        computed_on = signature.signed.computed_on
        seen = replace(opened, known=signature.signed.known, entries=entries[:computed_on])
    computed = _computed(acting, seen, month)
    _must_be_as_shown(acting, computed, verb="lock", shown=shown)
    return lock_month(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        sealed=computed.month.sealed,
        computed_on=computed_on,
    )


def propose(acting: Acting, *, month: Month, is_outside_window: bool = False) -> tuple[Entry, Sequence[Difference]]:
    """A restatement of the last locked version to what is known today, with every later locked month that changes with
    it; and what differs in the month itself, inputs first. Class and cause are computed.

    `is_outside_window`: it is proposed although only evidence after the agreed window makes it necessary.
    """
    opened = to_be_signed(acting, month)
    lock = last_lock(opened, month)
    acting.say(COMPUTING)
    restatement = restatement_of(opened=opened, lock=lock, is_outside_meant=is_outside_window)
    first = restatement.first
    if is_outside_window and restatement.outside is None:
        what = f"no restatement of {month} waits on evidence that came after an agreed window"
        remedy = "a contract manager could propose it without saying that the window is over"
        raise Refused("late_evidence", what, remedy)
    acting.say(RECORDING)
    entry = propose_restatement(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        month=first.month,
        restates=first.restates,
        cause=first.cause,
        sealed=first.sealed,
        computed_on=len(opened.entries),
        differences=first.differences,
        ripple=restatement.ripple,
        outside=restatement.outside,
    )
    return entry, restatement.found.differences


def keep(acting: Acting, *, month: Month) -> Entry:
    """Keep the month's last locked version, after computing what it would say now. Raises Refused where that asks for a
    restatement."""
    opened = to_be_signed(acting, month)
    lock = last_lock(opened, month)
    acting.say(COMPUTING)
    shadow = shadow_of(opened=opened, lock=lock)
    acting.say(RECORDING)
    return keep_statement(
        ledger=opened.store.ledger,
        act=acting.act,
        month=month,
        shadow=shadow,
        known=opened.known or acting.today,
        computed_on=len(opened.entries),
    )


def to_be_signed(acting: Acting, month: Month) -> Opened:
    """The contract with all its entries, under the text that was adopted. Raises Refused for files that differ."""
    opened = _with_all(acting.opened, acting.folder)
    must_be_adopted(opened, up_to=max([month, *locks_known(opened.entries)]))
    return opened


def last_lock(opened: Opened, month: Month) -> Lock:
    """Raises Refused for a month that is not locked."""
    locks = locks_known(opened.entries).get(month, ())
    if not locks:
        what = f"{month.name} is not locked, so there is nothing to restate"
        raise Refused("not_locked", what, "it could be signed and locked")
    return locks[-1]


def readers_of(acting: Acting, *, months: Collection[Month]) -> tuple[Reported, ...]:
    """The figures of those months that were reported: their readers have to be told of another version."""
    named = {str(month) for month in months}
    entries = open_store(acting.folder).ledger.entries()
    return tuple(found for found in figures_reported(entries) if named & {*found.figure.fact.split("/")})


def steps(acting: Acting, *, restatement: str) -> tuple[Step, ...]:
    """What a proposed restatement does, or did, to each month that it restates."""
    return steps_of(open_store(acting.folder).ledger.entries(), restatement=restatement)


def silence_on(acting: Acting, of: str) -> Silence | None:
    """What the agreed text says of the challenge or request that waits; None where it says nothing."""
    return silences_of(acting.opened).get(of)


def waits_next(acting: Acting, *, entry: Entry) -> tuple[Waiting, ...]:
    """What waits now about the thing that the entry was about, or about its month, or about the months that a text
    touches. Evidence that has not come is left out: it waits whatever was done."""
    opened = replace(acting.opened, entries=open_store(acting.folder).ledger.entries())
    parts = entry.subject.split("/")
    months = [f"{parts[0]}/{parts[2]}" if len(parts) > 3 else "/".join(parts[:2])]
    if entry.kind == TextAdopted.kind:
        months = [f"{parts[0]}/{month}" for month in payload_of(entry, TextAdopted).touches]
    found = (item for month in months for item in waiting_in(opened, on=acting.today, subject=month))
    return tuple(item for item in found if "submit" not in item.verbs)


def _computed(acting: Acting, opened: Opened, month: Month) -> Computed:
    acting.say(COMPUTING)
    computed = compute(opened=opened, month=month, engine="duckdb", elsewhere={})
    acting.say(RECORDING)
    return computed


def _must_be_as_shown(acting: Acting, computed: Computed, *, verb: SettlingVerb, shown: Shown | None) -> str:
    """The statement's fingerprint. Raises NotAsShown, or Stale where what happened since can be named."""
    statement, found = computed.month.statement, sealed_fingerprint(computed.month.sealed)
    if shown is not None and shown.statement != found:
        credit = statement.credit
        foresee_refusal(ledger=acting.opened.store.ledger, act=acting.act, verb=verb, month=statement.month)
        now = figures_in_words(points=str(statement.points), due=str(credit.due) if credit else "")
        raise NotAsShown(month=statement.month, shown=shown.figures, now=now)
    return found


def figures_in_words(*, points: str, due: str) -> str:
    """5 service points and a credit of £500.00. `due`: blank where the contract has no credits."""
    of_points = f"{points} service point{'' if points == '1' else 's'}"
    return f"{of_points} and a credit of {due}" if due else of_points


def month_to_lock(computed: Computed, month: Month) -> MonthToLock:
    results = computed.month.results
    tables = dict.fromkeys(result.kpi.measure.table for result in results)
    period = Period(month, month)
    return MonthToLock(
        month=month,
        due={table: computed.reading.due_date(table=table, period=period) for table in tables},
        failing=frozenset(result.kpi.code for result in results if result.standing.is_failing),
    )

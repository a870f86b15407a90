"""Acting on a contract: who acts on which day, and the statement that a person signs, locks or restates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from muniment.commands.lock_month import lock_month
from muniment.commands.propose_restatement import propose_restatement
from muniment.commands.queries.waiting import Waiting, waiting
from muniment.commands.sign_statement import sign_statement
from muniment.domain.assessment.month_lock import locks_known, signatures_known
from muniment.domain.assessment.restatement import Differs
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_differences import Difference, causes_of, differences
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.record.act import Act, Party
from muniment.domain.record.entry import Entry
from muniment.domain.record.refused import Refused
from muniment.faces.desk.computing import Computed, compute
from muniment.faces.desk.opening import Opened, open_contract
from muniment.faces.desk.restating import class_of
from muniment.faces.desk.stores import Where, open_store


@dataclass(frozen=True)
class Acting:
    """A contract opened for an act. `today`: the day in the contract's zone."""

    folder: Where
    opened: Opened
    act: Act
    today: date

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI of every version of the text."""
        text = self.opened.text
        days = [text.contract_text.term.first, *(notice.effective for notice in text.notices)]
        return tuple(dict.fromkeys(code for day in days for code in text.regime_at(on=day, known=None).kpis))

    @property
    def grounds(self) -> tuple[str, ...]:
        text = self.opened.text
        return tuple(text.regime_at(on=text.contract_text.term.last, known=None).grounds)


def open_for_act(*, folder: Where, actor: str, side: Party, reason: str, seen: int | None, key: str | None) -> Acting:
    """Open the contract as known today, for the act of a person as they declare it. Raises ProblemsFound, Refused."""
    zone = open_contract(folder=folder, known=None).text.contract_text.zone
    today = datetime.now(tz=UTC).astimezone(ZoneInfo(zone)).date()
    act = Act(actor, side, reason, key=key, seen=seen, on=today)
    return Acting(folder, open_contract(folder=folder, known=today), act, today)


def sign(acting: Acting, *, month: Month, overdue: Sequence[tuple[str, str]]) -> tuple[Entry, str]:
    """The first signature, on the statement as known today; and its fingerprint."""
    entries = acting.opened.entries
    computed = _computed(acting.opened, month)
    statement = sealed_fingerprint(computed.month.sealed)
    entry = sign_statement(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        statement=statement,
        known=acting.today,
        computed_on=len(entries),
        overdue=overdue,
    )
    return entry, statement


def lock(acting: Acting, *, month: Month) -> Entry:
    """The second signature, on the statement that the first one saw, computed again from the same entries."""
    entries = acting.opened.entries
    signature = signatures_known(entries).get(month)
    seen, computed_on = acting.opened, len(entries)
    if signature is not None:
        computed_on = signature.signed.computed_on
        seen = replace(acting.opened, known=signature.signed.known, entries=entries[:computed_on])
    computed = _computed(seen, month)
    return lock_month(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        to_lock=month_to_lock(computed, month),
        sealed=computed.month.sealed,
        computed_on=computed_on,
    )


def propose(acting: Acting, *, month: Month) -> tuple[Entry, Sequence[Difference]]:
    """A restatement of the last locked version to what is known today; and the differences, inputs first.

    Class and cause are computed."""
    locks = locks_known(acting.opened.entries).get(month, ())
    if not locks:
        what = f"{month.name} is not locked, so there is nothing to restate"
        raise Refused("not_locked", what, "it could be signed and locked")
    computed = _computed(acting.opened, month)
    found = differences(locks[-1].locked.sealed, computed.month.sealed)
    entry = propose_restatement(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        month=str(month),
        restates=class_of(opened=acting.opened, lock=locks[-1]),
        cause=", ".join(causes_of(found)) or "engine",
        sealed=computed.month.sealed,
        computed_on=len(acting.opened.entries),
        differences=[Differs(f"{d.of}/{d.part}", d.before, d.after) for d in found],
        ripple=tuple(_ripple(acting, month)),
    )
    return entry, found


def waits_next(*, folder: Where, subject: str, today: date) -> tuple[Waiting, ...]:
    """What waits now about the thing that an entry was about, or about its month."""
    entries = open_store(folder).ledger.entries()
    parts = subject.split("/")
    month = f"{parts[0]}/{parts[2]}" if len(parts) > 3 else "/".join(parts[:2])
    return waiting(entries, on=today, subject=month)


def _computed(opened: Opened, month: Month) -> Computed:
    return compute(opened=opened, month=month, engine="duckdb", elsewhere={})


def month_to_lock(computed: Computed, month: Month) -> MonthToLock:
    results = computed.month.results
    tables = dict.fromkeys(result.kpi.measure.table for result in results)
    period = Period(month, month)
    return MonthToLock(
        month=month,
        due={table: computed.reading.due_date(table=table, period=period) for table in tables},
        failing=frozenset(result.kpi.code for result in results if result.standing.is_failing),
    )


def _ripple(acting: Acting, month: Month) -> Iterable[str]:
    """Later locked months whose figures would differ too."""
    for later, locks in sorted(locks_known(acting.opened.entries).items()):
        if later > month:
            sealed: dict[str, Json] = _computed(acting.opened, later).month.sealed
            figures = [d for d in differences(locks[-1].locked.sealed, sealed) if d.kind != "input"]
            if figures:
                yield str(later)

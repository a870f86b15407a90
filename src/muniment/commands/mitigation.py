"""Commands on mitigation: the supplier asks for it or withdraws, the authority grants or refuses it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from muniment.commands.recording import record_entry
from muniment.commands.spec import KPI_CODE, CommandField, CommandSpec, moves
from muniment.domain.assessment.mitigation import (
    MITIGATION_EFFECTS,
    MITIGATION_OUTCOMES,
    MitigationDecided,
    MitigationRequested,
    MitigationWithdrawn,
    mitigations_known,
)
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.kernel.period import Period, months_from
from muniment.domain.lifecycle.appointments import day_of_act
from muniment.domain.lifecycle.deemed import DeemedProposal, confirm_deemed
from muniment.domain.lifecycle.permissions import must_be_another
from muniment.domain.lifecycle.policies import (
    contract_of,
    decided,
    known_day,
    may_request,
    must_be_agreed,
    must_be_within,
    must_say,
    whole_month,
)
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger

_MITIGATION_ID = CommandField("mitigation", "its id, as cssc/ACF_KPI_03/2019-04/g1", "MITIGATION")
REQUEST_MITIGATION = CommandSpec(
    name="request_mitigation",
    says="ask for mitigation",
    roles=("supplier_preparer", "supplier_approver"),
    entry_kind=MitigationRequested,
    line="request-mitigation",
    summary="ask for mitigation of a KPI, on a ground, for some months",
    fields=(
        KPI_CODE,
        CommandField("ground", "a ground of the agreed text", "GROUND", option="ground"),
        CommandField("first", "first month, as 2019-07", "MONTH", "month", "from"),
        CommandField("last", "last month, as 2019-11", "MONTH", "month", "to"),
        CommandField("review_on", "when it is reviewed", "DAY", "day", "review-on", is_needed=False),
        CommandField("plan", "the improvement plan", "TEXT", "text", "plan", is_needed=False),
    ),
    perform=lambda acting, given: request_mitigation(
        ledger=acting.ledger, act=acting.act, kpi=given.text("kpi"), ground=given.text("ground"),
        first=given.text("first"), last=given.text("last"), review_on=given.text_or_none("review_on"),
        plan=given.text_or_none("plan"), kpis=acting.kpis, grounds=acting.grounds, term=acting.term,
    ),
)  # fmt: skip
DECIDE_MITIGATION = CommandSpec(
    name="decide_mitigation",
    says="decide a mitigation",
    roles=("decision_maker",),
    apart_from="requester and decider",
    binds=True,
    entry_kind=MitigationDecided,
    event=moves(MitigationDecided),
    line="decide-mitigation",
    summary="grant or refuse a mitigation request",
    fields=(
        _MITIGATION_ID,
        CommandField("outcome", "the decision", kind="choice", option="outcome", choices=MITIGATION_OUTCOMES),
        CommandField(
            "effect", "what a grant does", kind="choice", option="effect", is_needed=False, choices=MITIGATION_EFFECTS
        ),
        CommandField("rows", "a row that a grant in part covers", "ROW", option="row", is_needed=False,
                     is_repeated=True),
        CommandField("days", "a day that a grant in part covers", "DAY", "day", "day", is_needed=False,
                     is_repeated=True),
        CommandField("is_deemed", "because nobody decided in time, as the agreed text says (deemed)", kind="flag",
                     option="deemed", is_needed=False),
    ),
)  # fmt: skip
WITHDRAW_MITIGATION = CommandSpec(
    name="withdraw_mitigation",
    says="withdraw a mitigation request",
    roles=("supplier_preparer", "supplier_approver"),
    entry_kind=MitigationWithdrawn,
    event=moves(MitigationWithdrawn),
    fields=(_MITIGATION_ID,),
    perform=lambda acting, given: withdraw_mitigation(
        ledger=acting.ledger, act=acting.act, mitigation=given.text("mitigation")
    ),
)
COMMANDS = (REQUEST_MITIGATION, DECIDE_MITIGATION, WITHDRAW_MITIGATION)


def request_mitigation(
    *,
    ledger: Ledger,
    act: Act,
    kpi: str,
    ground: str,
    first: str,
    last: str,
    review_on: str | None = None,
    plan: str | None = None,
    kpis: Collection[str],
    grounds: Collection[str],
    term: Period,
) -> Entry:
    """For the months `first` to `last`, both included. `kpis`, `grounds`: those that the agreed text knows. `term`: the
    months of the contract, which a request stays within."""
    must_be_agreed(kpi, among=kpis, what="KPI")
    must_be_agreed(ground, among=grounds, what="mitigation ground")
    request = MitigationRequested(
        kpi=kpi,
        ground=ground,
        first=whole_month(first),
        last=whole_month(last),
        review_on=known_day(review_on) if review_on is not None else None,
        plan=plan,
    )
    must_say(request.texts())
    must_be_within(term, first=request.first, last=request.last)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        known = mitigations_known(entries)
        may_request(known, kpi=kpi, ground=ground, first=request.first, last=request.last)
        number = 1 + sum(earlier.kpi == kpi and earlier.first == request.first for earlier in known)
        return Draft(f"{contract}/{kpi}/{request.first}/g{number}", request, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=REQUEST_MITIGATION,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{request.first}",
    )


def decide_mitigation(
    *,
    ledger: Ledger,
    act: Act,
    mitigation: str,
    outcome: str,
    effect: str | None = None,
    rows: Sequence[str] = (),
    days: Sequence[str] = (),
    is_deemed: bool = False,
    deemed: DeemedProposal | None = None,
) -> Entry:
    """`mitigation`: the id of the request. `effect`: what a grant does; a refusal has none. `rows` or `days`: what a
    grant in part covers. `is_deemed`: because nobody decided in time. `deemed`: what the text says of it."""
    decision = decided(outcome=outcome, effect=effect, rows=rows, days=days)

    def decide(entries: Sequence[Entry]) -> Draft:
        DECIDE_MITIGATION.must_be_allowed(entries, thing=mitigation, outcome=decision.outcome)
        request = next(known for known in mitigations_known(entries) if known.id == mitigation)
        must_be_another(request.requested.actor, act=act, did=f"asked for {mitigation}", what="decide it")
        months = months_from(request.first, request.last)
        locks = tuple((str(m), locked) for m in months if (locked := version_locked(entries, m)) is not None)
        made = replace(decision, after_locks=locks)
        if not is_deemed:
            return Draft(mitigation, made, act)
        day = day_of_act(act, entries=entries)
        ground = confirm_deemed(
            deemed, of=mitigation, on="mitigation request", outcome=decision.outcome, effect=effect, day=day
        )
        return Draft(mitigation, replace(made, deemed=ground), act)

    return record_entry(ledger=ledger, act=act, command=DECIDE_MITIGATION, decide=decide, thing=mitigation)


def withdraw_mitigation(*, ledger: Ledger, act: Act, mitigation: str) -> Entry:
    """`mitigation`: the id of the request."""

    def decide(entries: Sequence[Entry]) -> Draft:
        WITHDRAW_MITIGATION.must_be_allowed(entries, thing=mitigation)
        return Draft(mitigation, MitigationWithdrawn(), act)

    return record_entry(ledger=ledger, act=act, command=WITHDRAW_MITIGATION, decide=decide, thing=mitigation)

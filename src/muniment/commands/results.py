"""Commands on results: the supplier disputes one, and the authority resolves the dispute."""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record_entry
from muniment.commands.spec import KPI_CODE, WHOLE_MONTH, CommandField, CommandSpec, moves
from muniment.domain.assessment.disputes import DISPUTE_OUTCOMES, DisputeResolved, ResultDisputed, disputes_known
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.lifecycle.permissions import must_be_another
from muniment.domain.lifecycle.policies import contract_of, must_be_agreed, one_of, whole_month
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger

DISPUTE = CommandSpec(
    name="dispute",
    says="dispute a result",
    roles=("supplier_approver",),
    entry_kind=ResultDisputed,
    event=moves(ResultDisputed),
    line="dispute",
    summary="dispute a result; the authority's figure stands meanwhile",
    fields=(
        KPI_CODE,
        WHOLE_MONTH,
        CommandField("supplier_value", "what it should be", "TEXT", option="value"),
        CommandField("authority_value", "what it is", "TEXT", option="instead-of", is_needed=False),
    ),
    perform=lambda acting, given: dispute_result(
        ledger=acting.ledger, act=acting.act, kpi=given.text("kpi"), period=given.text("month"),
        supplier_value=given.text("supplier_value"), authority_value=given.text_or_none("authority_value"),
        kpis=acting.kpis,
    ),
)  # fmt: skip
RESOLVE_DISPUTE = CommandSpec(
    name="resolve_dispute",
    says="resolve a dispute",
    roles=("decision_maker",),
    apart_from="disputer and resolver",
    binds=True,
    entry_kind=DisputeResolved,
    event=moves(DisputeResolved),
    line="resolve-dispute",
    summary="resolve a dispute",
    fields=(
        CommandField("dispute", "its id, as cssc/CSC_KPI_04/2019-09/d1", "DISPUTE"),
        CommandField("outcome", "how it ends", kind="choice", option="outcome", choices=DISPUTE_OUTCOMES),
    ),
    perform=lambda acting, given: resolve_dispute(
        ledger=acting.ledger, act=acting.act, dispute=given.text("dispute"), outcome=given.text("outcome")
    ),
)
COMMANDS = (DISPUTE, RESOLVE_DISPUTE)


def dispute_result(
    *,
    ledger: Ledger,
    act: Act,
    kpi: str,
    period: str,
    supplier_value: str,
    authority_value: str | None = None,
    kpis: Collection[str],
) -> Entry:
    """Both values as texts, so that both are kept. `kpis`: those that the agreed text knows."""
    must_be_agreed(kpi, among=kpis, what="KPI")
    month = whole_month(period)
    if not supplier_value.strip():
        raise RefusedError("said", "the dispute gives no value", "say what the result should be")
    disputed = ResultDisputed(kpi, month, supplier_value, authority_value)

    def decide(entries: Sequence[Entry]) -> Draft:
        thing = f"{contract_of(entries)}/{kpi}/{month}"
        DISPUTE.must_be_allowed(entries, thing=thing)
        earlier = sum(known.id.rpartition("/")[0] == thing for known in disputes_known(entries))
        return Draft(f"{thing}/d{earlier + 1}", disputed, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=DISPUTE,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{month}",
    )


def resolve_dispute(*, ledger: Ledger, act: Act, dispute: str, outcome: str) -> Entry:
    """`dispute`: its id, cssc/CSC_KPI_04/2019-09/d1. `outcome`: upheld, not_upheld or withdrawn."""
    subject = subject_of(dispute, letter="d", what="dispute")
    decision = one_of(outcome, words=DISPUTE_OUTCOMES, what="outcome")

    def decide(entries: Sequence[Entry]) -> Draft:
        RESOLVE_DISPUTE.must_be_allowed(entries, thing=subject.thing, outcome=decision)
        known = next((known for known in disputes_known(entries) if known.id == dispute and known.is_open), None)
        if known is None:
            raise RefusedError("no_dispute", f"{dispute} is not the open dispute", "name the one that is open")
        must_be_another(known.raised.actor, act=act, did=f"raised {dispute}", what="resolve it")
        return Draft(dispute, DisputeResolved(decision, version_locked(entries, subject.month)), act)

    return record_entry(ledger=ledger, act=act, command=RESOLVE_DISPUTE, decide=decide, thing=subject.thing)

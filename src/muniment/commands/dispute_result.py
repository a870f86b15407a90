"""Dispute a result: the supplier says what it should be; the authority's figure stands meanwhile."""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.disputes import ResultDisputed, disputes_known
from muniment.domain.lifecycle.policies import contract_of, must_be_agreed, whole_month
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


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
        raise Refused("said", "the dispute gives no value", "say what the result should be")
    disputed = ResultDisputed(kpi, month, supplier_value, authority_value)

    def decide(entries: Sequence[Entry]) -> Draft:
        thing = f"{contract_of(entries)}/{kpi}/{month}"
        allowed(entries, machine="kpi_month", thing=thing, event="dispute")
        earlier = sum(known.id.rpartition("/")[0] == thing for known in disputes_known(entries))
        return Draft(f"{thing}/d{earlier + 1}", disputed, act)

    return record(
        ledger=ledger,
        act=act,
        verb="dispute",
        kind=ResultDisputed,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{month}",
    )

"""Request mitigation: the supplier names a KPI, a ground and the months."""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.mitigation import MitigationRequested, mitigations_known
from muniment.domain.kernel.period import Period
from muniment.domain.lifecycle.policies import (
    contract_of,
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

    return record(
        ledger=ledger,
        act=act,
        verb="request_mitigation",
        kind=MitigationRequested,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{request.first}",
    )

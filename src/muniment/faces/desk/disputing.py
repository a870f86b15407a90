"""Disputing a result of a register: the authority's figure stands in the record as it is today, not as it was shown."""

from muniment.commands.dispute_result import dispute_result
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import first_with_key
from muniment.domain.record.refused import Refused
from muniment.faces.desk.acting import Acting
from muniment.faces.desk.standing import standing_in


def dispute(acting: Acting, *, contract: str, kpi: str, period: str, supplier_value: str, using: str) -> Entry:
    """Raises Refused while the figures are being computed again, ProblemsFound, NotRecorded."""
    return dispute_result(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        kpi=kpi,
        period=period,
        supplier_value=supplier_value,
        authority_value=_authority_value(acting, contract, page=f"{period}/{kpi}", using=using),
        kpis=acting.kpis,
    )


def _authority_value(acting: Acting, contract: str, *, page: str, using: str) -> str | None:
    """As it is shown; of the same act again, as the first time."""
    from muniment.adapters.register import pages

    key = acting.act.key
    before = None if key is None else first_with_key(acting.opened.store.ledger.entries(), key)
    if before is not None:
        return str(before.payload.get("authority_value") or "") or None
    # The standing first: what is computed in between is newer.
    if standing_in(contract, using=using).is_behind:
        what = "the figures are being computed again, and what you dispute must be the figure of today"
        raise Refused("being_computed", what, "look at the figure again in a moment, and dispute it then")
    found = pages.page(contract, page, using=using)
    return str(found.get("shown") or "") or None if isinstance(found, dict) else None

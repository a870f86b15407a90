"""Explain a failure: cause, effect and remedy, in words; a figure needs its source."""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.failure_notes import FailureExplained, failure_notes_known
from muniment.domain.lifecycle.policies import (
    contract_of,
    must_be_agreed,
    must_declare_figures,
    must_say,
    whole_month,
)
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.typed_figures import TypedFigure


def explain_failure(
    *,
    ledger: Ledger,
    act: Act,
    kpi: str,
    period: str,
    cause: str,
    effect: str,
    remedy: str,
    typed: Sequence[TypedFigure] = (),
    kpis: Collection[str],
) -> Entry:
    """`period`: the month, or the last month of a longer period. `kpis`: those that the agreed text knows."""
    must_be_agreed(kpi, among=kpis, what="KPI")
    month = whole_month(period)
    explained = FailureExplained(kpi=kpi, period=month, cause=cause, effect=effect, remedy=remedy, typed=tuple(typed))
    must_say(explained.texts())
    must_declare_figures(explained.texts(), typed=typed, names=kpis)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        earlier = sum((note.kpi, note.period) == (kpi, month) for note in failure_notes_known(entries))
        return Draft(f"{contract}/{kpi}/{month}/f{earlier + 1}", explained, act)

    return record(
        ledger=ledger,
        act=act,
        verb="explain_failure",
        kind=FailureExplained,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{month}",
    )

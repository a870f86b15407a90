"""Commands on results: dispute one and resolve it, explain a failure, record a figure as it was reported."""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record_entry
from muniment.domain.assessment.disputes import DISPUTE_OUTCOMES, DisputeResolved, ResultDisputed, disputes_known
from muniment.domain.assessment.failure_notes import FailureExplained, failure_notes_known
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.lifecycle.permissions import must_be_another
from muniment.domain.lifecycle.policies import (
    contract_of,
    known_day,
    must_be_agreed,
    must_declare_figures,
    must_say,
    one_of,
    whole_month,
)
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.reported import REPORTED_HOW, FigureReported, TypedFigure, figures_reported


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
        allowed(entries, machine="kpi_month", thing=thing, event="dispute")
        earlier = sum(known.id.rpartition("/")[0] == thing for known in disputes_known(entries))
        return Draft(f"{thing}/d{earlier + 1}", disputed, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command="dispute",
        kind=ResultDisputed,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{month}",
    )


def resolve_dispute(*, ledger: Ledger, act: Act, dispute: str, outcome: str) -> Entry:
    """`dispute`: its id, cssc/CSC_KPI_04/2019-09/d1. `outcome`: upheld, not_upheld or withdrawn."""
    subject = subject_of(dispute, letter="d", what="dispute")
    decision = one_of(outcome, words=DISPUTE_OUTCOMES, what="outcome")

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="kpi_month", thing=subject.thing, event=EVENTS[DisputeResolved.kind][1][decision])
        known = next((known for known in disputes_known(entries) if known.id == dispute and known.is_open), None)
        if known is None:
            raise RefusedError("no_dispute", f"{dispute} is not the open dispute", "name the one that is open")
        must_be_another(known.raised.actor, act=act, did=f"raised {dispute}", what="resolve it")
        return Draft(dispute, DisputeResolved(decision, version_locked(entries, subject.month)), act)

    return record_entry(
        ledger=ledger, act=act, command="resolve_dispute", kind=DisputeResolved, decide=decide, thing=subject.thing
    )


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

    return record_entry(
        ledger=ledger,
        act=act,
        command="explain_failure",
        kind=FailureExplained,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{month}",
    )


def report_figure(*, ledger: Ledger, act: Act, fact: str, printed: str, where: str, how: str, on: str) -> Entry:
    """`fact`: its id. `printed`: the text as it stood. `where`: the paper. `on`: the day of publishing or saying it."""
    for name, text in (("fact", fact), ("printed", printed), ("where", where)):
        if not text.strip() or not text.isprintable():
            raise RefusedError("said", f"the reported figure has no '{name}'", "give it")
    figure = FigureReported(
        fact, printed, where, one_of(how, words=REPORTED_HOW, what="way of reporting"), known_day(on)
    )

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        known = figures_reported(entries)
        if any(earlier.figure == figure for earlier in known):
            raise RefusedError("nothing_new", f"this was recorded already for {fact}", "record what is not there yet")
        return Draft(f"{contract}/reported/p{len(known) + 1}", figure, act)

    return record_entry(ledger=ledger, act=act, command="report_figure", kind=FigureReported, decide=decide)

"""What a database projects for its pages: every result of the record, as the queries compute it from the evidence."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from muniment import __version__
from muniment.application.charts import charts_of_kpis, sparklines
from muniment.application.kept_waiting import renew_waiting
from muniment.application.load import OpenedContract, read_contract, readable_submissions
from muniment.application.projected import (
    name_of_contract,
    name_of_history,
    name_of_impact,
    name_of_kpi_month,
    name_of_signed,
    projection_form,
)
from muniment.application.projection_state import is_scripted, open_as_asked
from muniment.application.read_models.contracts import contract_home
from muniment.application.read_models.explanations import kpi_month_page
from muniment.application.read_models.kpi_months import history_page, kpi_month_of
from muniment.application.read_models.mitigations import impact_shown
from muniment.application.read_models.statements import StatementPage, statement_page
from muniment.application.read_models.stored import dump
from muniment.application.recalculation import compute
from muniment.application.record_facts import RecordFacts, record_facts_from
from muniment.application.stores import ContractInDatabase, database_at
from muniment.commands.queries.explain import explanations
from muniment.commands.queries.impact import mitigation_impact
from muniment.commands.queries.locked_statements import what_stands
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.seal import counted_submissions, seal_settled, upheld_challenges
from muniment.commands.queries.settlement import SettledMonth, credits_to_date, settled_months
from muniment.domain.assessment.month_lock import Signature, signatures_known
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.summary import Table1Column, table_1
from muniment.domain.kernel.fingerprint import canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.entry import LEDGER_FILE

if TYPE_CHECKING:
    from muniment.adapters.stores.database.projections import ComputedProjection, PageText, ResultText


def recompute_projections(where: ContractInDatabase) -> "ComputedProjection":
    """Replace what is projected of a contract by a fresh computation, unless somebody else's is newer by then; and what
    is kept of what waits there.

    Raises ProblemsFoundError, NotRecordedError.
    """
    using = database_at(where.address).using
    from muniment.adapters.stores.database import projections

    renew_waiting(where)  # first: it is done in no time, and people look for it as soon as they have acted
    return projections.replace_projections(where.contract, lambda: compute_projections(where), using=using)


def compute_projections(where: ContractInDatabase, *, known: date | None = None) -> "ComputedProjection":
    """Every KPI of every month that can be computed and had begun by the day of asking. `known`: another day than
    today; never one before the last entry's."""
    from muniment.adapters.stores.database.projections import ComputedProjection, CountLine, ProjectionBasis

    opened = open_as_asked(where, known=known)
    if opened.head is None:
        what = "there is no record, so there is nothing to project"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE), "K001", what, "open a record first")])
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    said = record_facts_from(opened.entries, contract=where.contract)
    first, last = _months(reading)
    results = reading.results(first=first, last=last) if first <= last else ()
    columns = table_1(results)
    return ComputedProjection(
        stand=ProjectionBasis(
            seq=len(opened.entries),
            head=opened.head,
            known=opened.known,
            zone=opened.text.contract_text.zone,
            is_scripted=is_scripted(opened),
            form=projection_form(),
        ),
        results=tuple(_line(result, said) for result in results),
        counts=tuple(
            CountLine(str(column.month), category.label, count)
            for column in columns
            for category, count in column.counts.items()
        ),
        pages=_pages(opened, reading, said, results, columns),
    )


def _months(reading: Reading) -> tuple[Month, Month]:
    end = reading.contract.end
    return reading.start, min(end, Month.of(reading.known)) if reading.known else end


def _line(result: Result, known: RecordFacts) -> "ResultText":
    from muniment.adapters.stores.database.projections import ResultText

    is_disputed = known.is_disputed(kpi=result.kpi.code, month=result.month)
    return ResultText(str(result.month), result.kpi.code, _text(kpi_month_of(result, is_disputed=is_disputed)))


def _text(found: object) -> str:
    return canonical_json(dump(found)).decode()


def _pages(
    opened: OpenedContract,
    reading: Reading,
    known: RecordFacts,
    results: tuple[Result, ...],
    columns: tuple[Table1Column, ...],
) -> "tuple[PageText, ...]":
    """In the order of their names."""
    from muniment.adapters.stores.database.projections import PageText

    pages: dict[str, object] = {}
    by_kpi: dict[str, list[Result]] = {}
    for result in results:
        by_kpi.setdefault(result.kpi.code, []).append(result)
    for kpi, chart in charts_of_kpis(reading, by_kpi).items():
        pages[name_of_history(kpi)] = history_page(by_kpi[kpi], chart=chart)
    for explained in explanations(reading, results):
        of_month = name_of_kpi_month(str(explained.result.month), explained.result.kpi.code)
        pages[of_month] = kpi_month_page(reading, known, explained)
    settled = settled_months(reading, results)
    standing = what_stands(settled, columns, locks=known.locks)
    for month, column, stands in zip(settled, columns, standing, strict=True):
        pages[str(month.month)] = statement_page(
            month,
            column,
            fingerprint=_fingerprint(opened, reading, month) if known.state_of(month.month) == "open" else "",
            stands=stands,
            sparklines=sparklines(reading, results, month=month.month),
        )
    for signature in signatures_known(opened.entries).values():
        if known.state_of(signature.signed.month) == "signed":
            pages[name_of_signed(str(signature.signed.month))] = _as_signed(opened, signature)
    for request in (found for found in reading.mitigations if found.is_open):
        pages[name_of_impact(request.id)] = impact_shown(mitigation_impact(reading, request, settled=settled))
    pages[name_of_contract()] = contract_home(reading, known, settled, columns, standing)
    return tuple(PageText(name, _text(pages[name])) for name in sorted(pages))


def _fingerprint(opened: OpenedContract, reading: Reading, month: SettledMonth) -> str:
    """Of the statement that a first signature would seal today (see compute_and_sign)."""
    sealed = seal_settled(
        reading,
        statement=month.statement,
        results=month.results,
        submissions=counted_submissions(opened.entries, readable_submissions(opened.entries)),
        engine_version=__version__,
        challenges=upheld_challenges(opened.entries),
    )
    return sealed_fingerprint(sealed.sealed)


def _as_signed(opened: OpenedContract, signature: Signature) -> StatementPage:
    """The statement that waits for its second signature, as the first one saw it (see compute_and_lock)."""
    signed = signature.signed
    then = replace(opened, known=signed.known, entries=opened.entries[: signed.computed_on])
    computed = compute(opened=then, month=signed.month, engine="duckdb", elsewhere={}, sealed_as=signed.statement)
    month, reading = computed.month, computed.reading
    (column,) = table_1(month.results)
    settled = SettledMonth(signed.month, month.results, month.statement, credits_to_date(reading, month=signed.month))
    return statement_page(settled, column, fingerprint=sealed_fingerprint(month.sealed))

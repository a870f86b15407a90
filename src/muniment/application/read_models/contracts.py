"""A contract as its pages show it: parties, term, tables, its months, and the mitigation that is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.application.read_models.mitigations import GrantedMitigation, granted_mitigations
from muniment.application.read_models.months import MonthLine, month_line
from muniment.application.record_facts import RecordFacts
from muniment.commands.queries.locked_statements import FiguresInForce
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.settlement import SettledMonth
from muniment.domain.assessment.summary import Table1Column


@dataclass(frozen=True, kw_only=True)
class Term:
    """The days of a contract, both included."""

    first: str
    last: str


@dataclass(frozen=True, kw_only=True)
class TableLine:
    """An evidence table of the agreed text."""

    table: str
    row_is: str
    due_business_days: int


@dataclass(frozen=True, kw_only=True)
class ContractHome:
    """`kpi_tables`: KPI -> the table that it is measured from. `months`: the oldest first."""

    title: str
    authority: str
    supplier: str
    term: Term
    zone: str
    areas: Mapping[str, str]
    tables: tuple[TableLine, ...]
    kpi_tables: Mapping[str, str]
    months: tuple[MonthLine, ...]
    mitigations: tuple[GrantedMitigation, ...]


def contract_home(
    reading: Reading,
    known: RecordFacts,
    settled: Sequence[SettledMonth],
    columns: Sequence[Table1Column],
    stands: Sequence[FiguresInForce],
) -> ContractHome:
    """With a line for each month that was computed."""
    contract = reading.contract
    return ContractHome(
        title=contract.title,
        authority=contract.authority,
        supplier=contract.supplier,
        term=Term(first=contract.term_first.isoformat(), last=contract.term_last.isoformat()),
        zone=contract.zone,
        areas=dict(contract.areas),
        tables=tuple(
            TableLine(table=table.name, row_is=table.row_is, due_business_days=table.due_business_days)
            for table in contract.tables.values()
        ),
        kpi_tables={result.kpi.code: result.kpi.measure.table for month in settled for result in month.results},
        months=tuple(
            month_line(found, contract_month=column.contract_month, state=known.state_of(found.month))
            for found, column in zip(stands, columns, strict=True)
        ),
        mitigations=granted_mitigations(reading),
    )

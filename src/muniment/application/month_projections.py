"""Projected pages of a contract: home, each month's statement, and what a waiting mitigation request would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.application.json_output import statement_json
from muniment.commands.queries.impact import MonthImpact
from muniment.commands.queries.locked_statements import FiguresInForce, MonthTotals
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.settlement import SettledMonth
from muniment.domain.assessment.failure_notes import FailureNote, failure_notes_known
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.assessment.summary import Table1Column
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month, long_date
from muniment.domain.lifecycle.states import Things, state_in, states_known
from muniment.domain.record.entry import Entry


@dataclass(frozen=True)
class RecordFacts:
    """What the record says beside the figures. `contract`: as things are named by it."""

    contract: str
    states: Things
    locks: Mapping[Month, tuple[Lock, ...]]
    notes: tuple[FailureNote, ...]

    def is_disputed(self, *, kpi: str, month: Month) -> bool:
        """Whether the result stands in dispute, before the lock or after it."""
        thing = f"{self.contract}/{kpi}/{month}"
        return state_in(self.states, machine="kpi_month", thing=thing) in ("disputed", "settled_in_dispute")

    def state_of(self, month: Month) -> str:
        return state_in(self.states, machine="month", thing=f"{self.contract}/{month}")


def record_facts_from(entries: Sequence[Entry], *, contract: str) -> RecordFacts:
    return RecordFacts(contract, states_known(entries), locks_known(entries), failure_notes_known(entries))


def home_page(
    reading: Reading,
    known: RecordFacts,
    settled: Sequence[SettledMonth],
    columns: Sequence[Table1Column],
    stands: Sequence[FiguresInForce],
) -> dict[str, Json]:
    """`home`: the contract, and a line for each month with the figures that stand, and those of now where they
    differ."""
    contract = reading.contract
    months: list[Json] = [_month(known, found, column) for found, column in zip(stands, columns, strict=True)]
    tables: list[Json] = [
        {
            "table": table.name,
            "title": table.name.replace("_", " "),
            "row_is": table.row_is,
            "due_business_days": table.due_business_days,
        }
        for table in contract.tables.values()
    ]
    return {
        "title": contract.title,
        "authority": contract.authority,
        "supplier": contract.supplier,
        "term": {
            "first": contract.term_first.isoformat(),
            "last": contract.term_last.isoformat(),
            "name": f"{long_date(contract.term_first)} to {long_date(contract.term_last)}",
        },
        "zone": contract.zone,
        "known": reading.known.isoformat() if reading.known else None,
        **_areas(reading),
        "months": months,
        "tables": tables,
        "kpi_tables": {result.kpi.code: result.kpi.measure.table for month in settled for result in month.results},
    }


def _month(known: RecordFacts, found: FiguresInForce, column: Table1Column) -> dict[str, Json]:
    return {
        "month": str(found.month),
        "name": found.month.name,
        "contract_month": column.contract_month,
        **_figures(found.figures),
        "now": _figures(found.computed) if found.computed != found.figures else None,
        "locked": found.version,
        "state": known.state_of(found.month),
    }


def stands_json(found: FiguresInForce) -> dict[str, Json]:
    """`stands` of a month's page, beside what is computed now: its last locked version; none for one without."""
    stands: Json = {"version": found.version, **_figures(found.figures)} if found.version else None
    return {"stands": stands, "differs": found.differs}


def _figures(found: MonthTotals) -> dict[str, Json]:
    return {
        "counts": dict(found.counts.items()),
        "kpis": found.kpis,
        "points": found.points,
        "credit_due": _money(found.due),
        "credit_cap": _money(found.cap),
        "credits_to_date": _money(found.credits_to_date),
    }


def month_page(
    reading: Reading, known: RecordFacts, settled: SettledMonth, column: Table1Column, fingerprint: str
) -> dict[str, Json]:
    """`2019-11`: the statement of a month, as `muniment statement` has it, and its locked versions. `signed/2019-11`:
    the same as it was signed first. `fingerprint`: what a signature of it seals; blank for a month that is locked."""
    statement = statement_json(
        contract=reading.contract.id,
        known=reading.known,
        statement=settled.statement,
        credits_to_date=settled.credits_to_date,
    )
    assert isinstance(statement, dict)
    credit = settled.statement.credit
    locked: list[Json] = [
        {"number": lock.locked.number, "seq": lock.recorded.seq, "at": lock.recorded.at, "by": lock.recorded.actor}
        for lock in known.locks.get(settled.month, ())
    ]
    return {
        **statement,
        "name": settled.month.name,
        "fingerprint": fingerprint,
        "table_1": dict(column.counts.items()),
        "kpis": column.total,
        **_areas(reading),
        "locked": locked,
        "state": known.state_of(settled.month),
        "shown": {
            "credit_due": _money(credit.due if credit else None),
            "credit_cap": _money(credit.cap if credit else None),
            "credit_before_cap": _money(credit.before_cap if credit else None),
            "credits_to_date": _money(settled.credits_to_date),
        },
    }


def impact_page(found: Sequence[MonthImpact]) -> dict[str, Json]:
    """`CSC_KPI_04/2019-09/g1`: what a request that waits would change, month by month."""
    months: list[Json] = [
        {
            "month": str(line.month),
            "name": line.month.name,
            "points_without": str(line.points_without),
            "points_with": str(line.points_with),
            "credit_without": _money(line.credit_without),
            "credit_with": _money(line.credit_with),
        }
        for line in found
    ]
    return {"months": months}


def _areas(reading: Reading) -> dict[str, Json]:
    """Titles by code; and the codes in the contract's order, which the keys of canonical JSON lose."""
    order: list[Json] = [*reading.contract.areas]
    return {"areas": dict(reading.contract.areas.items()), "area_order": order}


def _money(amount: Money | None) -> str:
    """£1,234.50; empty where there is none."""
    return "" if amount is None else str(amount)

"""What goes into a bundle beside rows and record: the SQL of each KPI, and the audit workbook."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from muniment.adapters.documents.workbook import Audit, AuditTable
from muniment.adapters.engines.row_source import rows_of
from muniment.adapters.engines.standalone import RelievedRows, measuring_script
from muniment.adapters.ingestion.standalone import ScriptedFile, normalising_script
from muniment.application.bundle_rows import BundledFile
from muniment.application.evidence import EvidenceFile, IngestedEvidence, engine_over, ingest_evidence
from muniment.application.recalculation import ComputedStatement
from muniment.application.stores import open_store
from muniment.domain.assessment.result import RelievedMeasurement, Result
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, REJECTED, Engine, Row, SetAside
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.evidence.normalised import clocks_of
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period, months_from
from muniment.domain.kernel.problem import raise_if_errors
from muniment.domain.kernel.quantity import plain
from muniment.domain.regime.measures import Measure

_HEADING = """-- {code}: {title}
-- {period}. Run with DuckDB in the folder into which the bundle was unpacked:  duckdb < {member}
-- The last statement gives numerator and denominator. Expected: {expected}
"""
_HEADING_RELIEVED = """-- {code}: {title}
-- {period}. Run with DuckDB in the folder into which the bundle was unpacked:  duckdb < {member}
-- Two statements give numerator and denominator: as measured, and without the rows that grants in part relieve.
-- Expected: {expected}, then {relieved}
"""

ALL_ROWS = 1_000_000_000
WHAT = """\
Every row of evidence that the month's KPIs read, with a column for each measure that says what happened to the row. \
On the sheet KPIs, numerator, denominator, value and status are formulas over those columns; beside them are the \
figures of the statement, and whether the two agree."""
HOW = """\
1. Recalculate: Excel does so on opening; in LibreOffice press Ctrl+Shift+F9. 2. Read cell A2 of the sheet KPIs. \
3. Filter a table by a disposition, and see whether the agreed text says so of these rows. 4. Change a disposition, \
and see the figure follow. The formulas store no results: what you see, your own program computed."""
WHAT_NOT = """\
That the rows are the ones that were submitted: verify.py does, with a head that you have from elsewhere. \
That the dispositions follow from the agreed text: the generated SQL and the engine do, see README.txt."""


def scripts_of(computed: ComputedStatement, *, rows: Path) -> dict[str, bytes]:
    """sql/<KPI>.sql for every KPI that was measured. `rows`: the folder in which the bundle's rows/ are."""
    return {
        f"sql/{result.kpi.code}.sql": _script(computed, result, folder=rows).encode()
        for result in computed.month.results
        if result.measurement is not None
    }


def _script(computed: ComputedStatement, result: Result, *, folder: Path) -> str:
    kpi, contract = result.kpi, computed.reading.contract
    table, clocks = contract.tables[kpi.measure.table], clocks_of([kpi.measure])
    files = [ScriptedFile(folder / file.member, file.member) for file in _files(computed.files, result)]
    normalising = normalising_script(
        files=files,
        table=table,
        zone=contract.zone,
        clocks=clocks,
        calendars=contract.calendars,
        relation=table.name,
    )
    measuring = measuring_script(
        measure=kpi.measure,
        table=table,
        calendars=tuple(sorted(contract.calendars.items())),
        relation=table.name,
        period=result.period,
        set_aside=computed.reading.set_aside.get(table.name, frozenset()),
        relief=None if result.relieved is None else _relief(result.relieved),
    )
    heading = (_HEADING if result.relieved is None else _HEADING_RELIEVED).format(
        code=kpi.code,
        title=kpi.title,
        period=result.period.name,
        member=f"sql/{kpi.code}.sql",
        expected=_expected(result.measurement),
        relieved=_expected(result.relieved.measurement if result.relieved else None),
    )
    return f"{heading}\n{normalising}\n{measuring}\n"


def _relief(relieved: RelievedMeasurement) -> RelievedRows:
    return RelievedRows(
        by=tuple(grant.id for grant in relieved.by),
        rows=tuple(row for grant in relieved.by for row in grant.relieved_rows),
        days=tuple(day for grant in relieved.by for day in grant.relieved_days),
    )


def _expected(measurement: Measurement | None) -> str:
    if measurement is None:
        return ""
    numerator, denominator = measurement.numerator, measurement.denominator
    return plain(numerator) if denominator is None else f"{plain(numerator)} / {plain(denominator)}"


def _files(files: tuple[BundledFile, ...], result: Result) -> list[BundledFile]:
    months = set(months_from(result.period.first, result.period.last))
    of_table = [file for file in files if file.table == result.kpi.measure.table]
    return [file for file in of_table if file.period is None or file.period in months]


def audit_of(computed: ComputedStatement, described: Mapping[str, Json], *, rows: Path | None) -> Audit:
    """What the workbook holds. `rows`: a folder with the bundle's own rows, where they are not those that were read."""
    needed = _needed(computed)
    files = [file for file in computed.files if file.table in needed and _is_in(file.period, needed[file.table])]
    evidence = _taken_in(computed, files, rows=rows)
    engine = engine_over(name="duckdb", parts=evidence.parts, contract=computed.reading.contract)
    tables = [_table(computed, name, months, engine, evidence) for name, months in needed.items()]
    title = f"{computed.reading.contract.title}: audit workbook for {computed.month.statement.month.name}"
    return Audit(title, [*_about(computed, described)], computed.month.results, tables)


def _needed(computed: ComputedStatement) -> dict[str, Period]:
    """The tables that the measured KPIs read, each with the months that they read of it."""
    needed: dict[str, Period] = {}
    for result in computed.month.results:
        if result.measurement is not None:
            table, period = result.kpi.measure.table, result.period
            first = min(needed[table].first, period.first) if table in needed else period.first
            needed[table] = Period(first, period.last)
    return needed


def _is_in(month: Month | None, months: Period) -> bool:
    return month is None or months.first <= month <= months.last


def _taken_in(computed: ComputedStatement, files: list[BundledFile], *, rows: Path | None) -> IngestedEvidence:
    store = computed.opened.store if rows is None else open_store(rows)
    evidence, problems = ingest_evidence(
        store=store,
        contract=computed.reading.contract,
        measures=computed.opened.text.all_measures(),
        files=[
            EvidenceFile(
                f.table, f.path if rows is None else rows / f.member, f.kind, f.member, f.period, is_nil=f.is_nil
            )
            for f in files
        ],
    )
    raise_if_errors(problems)
    return evidence


def _table(
    computed: ComputedStatement, name: str, months: Period, engine: Engine, evidence: IngestedEvidence
) -> AuditTable:
    measures = [
        result.kpi.measure
        for result in computed.month.results
        if result.measurement is not None and result.kpi.measure.table == name
    ]
    table = computed.reading.contract.tables[name]
    return AuditTable(
        table=table,
        rows=_within(rows_of(parts=evidence.parts[name], table=table), months),
        dispositions={
            measure: _codes(engine, measure, months, computed.reading.set_aside) for measure in dict.fromkeys(measures)
        },
    )


def _within(rows: Iterator[Row], months: Period) -> Iterator[Row]:
    return (row for row in rows if row.day in months)


def _codes(engine: Engine, measure: Measure, months: Period, set_aside: SetAside) -> Mapping[str, int]:
    """Row id -> disposition, of every row that is not out of scope."""
    codes = (*range(1, len(measure.left_out) + 1), IN_TOTAL, COUNTED, REJECTED)
    return {
        row: code
        for code in codes
        for row in engine.sample(measure=measure, period=months, disposition=code, limit=ALL_ROWS, set_aside=set_aside)
    }


def _about(computed: ComputedStatement, described: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    statement = computed.month.statement
    version = described["version"]
    yield "Contract", f"{computed.reading.contract.title} ({described['contract']})"
    yield "Month", f"{statement.month.name}, contract month {statement.contract_month}"
    yield "Statement", f"v{version}, locked" if version else "not locked: as computed, signed by nobody"
    yield "As known on", str(described["known"] or "the day it was made")
    yield "Fingerprint of the statement", str(described["statement"])
    yield "Head of the ledger", str(described["head"])
    yield "", ""
    yield "What this is", WHAT
    yield "How to check", HOW
    yield "What it does not show", WHAT_NOT

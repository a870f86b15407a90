"""The SQL of a bundle: for each measured KPI a script from the submitted files to its two numbers."""

from pathlib import Path

from muniment.adapters.door.standalone import ScriptedFile, normalising_script
from muniment.adapters.engines.standalone import Relief, measuring_script
from muniment.domain.assessment.result import Relieved, Result
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.evidence.normalised import clocks_of
from muniment.domain.kernel.period import months_from
from muniment.domain.kernel.quantity import plain
from muniment.faces.desk.bundle_rows import BundledFile
from muniment.faces.desk.computing import Computed

HEADING = """-- {code}: {title}
-- {period}. Run with DuckDB in the folder into which the bundle was unpacked:  duckdb < {member}
-- The last statement gives numerator and denominator. Expected: {expected}
"""
RELIEVED = """-- {code}: {title}
-- {period}. Run with DuckDB in the folder into which the bundle was unpacked:  duckdb < {member}
-- Two statements give numerator and denominator: as measured, and without the rows that grants in part relieve.
-- Expected: {expected}, then {relieved}
"""


def scripts_of(computed: Computed, *, rows: Path) -> dict[str, bytes]:
    """sql/<KPI>.sql for every KPI that was measured. `rows`: the folder in which the bundle's rows/ are."""
    return {
        f"sql/{result.kpi.code}.sql": _script(computed, result, folder=rows).encode()
        for result in computed.month.results
        if result.measurement is not None
    }


def _script(computed: Computed, result: Result, *, folder: Path) -> str:
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
    heading = (HEADING if result.relieved is None else RELIEVED).format(
        code=kpi.code,
        title=kpi.title,
        period=result.period.name,
        member=f"sql/{kpi.code}.sql",
        expected=_expected(result.measurement),
        relieved=_expected(result.relieved.measurement if result.relieved else None),
    )
    return f"{heading}\n{normalising}\n{measuring}\n"


def _relief(relieved: Relieved) -> Relief:
    return Relief(
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

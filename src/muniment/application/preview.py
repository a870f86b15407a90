"""What the figures will be when a file counts, beside what they are now: computed, and nothing recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from muniment.adapters.ingestion.limits import ReadingLimits
from muniment.application.dry_run import read_upload
from muniment.application.evidence import IngestedEvidence, counting_evidence_files, engine_over, ingest_evidence
from muniment.application.load import asked_on, readable_submissions
from muniment.application.stores import Store
from muniment.application.uploads import must_be_a_table
from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.brought_forward import brought_forward
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import Category, Status
from muniment.domain.assessment.words import shown_value
from muniment.domain.evidence.submissions import rejections
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import raise_if_errors
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText


@dataclass(frozen=True)
class KpiFigures:
    """A KPI's month. `value` as printed, or the words for why there is none."""

    value: str
    status: Status
    category: Category
    points: int


@dataclass(frozen=True)
class PreviewLine:
    """A KPI's month as it is now and as it will be."""

    kpi: str
    title: str
    month: Month
    now: KpiFigures
    then: KpiFigures

    @property
    def changes(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class Preview:
    """`lines`: every KPI of the month that is measured over the table. `elsewhere`: lines of other KPIs and of later
    months that change too, because failures run on and quarters end later."""

    table: str
    month: Month
    known: date | None
    lines: tuple[PreviewLine, ...]
    elsewhere: tuple[PreviewLine, ...]


@dataclass(frozen=True)
class _StandIn:
    """The store of a file that counts as if it were accepted."""

    table: str
    month: Month
    part: Path


def preview(
    *,
    store: Store,
    text: AgreedText,
    entries: tuple[Entry, ...],
    known: date | None,
    table: str,
    month: Month,
    path: Path,
    file_name: str,
    limits: ReadingLimits | None = None,
) -> Preview:
    """The figures as they will be after the file is submitted, approved and accepted whole, as known on that day.

    `entries`: those known then. Raises ProblemsFoundError where the file cannot be submitted or the evidence be
    read."""
    contract = text.contract(known=known)
    must_be_a_table(table, contract=contract, file_name=file_name)
    read = read_upload(
        store=store, text=text, contract=contract, submissions=readable_submissions(entries),
        table=table, month=month, path=path, file_name=file_name, limits=limits, is_afresh=False,
    )  # fmt: skip
    raise_if_errors((*read.intake.problems, *read.elsewhere))
    assert read.intake.parquet is not None
    stand_in = _StandIn(table, month, read.intake.parquet)
    last = max([month, *(found.period for found in readable_submissions(entries))])
    now, then = (
        {(found.month, found.kpi.code): found for found in reading.results(first=month, last=last)}
        for reading in (
            _reading(store, text, entries, known, None),
            _reading(store, text, entries, known, stand_in),
        )
    )
    lines = {key: _line(now[key], then[key]) for key in now}
    own = [key for key, found in now.items() if key[0] == month and found.kpi.measure.table == table]
    return Preview(
        table=table,
        month=month,
        known=known,
        lines=tuple(lines[key] for key in own),
        elsewhere=tuple(line for key, line in lines.items() if line.changes and key not in own),
    )


def _line(now: Result, then: Result) -> PreviewLine:
    return PreviewLine(now.kpi.code, now.kpi.title, now.month, _shown(now), _shown(then))


def _shown(result: Result) -> KpiFigures:
    return KpiFigures(shown_value(result), result.standing.status, result.category, result.points)


def _reading(
    store: Store, text: AgreedText, entries: tuple[Entry, ...], known: date | None, stand_in: _StandIn | None
) -> Reading:
    """As load.read_contract reads it, but for the file that stands in for the table's month."""
    contract = text.contract(known=known)
    submissions = readable_submissions(entries)
    if stand_in is not None:
        submissions = tuple(s for s in submissions if (s.table, s.period) != (stand_in.table, stand_in.month))
    files, problems = counting_evidence_files(store=store, contract=contract, submissions=submissions, elsewhere={})
    raise_if_errors(problems)
    if stand_in is not None and not any(found.table == stand_in.table for found in submissions):
        # Files that lie ready are read only as long as nothing was submitted.
        files = tuple(found for found in files if found.table != stand_in.table)
    evidence, problems = ingest_evidence(store=store, contract=contract, measures=text.all_measures(), files=files)
    raise_if_errors(problems)
    rejected = rejections(entries)
    if stand_in is not None:
        evidence = _with(evidence, stand_in)
        rejected = tuple(r for r in rejected if (r.table, r.month) != (stand_in.table, stand_in.month))
    return Reading(
        text=text,
        known=known,
        engine=engine_over(name="duckdb", parts=evidence.parts, contract=contract),
        received=evidence,
        mitigations=mitigations_known(entries),
        asked_on=asked_on(entries, contract.zone),
        brought_forward=brought_forward(entries),
        rejections=rejected,
    )


def _with(evidence: IngestedEvidence, stand_in: _StandIn) -> IngestedEvidence:
    parts: Mapping[str, list[Path]] = {table: list(parts) for table, parts in evidence.parts.items()}
    parts[stand_in.table].append(stand_in.part)
    return replace(evidence, parts=parts, received=evidence.received | {(stand_in.table, stand_in.month)})

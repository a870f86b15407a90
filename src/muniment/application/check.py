"""Checking a contract: every problem of its text, its record and its evidence, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from muniment.application.evidence import EvidenceFile, counting_evidence_files, engine_over, ingest_evidence
from muniment.application.load import asked_on, drift_problems, readable_submissions
from muniment.application.parsed_text import problems_of_text
from muniment.application.stores import ContractPlace, Store, open_store
from muniment.commands.queries.terms import departures_of
from muniment.domain.assessment.example_text import GivenText, RowsText, WorkedExample, read_examples
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.assessment.worked_examples import given_problems, kpi_in_force, rows_problems
from muniment.domain.evidence.engine import Engine
from muniment.domain.evidence.measurement import Tally
from muniment.domain.evidence.submissions import Submission
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.regime import nodes
from muniment.domain.regime.adoption import adopted_text_known, files_as_adopted
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.contract import Contract
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.measures import Measure

_FOLDER = "examples/"

_NAMED = 3
"""Rows of a kind that are named in one warning."""
LOST = frozenset({"F002", "F010", "F012"})
"""Problems of files that cannot be read at all."""


def example_problems(*, store: Store, texts: Mapping[str, str], text: AgreedText) -> tuple[Problem, ...]:
    """Every worked example that cannot be read, cannot be worked, or does not hold."""
    problems: list[Problem] = []
    for file in sorted(name for name in texts if name.startswith(_FOLDER)):
        examples, found = read_examples(text=texts[file], file=file)
        problems += found
        for example in examples:
            match example.text:
                case GivenText():
                    problems += given_problems(example=example, given=example.text, text=text)
                case RowsText():
                    problems += _rows_problems(store, text, example, example.text)
    return tuple(problems)


def _rows_problems(store: Store, text: AgreedText, example: WorkedExample, rows: RowsText) -> tuple[Problem, ...]:
    place = nodes.place_at(example.node, ("period",))
    kpi, period, problems = kpi_in_force(text=text, example=example, month=rows.period, month_place=place)
    contract = text.contract(known=None)
    problems = (*problems, *_file_problems(store, contract, example, rows))
    if kpi is None or problems:
        return problems
    if kpi.measure.table not in rows.rows:
        what = f"{kpi.code} is measured from '{kpi.measure.table}', and no rows of it are given"
        remedy = f"add '{kpi.measure.table}: a file'"
        return (Problem(nodes.place_at(example.node, ("rows",)), "W032", what, remedy),)
    tally, problems = _measured(store, contract, rows, kpi, period)
    return problems if tally is None else rows_problems(example=example, rows=rows, kpi=kpi, tally=tally)


def _file_problems(store: Store, contract: Contract, example: WorkedExample, rows: RowsText) -> Iterator[Problem]:
    for table, name in rows.rows.items():
        if table not in contract.tables:
            place = nodes.key_place_at(example.node, ("rows", table))
            remedy = suggestion(table, contract.tables, "name a table of evidence.yaml")
            yield Problem(place, "W030", f"there is no evidence table '{table}'", remedy)
        path = store.path / name
        if not path.is_file() or not path.resolve().is_relative_to(store.path.resolve()):
            place = nodes.place_at(example.node, ("rows", table))
            what = f"there is no file '{name}' in the contract folder"
            near = [f"{_FOLDER}{found.name}" for found in (store.path / _FOLDER).glob("*.csv")]
            yield Problem(place, "W031", what, suggestion(name, near, "name it from there, as examples/edge-calls.csv"))


def _measured(
    store: Store, contract: Contract, rows: RowsText, kpi: Kpi, period: Period
) -> tuple[Tally | None, tuple[Problem, ...]]:
    """The tally of the example's rows, by the reference engine; or what is wrong in its files."""
    month = period.last if period.first == period.last else None
    files = [
        EvidenceFile(table, store.path / name, "parquet" if name.endswith(".parquet") else "csv", name, month)
        for table, name in rows.rows.items()
    ]
    measures: tuple[Measure, ...] = (kpi.measure,)
    evidence, problems = ingest_evidence(store=store, contract=contract, measures=measures, files=files)
    if problems:
        return None, problems
    engine = engine_over(name="reference", parts=evidence.parts, contract=contract)
    tallies = engine.tallies(measures=measures, first=period.first, last=period.last)
    return sum(tallies.values(), start=Tally.empty(len(kpi.measure.left_out))), ()


def check_contract(*, folder: ContractPlace, elsewhere: Mapping[str, Path]) -> tuple[Problem, ...]:
    """Every problem of a contract: its text, its record, its evidence. Nothing is raised for what people wrote."""
    problems: list[Problem] = []
    try:
        store = open_store(folder)
        texts = store.read_texts()
    except ProblemsFoundError as found:
        return found.problems
    entries: tuple[Entry, ...] = ()
    adopted = frozenset(texts)
    try:
        entries = store.ledger.entries()
        adopted = files_as_adopted(entries, texts)
        problems += record_problems(entries)
    except ProblemsFoundError as found:
        problems += found.problems
    text, _, found_in_text = problems_of_text(texts, adopted=adopted)
    problems += found_in_text
    is_sound = not any(problem.severity == "error" for problem in problems)
    problems += drift_problems(adopted_text_known(entries) if not problems else None, texts)
    if text is not None and is_sound:
        problems += example_problems(store=store, texts=texts, text=text)
        problems += _term_problems(text, entries)
        problems += _evidence_problems(store, text, entries, elsewhere)
    return tuple(sorted(set(problems)))


def _term_problems(text: AgreedText, entries: tuple[Entry, ...]) -> list[Problem]:
    """Warnings: mitigations that depart from the terms of their ground. A person decided them; the terms are said."""
    asked = asked_on(entries, text.contract_text.zone)
    return [
        Problem(
            place=Place(LEDGER_FILE, found.requested.seq),
            code="M001",
            what=f"{found.id}: {departure.removesuffix('.')}",
            remedy="it stands as decided; say so where it is reported",
            severity="warning",
        )
        for found in mitigations_known(entries)
        if found.is_granted
        for departure in departures_of(text=text, known=None, mitigation=found, asked_on=asked[found.id])
    ]


def _evidence_problems(
    store: Store, text: AgreedText, entries: tuple[Entry, ...], elsewhere: Mapping[str, Path]
) -> list[Problem]:
    contract, submissions = text.contract(known=None), readable_submissions(entries)
    try:
        files, problems = counting_evidence_files(
            store=store, contract=contract, submissions=submissions, elsewhere=elsewhere
        )
        lost = any(problem.code in LOST for problem in problems)
        if lost:
            return list(problems)
        evidence, more = ingest_evidence(store=store, contract=contract, measures=text.all_measures(), files=files)
    except ProblemsFoundError as found:
        return list(found.problems)
    if problems or more:
        return [*problems, *more]
    engine = engine_over(name="duckdb", parts=evidence.parts, contract=contract)
    return [*_rejection_problems([found for found in submissions if found.table not in elsewhere], engine)]


def _rejection_problems(submissions: Sequence[Submission], engine: Engine) -> Iterator[Problem]:
    """Warnings: rows that were rejected by a name which no row of the submission has, so that all of them count."""
    for submission in submissions:
        if submission.accepted is None or not submission.rejected:
            continue
        month = submission.period
        days = [month.first_day + timedelta(days=n) for n in range(month.last_day.day)]
        there = engine.rows_dated(table=submission.table, days=days)
        lost = [rejected.row for rejected in submission.rejected if rejected.row not in there]
        if lost:
            more = f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else ""
            named = ", ".join(f"'{row}'" for row in lost[:_NAMED])
            what = f"{submission.id} was accepted without rows that are not in it: {named}{more}"
            remedy = "find out which rows were meant; until then these reject nothing"
            place = Place(LEDGER_FILE, submission.accepted.recorded.seq)
            yield Problem(place, "C032", what, remedy, "warning")

"""Checking a contract: every problem of its text, its record and its evidence, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from muniment.commands.queries.terms import departures_of
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.evidence.engine import Engine
from muniment.domain.evidence.submissions import Submission
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.regime.adoption import adopted_text_known
from muniment.domain.regime.agreed import AgreedText
from muniment.faces.desk.evidence import engine_over, evidence_files, taken_in
from muniment.faces.desk.opening import all_measures, asked_on, current, drift_problems, problems_of_text
from muniment.faces.desk.stores import Store, Where, open_store
from muniment.faces.desk.worked_examples import example_problems

NAMED = 3
"""Rows of a kind that are named in one warning."""
LOST = frozenset({"F002", "F010", "F012"})
"""Problems of files that cannot be read at all."""


def check_contract(*, folder: Where, elsewhere: Mapping[str, Path]) -> tuple[Problem, ...]:
    """Every problem of a contract: its text, its record, its evidence. Nothing is raised for what people wrote."""
    problems: list[Problem] = []
    try:
        store = open_store(folder)
        texts = store.read_texts()
    except ProblemsFound as found:
        return found.problems
    text, _, found_in_text = problems_of_text(texts)
    problems += found_in_text
    entries: tuple[Entry, ...] = ()
    try:
        entries = store.ledger.entries()
        problems += record_problems(entries)
    except ProblemsFound as found:
        problems += found.problems
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
    contract, submissions = text.contract(known=None), current(entries)
    try:
        files, problems = evidence_files(store=store, contract=contract, submissions=submissions, elsewhere=elsewhere)
        lost = any(problem.code in LOST for problem in problems)
        if lost:
            return list(problems)
        evidence, more = taken_in(store=store, contract=contract, measures=all_measures(text), files=files)
    except ProblemsFound as found:
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
            more = f" and {len(lost) - NAMED:,} more" if len(lost) > NAMED else ""
            named = ", ".join(f"'{row}'" for row in lost[:NAMED])
            what = f"{submission.id} was accepted without rows that are not in it: {named}{more}"
            remedy = "find out which rows were meant; until then these reject nothing"
            place = Place(LEDGER_FILE, submission.accepted.recorded.seq)
            yield Problem(place, "C032", what, remedy, "warning")

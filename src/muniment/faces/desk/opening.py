"""Opening a contract for reading: its text, its record as known on a day, and an engine over its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from muniment.adapters.folder.clocks import end_of_day
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.terms import departures_of
from muniment.domain.assessment.brought_forward import brought_forward
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.evidence.retention import discarded_submissions
from muniment.domain.evidence.submissions import Submission, counting_submissions, rejections
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.portfolio.text import Followed, read_followed
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.replay import head, known_on
from muniment.domain.regime.adoption import AdoptedText, adopted_text_known, drift
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from muniment.domain.regime.measures import Measure
from muniment.faces.desk.evidence import EngineName, engine_over, evidence_files, taken_in
from muniment.faces.desk.stores import Store, Where, open_store
from muniment.faces.desk.worked_examples import example_problems


@dataclass(frozen=True)
class Opened:
    """A contract as known on a day. `known` None: it keeps no record. `entries`: those known then."""

    store: Store
    texts: Mapping[str, str]
    text: AgreedText
    followed: Followed
    known: date | None
    entries: tuple[Entry, ...]

    @property
    def head(self) -> str | None:
        return head(self.entries)


def problems_of_text(texts: Mapping[str, str]) -> tuple[AgreedText | None, Followed, tuple[Problem, ...]]:
    """The agreed text whole, with every problem in it."""
    text, problems = read_agreed_text(texts)
    measures: Mapping[str, Measure] = {}
    if text is not None and not any(problem.severity == "error" for problem in problems):
        measures = {measure.name: measure for measure in all_measures(text)}
    followed, more = read_followed(texts, measures=measures)
    if not measures:
        more = tuple(problem for problem in more if problem.code != "R120")
    return text, followed, (*problems, *more)


def open_contract(*, folder: Where, known: date | None) -> Opened:
    """Open a contract for reading. `known` None: the day of the last entry. Raises ProblemsFound with all there are."""
    store = open_store(folder)
    texts = store.read_texts()
    text, followed, problems = problems_of_text(texts)
    raise_if_errors(problems)
    if text is None:
        raise ProblemsFound(problems)
    entries = store.ledger.entries()
    raise_if_errors(record_problems(entries))
    zone = text.contract_text.zone
    if known is None and entries:
        known = _local_day(entries[-1].recorded_at, zone)
    if known is not None:
        entries = known_on(entries, until=end_of_day(known, zone=zone))
    return Opened(store, texts, text, followed, known, entries)


def _local_day(recorded_at: str, zone: str) -> date:
    return datetime.fromisoformat(recorded_at).astimezone(ZoneInfo(zone)).date()


def all_measures(text: AgreedText) -> tuple[Measure, ...]:
    """Every measure of every version of the text, so that evidence is normalised once for all of them."""
    found: dict[Measure, None] = {}
    for notices in [(), *((notice,) for notice in text.notices)]:
        on = max([text.contract_text.term.first, *(notice.effective for notice in notices)])
        found.update(dict.fromkeys(text.regime_at(on=on, known=None).measures.values()))
    return tuple(found)


def read_contract(
    *, opened: Opened, engine: EngineName, elsewhere: Mapping[str, Path], up_to: Month | None = None
) -> Reading:
    """Take in the evidence and hand out what queries read. Raises ProblemsFound with every problem of every file.

    `up_to`: submissions for later months are not read, and need not be there.
    """
    contract = opened.text.contract(known=opened.known)
    submissions = [found for found in current(opened.entries) if up_to is None or found.period <= up_to]
    files, problems = evidence_files(
        store=opened.store, contract=contract, submissions=submissions, elsewhere=elsewhere
    )
    raise_if_errors(problems)
    evidence, problems = taken_in(
        store=opened.store, contract=contract, measures=all_measures(opened.text), files=files
    )
    raise_if_errors(problems)
    return Reading(
        text=opened.text,
        known=opened.known,
        engine=engine_over(name=engine, parts=evidence.parts, contract=contract),
        received=evidence,
        mitigations=mitigations_known(opened.entries),
        asked_on=_asked_on(opened.entries, contract.zone),
        brought_forward=brought_forward(opened.entries),
        rejections=rejections(opened.entries),
    )


def _asked_on(entries: tuple[Entry, ...], zone: str) -> dict[str, date]:
    return {found.id: _local_day(found.requested.at, zone) for found in mitigations_known(entries)}


def current(entries: tuple[Entry, ...]) -> tuple[Submission, ...]:
    """The submissions that count and whose rows were not discarded, by table and month."""
    found, gone = counting_submissions(entries), discarded_submissions(entries)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1])) if found[key].id not in gone)


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
    asked_on = _asked_on(entries, text.contract_text.zone)
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
        for departure in departures_of(text=text, known=None, mitigation=found, asked_on=asked_on[found.id])
    ]


def drift_problems(adopted: AdoptedText | None, texts: Mapping[str, str]) -> list[Problem]:
    """Where the files differ from the text that was adopted."""
    if adopted is None:
        return []
    said = {
        "changed": "differs from the text that was adopted",
        "missing": "was adopted and is not here",
        "not adopted": "has not been adopted",
    }
    remedies = {
        "changed": "adopt the text as it is now, or put it back",
        "missing": "put it back, or adopt the text without it",
        "not adopted": "adopt the text with it, so that the record says when it was agreed",
    }
    return [
        Problem(
            place=Place(found.path),
            code="C030",
            what=f"the file {said[found.how]} (adopted: {adopted.id})",
            remedy=remedies[found.how],
            severity="warning" if found.how == "not adopted" else "error",
        )
        for found in drift(adopted=adopted, texts=texts)
        if not found.path.startswith("examples/")
    ]


def _evidence_problems(
    store: Store, text: AgreedText, entries: tuple[Entry, ...], elsewhere: Mapping[str, Path]
) -> list[Problem]:
    contract = text.contract(known=None)
    try:
        files, problems = evidence_files(
            store=store, contract=contract, submissions=current(entries), elsewhere=elsewhere
        )
        lost = any(problem.code == "F010" for problem in problems)
        if lost:
            return list(problems)
        _, more = taken_in(store=store, contract=contract, measures=all_measures(text), files=files)
    except ProblemsFound as found:
        return list(found.problems)
    return [*problems, *more]

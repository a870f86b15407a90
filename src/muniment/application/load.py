"""Opening a contract for reading: its text, its record as known on a day, and an engine over its evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from muniment.adapters.stores.folder.clocks import end_of_day
from muniment.application.evidence import EngineName, counting_evidence_files, engine_over, ingest_evidence
from muniment.application.parsed_text import problems_of_text
from muniment.application.stores import ContractPlace, Store, open_store
from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.brought_forward import brought_forward
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.evidence.retention import discarded_submissions
from muniment.domain.evidence.submissions import Submission, counting_submissions, rejections
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.portfolio.text import PROJECTS_FILE, REPORTING_FILE, BoardPortfolio
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.replay import head, known_on
from muniment.domain.regime.adoption import AdoptedText, Drift, adopted_text_known, drift, files_as_adopted, hashes_of
from muniment.domain.regime.agreed import AgreedText


@dataclass(frozen=True)
class OpenedContract:
    """A contract as known on a day. `known` None: it keeps no record. `entries`: those known then."""

    store: Store
    texts: Mapping[str, str]
    text: AgreedText
    followed: BoardPortfolio
    known: date | None
    entries: tuple[Entry, ...]

    @property
    def head(self) -> str | None:
        return head(self.entries)


def open_contract(*, folder: ContractPlace, known: date | None) -> OpenedContract:
    """Open a contract for reading. `known` None: the day of the last entry. Raises ProblemsFoundError with all there
    are."""
    store = open_store(folder)
    texts = store.read_texts()
    entries = store.ledger.entries()
    text, followed, problems = problems_of_text(texts, adopted=files_as_adopted(entries, texts))
    raise_if_errors(problems)
    if text is None:
        raise ProblemsFoundError(problems)
    raise_if_errors(record_problems(entries))
    zone = text.contract_text.zone
    if known is None and entries:
        known = local_day(entries[-1].recorded_at, zone)
    if known is not None:
        entries = known_on(entries, until=end_of_day(known, zone=zone))
    return OpenedContract(store, texts, text, followed, known, entries)


def as_adopted(opened: OpenedContract, *, entries: tuple[Entry, ...], known: date | None) -> OpenedContract:
    """The contract as it was when those entries were all that was recorded, as known on the day: with the text that was
    adopted last by then, whatever the files say now. Where no copy of it was kept, with the files as they are."""
    then = replace(opened, entries=entries, known=known)
    adopted = adopted_text_known(entries)
    if adopted is None or not _bears(drift(adopted=adopted, texts=opened.texts)):
        return then
    now, texts = dict(hashes_of(opened.texts)), {}
    for path in [*opened.texts, *(path for path in adopted.files if path not in opened.texts)]:
        digest = adopted.files.get(path)
        if digest is None:
            kept = None if path.startswith("changes/") else opened.texts[path]
        else:
            kept = opened.texts[path] if now.get(path) == digest else opened.store.adopted_text(digest)
            if kept is None:
                return then
        if kept is not None:
            texts[path] = kept
    text, followed, problems = problems_of_text(texts, adopted=files_as_adopted(opened.entries, texts))
    if text is None or any(problem.severity == "error" for problem in problems):
        return then
    return replace(then, texts=texts, text=text, followed=followed)


def _bears(found: Iterable[Drift]) -> bool:
    return any(not each.path.startswith("examples/") for each in found)


def must_be_adopted(opened: OpenedContract, *, up_to: Month) -> None:
    """Raises RefusedError where the files are not the text that was adopted last: nobody agreed to what would be
    signed.

    `up_to`: the last month that is computed. A notice that is not adopted and takes effect later bears on nothing yet.
    """
    adopted = adopted_text_known(opened.entries)
    if adopted is None:
        what = "no text was adopted in this record"
        raise RefusedError("agreed_text", what, "a contract manager could adopt the text as it is")
    later = {notice.file for notice in opened.text.notices if notice.effective > up_to.last_day}
    error = [
        found
        for found in drift(adopted=adopted, texts=opened.texts)
        if _bears([found])
        and not (found.how == "not adopted" and found.path in {PROJECTS_FILE, REPORTING_FILE, *later})
    ]
    if error:
        says = ", ".join(f"{found.path} ({found.how})" for found in error)
        what = f"the files are not the text that was adopted as {adopted.id}: {says}"
        raise RefusedError(
            "agreed_text", what, "a contract manager could adopt the text as it is, or put the files back"
        )


def local_day(recorded_at: str, zone: str) -> date:
    return datetime.fromisoformat(recorded_at).astimezone(ZoneInfo(zone)).date()


def read_contract(
    *,
    opened: OpenedContract,
    engine: EngineName,
    elsewhere: Mapping[str, Path],
    up_to: Month | None = None,
    kpi: str | None = None,
) -> Reading:
    """Take in the evidence and hand out what queries read. Raises ProblemsFoundError with every problem of every file.

    `up_to`: submissions for later months are not read, and need not be there. `kpi`: the reading is of this one alone,
    and the evidence of other tables than its own is not looked at.
    """
    contract = opened.text.contract(known=opened.known)
    tables = None if kpi is None else opened.text.tables_of(kpi, known=opened.known)
    submissions = [found for found in readable_submissions(opened.entries) if up_to is None or found.period <= up_to]
    files, problems = counting_evidence_files(
        store=opened.store, contract=contract, submissions=submissions, elsewhere=elsewhere, tables=tables
    )
    raise_if_errors(problems)
    evidence, problems = ingest_evidence(
        store=opened.store, contract=contract, measures=opened.text.all_measures(), files=files
    )
    raise_if_errors(problems)
    return Reading(
        text=opened.text,
        known=opened.known,
        engine=engine_over(name=engine, parts=evidence.parts, contract=contract),
        received=evidence,
        mitigations=mitigations_known(opened.entries),
        asked_on=asked_on(opened.entries, contract.zone),
        decided_on=decided_on(opened.entries, contract.zone),
        brought_forward=brought_forward(opened.entries),
        rejections=rejections(opened.entries),
        kpi=kpi,
    )


def asked_on(entries: tuple[Entry, ...], zone: str) -> dict[str, date]:
    """The local day on which each mitigation was asked for."""
    return {found.id: local_day(found.requested.at, zone) for found in mitigations_known(entries)}


def decided_on(entries: tuple[Entry, ...], zone: str) -> dict[str, date]:
    """The local day on which each mitigation was decided; those that wait are left out."""
    return {
        found.id: local_day(found.decision.recorded.at, zone)
        for found in mitigations_known(entries)
        if found.decision is not None
    }


def readable_submissions(entries: tuple[Entry, ...]) -> tuple[Submission, ...]:
    """The submissions that count and whose rows were not discarded, by table and month."""
    found, gone = counting_submissions(entries), discarded_submissions(entries)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1])) if found[key].id not in gone)


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

"""Commands that name rows of evidence (accept, challenge, decide a mitigation), checking first that the rows exist."""

from collections.abc import Sequence
from datetime import date, timedelta

from muniment.application.command_context import CommandContext
from muniment.application.evidence import counting_evidence_files, engine_over, ingest_evidence
from muniment.application.load import OpenedContract, readable_submissions
from muniment.commands.challenges import challenge_evidence
from muniment.commands.evidence import accept_submission
from muniment.commands.mitigation import decide_mitigation
from muniment.domain.assessment.mitigation import Mitigation, mitigations_known
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.kernel.problem import raise_if_errors, suggestion
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry

ALIKE = 2000
"""Among how many rows one is looked for that may have been meant: with a million it takes a minute."""


def accept_checking_rows(acting: CommandContext, *, submission: str, rejected: Sequence[tuple[str, str]] = ()) -> Entry:
    """Accept a submission without the rows that are named. Raises RefusedError for one that is not in it."""
    known = _submission(acting.opened, submission)
    if known is not None and rejected:
        _must_be_there([row for row, _ in rejected], _rows_of(acting.opened, [known]), where=submission)
    return accept_submission(
        ledger=acting.opened.store.ledger, act=acting.act, submission=submission, rejected=rejected
    )


def challenge_checking_rows(
    acting: CommandContext, *, submission: str, question: str, rows: Sequence[str] = ()
) -> Entry:
    """Challenge a submission, whole or by rows. Raises RefusedError for a row that is not in it."""
    known = _submission(acting.opened, submission)
    if known is not None and rows:
        _must_be_there(rows, _rows_of(acting.opened, [known]), where=submission)
    return challenge_evidence(
        ledger=acting.opened.store.ledger, act=acting.act, submission=submission, question=question, rows=rows
    )


def decide_mitigation_checking_rows(
    acting: CommandContext,
    *,
    mitigation: str,
    outcome: str,
    effect: str | None = None,
    rows: Sequence[str] = (),
    days: Sequence[str] = (),
    is_deemed: bool = False,
    deemed: DeemedProposal | None = None,
) -> Entry:
    """Decide a mitigation request. Raises RefusedError for a row that the KPI's evidence of those months does not
    have."""
    known = next((found for found in mitigations_known(acting.opened.entries) if found.id == mitigation), None)
    if known is not None and rows:
        _must_be_there(rows, _rows_measured(acting.opened, known), where=f"the evidence that {mitigation} is about")
    return decide_mitigation(
        ledger=acting.opened.store.ledger,
        act=acting.act,
        mitigation=mitigation,
        outcome=outcome,
        effect=effect,
        rows=rows,
        days=days,
        is_deemed=is_deemed,
        deemed=deemed,
    )


def _submission(opened: OpenedContract, submission: str) -> Submission | None:
    return next((found for found in submissions_known(opened.entries) if found.id == submission), None)


def _rows_measured(opened: OpenedContract, mitigation: Mitigation) -> frozenset[str]:
    """The rows of the KPI's periods that end in the months of the request; none where nothing counts for them yet."""
    wanted: set[tuple[str, Month]] = set()
    for month in months_from(mitigation.first, mitigation.last):
        for kpi, period in opened.text.kpis_in_force(month=month, known=opened.known).values():
            if kpi.code == mitigation.kpi:
                wanted |= {(kpi.measure.table, each) for each in months_from(period.first, period.last)}
    counted = [found for found in readable_submissions(opened.entries) if (found.table, found.period) in wanted]
    return _rows_of(opened, counted)


def _rows_of(opened: OpenedContract, submissions: Sequence[Submission]) -> frozenset[str]:
    """The ids of the rows of those submissions. Raises ProblemsFoundError where they cannot be read."""
    contract = opened.text.contract(known=opened.known)
    files, problems = counting_evidence_files(
        store=opened.store, contract=contract, submissions=submissions, elsewhere={}
    )
    named = {found.table for found in submissions}
    raise_if_errors(problems)
    evidence, problems = ingest_evidence(
        store=opened.store,
        contract=contract,
        measures=opened.text.all_measures(),
        files=[file for file in files if file.table in named],
    )
    raise_if_errors(problems)
    engine = engine_over(name="duckdb", parts=evidence.parts, contract=contract)
    return frozenset().union(*(engine.rows_dated(table=found.table, days=_days(found.period)) for found in submissions))


def _days(month: Month) -> list[date]:
    return [month.first_day + timedelta(days=n) for n in range(month.last_day.day)]


def _must_be_there(rows: Sequence[str], there: frozenset[str], *, where: str) -> None:
    for row in rows:
        if row not in there:
            remedy = suggestion(row, _alike(row, there), "name it as its key columns are, joined by '/'")
            raise RefusedError("row_known", f"there is no row '{row}' in {where}", remedy)


def _alike(row: str, there: frozenset[str]) -> Sequence[str]:
    """Those that begin alike, and as few as can be compared in a moment."""
    for length in range(len(row), -1, -1):
        found = sorted(known for known in there if known.startswith(row[:length]))
        if found:
            return found[:ALIKE]
    return ()

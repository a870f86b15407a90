"""Sealing a month: its statement, its results, and every input that they were computed from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.sealed import (
    CountedSubmission,
    SealedDecision,
    SealedInputs,
    beside,
    sealed_fingerprint,
    sealed_of,
    with_statement,
)
from muniment.domain.assessment.statement import Statement, in_former_words, statement_of
from muniment.domain.evidence.acceptance import AcceptanceWithdrawn, SubmissionAccepted
from muniment.domain.evidence.challenges import ChallengeClosed
from muniment.domain.evidence.normalised import calendar_fingerprint
from muniment.domain.evidence.submissions import Submission
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.record.entry import Entry
from muniment.domain.record.replay import of_kind
from muniment.domain.regime.agreed import AgreedText


@dataclass(frozen=True)
class SealedMonth:
    """A month's statement and results, the two sealed, and the engine that stands beside."""

    statement: Statement
    results: tuple[Result, ...]
    sealed: dict[str, Json]
    engine: dict[str, Json]

    def as_sealed(self, statement: str | None) -> Self:
        """In the words of version 0.1, where that is the statement of this fingerprint; else as it is."""
        former = replace(self, sealed=with_statement(self.sealed, in_former_words(self.statement)))
        return former if sealed_fingerprint(former.sealed) == statement else self


def seal(
    reading: Reading,
    *,
    month: Month,
    submissions: Iterable[CountedSubmission],
    engine_version: str,
    challenges: Iterable[SealedDecision] = (),
) -> SealedMonth:
    """Settle and seal a month. `submissions`: every file that was read; those of later months are left out.

    Raises ProblemsFoundError for a month outside the term.
    """
    results = reading.results(first=month, last=month)
    statement = statement_of(
        month=month,
        results=results,
        regime=reading.text.regime_at(on=month.first_day, known=reading.known),
        suspensions=reading.text.suspensions(known=reading.known),
    )
    return seal_settled(
        reading,
        statement=statement,
        results=results,
        submissions=submissions,
        engine_version=engine_version,
        challenges=challenges,
    )


def seal_settled(
    reading: Reading,
    *,
    statement: Statement,
    results: tuple[Result, ...],
    submissions: Iterable[CountedSubmission],
    engine_version: str,
    challenges: Iterable[SealedDecision] = (),
) -> SealedMonth:
    """The same of a month that was settled already. `results`: those of the month."""
    month = statement.month
    inputs = SealedInputs(
        contract=reading.contract.id,
        month=month,
        known=reading.known,
        regimes=regimes_under(reading.text, known=reading.known, month=month),
        notices=_notices(reading, month),
        submissions=_counted(submissions, month),
        mitigations=_mitigations(reading, month),
        calendars=tuple((name, calendar_fingerprint(found)) for name, found in calendars_for(reading, month).items()),
        engine=reading.engine.name,
        engine_version=engine_version,
        challenges=tuple(challenges),
        opening_runs=tuple(sorted(reading.opening_runs.items())),
    )
    sealed = sealed_of(statement=statement, results=results, inputs=inputs)
    return SealedMonth(statement, results, sealed, beside(inputs))


def calendars_for(reading: Reading, month: Month) -> Mapping[str, Calendar]:
    """The contract's calendars with the holidays to the end of the next year, by name in order: a holiday proclaimed
    for a later day bears on no row of the month, and is no cause of anything."""
    last = date(month.year + 1, 12, 31)
    return {
        name: replace(calendar, holidays=frozenset(day for day in calendar.holidays if day <= last))
        for name, calendar in sorted(reading.contract.calendars.items())
    }


def counted_submissions(entries: Sequence[Entry], submissions: Iterable[Submission]) -> tuple[CountedSubmission, ...]:
    """The submissions that count as inputs: each accepted, or provisional as long as nobody accepted it."""
    accepted: set[str] = set()
    for entry in entries:
        if entry.kind == SubmissionAccepted.kind:
            accepted.add(entry.subject)
        elif entry.kind == AcceptanceWithdrawn.kind:
            accepted.discard(entry.subject)
    return tuple(
        CountedSubmission(
            id=submission.id,
            table=submission.table,
            period=submission.period,
            sha256=submission.received.sha256,
            standing="accepted" if submission.id in accepted else "provisional",
            rejected=tuple(row.row for row in submission.rejected),
        )
        for submission in submissions
    )


def upheld_challenges(entries: Iterable[Entry]) -> tuple[SealedDecision, ...]:
    """Challenges to evidence that were closed as upheld, in the order of closing."""
    closed = of_kind(entries, ChallengeClosed)
    return tuple(SealedDecision(e.subject, found.outcome, e.hash) for e, found in closed if found.outcome == "upheld")


def regimes_under(text: AgreedText, *, known: date | None, month: Month) -> tuple[tuple[str, str], ...]:
    """The regimes that a month's statement rests on: (first day of a measurement period, fingerprint) from the record's
    first month on."""
    days = {
        period.first_day
        for counted in months_from(min(month, text.contract(known=known).record_from), month)
        for _, period in text.kpis_in_force(month=counted, known=known).values()
    }
    return tuple(
        (day.isoformat(), text.regime_at(on=day, known=known).fingerprint) for day in sorted({*days, month.first_day})
    )


def _notices(reading: Reading, month: Month) -> tuple[str, ...]:
    return tuple(
        notice.number
        for notice in reading.text.notices
        if (reading.known is None or notice.signed <= reading.known) and notice.effective <= month.last_day
    )


def _counted(submissions: Iterable[CountedSubmission], month: Month) -> tuple[CountedSubmission, ...]:
    counted = [found for found in submissions if found.period is None or found.period <= month]
    return tuple(sorted(counted, key=lambda found: (found.table, str(found.period), found.id)))


def _mitigations(reading: Reading, month: Month) -> tuple[SealedDecision, ...]:
    """Every decision on a mitigation that began by then: those of earlier months bear on the chains."""
    return tuple(
        SealedDecision(mitigation.id, mitigation.decision.outcome, mitigation.decision.recorded.hash)
        for mitigation in reading.mitigations
        if mitigation.decision is not None and mitigation.first <= month
    )

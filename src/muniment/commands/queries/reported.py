"""What was last reported of a fact, as printed, against what the records said then and say now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.domain.assessment.restating import Verdict, verdict_of
from muniment.domain.kernel.problem import ProblemsFound
from muniment.domain.record.entry import Entry
from muniment.domain.record.reported import figures_reported, reported_on

ValueKnown = Callable[[str, date], str]
"""(fact, day) -> the fact as known at the end of that day. Raises ProblemsFound."""


@dataclass(frozen=True)
class ReportedFact:
    """`known`: what the records say as known on the day asked for. `printed`: None where nothing was reported yet."""

    fact: str
    known: str | None
    printed: str | None
    where: str | None
    on: date | None
    verdict: Verdict


def reported(
    *, entries: Sequence[Entry], on: date, facts: Sequence[str], value_known: ValueKnown
) -> tuple[ReportedFact, ...]:
    """A line per fact: those asked for, or every fact that had been reported by that day."""
    asked = facts or _facts_by(entries, on)
    return tuple(_line(entries, fact, on, value_known) for fact in asked)


def _facts_by(entries: Sequence[Entry], on: date) -> tuple[str, ...]:
    said = (found.figure.fact for found in figures_reported(entries) if found.figure.on <= on)
    return tuple(dict.fromkeys(said))


def _line(entries: Sequence[Entry], fact: str, on: date, value_known: ValueKnown) -> ReportedFact:
    last = reported_on(entries, fact=fact, on=on)
    now = _value(value_known, fact, on)
    if last is None:
        return ReportedFact(fact, now, None, None, None, verdict_of(printed=None, said_then=None, says_now=now))
    figure = last.figure
    then = _value(value_known, fact, figure.on)
    verdict = verdict_of(printed=figure.printed, said_then=then, says_now=now)
    return ReportedFact(fact, now, figure.printed, f"{figure.where} ({figure.how})", figure.on, verdict)


def _value(value_known: ValueKnown, fact: str, on: date) -> str | None:
    try:
        return value_known(fact, on)
    except ProblemsFound:
        return None

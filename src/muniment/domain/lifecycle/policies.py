"""Rules on what a command is given: ids that are known, whole months, words not blank, figures with their source."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from muniment.domain.assessment.mitigation import MITIGATION_EFFECTS, MITIGATION_OUTCOMES, Mitigation, MitigationDecided
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.evidence.challenges import Challenge, challenges_known
from muniment.domain.evidence.submissions import Submission, latest_submission
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import suggestion
from muniment.domain.lifecycle.appointments import Appointment, appointments_known
from muniment.domain.lifecycle.subjects import Subject
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.opened import opening
from muniment.domain.record.reported import TypedFigure, is_typed_in, undeclared

_Word = TypeVar("_Word", bound=str)


def contract_of(entries: Sequence[Entry]) -> str:
    """The contract whose record this is. Raises RefusedError where the record is not open yet."""
    opened = opening(entries)
    if opened is None:
        raise RefusedError("record_open", "this record is not open yet", "somebody of the authority could open it")
    return opened.contract


def whole_month(text: str) -> Month:
    """The month that a text names. Raises RefusedError where it is not a whole calendar month."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise RefusedError("whole_month", f"'{text}' is not a whole month", "write it as 2019-11") from error


def known_day(text: str) -> date:
    """Raises RefusedError where the text is not a date."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError("date", f"'{text}' is not a date", "write it as 2019-11-30") from error
    if day.isoformat() != text:
        raise RefusedError("date", f"'{text}' is not a date", "write it as 2019-11-30")
    return day


def must_be_agreed(name: str, *, among: Collection[str], what: str) -> None:
    """Raises RefusedError for a name that the agreed text does not know. `what`: 'KPI'."""
    if name not in among:
        remedy = suggestion(name, among, f"use one of: {', '.join(sorted(among)) or 'none is declared'}")
        raise RefusedError("agreed_text", f"the agreed text knows no {what} '{name}'", remedy)


def must_say(texts: Mapping[str, str]) -> None:
    """Raises RefusedError for a text that says nothing. `texts`: what it is called -> the text."""
    for name, text in texts.items():
        if not text.strip():
            raise RefusedError("said", f"the {name} says nothing", f"write the {name} in a sentence")


def must_declare_figures(texts: Mapping[str, str], *, typed: Iterable[TypedFigure], names: Collection[str]) -> None:
    """Digits in prose need a source; the agreed text's own `names` are no figures. Raises RefusedError."""
    declared = tuple(typed)
    for name, text in texts.items():
        if found := undeclared(text, typed=declared, names=names):
            what = f"the {name} types {_quoted(found)} without a source"
            raise RefusedError("typed_figures", what, "leave figures to the record, or declare each with its source")
    for figure in declared:
        if not figure.figure.strip() or not figure.source.strip():
            raise RefusedError("typed_figures", "a declared figure or its source is blank", "give both")
        if not any(is_typed_in(text, figure.figure) for text in texts.values()):
            what = f"'{figure.figure}' is declared but stands in no text"
            raise RefusedError("typed_figures", what, "declare figures as they are typed")


def is_within(term: Period, *, first: Month, last: Month) -> bool:
    """Whether the contract has these months, so that something can be asked for them."""
    return term.first <= first and last <= term.last


def must_be_within(term: Period, *, first: Month, last: Month) -> None:
    """Raises RefusedError for months that the contract does not have."""
    if not is_within(term, first=first, last=last):
        what = f"{first} to {last} is not within the contract, {term.first} to {term.last}"
        raise RefusedError("within_term", what, "ask for months of the contract; mitigation ends with it at the latest")


def may_request(known: Iterable[Mitigation], *, kpi: str, ground: str, first: Month, last: Month) -> None:
    """Raises RefusedError where the same mitigation is asked for or granted already."""
    if last < first:
        raise RefusedError("whole_month", f"{last} is before {first}", "give the first month first")
    for mitigation in known:
        is_same = (mitigation.kpi, mitigation.ground) == (kpi, ground) and mitigation.state not in (
            "refused",
            "withdrawn",
        )
        if is_same and mitigation.overlaps(first=first, last=last):
            what = f"{mitigation.id} asks for the same, {mitigation.first} to {mitigation.last}"
            remedy = "await its decision" if mitigation.is_open else "it is granted: ask for the months that it leaves"
            raise RefusedError("asked_once", what, remedy)


def decided(
    *, outcome: str, effect: str | None, rows: Sequence[str] = (), days: Sequence[str] = ()
) -> MitigationDecided:
    """A decision in its one form: a grant has an effect, one in part names rows or days, a refusal neither.

    Raises RefusedError.
    """
    decision = one_of(outcome, words=MITIGATION_OUTCOMES, what="outcome")
    if decision == "granted_in_part" and not (rows or days):
        what = "a grant in part names what it covers"
        raise RefusedError("granted_in_part", what, "name rows or days, or grant it whole")
    if decision != "granted_in_part" and (rows or days):
        raise RefusedError(
            "granted_in_part", f"rows and days are named, but the request is {decision}", "grant it in part"
        )
    for day in days:
        known_day(day)
    if decision == "refused":
        if effect is not None:
            raise RefusedError("effect", "a refusal has no effect", "leave the effect out")
        return MitigationDecided(decision, None)
    if effect is None:
        raise RefusedError(
            "effect", "a grant needs an effect", f"give the one of its ground: {', '.join(MITIGATION_EFFECTS)}"
        )
    grant = one_of(effect, words=MITIGATION_EFFECTS, what="effect")
    return MitigationDecided(decision, grant, rows=tuple(rows), days=tuple(days))


def latest_of(entries: Sequence[Entry], *, subject: Subject) -> Submission:
    """The submission of that id, where it is the latest of its table and month. Raises RefusedError otherwise."""
    latest = latest_submission(entries, table=subject.name, month=subject.month)
    if latest is None or latest.id != subject.id:
        now = f"the latest is {latest.id}" if latest else "none stands"
        remedy = f"look at {latest.id}" if latest else "the supplier's preparer could submit"
        raise RefusedError("latest_submission", f"{subject.id} is not what {subject.thing} waits with: {now}", remedy)
    return latest


def open_challenge(entries: Sequence[Entry], *, subject: Subject) -> Challenge:
    """The open challenge of that id. Raises RefusedError where there is none."""
    known = {found.id: found for found in challenges_known(entries)}
    if subject.id not in known or not known[subject.id].is_open:
        remedy = suggestion(subject.id, [c.id for c in known.values() if c.is_open], "name the one that is open")
        raise RefusedError("no_challenge", f"{subject.id} is not an open challenge", remedy)
    return known[subject.id]


def must_not_be_locked(entries: Sequence[Entry], *, subject: Subject) -> None:
    """Raises RefusedError where the month of the subject is locked."""
    if version_locked(entries, subject.month) is not None:
        what = f"{subject.month_thing} is locked, and its inputs never change"
        raise RefusedError(
            "locked", what, "the supplier could propose a new submission, and a contract officer accept it"
        )


def must_be_fingerprint(text: str) -> None:
    """Raises RefusedError for a text that is no sha256."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise RefusedError("fingerprint", f"'{text}' is not the fingerprint of a statement", "give all 64 hex digits")


def must_be_in_order(first: date, last: date | None) -> None:
    """Raises RefusedError for days that run backwards."""
    if last is not None and last < first:
        raise RefusedError("date", f"{last} is before {first}", "give the first day first")


def appointment_of(entries: Sequence[Entry], *, appointment: str) -> Appointment:
    """The appointment or delegation of that id. Raises RefusedError where there is none."""
    known = appointments_known(entries)
    if appointment not in known:
        remedy = suggestion(appointment, known, "an administrator could make one")
        raise RefusedError("appointment", f"there is no appointment '{appointment}'", remedy)
    return known[appointment]


def one_of(word: str, *, words: tuple[_Word, ...], what: str) -> _Word:
    """The word, where it is one of the closed list. Raises RefusedError. `what`: 'rating'."""
    for known in words:
        if word == known:
            return known
    remedy = suggestion(word, words, f"use one of: {', '.join(words)}")
    raise RefusedError(what, f"'{word}' is no {what}", remedy)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)

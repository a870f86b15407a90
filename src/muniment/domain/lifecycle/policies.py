"""Does the state of the record allow it? Each rule answers with Refused where it does not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from muniment.domain.assessment.mitigation import EFFECTS, OUTCOMES, Mitigation, MitigationDecided
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import suggestion
from muniment.domain.record.entry import Entry
from muniment.domain.record.opened import opening
from muniment.domain.record.refused import Refused
from muniment.domain.record.typed_figures import TypedFigure, is_typed_in, undeclared

Word = TypeVar("Word", bound=str)


def contract_of(entries: Sequence[Entry]) -> str:
    """The contract whose record this is. Raises Refused where the record is not open yet."""
    opened = opening(entries)
    if opened is None:
        raise Refused("record_open", "this record is not open yet", "somebody of the authority could open it")
    return opened.contract


def whole_month(text: str) -> Month:
    """The month that a text names. Raises Refused where it is not a whole calendar month."""
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise Refused("whole_month", f"'{text}' is not a whole month", "write it as 2019-11") from wrong


def known_day(text: str) -> date:
    """Raises Refused where the text is not a date."""
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise Refused("date", f"'{text}' is not a date", "write it as 2019-11-30") from wrong
    if day.isoformat() != text:
        raise Refused("date", f"'{text}' is not a date", "write it as 2019-11-30")
    return day


def must_be_agreed(name: str, *, among: Collection[str], what: str) -> None:
    """Raises Refused for a name that the agreed text does not know. `what`: 'KPI'."""
    if name not in among:
        remedy = suggestion(name, among, f"use one of: {', '.join(sorted(among)) or 'none is declared'}")
        raise Refused("agreed_text", f"the agreed text knows no {what} '{name}'", remedy)


def must_say(texts: Mapping[str, str]) -> None:
    """Raises Refused for a text that says nothing. `texts`: what it is called -> the text."""
    for name, text in texts.items():
        if not text.strip():
            raise Refused("said", f"the {name} says nothing", f"write the {name} in a sentence")


def must_declare_figures(texts: Mapping[str, str], *, typed: Iterable[TypedFigure], names: Collection[str]) -> None:
    """Digits in prose need a source (ruling 23); the agreed text's own `names` are no figures. Raises Refused."""
    declared = tuple(typed)
    for name, text in texts.items():
        if found := undeclared(text, typed=declared, names=names):
            what = f"the {name} types {_quoted(found)} without a source"
            raise Refused("typed_figures", what, "leave figures to the record, or declare each with its source")
    for figure in declared:
        if not figure.figure.strip() or not figure.source.strip():
            raise Refused("typed_figures", "a declared figure or its source is blank", "give both")
        if not any(is_typed_in(text, figure.figure) for text in texts.values()):
            what = f"'{figure.figure}' is declared but stands in no text"
            raise Refused("typed_figures", what, "declare figures as they are typed")


def may_request(known: Iterable[Mitigation], *, kpi: str, ground: str, first: Month, last: Month) -> None:
    """Raises Refused where the same mitigation is asked for or granted already."""
    if last < first:
        raise Refused("whole_month", f"{last} is before {first}", "give the first month first")
    for mitigation in known:
        is_same = (mitigation.kpi, mitigation.ground) == (kpi, ground) and mitigation.state != "refused"
        if is_same and mitigation.overlaps(first=first, last=last):
            what = f"{mitigation.id} asks for the same, {mitigation.first} to {mitigation.last}"
            remedy = "await its decision" if mitigation.is_open else "it is granted: ask for the months that it leaves"
            raise Refused("asked_once", what, remedy)


def open_request(known: Iterable[Mitigation], *, mitigation: str) -> Mitigation:
    """The open request of that id. Raises Refused where there is none."""
    by_id = {found.id: found for found in known}
    if mitigation not in by_id:
        remedy = suggestion(mitigation, by_id, "the supplier could ask for it")
        raise Refused("open_request", f"there is no mitigation request '{mitigation}'", remedy)
    found = by_id[mitigation]
    if found.decision:
        what = f"{mitigation} was {found.decision.outcome} by {found.decision.recorded.actor} already"
        raise Refused("open_request", what, "a decision stands; the supplier could make a new request")
    return found


def decided(*, outcome: str, effect: str | None) -> MitigationDecided:
    """A decision in its one form: a grant has an effect, a refusal none. Raises Refused."""
    if outcome == "granted_in_part":
        what = "granting in part is not possible yet: it needs the measure run again over named rows or days"
        raise Refused("granted_in_part", what, "grant or refuse the request, or have it made again for fewer months")
    decision = one_of(outcome, words=OUTCOMES, what="outcome")
    if decision == "granted" and effect is None:
        raise Refused("effect", "a grant needs an effect", f"give the one of its ground: {', '.join(EFFECTS)}")
    if decision == "granted":
        return MitigationDecided(decision, one_of(effect or "", words=EFFECTS, what="effect"))
    if effect is not None:
        raise Refused("effect", "a refusal has no effect", "leave the effect out")
    return MitigationDecided(decision, None)


def one_of(word: str, *, words: tuple[Word, ...], what: str) -> Word:
    """The word, where it is one of the closed list. Raises Refused. `what`: 'rating'."""
    for known in words:
        if word == known:
            return known
    remedy = suggestion(word, words, f"use one of: {', '.join(words)}")
    raise Refused(what, f"'{word}' is no {what}", remedy)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)

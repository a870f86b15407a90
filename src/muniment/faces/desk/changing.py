"""Changing the agreed text in a register: what a draft notice would change, and adopting it once both sides agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from muniment.commands.adopt_text import adopt_text
from muniment.domain.kernel.problem import Problem, ProblemsFound, raise_if_errors
from muniment.domain.record.entry import Entry
from muniment.domain.record.refused import Refused
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.regime import Kpi
from muniment.faces.desk.acting import Acting
from muniment.faces.desk.opening import problems_of_text
from muniment.faces.desk.stores import InRegister, Store


class TextStore(Store, Protocol):
    """A store whose files of the agreed text can be replaced."""

    def write_texts(self, texts: Mapping[str, str], /) -> None: ...


@dataclass(frozen=True)
class KpiChange:
    """A KPI before a notice and from its first day on; a blank is a KPI that is not there."""

    kpi: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class DraftLook:
    """`problems`: everything wrong, at its line. `changes`: what it does, on the day that it takes effect."""

    problems: tuple[Problem, ...]
    changes: tuple[KpiChange, ...]
    effective: date | None

    @property
    def can_be_adopted(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)


def look_at_draft(*, texts: Mapping[str, str], path: str, content: str) -> DraftLook:
    """What the text says with the draft in it. `texts`: the files as they are; nothing is written."""
    others = {name: text for name, text in texts.items() if name != path}
    text, _, problems = problems_of_text({**others, path: content})
    own = tuple(problem for problem in problems if problem.place.file == path or problem.severity == "error")
    before, _, _ = problems_of_text(others)
    if text is None or before is None or any(problem.severity == "error" for problem in problems):
        return DraftLook(own, (), None)
    notice = next((notice for notice in text.notices if notice.file == path), None)
    return (
        DraftLook(own, _changes(before, text, notice.effective), notice.effective)
        if notice
        else DraftLook(own, (), None)
    )


def adopt_draft(acting: Acting, *, path: str, content: str, is_agreed: bool) -> Entry:
    """Put the notice among the files, and adopt the text with it. `is_agreed`: the other side agreed to this very text.

    Raises ProblemsFound for a text with errors, Refused where it may not be adopted; then the files are as before. A
    crash in between leaves a file that is not adopted: `check` says so, and no statement can be signed meanwhile.
    """
    if not is_agreed:
        what = "the supplier has not agreed to this text of the notice"
        raise Refused("both_sides", what, "the supplier's approver could agree to it")
    if not isinstance(acting.folder, InRegister):
        raise Refused("register_only", "in a folder the notice is a file", "put the file in place and adopt the text")
    store = cast("TextStore", acting.opened.store)
    before = acting.opened.texts
    after = {**before, path: content}
    text, _, problems = problems_of_text(after)
    raise_if_errors(problems)
    store.write_texts(after)
    try:
        return adopt_text(ledger=store.ledger, act=acting.act, texts=after, text=text)
    except (Refused, ProblemsFound):
        store.write_texts(before)
        raise


def _changes(before: AgreedText, after: AgreedText, day: date) -> tuple[KpiChange, ...]:
    old, new = before.regime_at(on=day, known=None).kpis, after.regime_at(on=day, known=None).kpis
    found = [
        KpiChange(code, (new.get(code) or old[code]).title, _said(old.get(code)), _said(new.get(code)))
        for code in dict.fromkeys([*old, *new])
    ]
    return tuple(change for change in found if change.before != change.after)


def _said(kpi: Kpi | None) -> str:
    """What a KPI is held to, in a line."""
    if kpi is None:
        return ""
    return f"target {kpi.target}, minimum {kpi.minimum}, measured as {kpi.measure.name}"

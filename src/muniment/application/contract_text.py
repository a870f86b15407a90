"""Changing the agreed text in a database: what a draft notice would change, and adopting it once both sides agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, cast

from muniment.application.command_context import CommandContext
from muniment.application.parsed_text import problems_of_text
from muniment.application.stores import ContractInDatabase, Store
from muniment.commands.contract_text import adopt_text, agree_notice
from muniment.domain.kernel.problem import Place, Problem, raise_if_errors
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.index import first_with_key
from muniment.domain.record.ports import ClockKind
from muniment.domain.record.replay import payload_of
from muniment.domain.regime.adoption import TextAdopted, files_as_adopted
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.kpis import Kpi


class TextStore(Store, Protocol):
    """A store whose files of the agreed text can be replaced."""

    def write_texts(self, texts: Mapping[str, str], /) -> None: ...

    def append_with_texts(
        self,
        drafts: Sequence[Draft],
        *,
        expected_head: str | None,
        before: Mapping[str, str],
        after: Mapping[str, str],
    ) -> tuple[Entry, ...]:
        """Both or neither; RefusedError where the files are not those of `before` any more."""
        ...


@dataclass(frozen=True)
class _WithFiles:
    """A ledger in which an adoption puts the files in their place, in its own transaction."""

    store: TextStore
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def clock_kind(self) -> ClockKind:
        return self.store.ledger.clock_kind

    def entries(self) -> tuple[Entry, ...]:
        return self.store.ledger.entries()

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        if not any(isinstance(draft.payload, TextAdopted) for draft in drafts):
            return self.store.ledger.append(drafts, expected_head=expected_head)
        return self.store.append_with_texts(drafts, expected_head=expected_head, before=self.before, after=self.after)


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


def look_at_draft(*, texts: Mapping[str, str], entries: Sequence[Entry], path: str, content: str) -> DraftLook:
    """What the text says with the draft in it. `texts`: the files as they are; nothing is written. `entries`: the
    record, which says what of them was adopted."""
    others = {name: text for name, text in texts.items() if name != path}
    adopted = files_as_adopted(entries, others)
    text, _, problems = problems_of_text({**others, path: content}, adopted=adopted)
    problems = (*_taken(texts, path), *problems)
    own = tuple(problem for problem in problems if problem.place.file == path or problem.severity == "error")
    before, _, _ = problems_of_text(others, adopted=adopted)
    if text is None or before is None or any(problem.severity == "error" for problem in problems):
        return DraftLook(own, (), None)
    notice = next((notice for notice in text.notices if notice.file == path), None)
    return (
        DraftLook(own, _changes(before, text, notice.effective), notice.effective)
        if notice
        else DraftLook(own, (), None)
    )


def agree_to_draft(acting: CommandContext, *, path: str, content: str) -> Entry:
    """Agree for the supplier to exactly this text of the notice. Raises ProblemsFoundError for one that could not be
    adopted, RefusedError, NotRecordedError."""
    store, key = acting.opened.store, acting.act.key
    entries = store.ledger.entries()
    if key is None or first_with_key(entries, key) is None:
        look = look_at_draft(texts=store.read_texts(), entries=entries, path=path, content=content)
        raise_if_errors(look.problems)
    return agree_notice(ledger=store.ledger, act=acting.act, notice=path, text=content)


def adopt_draft(acting: CommandContext, *, path: str, content: str) -> Entry:
    """Put the notice among the files and adopt the text with it, in one transaction.

    Raises ProblemsFoundError for a text with errors, RefusedError where it may not be adopted, was not agreed to, or is
    there already, StaleError where another text was adopted meanwhile; then files and record are as before.
    """
    if not isinstance(acting.folder, ContractInDatabase):
        raise RefusedError(
            "register_only", "in a folder the notice is a file", "put the file in place and adopt the text"
        )
    store = cast("TextStore", acting.opened.store)
    entries = store.ledger.entries()
    before = store.read_texts()
    after = _adopted_before(store, entries, acting, path) or before
    if path in after:
        what = f"the agreed text has a notice {path}"
        raise RefusedError("notice_new", what, "propose it under another number")
    after = {**after, path: content}
    text, _, problems = problems_of_text(after, adopted=files_as_adopted(entries, after))
    raise_if_errors(problems)
    seen = len(entries) if acting.act.seen is None else min(acting.act.seen, len(entries))
    return adopt_text(
        ledger=_WithFiles(store, before, after),
        act=replace(acting.act, seen=seen),
        texts=after,
        text=text,
        notice=path,
    )


def _adopted_before(
    store: TextStore, entries: Sequence[Entry], acting: CommandContext, path: str
) -> Mapping[str, str] | None:
    """The other files, as the act's key adopted them the first time; None for a new key."""
    key = acting.act.key
    before = None if key is None else first_with_key(entries, key)
    if before is None or before.kind != TextAdopted.kind:
        return None
    files = dict(payload_of(before, TextAdopted).files)
    return {name: store.adopted_text(digest) or "" for name, digest in files.items() if name != path}


def _taken(texts: Mapping[str, str], path: str) -> tuple[Problem, ...]:
    if path not in texts:
        return ()
    what = f"the agreed text has a notice {path}"
    return (Problem(Place(path), "R038", what, "propose it under another number"),)


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

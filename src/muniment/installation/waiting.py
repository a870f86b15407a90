"""What waits in a contract, and by when under the agreed limits: as pages show it, and as JSON stores it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.core.cache import cache

from muniment.application.agreed_terms import waiting_in
from muniment.commands.waiting import WaitingItem
from muniment.domain.assessment.mitigation import MitigationEffect
from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.deemed import DeemedProposal, DeemedQuestion
from muniment.domain.lifecycle.subjects import thing_words
from muniment.domain.record.versions import is_about
from muniment.domain.regime.terms import DeemedOutcome
from muniment.installation.viewer import Viewer

_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Wait:
    """Something that waits, as a page shows it (see queries.waiting.WaitingItem, whose `deemed` is `deemed` here)."""

    thing: str
    what: str
    commands: tuple[str, ...]
    roles: tuple[Role, ...]
    since: int
    by: date | None
    days_left: int | None
    sentence: str
    deemed: DeemedProposal | None = None

    @property
    def act(self) -> str:
        """What is to be done, as a page says it: its address has the id, people read what the thing is called."""
        return self.what.replace(self.thing, thing_words(self.thing))

    @property
    def says(self) -> str:
        """Who must do what by when, likewise."""
        return self.sentence.replace(self.thing, thing_words(self.thing))


class StoredDeemedProposal(TypedDict):
    of: str
    on: DeemedQuestion
    due: str
    then: DeemedOutcome
    under: str
    effect: MitigationEffect | None


class StoredWait(TypedDict):
    """The same as JSON keeps it."""

    thing: str
    what: str
    commands: list[str]
    roles: list[Role]
    since: int
    by: str | None
    days_left: int | None
    sentence: str
    deemed: StoredDeemedProposal | None


def waits_in(viewer: Viewer, *, subject: str | None = None) -> tuple[Wait, ...]:
    """Everything that waits today, soonest first: the evidence that is expected too.

    It changes with the record and with the day, so it is computed once for each head and day, and kept.
    """
    key = f"waits-3/{viewer.contract}/{viewer.seq}/{viewer.today}"
    kept = cache.get(key)
    if kept is None:
        kept = json.dumps([_kept(found) for found in _computed(viewer)])
        cache.set(key, kept, timeout=_DAY)
    found = tuple(_read(item) for item in json.loads(kept))
    return tuple(item for item in found if subject is None or is_about(item.thing, subject))


def _computed(viewer: Viewer) -> tuple[WaitingItem, ...]:
    return waiting_in(viewer.opened, on=viewer.today)


def _kept(found: WaitingItem) -> StoredWait:
    return {
        "thing": found.thing,
        "what": found.what,
        "commands": [*found.commands],
        "roles": [*found.roles],
        "since": found.since,
        "by": found.by.isoformat() if found.by else None,
        "days_left": found.days_left,
        "sentence": found.sentence,
        "deemed": _stored_deemed(found.deemed) if found.deemed else None,
    }


def _stored_deemed(found: DeemedProposal) -> StoredDeemedProposal:
    return {
        "of": found.of, "on": found.on, "due": found.due.isoformat(), "then": found.then, "under": found.under,
        "effect": found.effect,
    }  # fmt: skip


def _read(item: StoredWait) -> Wait:
    by = date.fromisoformat(item["by"]) if item["by"] else None
    commands, roles = tuple(item["commands"]), tuple(item["roles"])
    kept = item["deemed"]
    deemed = _read_deemed(kept) if kept else None
    left, says = item["days_left"], item["sentence"]
    return Wait(item["thing"], item["what"], commands, roles, item["since"], by, left, says, deemed)


def _read_deemed(kept: StoredDeemedProposal) -> DeemedProposal:
    due = date.fromisoformat(kept["due"])
    return DeemedProposal(kept["of"], kept["on"], due, kept["then"], kept["under"], kept["effect"])

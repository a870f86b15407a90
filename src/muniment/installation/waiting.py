"""What waits in a contract as pages show it, and having the worker keep it up to date."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.core.cache import cache

from muniment.application.kept_waiting import KeptWaiting, contracts_to_renew, renew_waiting
from muniment.application.stores import ContractInDatabase, today_in
from muniment.commands.waiting import WaitingItem
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.lifecycle.subjects import thing_words
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.versions import is_about
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE, Viewer

RENEWALS = 10
"""Contracts that a worker brings up to date at one look, so that its jobs go on beside it."""
_CLAIMED_FOR = 60
"""Seconds for which a worker is alone with a contract that it began with, and one that fails is left alone."""


@dataclass(frozen=True)
class Wait(WaitingItem):
    """Something that waits, in the words of pages."""

    @property
    def act(self) -> str:
        """What is to be done, as a page says it: its address has the id, people read what the thing is called."""
        return self.what.replace(self.thing, thing_words(self.thing))

    @property
    def says(self) -> str:
        """Who must do what by when, likewise."""
        return self.sentence.replace(self.thing, thing_words(self.thing))


def waits_in(viewer: Viewer, *, subject: str | None = None) -> tuple[Wait, ...]:
    """Everything that waits, as it is kept, soonest first: the evidence that is expected too. Nothing where nothing is
    kept yet; the page says so (Viewer.is_waiting_behind)."""
    found = waits_of(viewer.waiting, viewer=viewer)
    return tuple(item for item in found if subject is None or is_about(item.thing, subject))


def waits_of(kept: KeptWaiting | None, *, viewer: Viewer) -> tuple[Wait, ...]:
    """The same of what was read for several contracts at once."""
    return tuple(Wait(**vars(item)) for item in kept.on(viewer.today)) if kept else ()


def renew_waits() -> None:
    """What the worker does again and again: bring up to date what waits in the contracts whose record or day moved on,
    whoever acted and by whatever means. Raises ProblemsFoundError where the database cannot be read."""
    today = today_in(SITE_ZONE)
    for contract in islice(_unclaimed(), RENEWALS):
        try:
            renew_waiting(_where(contract), today=today)
        except (ProblemsFoundError, NotRecordedError):
            log = logging.getLogger("muniment.jobs")
            log.warning("what waits in %s could not be computed", contract, exc_info=True)


def _unclaimed() -> Iterator[str]:
    """Those that no other worker has begun with."""
    for contract in contracts_to_renew(today=today_in(SITE_ZONE), using=DATABASE_ALIAS):
        if cache.add(f"renewing-waits/{contract}", "", timeout=_CLAIMED_FOR):
            yield contract


def _where(contract: str) -> ContractInDatabase:
    return ContractInDatabase(contract, settings.DATABASE_ADDRESS)

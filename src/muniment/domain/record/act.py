"""Who does something, for which side, and why: nothing can be written without it."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from muniment.domain.record.refused import Refused

Party = Literal["authority", "supplier"]
PARTIES: tuple[Party, ...] = get_args(Party)


@dataclass(frozen=True)
class Act:
    """What a person does, as they declare it. In a folder the actor is declared, not authenticated.

    `key`: the idempotency key; the same key again returns what was recorded the first time. `seen`: seq of the last
    entry about the thing that the person saw; the act is refused where the thing has moved on since. `on`: the local
    day of the act by the desk's clock, by which appointments are current; None: the day of the last entry.
    Raises Refused where actor or reason is blank, or the side is neither authority nor supplier.
    """

    actor: str
    on_behalf_of: Party
    reason: str
    key: str | None = None
    seen: int | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        if not self.actor.strip() or not self.actor.isprintable():
            raise Refused("actor_named", "the act names nobody", "say who acts, in one line (--as)")
        if self.on_behalf_of not in PARTIES:
            who = f"'{self.on_behalf_of}' is neither authority nor supplier"
            raise Refused("party_named", who, "act on behalf of 'authority' or 'supplier'")
        if not self.reason.strip():
            raise Refused("reason_given", "the act has no reason", "say why in a sentence (--reason)")
        if self.key is not None and not self.key.strip():
            raise Refused("key_given", "the idempotency key is blank", "leave it out, or give one")
        if self.seen is not None and self.seen < 0:
            raise Refused("seen", f"there is no entry {self.seen}", "give the number of the last entry that you saw")


def is_same_person(one: str, other: str) -> bool:
    """Whether two declared actors are one, whatever the capitals, the spacing or the form of the letters."""
    return _plain(one) == _plain(other)


def _plain(actor: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", actor).casefold().split())

"""Who does something, for which side, and why: nothing can be written without it."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

from muniment.domain.record.refused import Refused

Party = Literal["authority", "supplier"]
PARTIES: tuple[Party, ...] = get_args(Party)


@dataclass(frozen=True)
class Act:
    """What a person does, as they declare it. In a folder the actor is declared, not authenticated.

    `key`: the idempotency key; the same key again returns what was recorded the first time.
    Raises Refused where actor or reason is blank, or the side is neither authority nor supplier.
    """

    actor: str
    on_behalf_of: Party
    reason: str
    key: str | None = None

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


def is_same_person(one: str, other: str) -> bool:
    """Whether two declared actors are one, whatever the capitals, the spacing or the form of the letters."""
    return _plain(one) == _plain(other)


def _plain(actor: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", actor).casefold().split())

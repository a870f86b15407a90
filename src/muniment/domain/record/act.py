"""An act: who does something, for which side and why; the error of a refused one; and comparing ids of people."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

Party = Literal["authority", "supplier"]
PARTIES: tuple[Party, ...] = get_args(Party)
PERSON_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._@+'-]{0,98}[A-Za-z0-9])?")
"""The id of a person who is appointed: letters that look like no others. Entries of older records may hold any id."""
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point of Unicode 15: characters that show nothing."""

NOT_ALLOWED = frozenset({"role", "authority_only", "supplier_only", "four_eyes", "second_factor"})
"""Rules about the person rather than about the thing."""


class RefusedError(Exception):
    """Nothing was recorded. `rule` is stable (four_eyes, whole_month ...); the sentences may be improved.

    `what`: what stands against it. `who_could`: what to do instead, or who may do it.
    """

    def __init__(self, rule: str, what: str, who_could: str) -> None:
        super().__init__(f"{what} - {who_could}")
        self.rule = rule
        self.what = what
        self.who_could = who_could

    @property
    def is_not_allowed(self) -> bool:
        """Whether another person could do the very same."""
        return self.rule in NOT_ALLOWED


@dataclass(frozen=True)
class Act:
    """What a person does, as they declare it. In a folder the actor is declared, not authenticated.

    `key`: the idempotency key; the same key again returns what was recorded the first time. `seen`: seq of the last
    entry about the thing that the person saw; the act is refused where the thing has moved on since. `on`: the local
    day of the act by the application's clock, by which appointments are current; None: the day of the last entry.
    Raises RefusedError where actor or reason is blank, or the side is neither authority nor supplier.
    """

    actor: str
    on_behalf_of: Party
    reason: str
    key: str | None = None
    seen: int | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        if not plain_id(self.actor) or not self.actor.isprintable():
            raise RefusedError("actor_named", "the act names nobody", "say who acts, in one line")
        if self.on_behalf_of not in PARTIES:
            who = f"'{self.on_behalf_of}' is neither authority nor supplier"
            raise RefusedError("party_named", who, "act on behalf of 'authority' or 'supplier'")
        if not self.reason.strip():
            raise RefusedError("reason_given", "the act has no reason", "say why in a sentence")
        if self.key is not None and not self.key.strip():
            raise RefusedError("key_given", "the idempotency key is blank", "leave it out, or give one")
        if self.seen is not None and self.seen < 0:
            raise RefusedError(
                "seen", f"there is no entry {self.seen}", "give the number of the last entry that you saw"
            )


def is_same_person(one: str, other: str) -> bool:
    """Whether two declared actors are one, whatever the capitals, the spacing, the form of the letters, or what between
    them shows nothing."""
    return plain_id(one) == plain_id(other)


def must_be_plain(person: str) -> None:
    """Raises RefusedError for the id of a person to be appointed that could be taken for another's."""
    if not PERSON_ID.fullmatch(person):
        what = f"'{person}' cannot be the id of a person"
        raise RefusedError(
            "person_id", what, "use letters a to z, digits and . _ - @ + ', as in m.okafor; the name goes apart"
        )


@lru_cache(maxsize=1024)
def plain_id(actor: str) -> str:
    """One for all that is_same_person takes for one person."""
    shown = _UNSEEN.sub("", unicodedata.normalize("NFKC", actor))
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", shown.casefold())).split())

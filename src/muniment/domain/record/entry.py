"""One entry of the ledger: what happened, to which thing, by whom, why and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Protocol, Self

from muniment.domain.kernel.fingerprint import Json, fingerprint
from muniment.domain.record.act import Act, Party
from muniment.domain.record.reader import PayloadReader

ERASED = "[text erased]"
_SALT = re.compile(r"[0-9a-f]{32}")

ENTRY_SCHEMA = 1
LEDGER_FILE = "ledger.jsonl"
"""What a place in the ledger is called. Line n is entry n."""


@dataclass(frozen=True)
class SaltedText:
    """`salt`: 32 hex digits, unlike any other in the ledger."""

    salt: str
    text: str

    @property
    def commitment(self) -> str:
        """sha256 of salt and text, 64 hex digits. The salt's fixed length keeps the two apart."""
        return sha256((self.salt + self.text).encode()).hexdigest()


def faults(*, commitments: Mapping[str, str], texts: Mapping[str, SaltedText]) -> tuple[str, ...]:
    """What is wrong with the texts that stand beside their commitments; an erased text is no fault."""
    found = []
    for name, salted in sorted(texts.items()):
        if name not in commitments:
            found.append(f"the text '{name}' is in no commitment of the entry")
        elif not _SALT.fullmatch(salted.salt) or salted.commitment != commitments[name]:
            found.append(f"the text '{name}' is not the one that was recorded")
    return tuple(found)


class Payload(Protocol):
    """What a kind of entry says. Each capability defines its own; `version` is that of the payload's form."""

    kind: ClassVar[str]
    version: ClassVar[int]

    def fields(self) -> dict[str, Json]:
        """What is hashed as it stands."""
        ...

    def texts(self) -> dict[str, str]:
        """Free text: hashed as salted commitments, so that it can be erased."""
        ...

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        """The payload of an entry. Raises PayloadError."""
        ...


@dataclass(frozen=True)
class Draft:
    """An entry before the store gives it its number, time and place in the chain."""

    subject: str
    payload: Payload
    act: Act

    def texts(self) -> dict[str, str]:
        return {"reason": self.act.reason, **self.payload.texts()}


@dataclass(frozen=True)
class EntryReference:
    """Where, when, by whom and why something was recorded: what every folded value carries. `at`: UTC."""

    seq: int
    hash: str
    at: str
    actor: str
    on_behalf_of: Party
    reason: str


@dataclass(frozen=True)
class Entry:
    """`seq` counts from 1. `recorded_at`: UTC, 2019-05-08T09:30:00Z. `previous`: hash of the entry before, None for the
    first. `transaction_end`: seq of the last entry written in the same transaction, by which a half-written one is
    known. `payload` is as its kind typed it and is never changed. `texts` is beside the hash, all else inside it.
    """

    seq: int
    kind: str
    version: int
    subject: str
    payload: dict[str, Json]
    commitments: dict[str, str]
    actor: str
    on_behalf_of: Party
    recorded_at: str
    key: str | None
    transaction_end: int
    previous: str | None
    hash: str
    texts: Mapping[str, SaltedText]
    schema: int = ENTRY_SCHEMA

    def text(self, name: str) -> str | None:
        """A free text of the entry; '[text erased]' where it was erased, None where there never was one."""
        if name in self.texts:
            return self.texts[name].text
        return ERASED if name in self.commitments else None

    @property
    def reason(self) -> str:
        return self.text("reason") or ERASED

    @property
    def recorded(self) -> EntryReference:
        return EntryReference(self.seq, self.hash, self.recorded_at, self.actor, self.on_behalf_of, self.reason)

    def without_text(self, name: str) -> "Entry":
        """The entry with one text erased; its hash is what it was."""
        return replace(self, texts={other: text for other, text in self.texts.items() if other != name})

    def sealed(self) -> "Entry":
        """The entry with the hash that its content has."""
        return replace(self, hash=self.computed_hash())

    def computed_hash(self) -> str:
        """sha256 of the canonical JSON of everything but the hash and the texts."""
        return fingerprint(self._hashed())

    def canonical(self) -> dict[str, Json]:
        """The whole entry, as a line of the ledger holds it."""
        texts: dict[str, Json] = {name: {"salt": t.salt, "text": t.text} for name, t in self.texts.items()}
        return {**self._hashed(), "hash": self.hash, "texts": texts}

    def _hashed(self) -> dict[str, Json]:
        return {
            "schema": self.schema,
            "seq": self.seq,
            "kind": self.kind,
            "version": self.version,
            "subject": self.subject,
            "payload": self.payload,
            "commitments": {**self.commitments},
            "actor": self.actor,
            "on_behalf_of": self.on_behalf_of,
            "recorded_at": self.recorded_at,
            "key": self.key,
            "transaction_end": self.transaction_end,
            "previous": self.previous,
        }

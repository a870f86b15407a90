"""The first entry of every ledger: which contract it keeps, and by which clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import ClockKind
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import payload_of

CONTRACT_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class RecordOpened:
    """`clock` is "scripted" where the times of the record are part of an example, not of the world."""

    kind: ClassVar[str] = "record.opened"
    version: ClassVar[int] = 1
    contract: str
    clock: ClockKind

    def fields(self) -> dict[str, Json]:
        return {"contract": self.contract, "clock": self.clock}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        contract = source.line("contract")
        if not CONTRACT_ID.fullmatch(contract):
            raise PayloadError("'contract' must be a short id such as cssc")
        return cls(contract=contract, clock=source.choice("clock", get_args(ClockKind)))


def opening(entries: Sequence[Entry]) -> RecordOpened | None:
    """How the record was opened, or None for an empty ledger."""
    return payload_of(entries[0], RecordOpened) if entries else None

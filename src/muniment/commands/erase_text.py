"""Erase a free text of an entry: recorded first, then dropped by the store. The chain stays as it was."""

from collections.abc import Sequence
from typing import Protocol

from muniment.commands.recording import record
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.erasure import TextErased, not_yet_dropped
from muniment.domain.record.ports import Erasing, Ledger
from muniment.domain.record.refused import Refused


class ErasingLedger(Ledger, Erasing, Protocol):
    """A ledger that can drop texts."""


def erase_text(*, ledger: ErasingLedger, act: Act, entry: int, name: str = "reason") -> Entry:
    """`entry`: its seq. `name`: which of its texts. Repeated after a crash, it drops what was to be dropped."""
    finish_erasing(ledger=ledger)

    def decide(entries: Sequence[Entry], is_again: bool = False) -> Draft:
        contract = contract_of(entries)
        if not 0 < entry <= len(entries):
            raise Refused("entry", f"there is no entry {entry}", f"the record has {len(entries)}")
        target = entries[entry - 1]
        if name not in target.commitments:
            remedy = f"it has: {', '.join(sorted(target.commitments))}"
            raise Refused("text", f"entry {entry} has no text '{name}'", remedy)
        if name not in target.texts and not is_again:
            raise Refused("nothing_new", f"the text '{name}' of entry {entry} is erased already", "nothing is left")
        number = 1 + sum(known.kind == TextErased.kind for known in entries)
        return Draft(f"{contract}/erasures/e{number}", TextErased(entry, name), act)

    recorded = record(
        ledger=ledger,
        act=act,
        verb="erase_text",
        kind=TextErased,
        decide=decide,
        again=lambda entries: decide(entries, is_again=True),
    )
    ledger.drop_text(seq=entry, name=name)
    return recorded


def finish_erasing(*, ledger: ErasingLedger) -> None:
    """Drop the texts whose erasure was recorded before a crash came."""
    for _, erased in not_yet_dropped(ledger.entries()):
        ledger.drop_text(seq=erased.entry, name=erased.name)

"""A free text that is erased is gone from the pages at once, in the transaction that deletes it."""

import json
from collections.abc import Iterable

from muniment.adapters.register.models import LedgerEntry, Page
from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.record.texts import ERASED


def erase_from_pages(contract: str, names: Iterable[tuple[int, str]], *, using: str) -> None:
    """`names`: the texts, by seq and name. Inside the caller's transaction. Failure notes alone are on pages."""
    texts = set(names)
    notes = LedgerEntry.objects.using(using).filter(
        contract=contract, kind=FailureExplained.kind, seq__in={seq for seq, _ in texts}
    )
    for subject in notes.values_list("subject", flat=True):
        _, kpi, month, _ = subject.split("/")
        for row in Page.objects.using(using).filter(contract=contract, name=f"{month}/{kpi}"):
            row.content = canonical_json(_without(json.loads(row.content), texts)).decode()
            row.save(using=using, update_fields=["content"])


def _without(page: dict[str, Json], texts: set[tuple[int, str]]) -> dict[str, Json]:
    notes = page["failure_notes"]
    assert isinstance(notes, list)
    kept: list[Json] = [_note_without(note, texts) if isinstance(note, dict) else note for note in notes]
    return {**page, "failure_notes": kept}


def _note_without(note: dict[str, Json], texts: set[tuple[int, str]]) -> dict[str, Json]:
    return {name: ERASED if (note["seq"], name) in texts else value for name, value in note.items()}

"""Queries for the web pages: projected pages and results as text, and up to which entry they were computed.

`form`: in which the reader knows them; what is kept in another one is not there yet.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import TypedDict

from django.db.models import Exists, OuterRef

from muniment.adapters.stores.database.faults import database_reading
from muniment.adapters.stores.database.models import LedgerEntry, MonthResult, Page, Projection, StoredContract
from muniment.adapters.stores.database.projections import BASIS_FIELDS, ProjectionBasis, stored_basis
from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.entry import ERASED

HOME = "home"
"""The page of the contract itself."""


def page(contract: str, name: str, *, form: int, using: str) -> str | None:
    """The content of a page (see models.Page); None where none is projected. Raises ProblemsFoundError."""
    if "\0" in name:  # no page is called so, and PostgreSQL refuses to look
        return None
    with database_reading(using):
        rows = Page.objects.using(using).filter(_is_of(form, using=using), contract=contract, name=name)
        return rows.values_list("content", flat=True).first()


def titles_of(contracts: Collection[str], *, using: str) -> Mapping[str, str]:
    """Contract -> its title, as projected; those of which nothing is projected are left out. Raises
    ProblemsFoundError."""
    with database_reading(using):
        rows = Page.objects.using(using).filter(contract__in=contracts, name=HOME).values_list("contract", "content")
        return {contract: json.loads(content)["title"] for contract, content in rows}


def month_results(contract: str, month: str, *, form: int, using: str) -> tuple[str, ...]:
    """The contents of a month's results, in the order of the text. Raises ProblemsFoundError."""
    with database_reading(using):
        rows = MonthResult.objects.using(using).filter(_is_of(form, using=using), contract=contract, month=month)
        return tuple(rows.order_by("position").values_list("content", flat=True))


def _is_of(form: int, *, using: str) -> Exists:
    """Whether what is projected of a row's contract is in that form."""
    return Exists(Projection.objects.using(using).filter(contract=OuterRef("contract"), form=form))


def projection_basis(contract: str, *, using: str) -> ProjectionBasis | None:
    """What everything projected stands for; None where nothing is. Raises ProblemsFoundError."""
    with database_reading(using):
        return stored_basis(contract, using=using)


def has_more(contract: str, *, since: int, using: str) -> bool:
    """Whether anything was recorded after that entry that figures could rest on: a refusal changes none. Raises
    ProblemsFoundError."""
    with database_reading(using):
        later = LedgerEntry.objects.using(using).filter(contract=contract, seq__gt=since)
        return later.exclude(kind=ActRefused.kind).exists()


def projection_bases(*, using: str) -> Mapping[str, tuple[int, ProjectionBasis | None]]:
    """Contract -> how many entries its record has, and what is projected of it. Raises ProblemsFoundError."""
    with database_reading(using):
        rows = Projection.objects.using(using).all()
        stands = {row.contract: ProjectionBasis(**{name: getattr(row, name) for name in BASIS_FIELDS}) for row in rows}
        lengths = StoredContract.objects.using(using).order_by("id").values_list("id", "verified_seq")
        return {contract: (seq, stands.get(contract)) for contract, seq in lengths}


def length_of(contract: str, *, using: str) -> int:
    """How many entries the record has. Raises ProblemsFoundError."""
    with database_reading(using):
        found = StoredContract.objects.using(using).filter(id=contract).values_list("verified_seq", flat=True).first()
    return found or 0


def erase_from_pages(contract: str, names: Iterable[tuple[int, str]], *, using: str) -> None:
    """`names`: the texts, by seq and name. Inside the caller's transaction. Failure notes alone are on pages."""
    texts = set(names)
    notes = LedgerEntry.objects.using(using).filter(
        contract=contract, kind=FailureExplained.kind, seq__in={seq for seq, _ in texts}
    )
    for subject in notes.values_list("subject", flat=True):
        _, kpi, month, _ = subject.split("/")
        for row in Page.objects.using(using).filter(contract=contract, name=f"{month}/{kpi}"):
            row.content = canonical_json(_without(row.content, texts)).decode()
            row.save(using=using, update_fields=["content"])


class _StoredNotes(TypedDict):
    """What is known here of the page of a KPI in a month."""

    failure_notes: list[dict[str, Json]]


def _without(content: str, texts: set[tuple[int, str]]) -> dict[str, Json]:
    found: dict[str, Json] = json.loads(content)
    stored: _StoredNotes = json.loads(content)
    return {**found, "failure_notes": [_note_without(note, texts) for note in stored["failure_notes"]]}


def _note_without(note: dict[str, Json], texts: set[tuple[int, str]]) -> dict[str, Json]:
    return {name: ERASED if (note["seq"], name) in texts else value for name, value in note.items()}

"""What pages read of the projections: one row each, as it is shown."""

import json
from collections.abc import Collection, Mapping, Sequence

from muniment.adapters.register.faults import reading
from muniment.adapters.register.models import Contract, LedgerEntry, MonthResult, Page, Projection
from muniment.adapters.register.projections import STAND, ResultLine, Stand, line_of, stand_of
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.refusals import ActRefused

HOME = "home"
"""The page of the contract itself."""


def page(contract: str, name: str, *, using: str) -> Json | None:
    """The content of a page (see models.Page); None where none is projected. Raises ProblemsFound."""
    if "\0" in name:  # no page is called so, and PostgreSQL refuses to look
        return None
    with reading(using):
        row = Page.objects.using(using).filter(contract=contract, name=name).first()
    if row is None:
        return None
    content: Json = json.loads(row.content)
    return content


def titles_of(contracts: Collection[str], *, using: str) -> Mapping[str, str]:
    """Contract -> its title, as projected; those of which nothing is projected are left out. Raises ProblemsFound."""
    with reading(using):
        rows = Page.objects.using(using).filter(contract__in=contracts, name=HOME).values_list("contract", "content")
        return {contract: json.loads(content)["title"] for contract, content in rows}


def month_lines(contract: str, *, months: Sequence[str], using: str) -> tuple[ResultLine, ...]:
    """The results of these months, in the order of months and then of the text. Raises ProblemsFound."""
    with reading(using):
        rows = MonthResult.objects.using(using).filter(contract=contract, month__in=months)
        return tuple(line_of(row) for row in rows.order_by("month", "position"))


def stands_for(contract: str, *, using: str) -> Stand | None:
    """What everything projected stands for; None where nothing is. Raises ProblemsFound."""
    with reading(using):
        return stand_of(contract, using=using)


def has_more(contract: str, *, since: int, using: str) -> bool:
    """Whether anything was recorded after that entry that figures could rest on: a refusal changes none. Raises
    ProblemsFound."""
    with reading(using):
        later = LedgerEntry.objects.using(using).filter(contract=contract, seq__gt=since)
        return later.exclude(kind=ActRefused.kind).exists()


def all_stands(*, using: str) -> Mapping[str, tuple[int, Stand | None]]:
    """Contract -> how many entries its record has, and what is projected of it. Raises ProblemsFound."""
    with reading(using):
        rows = Projection.objects.using(using).all()
        stands = {row.contract: Stand(**{name: getattr(row, name) for name in STAND}) for row in rows}
        lengths = Contract.objects.using(using).order_by("id").values_list("id", "verified_seq")
        return {contract: (seq, stands.get(contract)) for contract, seq in lengths}


def length_of(contract: str, *, using: str) -> int:
    """How many entries the record has. Raises ProblemsFound."""
    with reading(using):
        found = Contract.objects.using(using).filter(id=contract).values_list("verified_seq", flat=True).first()
    return found or 0

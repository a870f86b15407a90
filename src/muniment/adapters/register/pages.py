"""What pages read of the projections: one row each, as it is shown."""

import json
from collections.abc import Sequence

from muniment.adapters.register.faults import reading
from muniment.adapters.register.models import Contract, MonthResult, Page
from muniment.adapters.register.projections import ResultLine, line_of, projection_of
from muniment.domain.kernel.fingerprint import Json


def page(contract: str, name: str, *, using: str) -> Json | None:
    """The content of a page (see models.Page); None where none is projected. Raises ProblemsFound."""
    with reading(using):
        row = Page.objects.using(using).filter(contract=contract, name=name).first()
    if row is None:
        return None
    content: Json = json.loads(row.content)
    return content


def month_lines(contract: str, *, months: Sequence[str], using: str) -> tuple[ResultLine, ...]:
    """The results of these months, in the order of months and then of the text. Raises ProblemsFound."""
    with reading(using):
        rows = MonthResult.objects.using(using).filter(contract=contract, month__in=months)
        return tuple(line_of(row) for row in rows.order_by("month", "position"))


def stands_for(contract: str, *, using: str) -> tuple[int, str] | None:
    """The entry that everything projected stands for, and its hash; None where nothing is. Raises ProblemsFound."""
    with reading(using):
        return projection_of(contract, using=using)


def length_of(contract: str, *, using: str) -> int:
    """How many entries the record has. Raises ProblemsFound."""
    with reading(using):
        found = Contract.objects.using(using).filter(id=contract).values_list("verified_seq", flat=True).first()
    return found or 0

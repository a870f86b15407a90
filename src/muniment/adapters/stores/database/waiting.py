"""What waits in each contract, as the database keeps it beside the projections: one row a contract."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from muniment.adapters.stores.database.faults import database_reading, database_writing
from muniment.adapters.stores.database.models import StoredContract, WaitingProjection


@dataclass(frozen=True)
class WaitingRow:
    """What waits by the record up to `seq`, on the day `known`. `form`: in which `content` is written. `length`: how
    many entries the record has now."""

    contract: str
    form: int
    seq: int
    known: date
    title: str
    content: str
    length: int


def waiting_rows(contracts: Collection[str], *, form: int, using: str) -> Mapping[str, WaitingRow]:
    """Contract -> what is kept of it in that form; those of which nothing is are left out. One query, however many
    there are. Raises ProblemsFoundError."""
    length = StoredContract.objects.using(using).filter(id=OuterRef("contract")).values("verified_seq")[:1]
    with database_reading(using):
        kept = WaitingProjection.objects.using(using).filter(contract__in=contracts, form=form)
        names = ("contract", "form", "seq", "known", "title", "content", "length")
        rows = kept.annotate(length=Subquery(length)).values_list(*names)
        return {row.contract: row for row in (WaitingRow(*found) for found in rows)}


def keep_waiting(row: WaitingRow, *, using: str) -> None:
    """Instead of what was kept before, unless that rests on more of the record. Raises NotRecordedError."""
    fields = {"form": row.form, "seq": row.seq, "known": row.known, "title": row.title, "content": row.content}
    kept = WaitingProjection.objects.using(using)
    with database_writing(using):
        if not kept.filter(contract=row.contract, seq__lte=row.seq).update(**fields):
            kept.bulk_create([WaitingProjection(contract=row.contract, **fields)], ignore_conflicts=True)


def waiting_behind(*, form: int, today: date, using: str) -> tuple[str, ...]:
    """The contracts with a record of which what waits is not kept in that form, as of today and of the whole record, in
    the order of their ids. Raises ProblemsFoundError."""
    of_today = WaitingProjection.objects.using(using).filter(
        contract=OuterRef("id"), form=form, seq__gte=OuterRef("verified_seq"), known__gte=today
    )
    with database_reading(using):
        behind = StoredContract.objects.using(using).filter(~Exists(of_today), verified_seq__gt=0)
        return tuple(behind.order_by("id").values_list("id", flat=True))

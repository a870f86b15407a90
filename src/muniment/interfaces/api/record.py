"""The record itself: its entries and its heads."""

from typing import Annotated

from ninja import Query, Router

from muniment.application.heads import head_json, heads_in
from muniment.domain.record.versions import entries_about
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import EntrySchema
from muniment.interfaces.api.operations import ApiRequest, address_with, api_viewer_of, reads
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import ContractId, EntryIn, Limit, Listed, ListSchema, Schema

record_router = Router(tags=["Record"])


class Entries(Schema):
    """A page of entries, in the order of the record. `next`: the address of those after it; null at its end."""

    items: list[EntrySchema]
    next: str | None


_After = Annotated[int, Query(0, ge=0, le=2**53, description="Only entries after this one.")]
_About = Annotated[str, Query("", max_length=200, description="Only what is about this thing: cssc/calls/2019-09.")]
_Kind = Annotated[str, Query("", max_length=60, description="Only this kind: submission.accepted.")]
_By = Annotated[str, Query("", max_length=64, description="Only what this person did.")]


@reads(record_router, "/contracts/{contract}/entries", name="list_entries", summary="The audit trail", response=Entries)
def list_entries(
    request: ApiRequest, contract: ContractId, limit: Limit, after: _After, about: _About, kind: _Kind, by: _By
) -> Entries:
    """Every entry that you may see. Ask again with the number of the last one to learn what is new."""
    viewer = api_viewer_of(request, contract)
    found = entries_about(viewer.entries[_first_after(viewer, after) :], about=about, kind=kind, by=by)
    shown = found[:limit]
    link = address_with(request, limit=limit, after=shown[-1].seq) if len(found) > limit else None
    return Entries.model_validate({"items": [entry.canonical() for entry in shown], "next": link})


@reads(
    record_router, "/contracts/{contract}/entries/{number}", name="read_entry", summary="An entry", response=EntrySchema
)
def read_entry(request: ApiRequest, contract: ContractId, number: EntryIn) -> EntrySchema:
    """One entry, as the ledger has it."""
    found = next((entry for entry in api_viewer_of(request, contract).entries if entry.seq == number), None)
    if found is None:
        raise not_found()
    return EntrySchema.model_validate(found.canonical())


class HeadSchema(Schema):
    """`of`: 'record', or the id of a locked statement. `head`: the hash to keep."""

    of: str
    entry: int
    head: str
    recorded_at: str
    sealed: str | None


class Heads(ListSchema[HeadSchema]):
    """A page of heads: the record's first."""


@reads(record_router, "/contracts/{contract}/heads", name="list_heads", summary="Heads", response=Heads)
def list_heads(request: ApiRequest, contract: ContractId) -> Listed:
    """Hashes to keep elsewhere, so that nobody can change what they were computed from."""
    return [head_json(head) for head in heads_in(api_viewer_of(request, contract).record)]


def _first_after(viewer: Viewer, after: int) -> int:
    """Entries that may not be seen leave gaps, so that the place in the list is not the number."""
    return next((at for at, entry in enumerate(viewer.entries) if entry.seq > after), len(viewer.entries))

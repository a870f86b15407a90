"""The record itself: its entries, its heads, and the agreed text that it adopted."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.versions import is_about
from muniment.domain.regime.adoption import adopted_text_known
from muniment.faces.api.acting import EntryShape
from muniment.faces.api.operations import Asked, address_with, listed, reads, viewer_of
from muniment.faces.api.ports import Viewer
from muniment.faces.api.problems import not_found
from muniment.faces.api.results import RecordedShape, recorded_shape
from muniment.faces.api.shape import ContractId, EntryIn, Limit, Listed, Offset, Shape

record = Router(tags=["Record"])


class Entries(Shape):
    """A page of entries, in the order of the record. `next`: the address of those after it; null at its end."""

    items: list[EntryShape]
    next: str | None


After = Annotated[int, Query(0, ge=0, le=2**53, description="Only entries after this one.")]
About = Annotated[str, Query("", max_length=200, description="Only what is about this thing: cssc/calls/2019-09.")]
Kind = Annotated[str, Query("", max_length=60, description="Only this kind: submission.accepted.")]
By = Annotated[str, Query("", max_length=64, description="Only what this person did.")]


@reads(record, "/contracts/{contract}/entries", name="list_entries", summary="The audit trail", response=Entries)
def list_entries(
    request: Asked, contract: ContractId, limit: Limit, after: After, about: About, kind: Kind, by: By
) -> Entries:
    """Every entry that you may see. Ask again with the number of the last one to learn what is new."""
    viewer = viewer_of(request, contract)
    found = [
        entry
        for entry in viewer.entries[_first_after(viewer, after) :]
        if (not about or is_about(entry.subject, about)) and kind in ("", entry.kind) and by in ("", entry.actor)
    ]
    shown = found[:limit]
    link = address_with(request, limit=limit, after=shown[-1].seq) if len(found) > limit else None
    return Entries.model_validate({"items": [entry.canonical() for entry in shown], "next": link})


@reads(record, "/contracts/{contract}/entries/{number}", name="read_entry", summary="An entry", response=EntryShape)
def read_entry(request: Asked, contract: ContractId, number: EntryIn) -> EntryShape:
    """One entry, as the ledger has it."""
    found = next((entry for entry in viewer_of(request, contract).entries if entry.seq == number), None)
    if found is None:
        raise not_found()
    return EntryShape.model_validate(found.canonical())


class HeadShape(Shape):
    """`of`: 'record', or the id of a locked statement. `head`: the hash to keep."""

    of: str
    entry: int
    head: str
    recorded_at: str
    sealed: str | None


class Heads(Listed[HeadShape]):
    """A page of heads: the record's first."""


@reads(record, "/contracts/{contract}/heads", name="list_heads", summary="Heads", response=Heads)
def list_heads(request: Asked, contract: ContractId, limit: Limit, offset: Offset) -> Heads:
    """Hashes to keep elsewhere, so that nobody can change what they were computed from."""
    return listed(request, Heads, list(_heads(viewer_of(request, contract))), limit=limit, offset=offset)


class TextFile(Shape):
    """A file of the agreed text. `is_as_adopted`: whether it is the very file that was adopted last."""

    path: Annotated[str, Field(examples=["regime.yaml"])]
    sha256: str
    size: int
    is_as_adopted: bool


class AgreedTextShape(Shape):
    """The agreed text as it is now, and the adoption of it that counts."""

    files: list[TextFile]
    adopted: RecordedShape | None
    fingerprint: str | None


@reads(record, "/contracts/{contract}/text", name="read_text", summary="The agreed text", response=AgreedTextShape)
def read_text(request: Asked, contract: ContractId) -> AgreedTextShape:
    """Its files, in the order in which they are read."""
    viewer = viewer_of(request, contract)
    adopted = adopted_text_known(viewer.record)
    files: list[Json] = []
    for path, text in viewer.opened.texts.items():
        content = text.encode()
        digest = sha256(content).hexdigest()
        is_as_adopted = adopted is not None and adopted.files.get(path) == digest
        files.append({"path": path, "sha256": digest, "size": len(content), "is_as_adopted": is_as_adopted})
    return AgreedTextShape.model_validate(
        {
            "files": files,
            "adopted": recorded_shape(adopted.recorded if adopted else None),
            "fingerprint": adopted.fingerprint if adopted else None,
        }
    )


FilePath = Annotated[str, Query(..., min_length=1, max_length=200, description="Its path.", example="regime.yaml")]


@reads(record, "/contracts/{contract}/text/file", name="read_text_file", summary="A file of the agreed text",
       file_types=("text/plain",))  # fmt: skip
def read_text_file(request: Asked, contract: ContractId, path: FilePath) -> HttpResponse:
    """Its text, as it stands."""
    text = viewer_of(request, contract).opened.texts.get(path)
    if text is None:
        raise not_found()
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _first_after(viewer: Viewer, after: int) -> int:
    """Entries that may not be seen leave gaps, so that the place in the list is not the number."""
    return next((at for at, entry in enumerate(viewer.entries) if entry.seq > after), len(viewer.entries))


def _heads(viewer: Viewer) -> Iterator[dict[str, Json]]:
    last = viewer.record[-1]
    yield {"of": "record", "entry": last.seq, "head": last.hash, "recorded_at": last.recorded_at, "sealed": None}
    for _, locks in sorted(locks_known(viewer.record).items()):
        for lock in locks:
            recorded = lock.recorded
            said: dict[str, Json] = {"of": lock.id, "entry": recorded.seq, "head": recorded.hash}
            yield {**said, "recorded_at": recorded.at, "sealed": lock.locked.statement}

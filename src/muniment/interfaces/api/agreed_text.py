"""The agreed text: its files, what is wrong in them; change notices proposed, agreed to, dropped and adopted."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from muniment.application.contract_text import agree_to_draft, look_at_draft
from muniment.application.parsed_text import problems_of_text
from muniment.commands.contract_text import ADOPT_TEXT, AGREE_NOTICE
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.regime.adoption import adopted_text_known, files_as_adopted
from muniment.domain.regime.agreements import NOTICE_NUMBER
from muniment.installation.models import NoticeDraft
from muniment.installation.notice_drafts import (
    adopt_notice,
    agreement_to,
    draft_to_adopt,
    drop_notice,
    propose_notice,
    proposed_draft,
    proposed_in,
)
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, permitted_viewer, reads, writes
from muniment.interfaces.api.problems import PlaceErrorSchema, not_found, place_error_to_dict
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import ActBody, Body, ContractId, Key, Listed, ListSchema, Schema

texts = Router(tags=["Agreed text"])


class TextFile(Schema):
    """A file of the agreed text. `is_as_adopted`: whether it is the very file that was adopted last."""

    path: Annotated[str, Field(examples=["regime.yaml"])]
    sha256: str
    size: int
    is_as_adopted: bool


class AgreedNotice(Schema):
    """A change notice of the agreed text. `signed`: known from that day; `effective`: what it changes from."""

    notice: Annotated[str, Field(examples=["CCN-014"])]
    title: str
    file: str
    signed: date
    effective: date


class AgreedTextSchema(Schema):
    """The agreed text as it is now, its change notices, what is wrong in it, and the adoption of it that counts."""

    files: list[TextFile]
    notices: list[AgreedNotice]
    problems: list[PlaceErrorSchema]
    adopted: RecordedSchema | None
    fingerprint: str | None


@reads(texts, "/contracts/{contract}/text", name="read_text", summary="The agreed text", response=AgreedTextSchema)
def read_text(request: ApiRequest, contract: ContractId) -> AgreedTextSchema:
    """Its files, in the order in which they are read, and its notices, the oldest first."""
    viewer = api_viewer_of(request, contract)
    adopted = adopted_text_known(viewer.record)
    as_adopted = files_as_adopted(viewer.record, viewer.opened.texts)
    _, _, problems = problems_of_text(viewer.opened.texts, adopted=as_adopted)
    files: list[Json] = []
    for path, text in viewer.opened.texts.items():
        content = text.encode()
        digest = sha256(content).hexdigest()
        is_as_adopted = adopted is not None and adopted.files.get(path) == digest
        files.append({"path": path, "sha256": digest, "size": len(content), "is_as_adopted": is_as_adopted})
    notices: list[Json] = [
        {
            "notice": found.number, "title": found.title, "file": found.file, "signed": found.signed.isoformat(),
            "effective": found.effective.isoformat(),
        }
        for found in sorted(viewer.opened.text.notices, key=lambda found: found.order)
    ]  # fmt: skip
    return AgreedTextSchema.model_validate(
        {
            "files": files,
            "notices": notices,
            "problems": [place_error_to_dict(problem) for problem in problems],
            "adopted": recorded_to_dict(adopted.recorded if adopted else None),
            "fingerprint": adopted.fingerprint if adopted else None,
        }
    )


FilePath = Annotated[str, Query(..., min_length=1, max_length=200, description="Its path.", example="regime.yaml")]


@reads(texts, "/contracts/{contract}/text/file", name="read_text_file", summary="A file of the agreed text",
       file_types=("text/plain",))  # fmt: skip
def read_text_file(request: ApiRequest, contract: ContractId, path: FilePath) -> HttpResponse:
    """Its text, as it stands."""
    text = api_viewer_of(request, contract).opened.texts.get(path)
    if text is None:
        raise not_found()
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@does(texts, "/contracts/{contract}/text/adopt", ADOPT_TEXT, name="adopt_text", summary="Adopt the text as it is")
def adopt_text_operation(request: ApiRequest, contract: ContractId, key: Key, body: ActBody) -> dict[str, Json]:
    """You declare that the files, as they are, are what was agreed. Locked months that they touch wait to be
    restated."""
    return command_request(request, contract, body=body, key=key).does()


class NoticeLine(Schema):
    """A change notice that is proposed. `is_agreed`: the supplier's approver agreed to exactly this text."""

    id: UUID
    path: Annotated[str, Field(examples=["changes/CCN-040.yaml"])]
    proposed_by: str
    proposed_at: datetime
    is_agreed: bool
    agreed: RecordedSchema | None


class Notices(ListSchema[NoticeLine]):
    """A page of proposed notices, in the order of their paths."""


class KpiChangeSchema(Schema):
    """A KPI before the notice and from its first day on; empty where it is not there."""

    kpi: str
    title: str
    before: str
    after: str


class ProposedNotice(NoticeLine):
    """With its text, what is wrong in it at which line, and what it changes on the day `effective`."""

    text: str
    problems: list[PlaceErrorSchema]
    changes: list[KpiChangeSchema]
    effective: date | None
    can_be_adopted: bool


def notice_to_dict(viewer: Viewer, found: NoticeDraft) -> dict[str, object]:
    agreement = agreement_to(found, viewer.record)
    return {
        "id": found.id,
        "path": found.path,
        "proposed_by": found.proposed_by,
        "proposed_at": found.proposed_at,
        "is_agreed": agreement is not None,
        "agreed": recorded_to_dict(agreement.recorded if agreement else None),
    }


_N = "/contracts/{contract}/notices"


@reads(texts, _N, name="list_notices", summary="Proposed change notices", response=Notices)
def list_notices(request: ApiRequest, contract: ContractId) -> Listed:
    """Those that are proposed and not adopted. They are no part of the agreed text."""
    viewer = api_viewer_of(request, contract)
    return [notice_to_dict(viewer, item) for item in proposed_in(contract)]


class NoticeBody(Body):
    """`notice`: its number, by which its file is named. `text`: as the notices before it are written."""

    notice: Annotated[str, Field(pattern=f"^{NOTICE_NUMBER}$", examples=["CCN-040"])]
    text: Annotated[str, Field(min_length=1, max_length=100_000)]


@writes(texts, _N, name="propose_notice", summary="Propose a change notice", response=ProposedNotice)
def propose_notice_operation(request: ApiRequest, contract: ContractId, body: NoticeBody) -> ProposedNotice:
    """It changes nothing yet, and may have problems: they are answered with their lines. To mend one, drop it and
    propose it again."""
    viewer = permitted_viewer(request, contract, "adopt_text")
    return _looked_at(viewer, propose_notice(viewer, number=body.notice, text=body.text))


_ONE = f"{_N}/{{uuid:notice}}"


@reads(texts, _ONE, name="read_notice", summary="A proposed notice", response=ProposedNotice)
def read_notice(request: ApiRequest, contract: ContractId, notice: UUID) -> ProposedNotice:
    """Its text, every problem in it at its line, and what it would change."""
    viewer = api_viewer_of(request, contract)
    return _looked_at(viewer, _proposed(viewer, notice))


@does(texts, f"{_ONE}/agree", AGREE_NOTICE, name="agree_to_notice", summary="Agree to a notice")
def agree(request: ApiRequest, contract: ContractId, notice: UUID, key: Key, body: ActBody) -> dict[str, Json]:
    """For the supplier, to exactly this text. It must be one that can be adopted; then the authority can adopt it."""
    asked = command_request(request, contract, body=body, key=key)
    found = _proposed(asked.viewer, notice)
    return asked.performs(lambda acting: agree_to_draft(acting, path=found.path, content=found.text))


@writes(texts, _ONE, name="drop_notice", summary="Drop a notice", response=None, status=204,
      method="DELETE")  # fmt: skip
def drop_notice_operation(request: ApiRequest, contract: ContractId, notice: UUID) -> HttpResponse:
    """It is not proposed any more."""
    viewer = permitted_viewer(request, contract, "adopt_text")
    drop_notice(_proposed(viewer, notice))
    return HttpResponse(status=204)


@does(texts, f"{_ONE}/adopt", ADOPT_TEXT, name="adopt_notice", summary="Adopt a notice")
def adopt_one(request: ApiRequest, contract: ContractId, notice: UUID, key: Key, body: ActBody) -> dict[str, Json]:
    """Once the supplier agreed to it. It becomes part of the agreed text; locked months that it touches wait to be
    restated, and their statements stay as they are."""
    asked = command_request(request, contract, body=body, key=key)
    found = draft_to_adopt(asked.viewer, notice, key=key)
    if found is None:
        raise not_found()
    return asked.performs(lambda acting: adopt_notice(acting, found))


def _proposed(viewer: Viewer, notice: UUID) -> NoticeDraft:
    found = proposed_draft(viewer.contract, notice)
    if found is None:
        raise not_found()
    return found


def _looked_at(viewer: Viewer, found: NoticeDraft) -> ProposedNotice:
    files = viewer.opened.texts
    look = look_at_draft(texts=files, entries=viewer.record, path=found.path, content=found.text)
    changes = [
        {"kpi": change.kpi, "title": change.title, "before": change.before, "after": change.after}
        for change in look.changes
    ]
    return ProposedNotice.model_validate(
        {
            **notice_to_dict(viewer, found),
            "text": found.text,
            "problems": [place_error_to_dict(problem) for problem in look.problems],
            "changes": changes,
            "effective": look.effective,
            "can_be_adopted": look.can_be_adopted,
        }
    )

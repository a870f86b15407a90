"""Jobs as they are shown, and what an operation answers that asked for one."""

from datetime import datetime
from uuid import UUID

from muniment.application.statements import MonthCommandRequest
from muniment.interfaces.api.operations import ApiRequest, address_in
from muniment.interfaces.api.ports import JobSeen, JobState, Viewer
from muniment.interfaces.api.schemas import (
    ActBody,
    Schema,
)


class JobFile(Schema):
    """A file that it left, at `/contracts/{contract}/jobs/{job}/files/{name}`."""

    name: str
    what: str


class JobSchema(Schema):
    """How far it is. `error`: why it failed; `rule`: the stable name of the rule that stood against it. `files`: what
    it left, once it is done; `entry`: the number of the entry that an act left."""

    id: UUID
    kind: str
    title: str
    thing: str
    state: JobState
    step: str
    error: str
    rule: str | None
    asked_at: datetime
    ended_at: datetime | None
    files: list[JobFile]
    entry: int | None


def job_to_dict(found: JobSeen) -> dict[str, object]:
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "thing": found.thing,
        "state": found.state,
        "step": found.step,
        "error": found.error,
        "rule": found.rule,
        "asked_at": found.asked_at,
        "ended_at": found.ended_at,
        "files": [{"name": name, "what": what} for name, what in found.files.items()],
        "entry": found.entry,
    }


def job_response(request: ApiRequest, viewer: Viewer, found: JobSeen) -> JobSchema:
    """The answer, with the job's address in its header Location."""
    request.made_at = address_in(request, viewer.contract, f"jobs/{found.id}")
    return JobSchema.model_validate(job_to_dict(found))


def queue_month_command_response(
    request: ApiRequest, viewer: Viewer, asked: MonthCommandRequest, *, body: ActBody, key: str
) -> JobSchema:
    """Have an act done that computes a statement first. Raises Refused, ProblemsFound, NotRecorded."""
    return job_response(request, viewer, viewer.ask_act(asked, reason=body.reason, key=key, seen=body.seen))

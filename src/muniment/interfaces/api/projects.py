"""Projects that the contract lists, how they stand, and updating one."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from muniment.commands.reporting import UPDATE_PROJECT
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.portfolio.updates import ProjectUpdate, Rag, project_updates_known
from muniment.interfaces.api.commands import command_request, does
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.results import FigureBody, RecordedSchema, recorded_to_dict, typed_figures_of
from muniment.interfaces.api.schemas import (
    ActBody,
    ContractId,
    DayMember,
    Key,
    LineMember,
    Listed,
    ListSchema,
    ProjectIn,
    Schema,
    TextMember,
)

projects = Router(tags=["Projects"])


class UpdateSchema(Schema):
    """A project as at a day."""

    id: Annotated[str, Field(examples=["cssc/projects/wan/2019-11-30/u1"])]
    as_at: str
    rag: Rag
    stage: str
    why: str
    path_to_green: str | None
    recorded: RecordedSchema


class ProjectSchema(Schema):
    """A project and its last two updates."""

    project: str
    title: str
    owner: str
    priority: int
    description: str
    latest: UpdateSchema | None
    previous: UpdateSchema | None


class ProjectsSchema(ListSchema[ProjectSchema]):
    """A page of projects, in the order of the agreed text."""


@reads(projects, "/contracts/{contract}/projects", name="list_projects", summary="Projects", response=ProjectsSchema)
def list_projects(request: ApiRequest, contract: ContractId) -> Listed:
    """Every project of the agreed text, and how it stands."""
    viewer = api_viewer_of(request, contract)
    standing = {found.project: found for found in project_updates_known(viewer.record)}
    found = []
    for name, text in viewer.opened.followed.projects.items():
        stands = standing.get(name)
        found.append(
            {
                "project": name,
                "title": text.title,
                "owner": text.owner,
                "priority": text.priority,
                "description": text.description,
                "latest": _update(stands.latest if stands else None),
                "previous": _update(stands.previous if stands else None),
            }
        )
    return found


class UpdateBody(ActBody):
    """`rag`: delivery confidence as at the day. A figure in the words needs its source."""

    as_at: DayMember
    rag: Rag
    stage: LineMember
    why: TextMember
    path_to_green: TextMember | None = None
    typed: Annotated[list[FigureBody], Field(max_length=50, default_factory=list)]


@does(
    projects, "/contracts/{contract}/projects/{project}/updates", UPDATE_PROJECT,
    name="update_project", summary="Update a project",
)  # fmt: skip
def update_project_operation(
    request: ApiRequest, contract: ContractId, project: ProjectIn, key: Key, body: UpdateBody
) -> dict[str, Json]:
    """Its rating as at a day, why, and the way back to green."""
    asked = command_request(request, contract, body=body, key=key)
    known = asked.viewer.opened.followed.projects
    if project not in known:
        raise not_found()
    return asked.does(
        project=project, as_at=body.as_at.isoformat(), rag=body.rag, stage=body.stage, why=body.why,
        path_to_green=body.path_to_green, typed=typed_figures_of(body.typed),
    )  # fmt: skip


def _update(found: ProjectUpdate | None) -> dict[str, Json] | None:
    if found is None:
        return None
    said = found.updated
    return {
        "id": found.id,
        "as_at": said.as_at.isoformat(),
        "rag": said.rag,
        "stage": said.stage,
        "why": said.why,
        "path_to_green": said.path_to_green,
        "recorded": recorded_to_dict(found.recorded),
    }

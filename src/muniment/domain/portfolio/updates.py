"""Project updates: the rating of a project as at a day, why, and the way back to green."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadReader
from muniment.domain.record.replay import of_kind
from muniment.domain.record.reported import TypedFigure, as_pairs, typed_figures

Rag = Literal["red", "amber", "green"]
RAGS: tuple[Rag, ...] = get_args(Rag)


@dataclass(frozen=True)
class ProjectUpdated:
    """`rag`: delivery confidence as at the day. `typed`: figures typed into the texts."""

    kind: ClassVar[str] = "project.updated"
    version: ClassVar[int] = 1
    project: str
    as_at: date
    rag: Rag
    stage: str
    why: str
    path_to_green: str | None = None
    typed: tuple[TypedFigure, ...] = ()

    def fields(self) -> dict[str, Json]:
        return {
            "project": self.project,
            "as_at": self.as_at.isoformat(),
            "rag": self.rag,
            "stage": self.stage,
            "typed": as_pairs(self.typed),
        }

    def texts(self) -> dict[str, str]:
        way = {"path_to_green": self.path_to_green} if self.path_to_green is not None else {}
        return {"why": self.why, **way}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            project=source.line("project"),
            as_at=source.day("as_at"),
            rag=source.choice("rag", RAGS),
            stage=source.line("stage"),
            why=source.free_text("why"),
            path_to_green=source.free_text_or_none("path_to_green"),
            typed=typed_figures(source),
        )


@dataclass(frozen=True)
class ProjectUpdate:
    """An update as the record has it. `id`: cssc/projects/wan/2019-11-30/u1."""

    id: str
    updated: ProjectUpdated
    recorded: EntryReference


@dataclass(frozen=True)
class ProjectStanding:
    """How a project stands. `previous`: its last update as at an earlier day, None where there was none."""

    project: str
    latest: ProjectUpdate
    previous: ProjectUpdate | None


def project_updates_known(entries: Iterable[Entry], *, up_to: date | None = None) -> tuple[ProjectStanding, ...]:
    """How each project stood by its updates as at `up_to` or before (None: all), in order of the projects' names.

    Of two updates as at the same day the one recorded later counts.
    """
    by_project: dict[str, dict[date, ProjectUpdate]] = {}
    for entry, updated in of_kind(entries, ProjectUpdated):
        if up_to is None or updated.as_at <= up_to:
            days = by_project.setdefault(updated.project, {})
            days[updated.as_at] = ProjectUpdate(entry.subject, updated, entry.recorded)
    return tuple(_standing(project, by_project[project]) for project in sorted(by_project))


def _standing(project: str, updates: dict[date, ProjectUpdate]) -> ProjectStanding:
    *_, previous, latest = (None, None, *(updates[day] for day in sorted(updates)))
    assert latest is not None
    return ProjectStanding(project, latest, previous)

"""Command on projects: update a project's rating as at a day, with why, and the way back to green.

A figure in the texts needs its source.
"""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record_entry
from muniment.domain.lifecycle.policies import (
    contract_of,
    known_day,
    must_be_agreed,
    must_declare_figures,
    must_say,
    one_of,
)
from muniment.domain.portfolio.updates import RAGS, ProjectUpdated
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.replay import of_kind
from muniment.domain.record.reported import TypedFigure


def update_project(
    *,
    ledger: Ledger,
    act: Act,
    project: str,
    as_at: str,
    rag: str,
    stage: str,
    why: str,
    path_to_green: str | None = None,
    typed: Sequence[TypedFigure] = (),
    projects: Collection[str],
) -> Entry:
    """`as_at`: the day that the update describes. `projects`: the ids of those that the contract lists."""
    must_be_agreed(project, among=projects, what="project")
    day = known_day(as_at)
    updated = ProjectUpdated(
        project=project,
        as_at=day,
        rag=one_of(rag, words=RAGS, what="rating"),
        stage=stage,
        why=why,
        path_to_green=path_to_green,
        typed=tuple(typed),
    )
    prose = {"stage": stage, **updated.texts()}
    must_say(prose)
    must_declare_figures(prose, typed=typed, names=projects)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        known = of_kind(entries, ProjectUpdated)
        earlier = sum((before.project, before.as_at) == (project, day) for _, before in known)
        return Draft(f"{contract}/projects/{project}/{day}/u{earlier + 1}", updated, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command="update_project",
        kind=ProjectUpdated,
        decide=decide,
        thing_of=lambda contract: f"{contract}/projects/{project}",
    )

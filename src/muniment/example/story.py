"""The example's record: everything that people did, in the order in which they did it.

The times are scripted and never go back. The record opens in March 2019 and ends on 21 January 2020, when the report
for the Board's meeting of 30 January 2020 is cleared.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TypedDict

from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Party
from muniment.example.acts import (
    Accept,
    AdoptText,
    Appoint,
    Approve,
    DecideMitigation,
    ExplainFailure,
    LockMonth,
    OpenRecord,
    RequestMitigation,
    Sign,
    StoryAct,
    Submit,
    UpdateProject,
)
from muniment.example.cast import (
    ADMINISTRATOR,
    APPROVER,
    CAST,
    CONTRACT_MANAGER,
    CONTRACT_OFFICER,
    DECISION_MAKER,
    PREPARER,
    PROJECT_OFFICE,
    Person,
)
from muniment.example.days import business_days_after
from muniment.example.failures import NOTES
from muniment.example.generator import MONTHS, TABLES
from muniment.example.updates import PROJECTS, ProjectRating


class Who(TypedDict):
    """Who acts, and for which side."""

    actor: str
    on_behalf_of: Party


CONTRACT = "cssc"
MEETING = date(2020, 1, 30)
FIRST_TEXT = ("contract.yaml", "evidence.yaml", "regime.yaml", "projects.yaml")
LATER_TEXTS = (
    (date(2019, 5, 13), "changes/CCN-028.yaml", "Both parties signed CCN-028."),
    (date(2019, 7, 15), "changes/CCN-030.yaml", "Both parties signed CCN-030."),
    (date(2019, 8, 19), "changes/CCN-031.yaml", "Both parties signed CCN-031."),
    (date(2019, 10, 21), "changes/CCN-033.yaml", "Both parties signed CCN-033."),
    (date(2019, 11, 29), "reporting.yaml", "The Board decided which projects it wants to be shown."),
)
"""The day on which each further file was adopted. CCN-044 is signed after this record ends."""

LONG_TERM = f"{CONTRACT}/ACF_KPI_03/2019-04/g1"
RESIDENTIAL = f"{CONTRACT}/ACF_KPI_04/2019-11/g1"
ELECTION = f"{CONTRACT}/CSC_KPI_06/2019-11/g1"


def story() -> tuple[StoryAct, ...]:
    """Every act, by time."""
    acts: list[StoryAct] = [*_texts(), *_appointments(), *_mitigations(), *_failures(), *_projects()]
    for month in MONTHS:
        acts += [*_submissions(month), *_acceptance(month), *_locking(month)]
    return tuple(sorted(acts, key=lambda act: act.at))


def _at(day: date, hour: int, *, minutes: int = 0) -> str:
    moment = datetime(day.year, day.month, day.day, hour) + timedelta(minutes=minutes)
    return f"{moment.isoformat()}Z"


def _texts() -> Iterator[StoryAct]:
    manager, side = CONTRACT_MANAGER.id, CONTRACT_MANAGER.on_behalf_of
    opened = date(2019, 3, 25)
    why = "The contract is kept in this record from April."
    yield OpenRecord(at=_at(opened, 8), actor=ADMINISTRATOR.id, on_behalf_of=side, reason=why, contract=CONTRACT)
    files: tuple[str, ...] = FIRST_TEXT
    why = "This is the text as both parties signed it."
    yield AdoptText(at=_at(opened, 10), actor=manager, on_behalf_of=side, reason=why, files=files)
    for day, file, why in LATER_TEXTS:
        files = (*files, file)
        yield AdoptText(at=_at(day, 16), actor=manager, on_behalf_of=side, reason=why, files=files)


def _appointments() -> Iterator[StoryAct]:
    for index, person in enumerate(CAST):
        yield Appoint(
            at=_at(date(2019, 3, 25), 9, minutes=index),
            actor=ADMINISTRATOR.id,
            on_behalf_of=ADMINISTRATOR.on_behalf_of,
            reason="They hold this role under the contract.",
            person=person.id,
            name=person.name,
            role=person.role,
            first="2019-03-25",
        )


def _acceptance(month: Month) -> Iterator[StoryAct]:
    """The approver stands behind the evidence on the day it is due; the officer accepts it four Business Days later."""
    due, accepted = (business_days_after(month.last_day, days) for days in (5, 9))
    for index, table in enumerate(TABLES):
        by, why = APPROVER, f"Checked against the source systems for {month.name}."
        yield Approve(
            at=_at(due, 15, minutes=index),
            actor=by.id,
            on_behalf_of=by.on_behalf_of,
            reason=why,
            table=table,
            month=month,
        )
        by, why = CONTRACT_OFFICER, f"Reconciled with the Council's own counts for {month.name}."
        yield Accept(
            at=_at(accepted, 10, minutes=index),
            actor=by.id,
            on_behalf_of=by.on_behalf_of,
            reason=why,
            table=table,
            month=month,
        )


def _locking(month: Month) -> Iterator[StoryAct]:
    """Two people: the authority's contract manager in the evening, the supplier's approver on the next morning."""
    signed, locked = (business_days_after(month.last_day, days) for days in (13, 14))
    manager, approver = _by(CONTRACT_MANAGER), _by(APPROVER)
    yield Sign(at=_at(signed, 17), **manager, reason=f"The statement for {month.name} is right.", month=month)
    yield LockMonth(at=_at(locked, 10), **approver, reason=f"We agree the statement for {month.name}.", month=month)


def _by(person: Person) -> Who:
    return {"actor": person.id, "on_behalf_of": person.on_behalf_of}


def _submissions(month: Month) -> Iterator[StoryAct]:
    """The first half on the fourth Business Day after the month, the rest on the fifth, when it is due."""
    half = len(TABLES) // 2
    for index, table in enumerate(TABLES):
        is_early = index < half
        day = business_days_after(month.last_day, 4 if is_early else 5)
        yield Submit(
            at=_at(day, 13 if is_early else 10, minutes=2 * (index if is_early else index - half)),
            actor=PREPARER.id,
            on_behalf_of=PREPARER.on_behalf_of,
            reason=f"Evidence for {month.name}.",
            table=table,
            month=month,
        )


def _mitigations() -> Iterator[StoryAct]:
    asks, decides = APPROVER, DECISION_MAKER
    yield RequestMitigation(
        at=_at(date(2019, 3, 27), 10),
        actor=asks.id,
        on_behalf_of=asks.on_behalf_of,
        reason="A backlog came with the new care system, and clearing it will take most of the year.",
        mitigation=LONG_TERM,
        kpi="ACF_KPI_03",
        ground="improvement_plan",
        first=Month(2019, 4),
        last=Month(2020, 3),
        plan="Two more assessors; oldest cases first; a weekly review of open cases; earlier reminders to clients.",
        review_on="2019-09-30",
    )
    yield DecideMitigation(
        at=_at(date(2019, 3, 29), 14),
        actor=decides.id,
        on_behalf_of=decides.on_behalf_of,
        reason="The backlog is not of the supplier's making alone, and the plan is sound. The figure stays published.",
        mitigation=LONG_TERM,
        outcome="granted",
        effect="no_points",
    )
    yield RequestMitigation(
        at=_at(date(2019, 10, 24), 9),
        actor=asks.id,
        on_behalf_of=asks.on_behalf_of,
        reason="Residential cases move to the new care system in November, at the Council's request.",
        mitigation=RESIDENTIAL,
        kpi="ACF_KPI_04",
        ground="agreed_change",
        first=Month(2019, 11),
        last=Month(2019, 12),
        plan="Assessors are trained before the move, and cases that wait are finished first after it.",
        review_on="2019-12-20",
    )
    yield DecideMitigation(
        at=_at(date(2019, 10, 30), 11),
        actor=decides.id,
        on_behalf_of=decides.on_behalf_of,
        reason="The Council asked for the move in these months, and agreed to it as a change in delivery.",
        mitigation=RESIDENTIAL,
        outcome="granted",
        effect="no_points",
    )
    yield RequestMitigation(
        at=_at(date(2019, 12, 9), 9),
        actor=asks.id,
        on_behalf_of=asks.on_behalf_of,
        reason="The election brought demand that no forecast could hold.",
        mitigation=ELECTION,
        kpi="CSC_KPI_06",
        ground="exceptional",
        first=Month(2019, 11),
        last=Month(2019, 11),
    )
    yield DecideMitigation(
        at=_at(date(2019, 12, 17), 15),
        actor=decides.id,
        on_behalf_of=decides.on_behalf_of,
        reason="The evidence shows demand above the contract's limit for exceptional demand.",
        mitigation=ELECTION,
        outcome="granted",
        effect="no_points",
    )


def _failures() -> Iterator[StoryAct]:
    """On the eighth Business Day after each month."""
    for index, note in enumerate(NOTES):
        yield ExplainFailure(
            at=_at(business_days_after(note.month.last_day, 8), 9, minutes=4 * index),
            actor=PREPARER.id,
            on_behalf_of=PREPARER.on_behalf_of,
            reason=f"The contract asks for an explanation of every failure in {note.month.name}.",
            kpi=note.kpi,
            month=note.month,
            cause=note.cause,
            effect=note.effect,
            remedy=note.remedy,
        )


def _projects() -> Iterator[StoryAct]:
    """Twice for each project. The device programme's second update is the last act: it waited for the stock count."""
    for index, project in enumerate(PROJECTS):
        yield _update(project.id, project.october, as_at="2019-10-31", at=_at(date(2019, 11, 4), 9, minutes=3 * index))
        day = date(2020, 1, 21) if project.id == "refresh" else date(2020, 1, 16)
        yield _update(project.id, project.january, as_at="2020-01-15", at=_at(day, 9, minutes=3 * index))


def _update(project: str, standing: ProjectRating, *, as_at: str, at: str) -> UpdateProject:
    return UpdateProject(
        at=at,
        actor=PROJECT_OFFICE.id,
        on_behalf_of=PROJECT_OFFICE.on_behalf_of,
        reason="The project office's update for the Board.",
        project=project,
        as_at=as_at,
        rag=standing.rag,
        stage=standing.stage,
        why=standing.why,
        path_to_green=standing.way,
    )

"""The projects that the board's policy shows, with what is not shown counted."""

from muniment.commands.queries.reading import Reading
from muniment.domain.board.report import ProjectFigure, ProjectsSection, ReportedProject
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month, long_date
from muniment.domain.kernel.quantity import grouped, plain
from muniment.domain.portfolio.select import Selection, ShownProject, select_projects
from muniment.domain.portfolio.text import BoardPortfolio, PolicyText
from muniment.domain.portfolio.updates import ProjectStanding

_RATING_WORDS = {"red": "Red", "amber": "Amber", "green": "Green"}


def projects_of(
    *,
    reading: Reading,
    followed: BoardPortfolio,
    standings: tuple[ProjectStanding, ...],
    policy_name: str,
    policy: PolicyText,
    last: Month,
) -> ProjectsSection:
    """The projects as at the meeting, under the policy in force then."""
    selection = select_projects(projects=followed.projects, standings=standings, policy=policy)
    return ProjectsSection(
        policy=policy.title or policy_name,
        decided=f"{policy.decided_by}, in force from {long_date(policy.effective)}",
        not_shown=_not_shown(selection),
        shown=tuple(_project(reading, shown, last) for shown in selection.shown),
    )


def _not_shown(selection: Selection) -> str:
    parts = [f"{count} {'is' if count == 1 else 'are'} {reason}" for reason, count in selection.not_shown]
    total = selection.left_out
    sentence = "Every project with an update is shown."
    if total:
        sentence = f"{total} project{'s' if total != 1 else ''} not shown: {', '.join(parts)}."
    if selection.without_update:
        sentence += f" No update has come for {', '.join(selection.without_update)}."
    return sentence


def _project(reading: Reading, shown: ShownProject, last: Month) -> ReportedProject:
    updated = shown.standing.latest.updated
    return ReportedProject(
        code=shown.project,
        title=shown.text.title,
        rating=updated.rag,
        rating_word=_RATING_WORDS[updated.rag],
        stage=updated.stage,
        why_shown=shown.reason,
        why=Words.of(updated.why),
        path_to_green=Words.of(updated.path_to_green or "None is needed."),
        figures=_figures(reading, shown, last),
    )


def _figures(reading: Reading, shown: ShownProject, last: Month) -> tuple[ProjectFigure, ...]:
    """What the project's measures count in the report's last month; nobody types them."""
    regime = reading.text.regime_at(on=last.first_day, known=reading.known)
    found = []
    for figure in shown.text.figures:
        measure = regime.measures.get(figure.measure)
        if measure is None:
            continue
        fact = f"{shown.project}/{figure.measure}/{last}"
        if not reading.received.has(table=measure.table, month=last):
            found.append(ProjectFigure(figure.label, Figure("not submitted", "", fact)))
            continue
        tally = reading.engine.tallies(measures=(measure,), first=last, last=last, set_aside=reading.set_aside).get(
            (measure, last)
        )
        counted = tally.counted if tally is not None else 0
        text = f"{grouped(counted)} (end of {last.name})"
        found.append(ProjectFigure(figure.label, Figure(text, plain(counted), fact)))
    return tuple(found)

"""Commands on what a board report tells: why a KPI failed, how a project stands, a figure as it was reported.

A figure in these texts needs its source.
"""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record_entry
from muniment.commands.spec import KPI_CODE, TYPED_FIGURES, WHOLE_MONTH, CommandField, CommandSpec, Given
from muniment.domain.assessment.failure_notes import FailureExplained, failure_notes_known
from muniment.domain.lifecycle.policies import (
    contract_of,
    known_day,
    must_be_agreed,
    must_declare_figures,
    must_say,
    one_of,
    whole_month,
)
from muniment.domain.portfolio.updates import RAGS, ProjectUpdated
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.replay import of_kind
from muniment.domain.record.reported import REPORTED_HOW, FigureReported, TypedFigure, figures_reported

EXPLAIN_FAILURE = CommandSpec(
    name="explain_failure",
    says="explain a failure",
    roles=("supplier_preparer", "supplier_approver", "contract_officer", "contract_manager", "report_author"),
    entry_kind=FailureExplained,
    line="explain-failure",
    summary="say why a KPI failed, what followed, and what is done",
    fields=(
        KPI_CODE,
        WHOLE_MONTH,
        CommandField("cause", "why it failed", "TEXT", "text", "cause"),
        CommandField("effect", "what followed", "TEXT", "text", "effect"),
        CommandField("remedy", "what is done", "TEXT", "text", "remedy"),
        TYPED_FIGURES,
    ),
    perform=lambda acting, given: explain_failure(
        ledger=acting.ledger, act=acting.act, kpi=given.text("kpi"), period=given.text("month"),
        cause=given.text("cause"), effect=given.text("effect"), remedy=given.text("remedy"), typed=_typed(given),
        kpis=acting.kpis,
    ),
)  # fmt: skip
UPDATE_PROJECT = CommandSpec(
    name="update_project",
    says="update a project",
    roles=("project_office", "contract_manager", "report_author", "supplier_preparer", "supplier_approver"),
    entry_kind=ProjectUpdated,
    line="update-project",
    summary="say how a project stands",
    fields=(
        CommandField("project", "its id in projects.yaml", "PROJECT"),
        CommandField("as_at", "the day that it describes", "DAY", "day", "as-at"),
        CommandField("rag", "the rating", kind="choice", option="rag", choices=RAGS),
        CommandField("stage", "the stage", "TEXT", option="stage"),
        CommandField("why", "why it stands so", "TEXT", "text", "why"),
        CommandField("path_to_green", "the way back to green", "TEXT", "text", "path-to-green", is_needed=False),
        TYPED_FIGURES,
    ),
    perform=lambda acting, given: update_project(
        ledger=acting.ledger, act=acting.act, project=given.text("project"), as_at=given.text("as_at"),
        rag=given.text("rag"), stage=given.text("stage"), why=given.text("why"),
        path_to_green=given.text_or_none("path_to_green"), typed=_typed(given), projects=acting.projects,
    ),
)  # fmt: skip
REPORT_FIGURE = CommandSpec(
    name="report_figure",
    says="record a reported figure",
    roles=("report_author", "democratic_services"),
    entry_kind=FigureReported,
    line="report-figure",
    summary="record a figure as it was printed or said",
    absent="Figures are recorded as reported when a paper is published, by the command line.",
    fields=(
        CommandField("fact", "its id, as count/met_target/2019-11", "FACT"),
        CommandField("printed", "the text as it stood", "TEXT", option="printed"),
        CommandField("where", "the paper, as osmb/2020-01-30/6a", "PAPER", option="where"),
        CommandField("how", "how it was reported", kind="choice", option="how", choices=REPORTED_HOW),
        CommandField("on", "the day", "DAY", "day", "on"),
    ),
    perform=lambda acting, given: report_figure(
        ledger=acting.ledger, act=acting.act, fact=given.text("fact"), printed=given.text("printed"),
        where=given.text("where"), how=given.text("how"), on=given.text("on"),
    ),
)  # fmt: skip
COMMANDS = (EXPLAIN_FAILURE, UPDATE_PROJECT, REPORT_FIGURE)


def _typed(given: Given) -> tuple[TypedFigure, ...]:
    return tuple(TypedFigure(figure, source) for figure, source in given.pairs("typed"))


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
        command=UPDATE_PROJECT,
        decide=decide,
        thing_of=lambda contract: f"{contract}/projects/{project}",
    )


def explain_failure(
    *,
    ledger: Ledger,
    act: Act,
    kpi: str,
    period: str,
    cause: str,
    effect: str,
    remedy: str,
    typed: Sequence[TypedFigure] = (),
    kpis: Collection[str],
) -> Entry:
    """`period`: the month, or the last month of a longer period. `kpis`: those that the agreed text knows."""
    must_be_agreed(kpi, among=kpis, what="KPI")
    month = whole_month(period)
    explained = FailureExplained(kpi=kpi, period=month, cause=cause, effect=effect, remedy=remedy, typed=tuple(typed))
    must_say(explained.texts())
    must_declare_figures(explained.texts(), typed=typed, names=kpis)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        earlier = sum((note.kpi, note.period) == (kpi, month) for note in failure_notes_known(entries))
        return Draft(f"{contract}/{kpi}/{month}/f{earlier + 1}", explained, act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=EXPLAIN_FAILURE,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{kpi}/{month}",
    )


def report_figure(*, ledger: Ledger, act: Act, fact: str, printed: str, where: str, how: str, on: str) -> Entry:
    """`fact`: its id. `printed`: the text as it stood. `where`: the paper. `on`: the day of publishing or saying it."""
    for name, text in (("fact", fact), ("printed", printed), ("where", where)):
        if not text.strip() or not text.isprintable():
            raise RefusedError("said", f"the reported figure has no '{name}'", "give it")
    figure = FigureReported(
        fact, printed, where, one_of(how, words=REPORTED_HOW, what="way of reporting"), known_day(on)
    )

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        known = figures_reported(entries)
        if any(earlier.figure == figure for earlier in known):
            raise RefusedError("nothing_new", f"this was recorded already for {fact}", "record what is not there yet")
        return Draft(f"{contract}/reported/p{len(known) + 1}", figure, act)

    return record_entry(ledger=ledger, act=act, command=REPORT_FIGURE, decide=decide)

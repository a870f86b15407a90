"""Schemas of projects.yaml and reporting.yaml, and reading them: a board's projects and its reporting policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar

from pydantic import Field

from muniment.domain.kernel.problem import Place, Problem, suggestion
from muniment.domain.regime import nodes
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.scalars import DayText, NameText, PositiveText, TextText, YesText
from muniment.domain.regime.schema import fit
from muniment.domain.regime.text import TextModel

_M = TypeVar("_M", bound=TextModel)

PROJECTS_FILE, REPORTING_FILE = "projects.yaml", "reporting.yaml"


class FigureText(TextModel):
    CALLED: ClassVar[str] = "a project's figure"
    measure: NameText
    label: TextText


class ProjectText(TextModel):
    CALLED: ClassVar[str] = "a project"
    title: TextText
    owner: TextText
    priority: PositiveText
    description: TextText
    figures: list[FigureText] = Field(default_factory=list)


class ProjectsText(TextModel):
    """projects.yaml"""

    CALLED: ClassVar[str] = "the list of projects"
    projects: dict[NameText, ProjectText]


class ShowText(TextModel):
    """One rule of a policy: a project is shown when all that the rule says is true of it."""

    CALLED: ClassVar[str] = "a rule of what to show"
    all: YesText = False
    rag: Literal["red", "amber", "green"] | None = None
    stage: TextText | None = None
    once: YesText = False
    status_changed: YesText = False


class PolicyText(TextModel):
    CALLED: ClassVar[str] = "a reporting policy"
    NOT_COMPUTED: ClassVar[frozenset[str]] = frozenset({"narrative_for", "show_all_in", "months"})
    title: TextText | None = None
    applies_to: Literal["projects", "kpis"]
    effective: DayText
    decided_by: TextText
    show: list[ShowText]
    order: list[Literal["rag", "priority"]] = Field(default_factory=list)


class ReportingText(TextModel):
    """reporting.yaml"""

    CALLED: ClassVar[str] = "the reporting text"
    board: TextText = "The Board"
    policies: dict[NameText, PolicyText]


@dataclass(frozen=True)
class BoardPortfolio:
    """What a board follows: its projects and its reporting policies, as agreed."""

    projects: Mapping[str, ProjectText]
    policies: Mapping[str, PolicyText]
    board: str


def read_portfolio(
    files: Mapping[str, str], *, measures: Mapping[str, Measure]
) -> tuple[BoardPortfolio, tuple[Problem, ...]]:
    """Read projects.yaml and reporting.yaml; a folder may have neither."""
    problems: list[Problem] = []
    projects: Mapping[str, ProjectText] = {}
    if PROJECTS_FILE in files:
        listed, node, found = _read(ProjectsText, text=files[PROJECTS_FILE], file=PROJECTS_FILE)
        projects = listed.projects if listed is not None else {}
        problems += [*found, *_figure_problems(node, projects, measures)]
    reporting = ReportingText(policies={})
    if REPORTING_FILE in files:
        said, node, found = _read(ReportingText, text=files[REPORTING_FILE], file=REPORTING_FILE)
        reporting = said or reporting
        problems += [*found, *_policy_problems(node, reporting.policies)]
    return BoardPortfolio(projects, reporting.policies, reporting.board), tuple(problems)


def _read(model: type[_M], *, text: str, file: str) -> tuple[_M | None, nodes.MappingNode, tuple[Problem, ...]]:
    """The file as that model; one that cannot be read at all has no further problems."""
    node, problems = nodes.read_nodes(text=text, file=file)
    if problems and not node.entries:
        return None, node, problems
    fitted, misfits = fit(model, node)
    return fitted, node, (*problems, *misfits)


def _figure_problems(
    node: nodes.MappingNode, projects: Mapping[str, ProjectText], measures: Mapping[str, Measure]
) -> list[Problem]:
    problems = []
    for name, project in projects.items():
        for index, figure in enumerate(project.figures):
            if figure.measure not in measures:
                place = nodes.place_at(node, ("projects", name, "figures", index, "measure"))
                remedy = suggestion(figure.measure, measures, "name a measure of regime.yaml")
                problems.append(Problem(place, "R120", f"there is no measure '{figure.measure}'", remedy))
    return problems


def _policy_problems(node: nodes.MappingNode, policies: Mapping[str, PolicyText]) -> list[Problem]:
    problems = []
    seen: dict[tuple[str, str], str] = {}
    for name, policy in policies.items():
        place: Place = nodes.place_at(node, ("policies", name))
        other = seen.setdefault((policy.applies_to, policy.effective.isoformat()), name)
        if other != name:
            what = f"'{other}' and '{name}' both apply to {policy.applies_to} from {policy.effective}"
            problems.append(Problem(place, "R121", what, "give one of them another effective date"))
        if not policy.show:
            problems.append(Problem(place, "R122", f"'{name}' shows nothing", "write 'show: [{all: true}]'"))
    return problems

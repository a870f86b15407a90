"""Which projects a report shows, by the policy that the board decided; the others are counted, with the reason."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.portfolio.select import policy_at, select_projects
from muniment.domain.portfolio.text import PolicyText, ProjectText, read_portfolio
from muniment.domain.portfolio.updates import ProjectStanding, ProjectUpdate, ProjectUpdated, Rag
from muniment.domain.record.entry import EntryReference

RECORDED = EntryReference(1, "0" * 64, "2020-01-31T09:30:00Z", "j.marsh", "authority", "month end")
NOW, LAST_TIME = date(2020, 1, 31), date(2019, 11, 30)
ALWAYS_RED_AND_AMBER: list[Mapping[str, str]] = [
    {"rag": "red"},
    {"rag": "amber"},
    {"rag": "green", "stage": "completed", "once": "true"},
    {"status_changed": "true"},
]


def policy(
    *show: Mapping[str, str], effective: str = "2020-02-27", order: tuple[str, ...] = (), applies_to: str = "projects"
) -> PolicyText:
    return PolicyText.model_validate(
        {
            "applies_to": applies_to,
            "effective": effective,
            "decided_by": "the Board, minute 42",
            "show": [dict(rule) for rule in show],
            "order": list(order),
        }
    )


def project(priority: int = 1) -> ProjectText:
    said = {"title": "T", "owner": "J Marsh", "priority": str(priority), "description": "D"}
    return ProjectText.model_validate(said)


def update(name: str, on: date, rag: Rag, stage: str) -> ProjectUpdate:
    return ProjectUpdate(f"cssc/projects/{name}/{on}/u1", ProjectUpdated(name, on, rag, stage, "why"), RECORDED)


def standing(name: str, now: tuple[Rag, str], before: tuple[Rag, str] | None = None) -> ProjectStanding:
    previous = None if before is None else update(name, LAST_TIME, *before)
    return ProjectStanding(name, update(name, NOW, *now), previous)


STANDINGS = (
    standing("refresh", ("green", "completed"), ("green", "running")),
    standing("wan", ("amber", "running"), ("amber", "running")),
    standing("mosaic", ("green", "running"), ("red", "running")),
    standing("mfd", ("green", "running"), ("green", "running")),
    standing("archive", ("green", "completed"), ("green", "completed")),
    standing("payroll", ("red", "running")),
)
PROJECTS = {name: project() for name in ("refresh", "wan", "mosaic", "mfd", "archive", "payroll", "hub")}


def test_red_and_amber_every_time_green_at_completion_and_whatever_changed() -> None:
    selection = select_projects(
        projects=PROJECTS, standings=STANDINGS, policy=policy(*ALWAYS_RED_AND_AMBER, order=("rag",))
    )
    assert [(shown.project, shown.reason) for shown in selection.shown] == [
        ("payroll", "red"),
        ("wan", "amber"),
        ("mosaic", "was red in the last report"),
        ("refresh", "completed: first time as green"),
    ]


def test_what_is_not_shown_is_counted_with_the_reason() -> None:
    selection = select_projects(projects=PROJECTS, standings=STANDINGS, policy=policy(*ALWAYS_RED_AND_AMBER))
    assert selection.not_shown == (("green and completed earlier", 1), ("green and running", 1))
    assert selection.left_out == 2
    assert selection.without_update == ("hub",)


def test_without_the_rule_on_changes_a_project_that_turned_green_would_disappear() -> None:
    selection = select_projects(projects=PROJECTS, standings=STANDINGS, policy=policy(*ALWAYS_RED_AND_AMBER[:3]))
    assert "mosaic" not in [shown.project for shown in selection.shown]
    assert selection.not_shown[0] == ("green and running", 2)


def test_a_policy_may_show_every_project() -> None:
    selection = select_projects(projects=PROJECTS, standings=STANDINGS, policy=policy({"all": "true"}))
    assert {shown.reason for shown in selection.shown} == {"every project is shown"}
    assert (len(selection.shown), selection.not_shown) == (6, ())


def test_a_project_completed_as_red_is_shown_for_its_colour() -> None:
    projects = {"wan": project()}
    stands = [standing("wan", ("red", "completed"), ("red", "completed"))]
    (shown,) = select_projects(projects=projects, standings=stands, policy=policy(*ALWAYS_RED_AND_AMBER)).shown
    assert shown.reason == "red"


def test_the_first_report_of_a_completed_project_shows_it() -> None:
    stands = [standing("wan", ("green", "completed"))]
    (shown,) = select_projects(
        projects={"wan": project()}, standings=stands, policy=policy(*ALWAYS_RED_AND_AMBER)
    ).shown
    assert shown.reason == "completed: first time as green"


def test_the_order_is_by_colour_then_priority_then_name() -> None:
    projects = {"d": project(1), "c": project(2), "b": project(2), "a": project(1)}
    stands = [
        standing("d", ("amber", "running")),
        standing("c", ("red", "running")),
        standing("b", ("red", "running")),
        standing("a", ("green", "running")),
    ]
    selection = select_projects(
        projects=projects, standings=stands, policy=policy({"all": "true"}, order=("rag", "priority"))
    )
    assert [shown.project for shown in selection.shown] == ["b", "c", "d", "a"]


RAGS = st.sampled_from(["red", "amber", "green"])
STAGES = st.sampled_from(["running", "completed"])


@given(
    stood=st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.tuples(st.tuples(RAGS, STAGES), st.none() | st.tuples(RAGS, STAGES)),
    ),
    rules=st.lists(st.sampled_from(ALWAYS_RED_AND_AMBER), min_size=1, max_size=4),
    data=st.data(),
)
def test_every_project_is_shown_or_counted_or_without_an_update(
    stood: dict[str, tuple[tuple[Rag, str], tuple[Rag, str] | None]],
    rules: list[Mapping[str, str]],
    data: st.DataObject,
) -> None:
    projects = {name: project() for name in "abcdefgh"}
    stands = [standing(name, now, before) for name, (now, before) in stood.items()]
    selection = select_projects(projects=projects, standings=stands, policy=policy(*rules))
    assert len(selection.shown) + selection.left_out + len(selection.without_update) == len(projects)
    shuffled = data.draw(st.permutations(stands))
    assert select_projects(projects=projects, standings=shuffled, policy=policy(*rules)) == selection


POLICIES = {
    "everything": policy({"all": "true"}, effective="2019-01-01"),
    "red-and-amber": policy(*ALWAYS_RED_AND_AMBER, effective="2020-02-27"),
    "of-kpis": policy({"all": "true"}, effective="2020-03-01", applies_to="kpis"),
}


@pytest.mark.parametrize(
    ("meeting", "name"),
    [
        (date(2018, 12, 31), None),
        (date(2019, 1, 1), "everything"),
        (date(2020, 2, 26), "everything"),
        (date(2020, 2, 27), "red-and-amber"),
        (date(2020, 4, 1), "red-and-amber"),
    ],
)
def test_a_meeting_has_the_policy_that_took_effect_last(meeting: date, name: str | None) -> None:
    found = policy_at(policies=POLICIES, applies_to="projects", on=meeting)
    assert (found.name if found else None) == name


def test_two_policies_from_the_same_day_are_refused() -> None:
    rule = "    applies_to: projects\n    effective: 2020-02-27\n    decided_by: the Board\n    show: [{all: true}]\n"
    text = f"policies:\n  one:\n{rule}  two:\n{rule}"
    _, problems = read_portfolio({"reporting.yaml": text}, measures={})
    assert [str(problem) for problem in problems] == [
        (
            "reporting.yaml:8:5: 'one' and 'two' both apply to projects from 2020-02-27 - "
            "give one of them another effective date"
        )
    ]


def test_a_folder_may_follow_nothing() -> None:
    followed, problems = read_portfolio({}, measures={})
    assert (dict(followed.projects), dict(followed.policies), problems) == ({}, {}, ())


@pytest.mark.parametrize("file", ["projects.yaml", "reporting.yaml"])
def test_a_file_that_cannot_be_read_has_one_problem(file: str) -> None:
    _, problems = read_portfolio({file: "projects:\n\twan: 1\n"}, measures={})
    assert [f"{problem.code} {problem.place}" for problem in problems] == [f"Y001 {file}:2:1"]

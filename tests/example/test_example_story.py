"""What people did in the example: in order, by the right side, explained, and adding up to the counts it promises."""

import csv
from collections import Counter
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from muniment.domain.kernel.period import Month
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
    Submit,
    UpdateProject,
)
from muniment.example.cast import CAST
from muniment.example.days import business_days_after
from muniment.example.generator import MONTHS, TABLES
from muniment.example.story import MEETING, story

ACTS = story()
FAILING = ("below_target", "below_minimum")
INTENDED = {
    row["kpi"]: {Month.parse(name): status for name, status in row.items() if name != "kpi"}
    for row in csv.DictReader((Path(__file__).parent / "intended_status.csv").read_text(encoding="utf-8").splitlines())
}


def mitigated(month: Month) -> set[str]:
    """KPIs that fail in the month and for which mitigation was granted."""
    granted = {act.mitigation for act in ACTS if isinstance(act, DecideMitigation) and act.outcome == "granted"}
    return {
        act.kpi
        for act in ACTS
        if isinstance(act, RequestMitigation)
        and act.mitigation in granted
        and act.first <= month <= act.last
        and INTENDED[act.kpi][month] in FAILING
    }


def table_1(month: Month) -> Counter[str]:
    """The summary table's column for the month."""
    statuses = {code: months[month] for code, months in INTENDED.items() if months[month] != "not_in_force"}
    return Counter("mitigated" if code in mitigated(month) else status for code, status in statuses.items())


def test_november_has_35_at_target_1_below_minimum_3_mitigated_and_2_not_measured() -> None:
    november = table_1(Month(2019, 11))
    assert november == {"met_target": 35, "below_minimum": 1, "mitigated": 3, "not_due": 2}
    assert november.total() == 41


def test_table_1_adds_up_to_41_from_june_on() -> None:
    assert [table_1(month).total() for month in MONTHS] == [40, 40, 41, 41, 41, 41, 41, 41]


def test_times_never_go_back_and_end_before_the_board_meets() -> None:
    times = [datetime.fromisoformat(act.at) for act in ACTS]
    assert times == sorted(times)
    assert times[-1].date() == date(2020, 1, 21) < MEETING
    assert all(act.at.endswith("Z") for act in ACTS)


def test_the_record_is_opened_and_the_text_adopted_before_anything_else() -> None:
    beginning = [type(act) for act in ACTS if act.at.startswith("2019-03-25")]
    assert beginning == [OpenRecord, *[Appoint] * len(CAST), AdoptText]


def test_a_change_notice_is_adopted_on_the_day_it_was_signed() -> None:
    contract = files("muniment.example") / "contract"
    known: tuple[str, ...] = ()
    for act in (act for act in ACTS if isinstance(act, AdoptText)):
        assert set(known) <= set(act.files)
        for name in set(act.files) - set(known):
            text = (contract / name).read_text(encoding="utf-8")
            assert not name.startswith("changes/") or f"signed: {act.at[:10]}" in text
        known = act.files


def test_every_table_is_handed_in_for_every_month_by_the_day_it_is_due() -> None:
    submitted = [act for act in ACTS if isinstance(act, Submit)]
    assert {(act.table, act.month) for act in submitted} == {(table, month) for table in TABLES for month in MONTHS}
    assert len(submitted) == len(TABLES) * len(MONTHS)
    assert all(date.fromisoformat(act.at[:10]) <= business_days_after(act.month.last_day, 5) for act in submitted)


def test_every_failure_from_july_to_november_is_explained_once() -> None:
    expected = [
        (code, month)
        for code, months in INTENDED.items()
        for month, status in months.items()
        if status in FAILING and month >= Month(2019, 7)
    ]
    explained = [(act.kpi, act.month) for act in ACTS if isinstance(act, ExplainFailure)]
    assert sorted(explained) == sorted(expected)


def test_nobody_types_a_figure_into_prose() -> None:
    prose = []
    for act in ACTS:
        if isinstance(act, ExplainFailure):
            prose += [act.cause, act.effect, act.remedy]
        if isinstance(act, UpdateProject):
            prose += [act.stage, act.why, act.path_to_green or ""]
        if isinstance(act, RequestMitigation):
            prose += [act.reason, act.plan or ""]
        if isinstance(act, DecideMitigation):
            prose.append(act.reason)
    assert [text for text in prose if any(character.isnumeric() for character in text)] == []


def test_the_supplier_asks_for_mitigation_and_another_person_of_the_authority_decides() -> None:
    asked = {act.mitigation: act for act in ACTS if isinstance(act, RequestMitigation)}
    decided = [act for act in ACTS if isinstance(act, DecideMitigation)]
    assert sorted(asked) == sorted(act.mitigation for act in decided)
    for act in decided:
        request = asked[act.mitigation]
        assert (request.on_behalf_of, act.on_behalf_of) == ("supplier", "authority")
        assert request.actor != act.actor
        assert request.at < act.at


def test_every_actor_is_one_of_the_cast_and_acts_for_their_own_side() -> None:
    sides = {person.id: person.on_behalf_of for person in CAST}
    assert all(sides[act.actor] == act.on_behalf_of for act in ACTS)


def test_all_twenty_projects_are_updated_twice() -> None:
    updates = Counter(act.project for act in ACTS if isinstance(act, UpdateProject))
    assert len(updates) == 20
    assert set(updates.values()) == {2}


def test_an_amber_or_red_project_says_how_it_gets_back_to_green() -> None:
    for act in ACTS:
        if isinstance(act, UpdateProject):
            assert (act.rag == "green") == (act.path_to_green is None)


def test_a_project_that_was_red_turns_green_and_one_is_completed() -> None:
    """What the reporting policy's `status_changed` and `once` are for."""
    ratings: dict[str, list[str]] = {}
    for act in ACTS:
        if isinstance(act, UpdateProject):
            ratings.setdefault(act.project, []).append(act.rag)
    assert ratings["tessera"] == ["red", "green"]
    assert ratings["wan"] == ["red", "amber"]
    completed = [act.project for act in ACTS if isinstance(act, UpdateProject) and act.stage == "completed"]
    assert completed == ["mobile"]


def test_every_submission_is_approved_by_another_person_and_accepted_by_the_authority() -> None:
    handed_in = {(act.table, act.month): act for act in ACTS if isinstance(act, Submit)}
    approved = {(act.table, act.month): act for act in ACTS if isinstance(act, Approve)}
    accepted = {(act.table, act.month): act for act in ACTS if isinstance(act, Accept)}
    assert handed_in.keys() == approved.keys() == accepted.keys()
    for key, submission in handed_in.items():
        assert submission.actor != approved[key].actor
        assert submission.at < approved[key].at < accepted[key].at
        assert (approved[key].on_behalf_of, accepted[key].on_behalf_of) == ("supplier", "authority")


def test_every_month_is_locked_by_two_people_after_its_mitigations_were_decided() -> None:
    signed = {act.month: act for act in ACTS if isinstance(act, Sign)}
    locked = {act.month: act for act in ACTS if isinstance(act, LockMonth)}
    assert list(signed) == list(locked) == list(MONTHS)
    last_decision = max(act.at for act in ACTS if isinstance(act, DecideMitigation))
    assert last_decision < signed[Month(2019, 11)].at
    for month in MONTHS:
        assert signed[month].actor != locked[month].actor
        assert signed[month].at < locked[month].at

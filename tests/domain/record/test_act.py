"""No write can be expressed without who, for which side, and why."""

from typing import get_args

import pytest

from muniment.domain.record.act import Act, Party, RefusedError, is_same_person


@pytest.mark.parametrize(
    ("actor", "reason", "rule"),
    [
        ("", "because", "actor_named"),
        ("\u3164", "because", "actor_named"),
        ("a\nb", "because", "actor_named"),
        ("m.okafor", "  ", "reason_given"),
    ],
)
def test_an_act_names_who_and_why(actor: str, reason: str, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Act(actor, "authority", reason)
    assert refused.value.rule == rule


def test_there_are_two_sides() -> None:
    assert get_args(Party) == ("authority", "supplier")


@pytest.mark.parametrize(
    "other", ["M.Okafor", " m.okafor ", "m\uff0eokafor", "m.okafor\ufe0f", "m.\u3164okafor", "m.oka\u00adfor"]
)
def test_capitals_spaces_and_what_shows_nothing_make_no_second_person(other: str) -> None:
    assert is_same_person("m.okafor", other)


def test_two_names_are_two_people() -> None:
    assert not is_same_person("m.okafor", "m.okafo")


@pytest.mark.parametrize(
    ("rule", "is_not_allowed"),
    [
        ("role", True),
        ("authority_only", True),
        ("supplier_only", True),
        ("four_eyes", True),
        ("second_factor", True),
        ("whole_month", False),
        ("reason_given", False),
    ],
)
def test_a_rule_about_the_person_says_that_they_are_not_allowed(rule: str, is_not_allowed: bool) -> None:
    assert RefusedError(rule, "it is not theirs", "another could").is_not_allowed == is_not_allowed

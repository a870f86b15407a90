"""The fingerprint of the consolidated text changes if, and only if, what was agreed changes."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.fingerprint import canonical_json
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.nodes import canonical_node, read_nodes

Read = Callable[[Mapping[str, str]], AgreedText]
TWO_RULES = "      test calls: test_call\n      short: wait < 5\n"
SWAPPED = "      short: wait < 5\n      test calls: test_call\n"


def of(text: AgreedText, on: str = "2019-04-01") -> str:
    return text.regime_at(on=date.fromisoformat(on), known=None).fingerprint


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("regime: library\n", "# as agreed\nregime: library   # its name\n"),
        ("    title: Calls abandoned\n", '    title: "Calls abandoned"\n'),
        ("signed: 2019-03-01\neffective: 2019-04-01\n", "effective: 2019-04-01\nsigned: 2019-03-01\n"),
        ("    target: at most 7%\n    minimum: at most 10%\n", "    minimum: at most 10%\n    target: at most 7%\n"),
        ("{minor: 1, serious: 2, threshold: 4}", "{threshold: 4, minor: 1, serious: 2}"),
    ],
)
def test_comments_quotes_and_the_order_of_keys_change_nothing(
    agreed: Read, good: Mapping[str, str], was: str, now: str
) -> None:
    assert was in good["regime.yaml"]
    assert of(agreed({"regime.yaml": good["regime.yaml"].replace(was, now)})) == of(agreed({}))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("    title: Calls abandoned\n", "    title: Calls given up\n"),
        ("    minimum: at most 10%\n", "    minimum: at most 10.0%\n"),
        ("  per_point: 0.5%\n", "  per_point: 0.50%\n"),
        ("wait > 600", "wait > 601"),
        ("  cap: 10%\n", "  cap: 12%\n"),
    ],
)
def test_any_other_word_or_number_changes_it(agreed: Read, good: Mapping[str, str], was: str, now: str) -> None:
    assert was in good["regime.yaml"]
    assert of(agreed({"regime.yaml": good["regime.yaml"].replace(was, now)})) != of(agreed({}))


def test_the_order_of_left_out_rules_is_part_of_what_was_agreed(agreed: Read, good: Mapping[str, str]) -> None:
    one, other = (good["regime.yaml"].replace("      test calls: test_call\n", rules) for rules in (TWO_RULES, SWAPPED))
    assert of(agreed({"regime.yaml": one})) != of(agreed({"regime.yaml": other}))


def test_a_charge_is_part_of_it(agreed: Read, good: Mapping[str, str]) -> None:
    assert of(agreed({"contract.yaml": good["contract.yaml"].replace("£100000.00", "£100000.01")})) != of(agreed({}))


def test_a_notice_changes_it_from_its_effective_date_only(agreed: Read) -> None:
    text = agreed({})
    assert of(text, "2019-04-01") == of(text, "2019-09-01")
    assert of(text, "2019-09-01") != of(text, "2019-10-01")


def test_a_notice_that_was_not_yet_signed_does_not_change_what_was_known(agreed: Read) -> None:
    text = agreed({})
    october = text.regime_at(on=date(2019, 10, 1), known=date(2019, 8, 18))
    assert october.fingerprint == of(text, "2019-09-01")


@given(pairs=st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["1", "2"]), min_size=1), data=st.data())
def test_keys_in_any_order_give_the_same_bytes(pairs: dict[str, str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(sorted(pairs)))

    def lines(keys: list[str]) -> bytes:
        node, problems = read_nodes(text="".join(f"{key}: {pairs[key]}\n" for key in keys), file="a.yaml")
        assert problems == ()
        return canonical_json(canonical_node(node))

    assert lines(shuffled) == lines(sorted(pairs))


@given(names=st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=5, unique=True), data=st.data())
def test_rules_in_another_order_give_other_bytes(names: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(names))

    def lines(keys: list[str]) -> bytes:
        node, _ = read_nodes(text="leave_out:\n" + "".join(f"  {key}: x\n" for key in keys), file="a.yaml")
        return canonical_json(canonical_node(node))

    assert (lines(shuffled) == lines(names)) is (shuffled == names)

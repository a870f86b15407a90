"""Equal things have equal bytes; lists keep their order; a float never enters a fingerprint."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.fingerprint import Json, canonical_json, fingerprint, short

SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"))
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


def test_keys_are_sorted_and_lists_are_not() -> None:
    assert canonical_json({"b": ["2", "1"], "a": "£"}) == '{"a":"£","b":["2","1"]}'.encode()


def test_the_order_of_keys_does_not_matter_and_that_of_a_list_does() -> None:
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert fingerprint(["1", "2"]) != fingerprint(["2", "1"])


@pytest.mark.parametrize("value", [0.5, [0.5], {"a": [{"b": 0.1}]}, float("nan")])
def test_a_float_is_refused_wherever_it_stands(value: object) -> None:
    with pytest.raises(TypeError, match="a float has no place in a fingerprint"):
        canonical_json(value)  # type: ignore[arg-type] # what the types forbid is also refused when it happens


@given(value=VALUES)
def test_canonical_json_is_json_of_the_same_value(value: Json) -> None:
    assert json.loads(canonical_json(value)) == value
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


@given(a=VALUES, b=VALUES)
def test_different_values_have_different_bytes(a: Json, b: Json) -> None:
    same = json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)
    assert (canonical_json(a) == canonical_json(b)) is same


def test_people_see_twelve_of_sixty_four_digits() -> None:
    digest = fingerprint({"a": "1"})
    assert (len(digest), len(short(digest))) == (64, 12)
    assert digest.startswith(short(digest))

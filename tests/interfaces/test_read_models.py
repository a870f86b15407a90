"""What is shown is kept as the dump of its read model, in a form that is known by its members."""

from dataclasses import dataclass, field, make_dataclass
from datetime import date
from typing import Annotated

import pytest
from pydantic import Field

from muniment.application.read_models.months import Table1
from muniment.application.read_models.stored import as_known, dump, form_of, load
from muniment.domain.assessment.status import Category


@dataclass(frozen=True, kw_only=True)
class Part:
    """Part of a thing."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A thing with each kind of member."""

    class_: Annotated[str, Field(alias="class")]
    on: date
    parts: tuple[Part, ...]
    last: Part | None
    counts: Table1
    note: str = ""


@pytest.fixture
def thing() -> Thing:
    return Thing(
        class_="a", on=date(2019, 11, 30), parts=(Part(number=1), Part(number=2)), last=None,
        counts=dict.fromkeys(Category, 3),
    )  # fmt: skip


def test_a_dump_names_members_as_they_are_answered_in_their_order(thing: Thing) -> None:
    counts = {"tsl_achieved": 3, "msl_achieved": 3, "below_msl": 3, "mitigated": 3, "not_measured": 3}
    kept = dump(thing)
    assert kept == {
        "class": "a", "on": "2019-11-30", "parts": [{"number": 1}, {"number": 2}], "last": None, "counts": counts,
        "note": "",
    }  # fmt: skip
    assert list(kept) == ["class", "on", "parts", "last", "counts", "note"]
    assert load(Thing, kept) == thing


@pytest.mark.parametrize("spoilt", [{"on": "yesterday"}, {"parts": [{"number": "many"}]}, {"counts": {}}])
def test_what_is_no_such_thing_is_not_read(thing: Thing, spoilt: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        load(Thing, {**dump(thing), **spoilt})


def test_the_command_line_says_first_of_which_contract_and_day_it_is() -> None:
    said = as_known(contract="cssc", known=date(2019, 12, 9), body={"rows": []})
    assert list(said.items()) == [("contract", "cssc"), ("known", "2019-12-09"), ("rows", [])]
    assert as_known(contract="cssc", known=None, body={})["known"] is None


def test_a_form_is_known_by_the_members_of_all_that_is_kept() -> None:
    def whole(*, of_part: type = str, name: str = "part") -> int:
        part = make_dataclass("Part", [("number", of_part)])
        parts = tuple[part, ...]  # type: ignore[valid-type]  # made here
        return form_of(make_dataclass("Whole", [(name, parts), ("title", str, field(default=""))]))

    assert 0 < whole() < 2**28
    assert whole() == whole()
    assert len({whole(), whole(of_part=int), whole(name="parts")}) == 3

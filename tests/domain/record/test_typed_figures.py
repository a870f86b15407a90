"""A figure typed into prose is found, unless it is declared as a whole with its source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.record.reported import TypedFigure, is_typed_in, undeclared


def _declared(*figures: str) -> list[TypedFigure]:
    return [TypedFigure(figure, "closure note, January") for figure in figures]


@pytest.mark.parametrize(
    ("text", "figures", "left"),
    [
        ("No calls were lost.", [], ()),
        ("2000 devices were replaced.", [], ("2000",)),
        ("2000 devices were replaced.", ["2000"], ()),
        ("Abandoned calls rose to 4.72%.", ["4"], ("4.72%",)),
        ("Abandoned calls rose to 4.72%.", ["4.72"], ("4.72%",)),
        ("Abandoned calls rose to 4.72%.", ["4.72%"], ()),
        ("It cost £1,035, not £35.", ["£35"], ("£1,035",)),
        ("Half of them, ½, came late.", [], ("½",)),
        ("Finished on 30 January 2020.", ["30 January 2020"], ()),
        ("See CSC_KPI_04 for more.", [], ()),
        ("See CSC_KPI_041 for more.", [], ("CSC_KPI_041",)),
    ],
)
def test_figures_need_a_source_and_codes_do_not(text: str, figures: list[str], left: tuple[str, ...]) -> None:
    assert undeclared(text, typed=_declared(*figures), names=["CSC_KPI_04"]) == left


@given(st.text(alphabet="abc 0123456789.,%", max_size=30))
def test_no_digit_goes_unseen_where_nothing_is_declared(text: str) -> None:
    assert bool(undeclared(text, typed=[], names=[])) == any(character.isdigit() for character in text)


def test_a_part_of_a_figure_is_not_the_figure() -> None:
    assert is_typed_in("35 of 41", "35")
    assert not is_typed_in("35.7 of 41, or 1,035", "35")

"""A problem is printed as `file:line:col: what is wrong - what to do`, and all of them at once, in file order."""

import pytest

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, nearest, raise_if_errors, suggestion

WRONG = Problem(Place("regime.yaml", 9, 5), "R001", "'targt' is not possible", "did you mean 'target'?")
ODD = Problem(Place("regime.yaml", 10, 5), "R999", "this is odd", "look again", severity="warning")


def test_the_printed_form() -> None:
    assert str(WRONG) == "regime.yaml:9:5: 'targt' is not possible - did you mean 'target'?"
    assert str(ODD) == "regime.yaml:10:5: warning: this is odd - look again"


def test_problems_are_raised_once_each_in_the_order_of_the_file() -> None:
    with pytest.raises(ProblemsFoundError) as found:
        raise_if_errors([ODD, WRONG, WRONG])
    assert found.value.problems == (WRONG, ODD)
    assert str(found.value) == f"{WRONG}\n{ODD}"


def test_warnings_alone_do_not_stop_the_work() -> None:
    raise_if_errors([ODD])


def test_line_10_comes_after_line_9() -> None:
    assert min([Place("a", 10, 1), Place("a", 9, 30), Place("a", 9, 4)]) == Place("a", 9, 4)


def test_a_near_name_is_suggested_and_a_far_one_is_not() -> None:
    known = ["target", "minimum", "measure"]
    assert nearest("targt", known) == "target"
    assert nearest("vendor", known) is None
    assert suggestion("minium", known, "say what") == "did you mean 'minimum'?"
    assert suggestion("vendor", known, "say what") == "say what"

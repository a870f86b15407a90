"""The month's lifecycle under everything that ten people can think of: the commands answer as the model of it does."""

from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.domain.lifecycle.month_machine import MonthMachine
from tests.domain.lifecycle.month_model import MAY


def _try(*, rounds: int, steps: int) -> None:
    class Counted(MonthMachine):
        steps = 0
        done: ClassVar[Counter[str]] = Counter()

    run_state_machine_as_test(Counted, settings=settings(max_examples=rounds, stateful_step_count=50, deadline=None))
    assert Counted.steps >= steps
    assert set(Counted.done) == set(MAY), "an act that never succeeded was not tried"


def test_the_commands_answer_as_the_model_of_the_design_does() -> None:
    _try(rounds=260, steps=20_000)


@pytest.mark.proof
def test_the_commands_answer_as_the_model_does_for_half_a_million_acts() -> None:
    _try(rounds=6_500, steps=500_000)

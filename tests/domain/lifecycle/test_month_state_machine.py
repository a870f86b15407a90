"""The month's lifecycle under everything that nine people can think of: the commands answer as the design says."""

from collections import Counter

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from tests.domain.lifecycle.month_machine import MonthMachine
from tests.domain.lifecycle.month_model import MAY

STEPS = 20_000


def test_the_commands_answer_as_the_model_of_the_design_does() -> None:
    class Counted(MonthMachine):
        steps = 0
        done: Counter[str] = Counter()

    rounds = settings(max_examples=100, stateful_step_count=50, deadline=None)
    run_state_machine_as_test(Counted, settings=rounds)
    print(Counted.steps, Counted.done)
    assert Counted.steps >= STEPS
    assert set(Counted.done) == set(MAY), "every act succeeded somewhere, or the test would show nothing about it"

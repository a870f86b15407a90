"""What late evidence does to a locked statement is one of three things."""

import pytest

from muniment.commands.queries.recalculation import RecalculationEffect, effect_of
from muniment.domain.assessment.sealed_differences import Difference, DifferenceKind


def differs(kind: DifferenceKind, part: str) -> Difference:
    return Difference(kind, "CSC_KPI_04", part, "before", "after", "late evidence" if kind == "input" else None)


LATE = differs("input", "sha256")


@pytest.mark.parametrize(
    ("found", "effect"),
    [
        ([], "no effect"),
        ([LATE], "no effect"),  # other rows, the same figures
        ([LATE, differs("kpi", "value")], "number only"),
        ([LATE, differs("kpi", "numerator"), differs("kpi", "dispositions")], "number only"),
        ([LATE, differs("kpi", "value"), differs("kpi", "status")], "status or credit changes"),
        ([LATE, differs("kpi", "category")], "status or credit changes"),
        ([LATE, differs("kpi", "value"), differs("points", "points")], "status or credit changes"),
        ([LATE, differs("credit", "due")], "status or credit changes"),
    ],
)
def test_the_heaviest_difference_decides(found: list[Difference], effect: RecalculationEffect) -> None:
    assert effect_of(found) == effect

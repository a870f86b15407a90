"""Every row has exactly one disposition: out of scope, left out by a named rule, counted, or only in total."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, Row
from muniment.domain.evidence.reference import UnreadableRowError, disposition_of
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.problem import Place
from muniment.domain.language.columns import Column, Value
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.tree import Always, ColumnValue, ComparisonCondition, Condition, NumberConstant
from muniment.domain.regime.measures import LeftOutRule, Measure

NO_CALENDARS: Mapping[str, Calendar] = {}
COLUMNS = {
    "priority": Column("priority", "number"),
    "third_party": Column("third_party", "yes_no"),
    "is_test": Column("is_test", "yes_no"),
    "ended_by": Column("ended_by", "text", may_be_missing=True),
}


def condition(text: str) -> Condition:
    read, problems = compile_condition(text=text, place=Place("r"), columns=COLUMNS, calendars=NO_CALENDARS)
    assert read is not None, problems
    return read


MEASURE = Measure(
    name="major_incidents_in_time",
    table="incidents",
    form="ratio_of_rows",
    scope=condition("priority in (1, 2)"),
    left_out=(
        LeftOutRule("caused by third party", condition("third_party")),
        LeftOutRule("tests", condition("is_test")),
        LeftOutRule("ended in the menu", condition("ended_by is present and ended_by = 'ivr'")),
    ),
    counted=condition("ended_by is missing or not (ended_by = 'caller')"),
)


def row(**cells: Value | None) -> Row:
    usual: dict[str, Value | None] = {"priority": Decimal(1), "third_party": False, "is_test": False, "ended_by": None}
    return Row(id="INC-1", day=date(2019, 11, 4), cells=usual | cells)


@pytest.mark.parametrize(
    ("cells", "disposition"),
    [
        ({"priority": Decimal(3)}, OUT_OF_SCOPE),
        ({"priority": Decimal(3), "third_party": True}, OUT_OF_SCOPE),
        ({"third_party": True}, 1),
        ({"third_party": True, "is_test": True}, 1),
        ({"is_test": True, "ended_by": "ivr"}, 2),
        ({"ended_by": "ivr"}, 3),
        ({"ended_by": "agent"}, COUNTED),
        ({"ended_by": None}, COUNTED),
        ({"ended_by": "caller"}, IN_TOTAL),
    ],
)
def test_scope_comes_first_then_the_rules_in_order_then_counting(
    cells: Mapping[str, Value | None], disposition: int
) -> None:
    assert disposition_of(MEASURE, row(**cells), NO_CALENDARS) == disposition


def test_a_condition_that_counts_every_row_leaves_none_only_in_total() -> None:
    measure = Measure("all", "incidents", "number_of_rows", scope=Always(), left_out=(), counted=Always())
    assert disposition_of(measure, row(), NO_CALENDARS) == COUNTED


def test_a_missing_value_stops_the_measure_and_names_the_row() -> None:
    unguarded = ComparisonCondition("=", ColumnValue("priority", "number"), NumberConstant(Decimal(1)))
    measure = Measure("m", "incidents", "ratio_of_rows", scope=unguarded, left_out=(), counted=Always())
    message = "incidents row INC-1: compared a missing value of 'priority' - add `priority is present and`"
    with pytest.raises(UnreadableRowError, match=message) as stopped:
        disposition_of(measure, row(priority=None), NO_CALENDARS)
    assert (stopped.value.table, stopped.value.row, stopped.value.column) == ("incidents", "INC-1", "priority")

"""A locked statement is read from its sealed copy, as it was signed."""

import pytest

from muniment.commands.queries.locked_statements import locked_statement
from muniment.domain.assessment.month_lock import Lock, MonthLocked
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import EntryReference


@pytest.mark.parametrize(
    ("unit", "measured", "shown"),
    [
        ("percent", {"value": "92.59", "numerator": "462", "denominator": "499"}, "92.59%"),
        ("incidents", {"value": "5", "numerator": "5", "denominator": None}, "5"),
        ("percent", {"value": None, "numerator": "0", "denominator": "0"}, "not measured"),
        ("percent", None, "not measured"),
    ],
)
def test_a_value_is_shown_with_its_unit_and_where_nothing_was_measured_there_is_none(
    unit: str, measured: Json, shown: str
) -> None:
    result: Json = {"kpi": "K1", "unit": unit, "category": "tsl_achieved", "measured": measured}
    locked = MonthLocked(Month(2019, 9), 1, "f" * 64, {"statement": {}, "results": [result]}, computed_on=9)
    recorded = EntryReference(10, "a" * 64, "2019-10-21T09:00:00Z", "p-1", "supplier", "Checked.")
    (line,) = locked_statement(Lock("cssc/2019-09/v1", locked, None, recorded)).lines
    assert line.shown == shown

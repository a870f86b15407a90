"""On which evidence of earlier months a locked month rests: that of the periods which it ends, and no other."""

import pytest

from muniment.domain.assessment.longer_periods import earlier_evidence
from muniment.domain.assessment.sealed_statement import read_sealed
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month

KPI: dict[str, Json] = {"kpi": "K1", "category": "tsl_achieved"}
MONTHS = [Month(2019, number) for number in range(6, 11)]


def borne_on(result: dict[str, Json], *, table: str, inputs: dict[str, Json] | None = None) -> list[str]:
    """The months, of June to October 2019, whose evidence of the table bears on the statement with that result."""
    evidence = earlier_evidence(read_sealed({"results": [{**KPI, **result}], "inputs": inputs or {}}))
    return [str(month) for month in MONTHS if evidence.takes_in(table=table, month=month)]


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2019-07..2019-09", ["2019-07", "2019-08"]),
        ("2019-08..2019-09", ["2019-08"]),
        ("2019-09", []),
        ("summer..2019-09", []),
        ("2019-07..autumn", []),
    ],
)
def test_a_longer_period_rests_on_its_earlier_months(period: str, months: list[str]) -> None:
    measured: dict[str, Json] = {"period": period, "rule": "levels", "measured": {"table": "calls"}}
    assert borne_on(measured, table="calls") == months
    assert borne_on(measured, table="staff") == []


def test_a_period_without_evidence_waits_for_any_table_that_was_not_there() -> None:
    wanting: dict[str, Json] = {"period": "2019-07..2019-09", "rule": "no_evidence", "measured": None}
    inputs: dict[str, Json] = {
        "submissions": [
            {"id": "s1", "table": "staff", "period": "2019-07"},
            {"id": "s2", "table": "staff", "period": None},
        ]
    }
    assert borne_on(wanting, table="calls", inputs=inputs) == ["2019-07", "2019-08"]
    assert borne_on(wanting, table="staff", inputs=inputs) == ["2019-08"]

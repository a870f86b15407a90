"""Evidence accepted without named rows: they stand in no number, and they are counted and explained."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from muniment.commands.queries.explain import explain_kpi_month
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.seal import seal
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import TableRejection
from muniment.domain.evidence.reference import ReferenceEngine
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from tests.commands.queries.conftest import agreed, calls_of

Read = Callable[..., Reading]
APRIL, MAY = Month(2019, 4), Month(2019, 5)


def rejecting(reading: Reading, *rows: tuple[str, str], month: Month = APRIL) -> Reading:
    """The reading, with these (row, reason) taken out of the month's calls."""
    return replace(reading, rejections=tuple(TableRejection("calls", month, row, reason) for row, reason in rows))


def sealed(reading: Reading) -> dict[str, Json]:
    return seal(reading, month=APRIL, submissions=(), engine_version="1").sealed


def test_a_rejected_row_stands_in_no_number(reading: Read) -> None:
    """8 of 100 calls were abandoned; two of the eight were test calls, which leaves 6 of 98."""
    found = rejecting(reading(None, m2019_04="8 of 100"), ("2019-04-000", "a test"), ("2019-04-001", "a test"))
    result = next(r for r in found.results(first=APRIL, last=APRIL) if r.kpi.code == "ABANDONED")
    assert result.measurement is not None
    assert (str(result.measurement.value), result.measurement.tally.rejected) == ("6.1", 2)
    assert (result.standing.status, result.measurement.tally.rows) == ("met_target", 100)


def test_every_rejected_row_is_explained_with_its_reason(reading: Read) -> None:
    found = rejecting(
        reading(None, m2019_04="8 of 100, 3 tests"),
        ("2019-04-001", "a test call"), ("2019-04-000", "a test call"), ("2019-04-050", "offered in March"),
    )  # fmt: skip
    explanation = explain_kpi_month(found, kpi="ABANDONED", month=APRIL)
    assert [(said.name, said.count, said.sample) for said in explanation.dispositions[3:]] == [
        ("rejected: a test call", 2, ("2019-04-000", "2019-04-001")),
        ("rejected: offered in March", 1, ("2019-04-050",)),
        ("out of scope", 0, ()),
    ]
    assert sum(said.count for said in explanation.dispositions) == 103
    assert "3 rows were rejected when the evidence was accepted." in explanation.sentence


def test_a_rejected_row_that_is_not_in_the_evidence_is_named(reading: Read) -> None:
    found = rejecting(reading(None, m2019_04="8 of 100"), ("C-1", "a test call"))
    explanation = explain_kpi_month(found, kpi="ABANDONED", month=APRIL)
    said = explanation.dispositions[-2]
    assert (said.name, said.count, said.sample) == ("rejected, but not in the evidence", 0, ("C-1",))


def test_rows_of_other_months_are_not_touched(reading: Read) -> None:
    plain = reading(None, m2019_04="8 of 100", m2019_05="8 of 100")
    found = rejecting(plain, ("2019-05-000", "a test"), month=MAY)
    assert found.results(first=APRIL, last=APRIL) == plain.results(first=APRIL, last=APRIL)
    assert found.results(first=MAY, last=MAY) != plain.results(first=MAY, last=MAY)


def test_a_statement_without_rejected_rows_is_sealed_as_before(reading: Read) -> None:
    """`rejected` is sealed only where there are such rows, so that earlier fingerprints stay."""
    plain = reading(None, m2019_04="8 of 100")
    assert b"rejected" not in repr(sealed(plain)).encode()
    with_one = sealed(rejecting(plain, ("2019-04-000", "a test")))
    assert "'rejected': 1" in repr(with_one)
    assert sealed_fingerprint(with_one) != sealed_fingerprint(sealed(plain))


@given(st.frozensets(st.integers(0, 60)), st.integers(0, 40))
def test_whatever_is_rejected_the_rows_add_up(numbers: frozenset[int], abandoned: int) -> None:
    calls = calls_of(m2019_04=f"{abandoned} of 40, 3 tests")
    text = agreed()
    engine = ReferenceEngine(rows=calls.of, calendars=text.contract(known=None).calendars)
    plain = Reading(text=text, known=None, engine=engine, received=calls, mitigations=())
    found = rejecting(plain, *((f"2019-04-{number:03}", "why not") for number in numbers))
    for result in found.results(first=APRIL, last=APRIL):
        assert result.measurement is not None
        assert result.measurement.tally.rows == 43
        assert result.measurement.tally.rejected == sum(number < 40 for number in numbers)
        said = explain_kpi_month(found, kpi=result.kpi.code, month=APRIL).dispositions
        assert sum(one.count for one in said) == 43

"""Change notices: in which order they apply, what a period's text is, and what was known of it when."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.period import Month
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from muniment.domain.regime.notices import in_force

Read = Callable[[Mapping[str, str]], AgreedText]

RETIRED_AFTERWARDS = """change: CCN-44
title: Discontinue long waits
signed: 2021-11-08
effective: 2021-10-01
amend:
  - kpi: LONG_WAITS
    retire: true
"""
FEES_ADDED = """change: CCN-07
title: Add short waits
signed: 2019-05-01
effective: 2019-07-01
amend:
  - kpi: SHORT_WAITS
    add: {title: Short waits, area: desk, measure: long_waits, unit: calls, target: at most 900, minimum: at most 950}
"""


def notice(*, number: str, signed: str, effective: str, was: str, to: str) -> str:
    return (
        f"change: {number}\ntitle: Another target\nsigned: {signed}\neffective: {effective}\namend:\n"
        f"  - kpi: LONG_WAITS\n    was: {{target: at most {was}}}\n    set: {{target: at most {to}}}\n"
    )


def target(text: AgreedText, *, on: str, known: str | None = None) -> str:
    day = None if known is None else date.fromisoformat(known)
    return str(text.regime_at(on=date.fromisoformat(on), known=day).kpis["LONG_WAITS"].target)


def test_a_notice_applies_from_the_period_that_starts_on_its_effective_date(agreed: Read) -> None:
    text = agreed({})
    levels = {
        str(month): str(text.kpis_in_force(month=month, known=None)["ABANDONED"][0].target)
        for month in (Month(2019, 9), Month(2019, 10))
    }
    assert levels == {"2019-09": "at most 7%", "2019-10": "at most 5%"}


def test_every_value_says_where_it_stands_and_which_notice_put_it_there(agreed: Read) -> None:
    kpi = agreed({}).regime_at(on=date(2019, 10, 1), known=None).kpis["ABANDONED"]
    assert (str(kpi.target_source.place), kpi.target_source.notice) == ("changes/CCN-01.yaml:8:19", "CCN-01")
    assert (str(kpi.minimum_source.place), kpi.minimum_source.notice) == ("regime.yaml:24:14", None)
    before = agreed({}).regime_at(on=date(2019, 9, 1), known=None).kpis["ABANDONED"]
    assert (str(before.target_source.place), before.target_source.notice) == ("regime.yaml:23:13", None)


def test_a_notice_signed_before_it_takes_effect_is_known_from_its_signing(agreed: Read) -> None:
    text = agreed({})
    october = date(2019, 10, 1)
    assert str(text.regime_at(on=october, known=date(2019, 8, 18)).kpis["ABANDONED"].target) == "at most 7%"
    assert str(text.regime_at(on=october, known=date(2019, 8, 19)).kpis["ABANDONED"].target) == "at most 5%"


@pytest.mark.parametrize(
    ("known", "in_force_in_october"),
    [("2021-10-20", True), ("2021-11-07", True), ("2021-11-08", False), ("2021-12-01", False), (None, False)],
)
def test_a_kpi_retired_after_the_fact_is_in_force_as_known_before_the_signing(
    agreed: Read, known: str | None, in_force_in_october: bool
) -> None:
    text = agreed({"changes/CCN-44.yaml": RETIRED_AFTERWARDS})
    day = None if known is None else date.fromisoformat(known)
    assert ("LONG_WAITS" in text.kpis_in_force(month=Month(2021, 10), known=day)) is in_force_in_october
    assert "LONG_WAITS" in text.kpis_in_force(month=Month(2021, 9), known=day)


def test_a_kpi_may_be_added(agreed: Read) -> None:
    text = agreed({"changes/CCN-07.yaml": FEES_ADDED})
    assert "SHORT_WAITS" not in text.kpis_in_force(month=Month(2019, 6), known=None)
    added, _ = text.kpis_in_force(month=Month(2019, 7), known=None)["SHORT_WAITS"]
    assert added.target_source.notice == "CCN-07"
    assert list(text.kpis_in_force(month=Month(2019, 7), known=None))[-1] == "SHORT_WAITS"


def test_a_charge_may_be_changed(agreed: Read) -> None:
    change = (
        "change: CCN-09\ntitle: Indexation\nsigned: 2020-03-02\neffective: 2020-04-01\namend:\n  - charges: monthly\n"
        '    was: {desk: "£100000.00"}\n    set: {desk: "£102500.00"}\n'
    )
    text = agreed({"changes/CCN-09.yaml": change})
    bases = [text.regime_at(on=date(2020, month, 1), known=None).charges["monthly"]["desk"] for month in (3, 4)]
    assert [str(base) for base in bases] == ["£100,000.00", "£102,500.00"]


def test_a_notice_of_the_middle_of_a_month_may_wait_for_the_next(agreed: Read) -> None:
    change = notice(number="CCN-05", signed="2019-05-01", effective="2019-05-15", was="2", to="1")
    text = agreed({"changes/CCN-05.yaml": change.replace("amend:", "from_period: next\namend:")})
    assert [target(text, on=day) for day in ("2019-05-01", "2019-06-01")] == ["at most 2", "at most 1"]


def test_was_is_checked_against_the_text_as_known_when_the_notice_was_signed(agreed: Read) -> None:
    """CCN-06 was signed when nobody knew of CCN-05, which was agreed later for an earlier date."""
    text = agreed(
        {
            "changes/CCN-05.yaml": notice(
                number="CCN-05", signed="2019-12-02", effective="2019-09-01", was="2", to="4"
            ),
            "changes/CCN-06.yaml": notice(
                number="CCN-06", signed="2019-06-03", effective="2019-11-01", was="2", to="3"
            ),
        }
    )
    assert target(text, on="2019-10-01") == "at most 4"
    assert target(text, on="2019-11-01") == "at most 3"
    assert target(text, on="2019-10-01", known="2019-12-01") == "at most 2"


def test_an_amended_quarterly_kpi_keeps_its_levels_until_its_own_next_period(
    good: Mapping[str, str], agreed: Read
) -> None:
    regime = good["regime.yaml"].replace(
        "    measure: calls_abandoned\n", "    measure: calls_abandoned\n    period: quarter\n"
    )
    change = good["changes/CCN-01.yaml"].replace("2019-10-01", "2019-11-01")
    text = agreed({"regime.yaml": regime, "changes/CCN-01.yaml": change})
    found = {number: text.kpis_in_force(month=Month(2019, number), known=None)["ABANDONED"] for number in (10, 11, 12)}
    assert {str(kpi.target) for kpi, _ in found.values()} == {"at most 7%"}
    assert {str(period) for _, period in found.values()} == {"2019-10..2019-12"}
    later, _ = text.kpis_in_force(month=Month(2020, 1), known=None)["ABANDONED"]
    assert str(later.target) == "at most 5%"


def test_a_suspension_is_known_from_its_signing_and_covers_the_months_it_names(agreed: Read) -> None:
    change = (
        "change: CCN-10\ntitle: Covid\nsigned: 2020-03-30\n"
        "suspend: {what: service_credits, kpis: all, from: 2020-04, to: 2020-06}\n"
    )
    text = agreed({"changes/CCN-10.yaml": change})
    assert text.suspensions(known=date(2020, 3, 29)) == ()
    (suspension,) = text.suspensions(known=date(2020, 3, 30))
    assert (suspension.kpis, str(suspension.first), str(suspension.last)) == (None, "2020-04", "2020-06")
    assert str(suspension.source.place) == "changes/CCN-10.yaml:4:10"


FIRSTS = st.integers(0, 20).map(lambda n: Month(2019, 5).plus(n).first_day)
SIGNED = st.integers(0, 700).map(lambda n: date(2019, 3, 2) + timedelta(days=n))


@given(dates=st.lists(st.tuples(FIRSTS, SIGNED), min_size=1, max_size=5, unique_by=lambda pair: pair[0]), known=SIGNED)
def test_notices_apply_by_effective_date_then_signing_then_number(
    dates: list[tuple[date, date]], known: date, good: Mapping[str, str]
) -> None:
    """Of all notices that set one target, the one that took effect last decides, if it was known by then."""
    changes = {
        f"changes/CCN-{n:02}.yaml": notice(
            number=f"CCN-{n:02}", signed=str(signed), effective=str(effective), was="2", to=str(100 + n)
        )
        for n, (effective, signed) in enumerate(dates, start=10)
    }
    text, _ = read_agreed_text({**good, **changes})  # their `was:` may be wrong: here only the order counts
    assert text is not None
    on = date(2021, 1, 1)
    applied = in_force(text.notices, on=on, known=known)
    assert list(applied) == sorted(applied, key=lambda n: (n.effective, n.signed, n.number))
    expected = [
        (effective, f"CCN-{n:02}")
        for n, (effective, signed) in enumerate(dates, start=10)
        if effective <= on and signed <= known
    ]
    numbers = [n.number for n in applied if n.number != "CCN-01"]
    assert numbers == [number for _, number in sorted(expected)]

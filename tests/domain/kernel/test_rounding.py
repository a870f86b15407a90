"""A number is exact until the contract's one rounding, and that rounding is the one a person does on paper."""

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.quantity import Rounding, RoundingMode, decimals_of, grouped, parse_decimal, plain, shifted

MODES: dict[RoundingMode, str] = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
}
PRECISE = decimal.Context(prec=200)


@pytest.mark.parametrize(
    ("rule", "value", "rounded"),
    [
        ("2 dp half up", "1.005", "1.01"),
        ("2 dp half up", "-1.005", "-1.01"),
        ("2 dp half up", "1.00499999", "1.00"),
        ("2 dp half even", "1.005", "1.00"),
        ("2 dp half even", "1.015", "1.02"),
        ("2 dp half even", "-1.005", "-1.00"),
        ("0 dp half even", "2.5", "2"),
        ("0 dp half even", "3.5", "4"),
        ("0 dp half up", "0.5", "1"),
        ("0 dp half up", "-0.5", "-1"),
        ("1 dp up", "0.01", "0.1"),
        ("1 dp up", "-0.01", "-0.1"),
        ("1 dp up", "0.10", "0.1"),
        ("1 dp down", "0.19", "0.1"),
        ("1 dp down", "-0.19", "-0.1"),
        ("2 dp half up", "7", "7.00"),
        ("0 dp half up", "99.4999", "99"),
    ],
)
def test_rounding_by_the_words_of_the_contract(rule: str, value: str, rounded: str) -> None:
    assert str(Rounding.parse(rule).apply(Decimal(value))) == rounded


def test_a_third_is_rounded_from_the_fraction_itself() -> None:
    assert str(Rounding(2).apply(Fraction(200, 3))) == "66.67"
    assert str(Rounding(9, "down").apply(Fraction(2, 3))) == "0.666666666"


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15),
    places=st.integers(0, 9),
    mode=st.sampled_from(sorted(MODES)),
)
def test_rounding_is_the_rounding_of_the_decimal_standard(value: Decimal, places: int, mode: RoundingMode) -> None:
    rounded = Rounding(places, mode).apply(value)
    oracle = value.quantize(Decimal(1).scaleb(-places), rounding=MODES[mode], context=PRECISE)
    assert rounded == oracle
    assert rounded.as_tuple().exponent == -places


@given(value=st.fractions(), places=st.integers(0, 9), mode=st.sampled_from(sorted(MODES)))
def test_what_is_rounded_stays_as_it_is_when_rounded_again(value: Fraction, places: int, mode: RoundingMode) -> None:
    rule = Rounding(places, mode)
    assert rule.apply(rule.apply(value)) == rule.apply(value)
    assert abs(Fraction(rule.apply(value)) - value) < Fraction(1, 10**places)


@given(rule=st.builds(Rounding, st.integers(0, 9), st.sampled_from(sorted(MODES))))
def test_a_rule_reads_back_as_it_is_written(rule: Rounding) -> None:
    assert Rounding.parse(str(rule)) == rule


@pytest.mark.parametrize("text", ["2 dp", "half up", "2dp half up", "two dp half up", "10 dp half up", ""])
def test_a_rule_in_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as '2 dp half up'"):
        Rounding.parse(text)


@pytest.mark.parametrize("text", ["1e3", "1,000", "NaN", "Infinity", "", ".", "+", "1 000", "\u0663"])
def test_what_is_no_plain_number_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_decimal(text)


@pytest.mark.parametrize(("text", "decimals"), [("7", 0), ("7.0", 1), ("99.50", 2), ("0.005", 3), ("100", 0)])
def test_decimals_are_counted_as_written(text: str, decimals: int) -> None:
    assert decimals_of(parse_decimal(text)) == decimals


@pytest.mark.parametrize(
    ("value", "printed", "with_commas"),
    [
        (59985, "59985", "59,985"),
        (Decimal("12.50"), "12.5", "12.5"),
        (Decimal("-1234567.25"), "-1234567.25", "-1,234,567.25"),
        (Decimal("1E+3"), "1000", "1,000"),
        (Fraction(1, 3), "1/3", "1/3"),
        (Fraction(-1, 2), "-0.5", "-0.5"),
        (0, "0", "0"),
    ],
)
def test_exact_numbers_as_a_person_writes_them(value: int | Decimal | Fraction, printed: str, with_commas: str) -> None:
    assert (plain(value), grouped(value)) == (printed, with_commas)


@given(whole=st.integers(), places=st.integers(0, 12))
def test_shifting_the_point_loses_no_digit(whole: int, places: int) -> None:
    assert Fraction(shifted(whole, places)) == Fraction(whole, 10**places)

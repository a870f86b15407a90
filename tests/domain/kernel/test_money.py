"""Money is whole pence: it is read, printed and added without loss, and rounded only by a rule."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.money import Money, total
from muniment.domain.kernel.quantity import Rounding

AMOUNTS = st.builds(Money, st.integers())


@pytest.mark.parametrize(
    ("text", "pence", "printed"),
    [
        ("£210000.00", 21_000_000, "£210,000.00"),
        ("£210,000.00", 21_000_000, "£210,000.00"),
        ("£0.05", 5, "£0.05"),
        ("£1,234,567.89", 123_456_789, "£1,234,567.89"),
    ],
)
def test_an_amount_is_read_and_printed(text: str, pence: int, printed: str) -> None:
    assert Money.parse(text).pence == pence
    assert str(Money.parse(text)) == printed


@pytest.mark.parametrize(
    "text", ["210000", "£210000", "£1.5", "£1,00.00", "£ 1.00", "-£1.00", "£1.000", "$1.00", "£\u0661.\u0660\u0660"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount - write it as '£210000.00'"):
        Money.parse(text)


@given(pence=st.integers(min_value=0))
def test_a_printed_amount_reads_back(pence: int) -> None:
    assert Money.parse(str(Money(pence))) == Money(pence)


def test_a_negative_amount_has_its_sign_before_the_pound() -> None:
    assert str(Money(-123_456)) == "-£1,234.56"
    assert str(Money(-5)) == "-£0.05"


@pytest.mark.parametrize(
    ("pounds", "rule", "rounded"),
    [
        (Fraction(1005, 1000), "2 dp half up", "£1.01"),
        (Fraction(1005, 1000), "2 dp half even", "£1.00"),
        (Fraction(10, 3), "2 dp down", "£3.33"),
        (Fraction(10, 3), "0 dp up", "£4.00"),
        (Fraction(-1005, 1000), "2 dp half up", "-£1.01"),
        (
            Fraction(123_456_789_012_345_678_901_234_567_890),
            "2 dp half up",
            "£123,456,789,012,345,678,901,234,567,890.00",
        ),
    ],
)
def test_pounds_are_rounded_once_by_the_rule(pounds: Fraction, rule: str, rounded: str) -> None:
    assert str(Money.rounded(pounds, Rounding.parse(rule))) == rounded


def test_money_has_no_tenths_of_a_penny() -> None:
    with pytest.raises(ValueError, match="at most 2 decimal places"):
        Money.rounded(Fraction(1), Rounding(3))


@given(amounts=st.lists(AMOUNTS))
def test_a_total_is_the_sum_whatever_the_order(amounts: list[Money]) -> None:
    assert total(amounts) == total(amounts[::-1]) == Money(sum(amount.pence for amount in amounts))


@given(a=AMOUNTS, b=AMOUNTS)
def test_what_is_added_can_be_taken_away(a: Money, b: Money) -> None:
    assert a + b - b == a
    assert Fraction((a + b).decimal) == a.pounds + b.pounds


def test_nothing_is_no_pounds() -> None:
    assert total([]) == Money(0)
    assert Money(5).decimal == Decimal("0.05")

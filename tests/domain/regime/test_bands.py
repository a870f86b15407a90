"""Service levels and ladders: every value is in one band, and a worse value never stands better."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.quantity import Rounding
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.levels import OPERATORS, Band, BandStatus, Level, Operator, band_for

LADDER = (
    "    bands: {met_target: at least 99%, minor: at least 98%, serious: at least 97%, threshold: anything worse}\n"
)
POINTS = "    points: {minor: 1, serious: 2, threshold: 4}\n"
RANK = {"met_target": 0, "below_target": 1, "below_minimum": 2}

TENTHS = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)
LEVELS = st.builds(Level, st.sampled_from(OPERATORS), TENTHS, st.just(True))


@st.composite
def ladders(draw: st.DrawFn) -> tuple[tuple[Band, ...], bool]:
    """A ladder of two to six edges, and whether lower is better."""
    edges = draw(st.lists(TENTHS, min_size=2, max_size=6, unique=True))
    lower = draw(st.booleans())
    operators: tuple[Operator, ...] = ("at most", "below") if lower else ("at least", "above")
    operator = draw(st.sampled_from(operators))
    ordered = sorted(edges, reverse=not lower)
    below = draw(st.integers(1, len(edges)))
    levels = [Level(operator, edge, True) for edge in ordered]
    bands = [Band(f"band {n}", level, standing_at(n, below)) for n, level in enumerate(levels)]
    return (*bands, Band("worst", None, "below_minimum")), lower


def standing_at(position: int, below: int) -> BandStatus:
    return "met_target" if position == 0 else "below_target" if position < below else "below_minimum"


@given(ladder=ladders(), value=st.integers(-100, 1100).map(lambda n: Decimal(n) / 10))
def test_every_rounded_value_is_in_exactly_one_band(ladder: tuple[tuple[Band, ...], bool], value: Decimal) -> None:
    bands, _ = ladder
    better = [band for band in bands if band.level is not None and not band.level.met_by(value)]
    assert band_for(value, bands) == bands[len(better)]


@given(ladder=ladders(), values=st.lists(TENTHS, min_size=2, max_size=2))
def test_a_worse_value_never_stands_better(ladder: tuple[tuple[Band, ...], bool], values: list[Decimal]) -> None:
    bands, lower = ladder
    better, worse = sorted(values, reverse=not lower)
    first, second = band_for(better, bands), band_for(worse, bands)
    assert bands.index(first) <= bands.index(second)
    assert RANK[first.standing] <= RANK[second.standing]


@given(looser=LEVELS, stricter=LEVELS, value=TENTHS)
def test_a_level_allows_a_stricter_one_only_if_all_that_meets_it_meets_both(
    looser: Level, stricter: Level, value: Decimal
) -> None:
    if looser.allows(stricter) and stricter.met_by(value):
        assert looser.met_by(value)


@given(level=LEVELS)
def test_a_level_reads_back_as_it_is_written(level: Level) -> None:
    assert Level.parse(str(level)) == level


@pytest.mark.parametrize(
    ("level", "met", "missed"),
    [
        ("at most 7%", "7.00", "7.01"),
        ("at least 99.50%", "99.50", "99.49"),
        ("below 5%", "4.99", "5.00"),
        ("above 95%", "95.01", "95.00"),
        ("exactly 0", "0", "1"),
        ("at most 1,250", "1250", "1251"),
    ],
)
def test_each_way_of_writing_a_level_at_its_edge(level: str, met: str, missed: str) -> None:
    read = Level.parse(level)
    assert read.met_by(Decimal(met))
    assert not read.met_by(Decimal(missed))


@pytest.mark.parametrize("text", ["0.07", "7%", "<= 7%", "at most", "at most 6,5%", "at most 1,00%", "At most 7%", ""])
def test_what_is_no_level_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a service level|is not a number"):
        Level.parse(text)


def kpi(agreed: Callable[[Mapping[str, str]], AgreedText], good: Mapping[str, str], bands: str) -> Kpi:
    regime = good["regime.yaml"].replace(LADDER + POINTS, bands)
    return agreed({"regime.yaml": regime}).regime_at(on=date(2019, 4, 1), known=None).kpis["FEES"]


@pytest.mark.parametrize(
    ("exact", "band"),
    [("99.00", "met_target"), ("98.95", "met_target"), ("98.94", "minor"), ("98.00", "minor"), ("97.94", "serious"),
     ("96.94", "threshold"), ("0", "threshold")],
)  # fmt: skip
def test_a_value_that_falls_between_printed_bands_is_rounded_into_one(
    agreed: Callable[[Mapping[str, str]], AgreedText], good: Mapping[str, str], exact: str, band: str
) -> None:
    """A schedule prints 98.0 to 98.9 and 99: what is 98.95? The rounding to one place decides before the bands do."""
    found = kpi(agreed, good, LADDER + POINTS)
    assert band_for(Rounding(1).apply(Decimal(exact)), found.bands).name == band


def test_without_a_word_only_the_last_band_is_below_the_minimum(
    agreed: Callable[[Mapping[str, str]], AgreedText], good: Mapping[str, str]
) -> None:
    found = kpi(agreed, good, LADDER + POINTS)
    assert [band.standing for band in found.bands] == ["met_target", "below_target", "below_target", "below_minimum"]
    assert (str(found.target), str(found.minimum)) == ("at least 99%", "at least 97%")


def test_a_kpi_may_say_from_which_band_it_is_below_the_minimum(
    agreed: Callable[[Mapping[str, str]], AgreedText], good: Mapping[str, str]
) -> None:
    found = kpi(agreed, good, LADDER + POINTS + "    below_minimum_from: serious\n")
    assert [band.standing for band in found.bands] == ["met_target", "below_target", "below_minimum", "below_minimum"]
    assert str(found.minimum) == "at least 98%"


def test_points_are_by_band_and_a_band_without_points_has_none(
    agreed: Callable[[Mapping[str, str]], AgreedText], good: Mapping[str, str]
) -> None:
    found = kpi(agreed, good, LADDER + "    points: {serious: 2, threshold: 4}\n")
    assert found.points == {"met_target": 0, "minor": 0, "serious": 2, "threshold": 4}

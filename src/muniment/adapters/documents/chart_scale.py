"""The y-axis of a chart: round numbers around what is drawn. Floats here place ink, they decide nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from muniment.domain.board.chart_data import ChartData

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MOST_TICKS = 4


@dataclass(frozen=True)
class Scale:
    """`ticks` ascend and span everything that is drawn; `top` and `bottom` are the y of the last and the first."""

    ticks: tuple[Decimal, ...]
    top: float
    bottom: float

    def y(self, value: Decimal) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - float((value - low) / (high - low)) * (self.bottom - self.top)


def ticks_for(data: ChartData) -> tuple[Decimal, ...]:
    """Three or four round numbers (two where whole things are few) around every value and line. A percentage stays
    within 0 to 100 where its values do, and a number that is nowhere negative does not go below zero."""
    drawn = tuple(_drawn(data))
    if not drawn:
        return (Decimal(0), Decimal(1))
    low, high = min(drawn), max(drawn)
    if low == high:
        spread = abs(low) / 10 or Decimal(1)
        low, high = low - spread, high + spread
    if low < 0 <= min(drawn):
        low = Decimal(0)
    if data.unit == "%" and max(drawn) <= 100 < high:
        high = Decimal(100)
    is_whole = data.unit != "%" and all(value == value.to_integral_value() for value in drawn)
    return _round_ticks(low, high, least=Decimal(1) if is_whole else Decimal(0))


def tick_text(tick: Decimal, ticks: tuple[Decimal, ...]) -> str:
    """All ticks of an axis with the same decimals: 0.0, 2.5, 5.0."""
    places = max(max(0, -int(each.normalize().as_tuple().exponent)) for each in ticks)
    return f"{tick:,.{places}f}"


def _drawn(data: ChartData) -> Iterable[Decimal]:
    for point in data.points:
        if point.value is not None:
            yield point.value
        yield from (level.value for level in (point.target, point.minimum) if level is not None)


def _round_ticks(low: Decimal, high: Decimal, *, least: Decimal) -> tuple[Decimal, ...]:
    magnitude = Decimal(1).scaleb((high - low).adjusted() - 1)
    while True:
        for factor in STEPS:
            step = factor * magnitude
            first = (low / step).to_integral_value(ROUND_FLOOR)
            last = (high / step).to_integral_value(ROUND_CEILING)
            if last - first < MOST_TICKS and step >= least and (not least or step == step.to_integral_value()):
                return tuple(step * (first + n) for n in range(int(last - first) + 1))
        magnitude *= 10

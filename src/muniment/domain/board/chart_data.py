"""The data of one KPI's chart, as exact numbers: months, target and minimum lines, change notices, mitigation."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from muniment.domain.kernel.period import Month
from muniment.domain.regime.levels import BandStatus

Direction = Literal["higher is better", "lower is better"]


@dataclass(frozen=True)
class ChartLevel:
    """A target or minimum: where its line runs, in the chart's unit, and how it is printed ('5%')."""

    value: Decimal
    text: str


@dataclass(frozen=True)
class ChartPoint:
    """One month. `value` is in the chart's unit (3.62 for 3.62%), None where nothing was measured; `text` is the value
    as printed, or the word for its absence ('not due'). `standing` is None where there is no status."""

    month: Month
    value: Decimal | None
    text: str
    standing: BandStatus | None
    target: ChartLevel | None
    minimum: ChartLevel | None
    is_mitigated: bool = False


@dataclass(frozen=True)
class ChartNotice:
    """A change notice, at the first month in which it has effect. `number` as printed: 'CN-021'."""

    month: Month
    number: str


@dataclass(frozen=True)
class ChartData:
    """A KPI over consecutive months, oldest first.

    `id`: letters, digits, `-` and `_`, unique on a page. `finding`: the title, a sentence that says what the chart
    shows. `subject`: what is measured. `unit`: '%' or a plural noun ('calls').
    """

    id: str
    finding: str
    subject: str
    unit: str
    direction: Direction
    points: tuple[ChartPoint, ...]
    notices: tuple[ChartNotice, ...] = ()

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError(f"chart {self.id}: it has no month - give it at least one point")
        for earlier, later in pairwise(self.points):
            if later.month != earlier.month.plus(1):
                raise ValueError(
                    f"chart {self.id}: {later.month.name} does not follow {earlier.month.name} - "
                    "give every month a point, with no value where nothing was measured"
                )

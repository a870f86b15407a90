"""The formulas of the audit workbook: COUNTIFS and SUMIFS over dispositions, the KPI's rounding, and its status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range_abs

from muniment.domain.assessment.status import STATUS_NAMES
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, REJECTED
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.quantity import decimals_of
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.levels import Level, Operator
from muniment.domain.regime.measures import Measure

COUNTED_WORDS, IN_TOTAL_WORDS = "counted", "in total, not counted"
MONTH_COLUMN = 1
_NOTHING = '""'
_SIGNS: dict[Operator, str] = {"at most": "<=", "at least": ">=", "below": "<", "above": ">", "exactly": "="}


@dataclass(frozen=True)
class RowsAt:
    """Where the rows of a measure are: a sheet with `rows` rows under its heading, the column (from 0) with the
    dispositions, and the column of each declared one."""

    sheet: str
    rows: int
    disposition: int
    columns: Mapping[str, int]

    def column(self, number: int) -> str:
        cells: str = xl_range_abs(1, number, max(self.rows, 1), number)
        return f"'{self.sheet}'!{cells}"


@dataclass(frozen=True)
class KpiCells:
    """The addresses of one KPI's own figures on its line."""

    numerator: str
    denominator: str
    value: str
    target: str
    minimum: str


def disposition_words(measure: Measure, code: int) -> str:
    """What happened to a row, as the sheet says it."""
    if code == OUT_OF_SCOPE:
        return "out of scope"
    if code == REJECTED:
        return "rejected"
    if code == COUNTED:
        return COUNTED_WORDS
    return IN_TOTAL_WORDS if code == IN_TOTAL else f"left out: {measure.left_out[code - 1].name}"


def numerator(measure: Measure, places: Sequence[RowsAt], period: Period) -> str:
    """The rows counted, or the sum over them."""
    if measure.sum_counted is None or measure.form != "ratio_of_sums":
        return _count_of(COUNTED_WORDS, places, period)
    return f"=ROUND({_sum(measure.sum_counted, COUNTED_WORDS, places, period)},6)"


def denominator(measure: Measure, places: Sequence[RowsAt], period: Period) -> str | None:
    """All rows of the total, or the sum over them; None for a number of rows."""
    if measure.form == "number_of_rows":
        return None
    if measure.sum_all is None or measure.form != "ratio_of_sums":
        parts = [_count_of(words, places, period).removeprefix("=") for words in (COUNTED_WORDS, IN_TOTAL_WORDS)]
        return f"={'+'.join(parts)}"
    sums = [_sum(measure.sum_all, words, places, period) for words in (COUNTED_WORDS, IN_TOTAL_WORDS)]
    return f"=ROUND({'+'.join(sums)},6)"


def _count_of(words: str, places: Sequence[RowsAt], period: Period) -> str:
    """How many rows of the period have that disposition."""
    counts = [f'COUNTIFS({place.column(place.disposition)},"{words}"{_within(place, period)})' for place in places]
    return f"={'+'.join(counts) or '0'}"


def _sum(column: str, words: str, places: Sequence[RowsAt], period: Period) -> str:
    sums = [
        f"SUMIFS({place.column(place.columns[column])},"
        f'{place.column(place.disposition)},"{words}"{_within(place, period)})'
        for place in places
    ]
    return "+".join(sums) or "0"


def _within(place: RowsAt, period: Period) -> str:
    months = place.column(MONTH_COLUMN)
    return f',{months},">={_number(period.first)}",{months},"<={_number(period.last)}"'


def _number(month: Month) -> int:
    return month.year * 100 + month.number


def value(kpi: Kpi, measurement: Measurement, cells: KpiCells) -> str:
    """The ratio, rounded once by the KPI's rule; empty where there is nothing to divide by."""
    places = kpi.rounding.places
    if measurement.denominator is None:
        return f"=ROUND({cells.numerator},{places})"
    times = 100 if kpi.is_percent else 1
    if kpi.rounding.mode == "half_up":
        rounded = f"ROUND({times}*{cells.numerator}/{cells.denominator},{places})"
    else:
        rounded = _exactly_rounded(kpi, measurement, cells, times=times)
    return f"=IF({cells.denominator}=0,{_NOTHING},{rounded})"


def _exactly_rounded(kpi: Kpi, measurement: Measurement, cells: KpiCells, *, times: int) -> str:
    """By the remainder of whole numbers: ROUND knows one rule only, and a quotient is not exact."""
    assert measurement.denominator is not None
    whole = 10 ** max(decimals_of(measurement.numerator), decimals_of(measurement.denominator))
    power = 10**kpi.rounding.places
    over = f"ROUND(ABS({cells.numerator})*{whole * times * power},0)"
    under = f"ROUND(ABS({cells.denominator})*{whole},0)"
    quotient = f"INT({over}/{under})"
    rest = f"({over}-{under}*{quotient})"
    more = {
        "half_even": f"IF(2*{rest}>{under},1,IF(2*{rest}={under},MOD({quotient},2),0))",
        "up": f"IF({rest}>0,1,0)",
        "down": "0",
    }[kpi.rounding.mode]
    return f"SIGN({cells.numerator})*SIGN({cells.denominator})*({quotient}+{more})/{power}"


def status(kpi: Kpi, cells: KpiCells, *, places: Sequence[RowsAt], period: Period) -> str:
    """Absence first, then the small-volume rule, then the two lines of the schedule."""
    levels = (
        f"IF({_meets(kpi.target, cells, cells.target)},{_words('met_target')},"
        f"IF({_meets(kpi.minimum, cells, cells.minimum)},{_words('below_target')},{_words('below_minimum')}))"
    )
    by_rule = _small_volume(kpi, levels, cells, places=places, period=period)
    nothing = _words(kpi.no_activity)
    if kpi.measure.form == "number_of_rows":
        any_row = "+".join(f"COUNTIFS({_within(place, period)[1:]})" for place in places) or "0"
        return f"=IF({any_row}=0,{nothing},{levels})"
    return f"=IF({cells.denominator}=0,{nothing},{by_rule})"


def _small_volume(kpi: Kpi, levels: str, cells: KpiCells, *, places: Sequence[RowsAt], period: Period) -> str:
    rule = kpi.small_volume
    if rule is None or rule.then == "report_only":
        return levels
    otherwise = _words("not_assessed")
    if rule.then != "not_assessed":
        words = COUNTED_WORDS if kpi.target.lower_is_better else IN_TOTAL_WORDS
        failures = _count_of(words, places, period).removeprefix("=")
        otherwise = f"IF({failures}<={rule.failures or 0},{_words('met_target')},{levels})"
    return f"IF({cells.denominator}<{rule.fewer_than},{otherwise},{levels})"


def _meets(level: Level, cells: KpiCells, edge: str) -> str:
    return f"{cells.value}{_SIGNS[level.operator]}{edge}"


def _words(status_of: str) -> str:
    named = {**STATUS_NAMES}
    return f'"{next(words for name, words in named.items() if name == status_of)}"'

"""The status of a measured KPI, from its levels and its small-volume rule; and its category, a row of Table 1."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from muniment.domain.evidence.measurement import Measurement
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.levels import Band, band_for

Status = Literal[
    "met_target", "below_target", "below_minimum", "not_assessed", "not_applicable", "not_submitted", "not_due"
]
STATUS_NAMES: dict[Status, str] = {
    "met_target": "met target",
    "below_target": "below target",
    "below_minimum": "below minimum",
    "not_assessed": "not assessed",
    "not_applicable": "no activity",
    "not_submitted": "not submitted",
    "not_due": "not due",
}


class Category(StrEnum):
    """A row of Table 1, in the order of its rows: key, label, and what a headline says of its KPIs."""

    label: str
    headline: str
    TSL_ACHIEVED = "tsl_achieved", "TSL achieved", "at target"
    MSL_ACHIEVED = "msl_achieved", "MSL achieved", "below target"
    BELOW_MSL = "below_msl", "Below MSL", "below minimum"
    MITIGATED = "mitigated", "Mitigated", "mitigated"
    NOT_MEASURED = "not_measured", "Not measured", "not measured"

    def __new__(cls, key: str, label: str = "", headline: str = "") -> Self:
        row = str.__new__(cls, key)
        row._value_, row.label, row.headline = key, label, headline
        return row

    @property
    def printed(self) -> str:
        """The label as the board report has it, inside a sentence: below MSL"""
        return self.label if self.label[:2].isupper() else f"{self.label[:1].lower()}{self.label[1:]}"


FAILING: frozenset[Status] = frozenset({"below_target", "below_minimum"})
StatusRule = Literal[
    "levels", "small_volume", "report_only", "no_activity", "no_evidence", "not_due", "before_the_record"
]


@dataclass(frozen=True)
class AssessedStatus:
    """A status, the band that gave it (None where no level was compared), and the rule that decided."""

    status: Status
    band: Band | None
    rule: StatusRule

    @property
    def is_failing(self) -> bool:
        return self.status in FAILING


def standing_of(*, kpi: Kpi, measurement: Measurement) -> AssessedStatus:
    """Where a measured value stands: absence first, then the small-volume rule, then the levels."""
    value = measurement.value
    if value is None or (measurement.denominator is None and measurement.tally.rows == 0):
        return _no_activity(kpi)
    band = band_for(value, kpi.bands)
    rule = kpi.small_volume
    if rule is not None and measurement.denominator is not None and measurement.denominator < rule.fewer_than:
        if rule.then == "not_assessed":
            return AssessedStatus("not_assessed", None, "small_volume")
        if rule.then == "report_only":
            return AssessedStatus(band.standing, band, "report_only")
        if band.standing in FAILING and failures(kpi=kpi, measurement=measurement) <= (rule.failures or 0):
            return AssessedStatus("met_target", kpi.bands[0], "small_volume")
    return AssessedStatus(band.standing, band, "levels")


def _no_activity(kpi: Kpi) -> AssessedStatus:
    if kpi.no_activity == "met_target":
        return AssessedStatus("met_target", kpi.bands[0], "no_activity")
    return AssessedStatus(kpi.no_activity, None, "no_activity")


def no_evidence(kpi: Kpi) -> AssessedStatus:
    """What the contract says of a period for which nothing came by the due date: not measured, or below minimum."""
    if kpi.no_evidence == "below_minimum":
        return AssessedStatus("below_minimum", kpi.bands[-1], "no_evidence")
    return AssessedStatus("not_submitted", None, "no_evidence")


def failures(*, kpi: Kpi, measurement: Measurement) -> int:
    """Failing rows of a ratio of rows: its counted rows where lower is better, the others where higher
    is."""
    tally = measurement.tally
    return tally.counted if kpi.target.lower_is_better else tally.in_total


def category_of(*, standing: AssessedStatus, is_mitigated: bool) -> Category:
    """The row of Table 1. Every KPI in force is in exactly one, and only a failing KPI can be mitigated."""
    if standing.is_failing and is_mitigated:
        return Category.MITIGATED
    match standing.status:
        case "met_target":
            return Category.TSL_ACHIEVED
        case "below_target":
            return Category.MSL_ACHIEVED
        case "below_minimum":
            return Category.BELOW_MSL
        case _:
            return Category.NOT_MEASURED

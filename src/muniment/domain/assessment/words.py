"""A KPI's result as text: its value as printed, the sum behind it, and a sentence on the level missed or met.

Absence is said, never left blank.
"""

from decimal import Decimal

from muniment.domain.assessment.result import RelievedMeasurement, Result
from muniment.domain.assessment.status import Status
from muniment.domain.kernel.quantity import grouped
from muniment.domain.regime.kpis import Kpi

VERDICTS: dict[Status, str] = {
    "met_target": "met the Target Service Level",
    "below_target": "missed the Target Service Level and met the Minimum Service Level",
    "below_minimum": "failed to meet the Minimum Service Level",
    "not_assessed": "was not assessed",
    "not_applicable": "had no activity to measure",
    "not_submitted": "could not be measured: no evidence was submitted",
    "not_due": "was not due",
}


def value_text(*, kpi: Kpi, value: Decimal) -> str:
    """A rounded value as printed: 13.28%, or 2 incidents' bare 2."""
    whole, _, decimals = f"{value:f}".partition(".")
    shown = f"{int(whole):,}" + (f".{decimals}" if decimals else "")
    if whole.startswith("-") and not shown.startswith("-"):
        shown = f"-{shown}"
    return f"{shown}%" if kpi.is_percent else shown


def shown_value(result: Result) -> str:
    """The value, or the words for why there is none."""
    measurement = result.measurement
    if measurement is not None and measurement.value is not None and not _is_idle(result):
        return value_text(kpi=result.kpi, value=measurement.value)
    return {
        "not_assessed": "not assessed",
        "not_applicable": "no activity",
        "not_submitted": "not submitted",
        "not_due": "not due",
        "met_target": "no activity",
    }.get(result.standing.status, "no evidence")


def relieved_value(result: Result) -> str:
    """The value without the rows that a grant in part relieves; empty where there is no such grant."""
    if result.relieved is None:
        return ""
    value = result.relieved.measurement.value
    return "no activity" if value is None else value_text(kpi=result.kpi, value=value)


def both_values(result: Result) -> str:
    """13.28% measured, 6.90% without the 12 rows relieved; empty where no grant is in part."""
    if result.relieved is None:
        return ""
    if result.relieved.rows == 0:
        return f"{shown_value(result)} measured, and no row of {result.period.name} is relieved"
    return f"{shown_value(result)} measured, {relieved_value(result)} without the {_rows_relieved(result.relieved)}"


def _rows_relieved(relieved: RelievedMeasurement) -> str:
    return "1 row relieved" if relieved.rows == 1 else f"{grouped(relieved.rows)} rows relieved"


def rows_called(kpi: Kpi) -> str:
    """What the rows of the KPI's table are called: its name with spaces."""
    return kpi.measure.table.replace("_", " ")


def sum_of(result: Result) -> str:
    """13.28% = 7,966 / 59,985, or the words for why there is no number."""
    measurement = result.measurement
    if measurement is None or measurement.value is None or _is_idle(result):
        return shown_value(result)
    if measurement.denominator is None:
        return f"{shown_value(result)} {result.kpi.unit}"
    return f"{shown_value(result)} = {amount(measurement.numerator)} / {amount(measurement.denominator)}"


def relieved_sum(result: Result) -> str:
    """6.90% = 4,139 / 59,973, without 12 rows; empty where no grant is in part."""
    relieved = result.relieved
    if relieved is None:
        return ""
    found = relieved.measurement
    ratio = "" if found.denominator is None else f" = {amount(found.numerator)} / {amount(found.denominator)}"
    unit = f" {result.kpi.unit}" if found.denominator is None else ""
    return f"{relieved_value(result)}{unit}{ratio}, without the {_rows_relieved(relieved)}"


def amount(value: Decimal) -> str:
    """A sum or count with commas between thousands; pence are always two digits: 7,195.30."""
    text = grouped(value)
    return f"{text}0" if len(text.partition(".")[2]) == 1 else text


def counted_of(result: Result) -> str:
    """7,966 of 59,985 counted calls; for sums, the two sums."""
    measurement = result.measurement
    if measurement is None:
        return ""
    if measurement.denominator is None:
        return f"{grouped(measurement.numerator)} {result.kpi.unit} of {grouped(measurement.tally.rows)} rows"
    if result.kpi.measure.form == "ratio_of_sums":
        whole, part = (
            name.replace("_", " ") for name in (result.kpi.measure.sum_all, result.kpi.measure.sum_counted) if name
        )
        if part != whole:
            return f"{amount(measurement.numerator)} {part} of {amount(measurement.denominator)} {whole}"
        return f"{amount(measurement.numerator)} of {amount(measurement.denominator)} by {whole}"
    return f"{grouped(measurement.numerator)} of {grouped(measurement.denominator)} counted {rows_called(result.kpi)}"


def sentence_of(result: Result) -> str:
    """What happened, against which line, and why it counts as it does, as a person would say it."""
    kpi, when = result.kpi, result.period.name
    measurement = result.measurement
    if measurement is None or measurement.value is None or _is_idle(result):
        return f"{kpi.code} ({kpi.title}) {_absence(result)}."
    parts = [
        f"{kpi.code} ({kpi.title}) was {shown_value(result)} in {when}: {counted_of(result)}.",
        _against_lines(result),
    ]
    if measurement.tally.left_out and sum(measurement.tally.left_out):
        rules = zip(kpi.measure.left_out, measurement.tally.left_out, strict=True)
        named = ", ".join(f"{grouped(count)} {rule.name}" for rule, count in rules if count)
        total = sum(measurement.tally.left_out)
        subject = "1 row was" if total == 1 else f"{grouped(total)} {rows_called(kpi)} were"
        parts.append(f"{subject} left out: {named}.")
    rejected = measurement.tally.rejected
    if rejected:
        subject = "1 row was" if rejected == 1 else f"{grouped(rejected)} rows were"
        parts.append(f"{subject} rejected when the evidence was accepted.")
    return " ".join(parts)


def _is_idle(result: Result) -> bool:
    """Whether there was nothing to measure, and the contract takes that for no status: a bare 0 would mislead."""
    return result.standing.rule == "no_activity" and result.standing.status != "met_target"


def _absence(result: Result) -> str:
    when = result.month.name
    match result.standing.rule:
        case "not_due" if result.month == result.period.last:
            return f"was not yet due in {when}: the time for its evidence is not over"
        case "no_activity" if result.standing.status == "met_target":
            return f"had no activity to measure in {when}, which the contract takes as meeting the Target Service Level"
        case "not_due":
            return f"was not due in {when}: it is measured for {result.period.name}"
        case "before_the_record":
            return f"was not assessed in {when}: the record begins later"
        case "no_evidence":
            return f"{VERDICTS[result.standing.status]} for {when}: nothing had come by the due date"
        case _:
            return f"{VERDICTS[result.standing.status]} in {when}"


def _against_lines(result: Result) -> str:
    kpi, standing = result.kpi, result.standing
    clause = f" ({kpi.clause})" if kpi.clause else ""
    lines = f"The target then was {kpi.target} and the minimum {kpi.minimum}{clause}"
    if standing.rule == "small_volume" and standing.status == "not_assessed":
        return f"{lines}; the volume was too small to assess it."
    if standing.rule == "small_volume":
        return f"{lines}; with so small a volume the failures were within the number allowed, so it met its target."
    if standing.status == "met_target":
        return f"{lines}, so the Target Service Level was met."
    missed = "the Target Service Level was missed and the Minimum Service Level met"
    if standing.status == "below_minimum":
        missed = "the Minimum Service Level was missed"
    return f"{lines}, so {missed}.{_mitigated(result)}"


def _mitigated(result: Result) -> str:
    relieved = result.relieved
    if relieved is None:
        told = " The failure is mitigated: number and status stand, no points are due."
        return told if result.is_mitigated else ""
    if relieved.rows == 0:
        return f" A mitigation is granted in part, and no row of {result.period.name} is relieved by it."
    without = f"without the {_rows_relieved(relieved)} it {VERDICTS[relieved.standing.status]}"
    told = f" A mitigation is granted in part: at {relieved_value(result)} {without}."
    if relieved.meets_target:
        return f"{told} Number and status stand, no points are due."
    if result.decisive is relieved.standing:
        return f"{told} Number and status stand, and the points come from the relieved value."
    return f"{told} That is no better, so the points come from the measured value."

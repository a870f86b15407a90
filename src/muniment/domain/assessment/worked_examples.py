"""Checks the contract's worked examples: works each one, and compares what comes out with what it expects."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from muniment.domain.assessment.example_text import ExampleValue, GivenText, RowsText, WorkedExample
from muniment.domain.assessment.result import Circumstances, DueAssessment, Result, results_of
from muniment.domain.assessment.status import standing_of
from muniment.domain.evidence.measurement import Measurement, Tally, measured
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.kernel.quantity import decimals_of, plain
from muniment.domain.regime import nodes
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.kpis import Kpi

_REMEDY = "correct the example, or the text that it works"
ONE_ROW = Tally(0, (), 0, 1)


def given_problems(*, example: WorkedExample, given: GivenText, text: AgreedText) -> tuple[Problem, ...]:
    """Work an example of values, through levels, scales, repeat failures and suspensions as the text has them."""
    due: list[DueAssessment] = []
    problems: list[Problem] = []
    for month, value in given.given.items():
        place = nodes.key_place_at(example.node, ("given", str(month)))
        kpi, period, found = kpi_in_force(text=text, example=example, month=month, month_place=place)
        problems += found
        if kpi is not None:
            problems += _value_problems(kpi=kpi, value=value, place=_place(example, "given", str(month)))
            due.append(_due(text=text, kpi=kpi, month=month, period=period, value=value))
    problems += _order_problems(example, due) if not problems else ()
    problems += _length_problems(example, given)
    if problems:
        return tuple(problems)
    circumstances = Circumstances((), text.suspensions(known=None), {})
    return tuple(_differences(example, given, results_of(due=due, circumstances=circumstances)))


def kpi_in_force(
    *, text: AgreedText, example: WorkedExample, month: Month, month_place: Place
) -> tuple[Kpi | None, Period, tuple[Problem, ...]]:
    """The example's KPI as it stands for the period that ends with that month."""
    nothing = Period(month, month)
    code = example.text.kpi
    try:
        in_force = text.kpis_in_force(month=month, known=None)
    except ProblemsFoundError as found:
        return None, nothing, tuple(Problem(month_place, p.code, p.what, p.remedy) for p in found.problems)
    if code not in in_force:
        what = f"there is no KPI '{code}' in force in {month.name}"
        problem = Problem(_place(example, "kpi"), "W010", what, suggestion(code, in_force, "name a KPI of the text"))
        return None, nothing, (problem,)
    kpi, period = in_force[code]
    if period.last != month:
        what = f"{code} is measured for {period.name}, so {month.name} has no value of its own"
        return None, period, (Problem(month_place, "W011", what, f"write {period.last}"),)
    return kpi, period, ()


def _due(*, text: AgreedText, kpi: Kpi, month: Month, period: Period, value: ExampleValue) -> DueAssessment:
    contract_month = text.contract(known=None).contract_month(month)
    measurement = Measurement(value.number, None, Fraction(value.number), kpi.rounding.apply(value.number), ONE_ROW)
    return DueAssessment(kpi, month, contract_month, period, False, True, measurement)


def _value_problems(*, kpi: Kpi, value: ExampleValue, place: Place) -> Iterator[Problem]:
    if value.is_percent != kpi.is_percent:
        form = f"write {value.number}%" if kpi.is_percent else f"write {value.number}"
        yield Problem(place, "W012", f"{kpi.code} is given in {kpi.unit}, and this is '{value}'", form)
    elif decimals_of(value.number) > kpi.rounding.places:
        what = f"'{value}' has more decimals than {kpi.code} is rounded to ({kpi.rounding})"
        yield Problem(place, "W013", what, "write the rounded value")


def _order_problems(example: WorkedExample, due: Sequence[DueAssessment]) -> Iterator[Problem]:
    for before, after in pairwise(due):
        following = before.period.last.plus(1)
        if after.period.first != following:
            what = f"{after.month} does not follow {before.month}, and points depend on what went before"
            place = nodes.key_place_at(example.node, ("given", str(after.month)))
            yield Problem(place, "W014", what, "give every period in order, or make two examples")


def _length_problems(example: WorkedExample, given: GivenText) -> Iterator[Problem]:
    for key, items in (("status", given.expect.status), ("points", given.expect.points)):
        if key in given.expect.model_fields_set and len(items) != len(given.given):
            what = f"{len(given.given)} values are given, and 'expect: {key}' has {len(items)}"
            yield Problem(_place(example, "expect", key), "W015", what, "expect one for each value")


def _differences(example: WorkedExample, given: GivenText, results: Sequence[Result]) -> Iterator[Problem]:
    for index, (result, status) in enumerate(zip(results, given.expect.status, strict=False)):
        place = _place(example, "expect", "status", index)
        yield from _difference(place, "status", status, result.standing.status, when=f"{result.month}: ")
    for index, (result, points) in enumerate(zip(results, given.expect.points, strict=False)):
        place = _place(example, "expect", "points", index)
        yield from _difference(place, "points", str(points), str(result.points), when=f"{result.month}: ")


def rows_problems(*, example: WorkedExample, rows: RowsText, kpi: Kpi, tally: Tally) -> tuple[Problem, ...]:
    """Hold the tally of an example's rows against what it expects."""
    measurement = measured(measure=kpi.measure, tally=tally, is_percent=kpi.is_percent, rounding=kpi.rounding)
    standing = standing_of(kpi=kpi, measurement=measurement)
    expect = rows.expect
    value = None if measurement.value is None else ExampleValue(measurement.value, kpi.is_percent)
    problems: list[Problem] = []
    for key, expected, computed in (
        ("numerator", expect.numerator, measurement.numerator),
        ("denominator", expect.denominator, measurement.denominator),
        ("value", expect.value, value),
        ("status", expect.status, standing.status),
    ):
        if expected is not None and expected != computed:
            problems += _difference(_place(example, "expect", key), key, _said(expected), _said(computed))
    if expect.left_out is not None:
        problems += _left_out_problems(example, expect.left_out, kpi, tally)
    return tuple(problems)


def _left_out_problems(example: WorkedExample, expected: dict[str, int], kpi: Kpi, tally: Tally) -> Iterator[Problem]:
    names = [rule.name for rule in kpi.measure.left_out]
    for name in expected:
        if name not in names:
            place = nodes.key_place_at(example.node, ("expect", "left_out", name))
            what = f"the measure '{kpi.measure.name}' has no left-out rule '{name}'"
            otherwise = f"it has {', '.join(names)}" if names else "it leaves out nothing"
            yield Problem(place, "W016", what, suggestion(name, names, otherwise))
    for name, count in zip(names, tally.left_out, strict=True):
        place = nodes.place_at(example.node, ("expect", "left_out", name))
        yield from _difference(place, f"left out as '{name}'", str(expected.get(name, 0)), str(count))


def _said(figure: Decimal | ExampleValue | str | None) -> str:
    if figure is None:
        return "none"
    return plain(figure) if isinstance(figure, Decimal) else str(figure)


def _difference(place: Place, of: str, expected: str, computed: str, *, when: str = "") -> Iterator[Problem]:
    if expected != computed:
        yield Problem(place, "W020", f"{when}expected {of} {expected}, computed {computed}", _REMEDY)


def _place(example: WorkedExample, *path: str | int) -> Place:
    return nodes.place_at(example.node, path)

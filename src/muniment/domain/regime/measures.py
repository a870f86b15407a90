"""Measures: each a rule that gives every row of one table exactly one disposition, its conditions compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.problem import Place, Problem, suggestion
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.tree import Always, Condition
from muniment.domain.regime import nodes
from muniment.domain.regime.contract import Table
from muniment.domain.regime.text import MeasureText

MeasureForm = Literal["ratio_of_rows", "number_of_rows", "ratio_of_sums"]

_KEYS: dict[MeasureForm, frozenset[str]] = {
    "ratio_of_rows": frozenset({"count_all", "count_if"}),
    "number_of_rows": frozenset({"number_of"}),
    "ratio_of_sums": frozenset({"sum_all", "sum_if", "sum_counted"}),
}
MOST_RULES = 99


@dataclass(frozen=True)
class LeftOutRule:
    """Rows that the agreed text leaves out, under the name it gives them."""

    name: str
    when: Condition


@dataclass(frozen=True)
class Measure:
    """A row is, in this order: out of scope (fails `scope`), left out (the first rule that matches), counted
    (meets `counted`), or in total but not counted.

    ratio_of_rows: counted rows / all rows left.  number_of_rows: the rows left (`counted` is Always, no denominator).
    ratio_of_sums: the sum of `sum_all` over the rows left is the denominator; the numerator is the sum of `sum_counted`
    over the counted rows. With a condition (`sum_if`), `sum_counted` is `sum_all`; with two columns, `counted` is
    Always.
    """

    name: str
    table: str
    form: MeasureForm
    scope: Condition
    left_out: tuple[LeftOutRule, ...]
    counted: Condition
    sum_all: str | None = None
    sum_counted: str | None = None


@dataclass(frozen=True)
class MeasureSite:
    """A measure's text, its node in the consolidated tree, and what its conditions may refer to."""

    name: str
    text: MeasureText
    node: nodes.MappingNode
    tables: Mapping[str, Table]
    calendars: Mapping[str, Calendar]


def measure_of(site: MeasureSite) -> tuple[Measure | None, tuple[Problem, ...]]:
    """The measure, or everything that is wrong with it."""
    table = site.tables.get(site.text.table)
    if table is None:
        remedy = suggestion(site.text.table, site.tables, "name a table of evidence.yaml")
        problem = Problem(_place(site, "from"), "R060", f"there is no evidence table '{site.text.table}'", remedy)
        return None, (problem,)
    form, problems = _form(site)
    compiled: dict[str, Condition] = {}
    for key in ("count_all", "count_if", "number_of", "sum_if"):
        _compile(site, table, key, getattr(site.text, key), compiled, problems)
    rules = _rules(site, table, problems)
    problems.extend(_sum_problems(site, table))
    if form is None or any(problem.severity == "error" for problem in problems):
        return None, tuple(problems)
    return _measure(site, form, rules, compiled), tuple(problems)


def _measure(
    site: MeasureSite, form: MeasureForm, rules: tuple[LeftOutRule, ...], compiled: Mapping[str, Condition]
) -> Measure:
    text = site.text
    by_condition = text.sum_if is not None
    return Measure(
        name=site.name,
        table=text.table,
        form=form,
        scope=compiled.get("count_all") or compiled.get("number_of") or Always(),
        left_out=rules,
        counted=compiled.get("count_if") or compiled.get("sum_if") or Always(),
        sum_all=text.sum_all,
        sum_counted=text.sum_all if by_condition else text.sum_counted,
    )


def _form(site: MeasureSite) -> tuple[MeasureForm | None, list[Problem]]:
    given = {key for keys in _KEYS.values() for key in keys if getattr(site.text, key) is not None}
    fitting = [form for form, keys in _KEYS.items() if given & keys]
    complete = {
        "ratio_of_rows": {"count_all", "count_if"} == given,
        "number_of_rows": {"number_of"} == given,
        "ratio_of_sums": given in ({"sum_all", "sum_if"}, {"sum_all", "sum_counted"}),
    }
    if len(fitting) == 1 and complete[fitting[0]]:
        return fitting[0], []
    said = " and ".join(f"'{key}'" for key in sorted(given)) or "nothing to count"
    what = f"the measure '{site.name}' has {said}, which is no way to measure"
    remedy = "write 'count_all:' with 'count_if:', or 'number_of:', or 'sum_all:' with 'sum_if:' or 'sum_counted:'"
    return None, [Problem(site.node.place, "R061", what, remedy)]


def _compile(
    site: MeasureSite,
    table: Table,
    key: str,
    text: str | None,
    compiled: dict[str, Condition],
    problems: list[Problem],
) -> None:
    if text is None:
        return
    condition, found = compile_condition(
        text=text, place=_text_place(site, key), columns=table.by_name, calendars=site.calendars
    )
    problems.extend(found)
    if condition is not None:
        compiled[key] = condition


def _rules(site: MeasureSite, table: Table, problems: list[Problem]) -> tuple[LeftOutRule, ...]:
    rules = []
    for name, text in site.text.leave_out.items():
        place = _text_place(site, "leave_out", name)
        condition, found = compile_condition(text=text, place=place, columns=table.by_name, calendars=site.calendars)
        problems.extend(found)
        if condition is not None:
            rules.append(LeftOutRule(name, condition))
    if len(site.text.leave_out) > MOST_RULES:
        what = f"the measure '{site.name}' has more than {MOST_RULES} left-out rules"
        problems.append(Problem(_place(site, "leave_out"), "R062", what, "join some of them with 'or'"))
    return tuple(rules)


def _sum_problems(site: MeasureSite, table: Table) -> Iterator[Problem]:
    for key in ("sum_all", "sum_counted"):
        name = getattr(site.text, key)
        if name is None:
            continue
        column = table.by_name.get(name)
        if column is None:
            remedy = suggestion(name, table.by_name, f"name a column of '{table.name}'")
            yield Problem(_place(site, key), "R063", f"there is no column '{name}'", remedy)
        elif column.type != "number":
            yield Problem(_place(site, key), "R064", f"'{name}' is a {column.type}", "sum a number column")
        elif column.may_be_missing:
            what = f"'{name}' may be missing, so its sum is not known"
            yield Problem(_place(site, key), "R065", what, "sum a column that is always there")


def _place(site: MeasureSite, *path: str) -> Place:
    return nodes.place_at(site.node, path)


def _text_place(site: MeasureSite, *path: str) -> Place:
    found = nodes.node_at(site.node, path)
    return found.text_place if isinstance(found, nodes.ScalarNode) else site.node.place

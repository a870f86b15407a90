"""Results as the JSON that stays the same (docs/reference/json.md): numbers that decide are texts, as the contract
rounds."""

from collections.abc import Sequence
from datetime import date

from muniment.commands.queries.explain import Explanation
from muniment.commands.queries.facts import ReportedFact
from muniment.commands.queries.locked_statements import StatementComparison
from muniment.commands.queries.recalculation import Recalculation
from muniment.domain.assessment.credit import Credit
from muniment.domain.assessment.result import RelievedMeasurement, Result
from muniment.domain.assessment.statement import KpiLine, Statement
from muniment.domain.assessment.summary import Table1Column
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.problem import Problem
from muniment.domain.kernel.quantity import plain
from muniment.domain.regime.nodes import Source


def results_json(*, contract: str, known: date | None, results: Sequence[Result]) -> Json:
    """`muniment assess --format json`"""
    return {"contract": contract, "known": _day(known), "rows": [result_row(result) for result in results]}


def result_row(result: Result) -> dict[str, Json]:
    """One KPI in one month. `numerator`, `denominator` and `value` are null where nothing was measured."""
    measurement = result.measurement
    denominator = measurement.denominator if measurement else None
    return {
        "kpi": result.kpi.code,
        "period": str(result.month),
        "contract_month": result.contract_month,
        "numerator": plain(measurement.numerator) if measurement else None,
        "denominator": None if denominator is None else plain(denominator),
        "value": f"{measurement.value:f}" if measurement and measurement.value is not None else None,
        "unit": result.kpi.unit,
        "target": str(result.kpi.target),
        "minimum": str(result.kpi.minimum),
        "status": result.standing.status,
        "category": result.category,
        "mitigated": result.is_mitigated,
        "points": str(result.points),
    }


def summary_json(*, contract: str, known: date | None, columns: Sequence[Table1Column]) -> Json:
    """`muniment summary --format json`"""
    months: list[Json] = [
        {
            "period": str(column.month),
            "contract_month": column.contract_month,
            **dict(column.counts.items()),
            "total": column.total,
        }
        for column in columns
    ]
    return {"contract": contract, "known": _day(known), "months": months}


def statement_json(
    *, contract: str, known: date | None, statement: Statement, credits_to_date: Money | None = None
) -> Json:
    """`muniment statement --format json`"""
    return {
        "contract": contract,
        "known": _day(known),
        "period": str(statement.month),
        "contract_month": statement.contract_month,
        "lines": [_line(line) for line in statement.lines],
        "points": str(statement.points),
        "credit": _credit(statement.credit),
        "credit_working": statement.credit_working,
        "credits_to_date": None if credits_to_date is None else str(credits_to_date.decimal),
    }


def _line(line: KpiLine) -> dict[str, Json]:
    consequence = line.result.consequence
    return {
        "kpi": line.result.kpi.code,
        "value": shown_value(line.result),
        "status": line.result.standing.status,
        "category": line.result.category,
        "base_points": str(consequence.base),
        "multiplier": consequence.multiplier,
        "points": str(consequence.points),
        "ground": line.ground,
        "working": line.working,
    }


def _credit(credit: Credit | None) -> Json:
    if credit is None:
        return None
    return {
        "points": str(credit.points),
        "free_points": str(credit.free_points),
        "chargeable_points": str(credit.chargeable_points),
        "per_point_percent": plain(credit.per_point),
        "base": str(credit.base.decimal),
        "before_cap": str(credit.before_cap.decimal),
        "cap": str(credit.cap.decimal),
        "due": str(credit.due.decimal),
        "suspended": credit.is_suspended,
    }


def explanation_json(*, contract: str, known: date | None, explanation: Explanation) -> Json:
    """`muniment explain --format json`"""
    return {
        "contract": contract,
        "known": _day(known),
        "sentence": explanation.sentence,
        **result_row(explanation.result),
        "measured_over": str(explanation.result.period),
        "levels": {line.name: {"level": str(line.level), **_source(line.source)} for line in explanation.lines},
        "measure": {"name": explanation.measure.name, **_source(explanation.measure_source)},
        "dispositions": [
            {"disposition": found.name, "rows": found.count, "sample": list(found.sample)}
            for found in explanation.dispositions
        ],
        "relieved": _relieved(explanation.result.relieved),
        "working": explanation.points_working,
        "notices": list(explanation.notices),
    }


def _relieved(relieved: RelievedMeasurement | None) -> Json:
    """The value without the rows that grants in part relieve."""
    if relieved is None:
        return None
    measurement = relieved.measurement
    return {
        "by": [mitigation.id for mitigation in relieved.by],
        "rows": relieved.rows,
        "numerator": plain(measurement.numerator),
        "denominator": None if measurement.denominator is None else plain(measurement.denominator),
        "value": None if measurement.value is None else f"{measurement.value:f}",
        "status": relieved.standing.status,
    }


def _source(source: Source) -> dict[str, Json]:
    return {"place": str(source.place), "notice": source.notice}


def problems_json(problems: Sequence[Problem]) -> Json:
    """`muniment check --format json`"""
    return {
        "problems": [
            {
                "file": problem.place.file,
                "line": problem.place.line,
                "column": problem.place.column,
                "code": problem.code,
                "severity": problem.severity,
                "what": problem.what,
                "remedy": problem.remedy,
            }
            for problem in problems
        ]
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def reported_json(*, contract: str, on: date, facts: Sequence[ReportedFact]) -> Json:
    """`muniment reported --format json`"""
    lines: list[Json] = [
        {
            "fact": fact.fact,
            "known": fact.known,
            "printed": fact.printed,
            "where": fact.where,
            "on": _day(fact.on),
            "verdict": fact.verdict,
        }
        for fact in facts
    ]
    return {"contract": contract, "on": on.isoformat(), "facts": lines}


def changed_json(*, before: str, after: str, found: StatementComparison) -> Json:
    """`muniment changed --format json`"""
    differences: list[Json] = [
        {
            "kind": difference.kind,
            "of": difference.of,
            "part": difference.part,
            "before": difference.before,
            "after": difference.after,
            "cause": difference.cause,
        }
        for difference in found.differences
    ]
    causes: list[Json] = [*found.causes]
    return {"before": before, "after": after, "causes": causes, "differences": differences}


def recalculations_json(*, contract: str, recalculations: Sequence[Recalculation]) -> Json:
    """`muniment since-lock --format json`"""
    lines: list[Json] = [
        {
            "statement": recalculation.statement,
            "effect": recalculation.effect,
            "to_be_restated": recalculation.needs_restating,
            "note": recalculation.note,
            "class": None if recalculation.effect == "no effect" else recalculation.restates,
            "causes": [*recalculation.found.causes],
            "differences": [str(difference) for difference in recalculation.found.differences],
        }
        for recalculation in recalculations
    ]
    return {"contract": contract, "statements": lines}

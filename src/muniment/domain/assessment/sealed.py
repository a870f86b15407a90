"""The sealed form of a statement: canonical JSON of what was signed and of every input to it; and its sha256.

It is kept as canonical JSON. The engine and its version stand beside it and not inside: an upgrade that
changes nothing seals the same. Ratios are text, `7966/59985`; nothing here was rounded but by the contract's rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from muniment.domain.assessment.credit import Credit
from muniment.domain.assessment.result import RelievedMeasurement, Result
from muniment.domain.assessment.statement import KpiLine, Statement
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.kernel.fingerprint import Json, canonical_json, fingerprint
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.quantity import plain
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.nodes import Source

FORM = 1
"""Raised whenever the same statement would be sealed differently."""
SubmissionStanding = Literal["provisional", "accepted", "not submitted"]


@dataclass(frozen=True)
class CountedSubmission:
    """A file whose rows count. `id`: cssc/calls/2019-09/s2, or the path of a file that lies ready, not submitted.
    `table` and `period` say where its rows belong; `period` is None where a file may hold any month. `rejected`: ids of
    rows that it was accepted without."""

    id: str
    table: str
    period: Month | None
    sha256: str
    standing: SubmissionStanding
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True)
class SealedDecision:
    """A decision that bears on the statement. `entry`: hash of the ledger's entry. `outcome`: granted, upheld ..."""

    id: str
    outcome: str
    entry: str


@dataclass(frozen=True)
class SealedInputs:
    """All that a statement of `month` was computed from, as known at the end of `known` (None: no record was kept).

    `regimes`: (first day of a measurement period, fingerprint of the text in force for it), for every period from the
    record's first month on, because chains run through them. `notices`: signed by then and in effect by the month's
    end. `calendars`: (name, fingerprint). `opening_runs`: (KPI, failing periods before the record). The engine is not
    sealed: see `beside`.
    """

    contract: str
    month: Month
    known: date | None
    regimes: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    submissions: tuple[CountedSubmission, ...]
    mitigations: tuple[SealedDecision, ...]
    calendars: tuple[tuple[str, str], ...]
    engine: str
    engine_version: str
    challenges: tuple[SealedDecision, ...] = ()
    opening_runs: tuple[tuple[str, int], ...] = ()


def sealed_of(*, statement: Statement, results: Sequence[Result], inputs: SealedInputs) -> dict[str, Json]:
    """The statement sealed. `results`: those of its month, in the order of the text."""
    return {
        "form": FORM,
        "inputs": _inputs(inputs),
        "results": [_result(result) for result in results],
        "statement": _statement(statement),
    }


def with_statement(sealed: dict[str, Json], statement: Statement) -> dict[str, Json]:
    """Of the same results and inputs, with the statement in other words."""
    return {**sealed, "statement": _statement(statement)}


def sealed_bytes(sealed: dict[str, Json]) -> bytes:
    """Its canonical JSON: the file whose sha256 is its fingerprint."""
    return canonical_json(sealed)


def sealed_fingerprint(sealed: dict[str, Json]) -> str:
    """sha256 of `sealed_bytes`: what both signatures and the lock name."""
    return fingerprint(sealed)


def beside(inputs: SealedInputs) -> dict[str, Json]:
    """What is recorded beside the sealed form: the engine that computed it."""
    return {"name": inputs.engine, "version": inputs.engine_version}


def _inputs(inputs: SealedInputs) -> dict[str, Json]:
    return {
        "contract": inputs.contract,
        "month": str(inputs.month),
        "known": None if inputs.known is None else inputs.known.isoformat(),
        "regimes": _pairs(inputs.regimes),
        "notices": [*inputs.notices],
        "submissions": [_submission(submission) for submission in inputs.submissions],
        "mitigations": [_decided(decision) for decision in inputs.mitigations],
        "challenges": [_decided(decision) for decision in inputs.challenges],
        "calendars": _pairs(inputs.calendars),
        "opening_runs": [[kpi, run] for kpi, run in inputs.opening_runs],
    }


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[Json]:
    return [[first, second] for first, second in pairs]


def _submission(submission: CountedSubmission) -> Json:
    return {
        "id": submission.id,
        "table": submission.table,
        "period": None if submission.period is None else str(submission.period),
        "sha256": submission.sha256,
        "standing": submission.standing,
        **({"rejected": [*submission.rejected]} if submission.rejected else {}),
    }


def _decided(decision: SealedDecision) -> Json:
    return {"id": decision.id, "outcome": decision.outcome, "entry": decision.entry}


def _result(result: Result) -> Json:
    kpi, standing, consequence = result.kpi, result.standing, result.consequence
    return {
        "kpi": kpi.code,
        "title": kpi.title,
        "month": str(result.month),
        "contract_month": result.contract_month,
        "period": str(result.period),
        "unit": kpi.unit,
        "measured": _measured(kpi, result.measurement),
        "target": _level(str(kpi.target), kpi.target_source),
        "minimum": _level(str(kpi.minimum), kpi.minimum_source),
        "status": standing.status,
        "band": standing.band.name if standing.band else None,
        "rule": standing.rule,
        "category": result.category,
        "mitigation": result.mitigation.id if result.mitigation else None,
        **({"relieved": _relieved(result.relieved)} if result.relieved else {}),
        "suspension": result.suspension.notice if result.suspension else None,
        "points": {
            "base": consequence.base,
            "run": consequence.run,
            "multiplier": consequence.multiplier,
            "points": consequence.points,
            "rule": consequence.rule,
        },
    }


def _measured(kpi: Kpi, measurement: Measurement | None) -> Json:
    if measurement is None:
        return None
    tally, denominator, value = measurement.tally, measurement.denominator, measurement.value
    rules = zip(kpi.measure.left_out, tally.left_out, strict=True)
    return {
        "measure": kpi.measure.name,
        "table": kpi.measure.table,
        "numerator": plain(measurement.numerator),
        "denominator": None if denominator is None else plain(denominator),
        "exact": None if measurement.exact is None else _ratio(measurement.exact),
        "value": None if value is None else f"{value:f}",
        "rounding": str(kpi.rounding),
        "dispositions": {
            "counted": tally.counted,
            "in_total": tally.in_total,
            "left_out": [[rule.name, count] for rule, count in rules],
            "out_of_scope": tally.out_of_scope,
            **({"rejected": tally.rejected} if tally.rejected else {}),
        },
    }


def _relieved(relieved: RelievedMeasurement) -> Json:
    """What grants in part leave: the rest of the rows is as measured, with `rows` of them set aside."""
    found = relieved.measurement
    return {
        "by": [mitigation.id for mitigation in relieved.by],
        "rows": relieved.rows,
        "numerator": plain(found.numerator),
        "denominator": None if found.denominator is None else plain(found.denominator),
        "exact": None if found.exact is None else _ratio(found.exact),
        "value": None if found.value is None else f"{found.value:f}",
        "status": relieved.standing.status,
        "band": relieved.standing.band.name if relieved.standing.band else None,
        "rule": relieved.standing.rule,
    }


def _ratio(exact: Fraction) -> str:
    return f"{exact.numerator}/{exact.denominator}"


def _level(level: str, source: Source) -> Json:
    return {"level": level, "place": str(source.place), "notice": source.notice}


def _statement(statement: Statement) -> Json:
    return {
        "month": str(statement.month),
        "contract_month": statement.contract_month,
        "lines": [_line(line) for line in statement.lines],
        "points": statement.points,
        "credit": None if statement.credit is None else _credit(statement.credit),
        "credit_working": statement.credit_working,
    }


def _line(line: KpiLine) -> Json:
    return {
        "kpi": line.result.kpi.code,
        "points": line.result.points,
        "ground": line.ground,
        "working": line.working,
    }


def _credit(credit: Credit) -> Json:
    """Pence; `per_point` is a percentage of `base`."""
    return {
        "points": credit.points,
        "free_points": credit.free_points,
        "chargeable_points": credit.chargeable_points,
        "per_point": plain(credit.per_point),
        "base": credit.base.pence,
        "before_cap": credit.before_cap.pence,
        "cap": credit.cap.pence,
        "due": credit.due.pence,
        "is_suspended": credit.is_suspended,
    }

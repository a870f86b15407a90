"""What is found when things are looked at again, as `--format json` prints it: problems in files, facts that were
reported, and locked statements that would say something else now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from muniment.commands.queries.facts import ReportedFact
from muniment.commands.queries.locked_statements import StatementComparison
from muniment.commands.queries.recalculation import Recalculation
from muniment.domain.assessment.sealed_differences import Difference
from muniment.domain.kernel.problem import Problem


@dataclass(frozen=True, kw_only=True)
class ProblemFound:
    """A problem and where it stands. `code`: see docs/reference/problems.md."""

    file: str
    line: int
    column: int
    code: str
    severity: str
    what: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class ProblemsFound:
    """`muniment check --format json`"""

    problems: tuple[ProblemFound, ...]


@dataclass(frozen=True, kw_only=True)
class ReportedFacts:
    """`muniment reported --format json`"""

    contract: str
    on: date
    facts: tuple[ReportedFact, ...]


@dataclass(frozen=True, kw_only=True)
class ChangedStatement:
    """`muniment changed --format json`. `before`, `after`: ids of the two."""

    before: str
    after: str
    causes: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class RecalculatedStatement:
    """A locked statement and what later changes mean for it. `class_`: revision or correction; None where nothing
    comes of them."""

    statement: str
    effect: str
    to_be_restated: bool
    note: str | None
    class_: Annotated[str | None, Field(alias="class")]
    causes: tuple[str, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecalculatedStatements:
    """`muniment since-lock --format json`"""

    contract: str
    statements: tuple[RecalculatedStatement, ...]


def problems_found(problems: Sequence[Problem]) -> ProblemsFound:
    """In their order."""
    return ProblemsFound(
        problems=tuple(
            ProblemFound(
                file=problem.place.file,
                line=problem.place.line,
                column=problem.place.column,
                code=problem.code,
                severity=problem.severity,
                what=problem.what,
                remedy=problem.remedy,
            )
            for problem in problems
        )
    )


def changed_statement(*, before: str, after: str, found: StatementComparison) -> ChangedStatement:
    """Two versions of a statement, compared."""
    return ChangedStatement(
        before=before, after=after, causes=tuple(found.causes), differences=tuple(found.differences)
    )


def recalculated_statements(*, contract: str, found: Sequence[Recalculation]) -> RecalculatedStatements:
    """Those that would say something else now."""
    return RecalculatedStatements(contract=contract, statements=tuple(_recalculated(each) for each in found))


def _recalculated(found: Recalculation) -> RecalculatedStatement:
    return RecalculatedStatement(
        statement=found.statement,
        effect=found.effect,
        to_be_restated=found.needs_restating,
        note=found.note,
        class_=None if found.effect == "no effect" else found.restates,
        causes=tuple(found.found.causes),
        differences=tuple(str(difference) for difference in found.found.differences),
    )

"""The outcome of ingesting one file: its store, problems and counts; and the same as JSON between two processes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem


@dataclass(frozen=True)
class Flaw:
    """A problem in a row: the column's name in the file, empty where it is the row's, and the row's key as the file has
    it, empty where that cannot be told."""

    problem: Problem
    column: str
    key: str


@dataclass(frozen=True)
class Intake:
    """`parquet` is the normalised store, or None when a problem was found: a file is taken whole or not at all.
    `rows` were read. `ignored` are columns of the file that the table does not have, in file order.

    `flaws`: the problems that are in rows, one by one; `counts` says how many there are of each code in all, and
    `faulty_rows` how many rows have any. `warnings` stop nothing."""

    parquet: Path | None
    rows: int
    rows_by_month: Mapping[Month, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    faulty_rows: int = 0
    warnings: tuple[Problem, ...] = ()


def intake_to_dict(intake: Intake) -> dict[str, Json]:
    return {
        "is_taken": intake.parquet is not None,
        "rows": intake.rows,
        "rows_by_month": {str(month): rows for month, rows in intake.rows_by_month.items()},
        "problems": [_problem_to_dict(problem) for problem in intake.problems],
        "ignored": [*intake.ignored],
        "flaws": [[_problem_to_dict(flaw.problem), flaw.column, flaw.key] for flaw in intake.flaws],
        "counts": dict(intake.counts),
        "faulty_rows": intake.faulty_rows,
        "warnings": [_problem_to_dict(problem) for problem in intake.warnings],
    }


def intake_from_dict(said: Mapping[str, Json], *, into: Path) -> Intake:
    """`into`: where the store is, if there is one. Raises ValueError for what is no intake."""
    match said:
        case {"is_taken": bool(is_taken), "rows": int(rows), "faulty_rows": int(faulty)}:
            return Intake(
                parquet=into if is_taken else None,
                rows=rows,
                rows_by_month={Month.parse(month): count for month, count in _counts(said.get("rows_by_month"))},
                problems=tuple(_problems(said.get("problems"))),
                ignored=tuple(str(column) for column in _list(said.get("ignored"))),
                flaws=tuple(_flaws(said.get("flaws"))),
                counts=dict(_counts(said.get("counts"))),
                faulty_rows=faulty,
                warnings=tuple(_problems(said.get("warnings"))),
            )
    raise ValueError("this is no intake")


def _problem_to_dict(problem: Problem) -> Json:
    place = problem.place
    return [place.file, place.line, place.column, problem.code, problem.what, problem.remedy, problem.severity]


def _problem(said: Json) -> Problem:
    match said:
        case [str(file), int(line), int(column), str(code), str(what), str(remedy), "error" | "warning" as severity]:
            return Problem(Place(file, line, column), code, what, remedy, severity)
    raise ValueError("this is no problem of an intake")


def _problems(said: Json) -> Iterator[Problem]:
    yield from (_problem(found) for found in _list(said))


def _flaws(said: Json) -> Iterator[Flaw]:
    for found in _list(said):
        match found:
            case [problem, str(column), str(key)]:
                yield Flaw(_problem(problem), column, key)
            case _:
                raise ValueError("this is no flaw of an intake")


def _list(said: Json) -> list[Json]:
    return [*said] if isinstance(said, list) else []


def _counts(said: Json) -> Iterator[tuple[str, int]]:
    found: Mapping[str, Json] = said if isinstance(said, dict) else {}
    yield from ((name, count) for name, count in found.items() if isinstance(count, int))

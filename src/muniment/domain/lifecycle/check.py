"""The whole record read as every capability reads it: what `check` reports beyond the chain itself."""

from collections.abc import Callable, Sequence

from muniment.domain.assessment.failure_notes import failure_notes_known
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.problem import Problem, ProblemsFound
from muniment.domain.portfolio.updates import project_updates_known
from muniment.domain.record.entry import Entry
from muniment.domain.regime.adoption import adopted_text_known

_READINGS: tuple[Callable[[Sequence[Entry]], object], ...] = (
    adopted_text_known,
    submissions_known,
    mitigations_known,
    failure_notes_known,
    project_updates_known,
)


def record_problems(entries: Sequence[Entry]) -> tuple[Problem, ...]:
    """Entries that cannot have happened as written, such as a decision on no request; in order of their lines."""
    problems: set[Problem] = set()
    for reading in _READINGS:
        try:
            reading(entries)
        except ProblemsFound as found:
            problems.update(found.problems)
    return tuple(sorted(problems))

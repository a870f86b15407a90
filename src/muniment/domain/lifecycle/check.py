"""Checks that a record makes sense: each decision follows its request, and texts are missing only where erased."""

from collections.abc import Callable, Sequence

from muniment.domain.assessment.disputes import disputes_known
from muniment.domain.assessment.failure_notes import failure_notes_known
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import restatements_known
from muniment.domain.evidence.challenges import challenges_known
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.lifecycle.appointments import appointments_known
from muniment.domain.lifecycle.states import states_known
from muniment.domain.portfolio.updates import project_updates_known
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.erasure import TextErased, not_yet_dropped
from muniment.domain.record.replay import of_kind
from muniment.domain.record.snapshot import folded
from muniment.domain.regime.adoption import adopted_text_known

_READINGS: tuple[Callable[[Sequence[Entry]], object], ...] = (
    adopted_text_known,
    submissions_known,
    challenges_known,
    disputes_known,
    locks_known,
    restatements_known,
    appointments_known,
    states_known,
    mitigations_known,
    failure_notes_known,
    project_updates_known,
)


class _Found:
    """What is wrong with the entries; None where nobody has looked since the last of them came."""

    problems: tuple[Problem, ...] | None = None

    def take(self, entry: Entry) -> None:  # noqa: ARG002  # whatever it says, what was found is of fewer entries
        self.problems = None


def record_problems(entries: Sequence[Entry]) -> tuple[Problem, ...]:
    """Entries that cannot have happened as written, such as a decision on no request; in order of their lines. The same
    entries are looked at once."""
    with folded(entries, _Found) as found:
        if found.problems is None:
            found.problems = _problems(entries)
        return found.problems


def _problems(entries: Sequence[Entry]) -> tuple[Problem, ...]:
    problems: set[Problem] = set()
    for reading in _READINGS:
        try:
            reading(entries)
        except ProblemsFoundError as found:
            problems.update(found.problems)
    return tuple(sorted([*problems, *_not_dropped(entries), *_vanished(entries)]))


def _not_dropped(entries: Sequence[Entry]) -> list[Problem]:
    return [
        Problem(
            Place(LEDGER_FILE, erased.entry),
            "C031",
            f"the text '{erased.name}' was erased by entry {entry.seq} and is still here",
            "repeat the erasure",
            "warning",
        )
        for entry, erased in not_yet_dropped(entries)
    ]


def _vanished(entries: Sequence[Entry]) -> list[Problem]:
    """Texts that are gone although nobody erased them: the chain holds without them, so nothing else would say so."""
    lacking = [(entry, name) for entry in entries for name in entry.commitments if name not in entry.texts]
    erased = {(payload.entry, payload.name) for _, payload in of_kind(entries, TextErased)} if lacking else set()
    return [
        Problem(
            Place(LEDGER_FILE, entry.seq),
            "C033",
            f"the text '{name}' is gone, and no entry says that it was erased",
            "put the line back from a copy that has it, or erase the text, so that the record says so",
            "warning",
        )
        for entry, name in lacking
        if (entry.seq, name) not in erased
    ]

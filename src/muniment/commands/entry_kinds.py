"""Every kind of entry that a ledger can hold, in one registry: what commands leave, and what no command does."""

from collections.abc import Iterable, Mapping

from muniment.commands.table import COMMAND_TABLE
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.entry import LEDGER_FILE, Entry, Payload
from muniment.domain.record.replay import payload_of

_BY_NO_COMMAND: tuple[type[Payload], ...] = (ActRefused,)
KINDS: Mapping[str, type[Payload]] = {
    payload.kind: payload for payload in (*(spec.entry_kind for spec in COMMAND_TABLE.values()), *_BY_NO_COMMAND)
}
"""Kind -> type of its payload, which also carries the version of the payload's form."""


def payload_problems(entries: Iterable[Entry], *, file: str = LEDGER_FILE) -> tuple[Problem, ...]:
    """The entries whose kind is unknown, or whose payload does not have the form of its kind."""
    problems: list[Problem] = []
    for entry in entries:
        payload = KINDS.get(entry.kind)
        if payload is None:
            remedy = suggestion(entry.kind, KINDS, "read the record with a newer Muniment")
            what = f"there is no kind of entry called '{entry.kind}'"
            problems.append(Problem(Place(file, entry.seq), "C021", what, remedy))
            continue
        try:
            payload_of(entry, payload)
        except ProblemsFoundError as found:
            problems.extend(found.problems)
    return tuple(problems)

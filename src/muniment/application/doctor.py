"""Checks a whole store: hash chain, forms of entries, clock, files, text against what was adopted, and projections."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from muniment.application.evidence import unreadable_file_problem
from muniment.application.load import drift_problems
from muniment.application.projected import projection_form
from muniment.application.projections import compute_projections
from muniment.application.stores import ContractInDatabase, ContractPlace, Store, database_at, open_store
from muniment.domain.evidence.retention import discarded_files, files_needed
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.regime.adoption import adopted_text_known

ABANDONED = timedelta(days=1)
"""After so long nobody is sending the file any more."""


def doctor(where: ContractPlace, *, now: str, sweep: bool = False) -> tuple[Problem, ...]:
    """Chain, forms, clock, files, drift of the text, and what a database projects. `now`: UTC to the second.

    `sweep`: unfinished files older than a day are deleted. Raises ProblemsFoundError where there is no store.
    """
    store = open_store(where)
    problems = [*store.ledger.problems()]
    if sweep:
        for path in abandoned(store, now=now):
            path.unlink(missing_ok=True)
    if not any(problem.severity == "error" for problem in problems):
        entries = store.ledger.entries()
        problems += record_problems(entries)
        problems += _clock_problems(entries, now=now)
        problems += _file_problems(store, entries)
        problems += _text_problems(store, entries)
        if isinstance(where, ContractInDatabase) and entries:
            problems += _projection_problems(where)
    problems += _unfinished_problems(store, now=now)
    return tuple(sorted(set(problems)))


def abandoned(store: Store, *, now: str) -> tuple[Path, ...]:
    """Unfinished files that nobody can be sending any more."""
    return tuple(path for path in store.blobs.unfinished() if _age(path, now) >= ABANDONED)


def _age(path: Path, now: str) -> timedelta:
    try:
        written = path.stat().st_mtime
    except FileNotFoundError:
        return timedelta(0)
    return timedelta(seconds=datetime.fromisoformat(now).timestamp() - written)


def _clock_problems(entries: Sequence[Entry], *, now: str) -> Iterator[Problem]:
    """Entries of the future. One that goes back breaks the chain, and was found there."""
    late = [entry for entry in entries if entry.recorded_at > now]
    if late:
        what = f"{len(late)} entries are dated after this moment, {now}, the first of them {late[0].recorded_at}"
        remedy = "set the clock that is wrong, here or there; entries stay, and new ones take their date until it comes"
        yield Problem(Place(LEDGER_FILE, late[0].seq), "K010", what, remedy)


def _file_problems(store: Store, entries: Sequence[Entry]) -> Iterator[Problem]:
    for digest in sorted({digest for _, digest in files_needed(entries)}):
        try:
            store.blobs.path(digest)
        except ProblemsFoundError as found:
            yield from found.problems
        except OSError as error:
            yield unreadable_file_problem(f"blobs/{digest[:2]}/{digest}", error)
    for digest in sorted(discarded_files(entries)):
        if store.blobs.has(digest):
            what = "its rows were discarded, and the file is still here"
            yield Problem(Place(f"blobs/{digest[:2]}/{digest}"), "K011", what, "repeat the discarding", "warning")


def _unfinished_problems(store: Store, *, now: str) -> Iterator[Problem]:
    old = abandoned(store, now=now)
    for path in store.blobs.unfinished():
        what = "a file was never taken in whole" if path in old else "a file is being taken in, or was left by a crash"
        remedy = "delete it with --sweep" if path in old else "look again in a day"
        yield Problem(Place(f"blobs/{path.name}"), "F011", what, remedy, "warning")


def _text_problems(store: Store, entries: Sequence[Entry]) -> list[Problem]:
    try:
        return drift_problems(adopted_text_known(entries), store.read_texts())
    except ProblemsFoundError as found:
        return [*found.problems]


def _projection_problems(where: ContractInDatabase) -> tuple[Problem, ...]:
    using = database_at(where.address).using
    from muniment.adapters.stores.database.pages import projection_basis
    from muniment.adapters.stores.database.projections import projection_problems

    try:
        # As known on the day that they were computed for: that it is another day since is no damage.
        stand = projection_basis(where.contract, using=using)
        known = stand.known if stand else None
        if stand is not None and (known is None or stand.form != projection_form()):
            what = "what is projected is of a former version"
            place = Place(f"{where.contract}: results")
            return (Problem(place, "G011", what, "rebuild the projections", "warning"),)
        return projection_problems(where.contract, lambda: compute_projections(where, known=known), using=using)
    except ProblemsFoundError as found:
        return found.problems

"""Everything that can be wrong with a contract of the register, looked at from the first entry."""

from collections.abc import Iterator

from muniment.adapters.register.carrying import named_files
from muniment.adapters.register.projections import Compute, projection_problems
from muniment.adapters.register.store import RegisterStore
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound


def store_problems(store: RegisterStore, *, compute: Compute | None = None) -> tuple[Problem, ...]:
    """The chain whole, every file that an entry names, the agreed text, and projections where `compute` is given."""
    problems = [*store.ledger.problems()]
    if not problems:
        problems += _file_problems(store)
        if compute is not None:
            problems += projection_problems(store.contract, compute, using=store.using)
    try:
        store.read_texts()
    except ProblemsFound as found:
        problems += found.problems
    return tuple(sorted(set(problems)))


def _file_problems(store: RegisterStore) -> Iterator[Problem]:
    for digest in sorted({digest for _, digest in named_files(store.ledger.entries())}):
        try:
            store.blobs.path(digest)
        except ProblemsFound as found:
            yield from found.problems
    for path in store.blobs.unfinished():
        what = "a file was never taken in whole, or is being taken in now"
        yield Problem(Place(f"blobs/{path.name}"), "F011", what, "delete it if nobody is sending one", "warning")

"""Prints the journeys of a call row and of an upload through the modules, as they run; with --check, holds two limits.

What is counted is the submission of an upload that was looked at: the request that its form makes, in a process that
has shown the form. On the stack: modules of ours that stand there when the ledger is asked to append. Touched: modules
of ours of which some function ran. What is printed names each step from one module into another, where it came first.
"""

import argparse
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from django.test import Client

PACKAGE = "muniment."
APPEND = ("muniment.adapters.stores.database.ledger", "append")
MOST_ON_THE_STACK = 8
MOST_TOUCHED = 60
PREPARER = "p-2"
_LEFT_OUT = ("muniment.example", "muniment.settings", ".migrations", ".management", "__main__", "ingestion.apart")


@dataclass(frozen=True)
class Step:
    """A call from a function of one module into one of another. `depth`: how many modules of ours stood above."""

    depth: int
    module: str
    function: str
    caller: str


@dataclass
class Trace:
    """What ran. `steps`: the calls between modules of ours, in order; `stack`: the modules at the last append, from
    the outside in."""

    steps: list[Step] = field(default_factory=list)
    functions: dict[tuple[str, str], int] = field(default_factory=dict)
    stack: tuple[str, ...] = ()

    @property
    def touched(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(module for module, _ in self.functions))

    def note(self, frame: FrameType, event: str, _argument: object) -> None:
        """What sys.setprofile calls."""
        if event != "call" or (module := _module(frame)) is None:
            return
        function = frame.f_code.co_qualname
        self.functions[module, function] = self.functions.get((module, function), 0) + 1
        standing = tuple(_standing(frame))
        if len(standing) > 1 and standing[-2] != module:
            self.steps.append(Step(len({*standing}), module, function, standing[-2]))
        elif len(standing) == 1:
            self.steps.append(Step(1, module, function, ""))
        if (module, frame.f_code.co_name) == APPEND:
            self.stack = tuple(dict.fromkeys(standing))


def _module(frame: FrameType) -> str | None:
    """The module of ours whose function this is; None for another's, and for what Python writes for a class."""
    name = str(frame.f_globals.get("__name__", ""))
    if not name.startswith(PACKAGE) or frame.f_code.co_filename.startswith("<"):
        return None
    return None if frame.f_code.co_name == "<module>" else name


def _standing(frame: FrameType | None) -> Iterator[str]:
    """The modules of ours on the stack, from the outside in."""
    found = []
    while frame is not None:
        if (module := _module(frame)) is not None:
            found.append(module)
        frame = frame.f_back
    yield from reversed(found)


@contextmanager
def traced(*, is_wanted: bool = True) -> Iterator[Trace]:
    """What runs meanwhile; nothing where it is not wanted."""
    trace = Trace()
    sys.setprofile(trace.note if is_wanted else None)
    try:
        yield trace
    finally:
        sys.setprofile(None)


def load_all() -> None:
    """Import every module first, so that nothing of an import is taken for a step."""
    import muniment

    for found in pkgutil.walk_packages(muniment.__path__, PACKAGE):
        if not any(part in found.name for part in _LEFT_OUT):
            import_module(found.name)


def set_up(folder: Path) -> "Client":
    """A database with the small contract of the tests in it, and its supplier's preparer signed in."""
    import django

    os.environ.update(
        MUNIMENT_DATABASE=f"sqlite:///{folder}/database.sqlite3",
        MUNIMENT_BLOBS=str(folder / "files"),
        DJANGO_SETTINGS_MODULE="muniment.settings",
    )
    django.setup()
    load_all()

    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from muniment.application.import_export import import_contract_folder
    from muniment.installation.models import Account
    from tests.interfaces.small_contract import make_small_contract

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    appoint(make_small_contract(folder / "tiny"))
    import_contract_folder(folder / "tiny", where=settings.DATABASE_ADDRESS)
    account = Account.objects.create_user("preparer@example.org", name="A Preparer", actor=PREPARER)
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def appoint(made: object) -> None:
    """Nobody signs in to a contract without an appointment."""
    from muniment.commands.people import appoint_person
    from muniment.domain.record.act import Act
    from tests.interfaces.small_contract import SmallContract

    assert isinstance(made, SmallContract)
    for person, role in (("p-1", "administrator"), (PREPARER, "supplier_preparer")):
        act = Act("p-1", "authority", "They join.")
        appoint_person(ledger=made.store.ledger, act=act, person=person, role=role, first="2019-04-01")


def call_row(folder: Path) -> Trace:
    """A row of evidence to the board report, on the command line."""
    from muniment.interfaces.cli.main import main

    options = {"--from": "2019-04", "--to": "2019-04", "--meeting": "2019-06-20", "--out": str(folder)}
    asked = ["report", str(folder / "tiny"), *(word for option in options.items() for word in option)]
    with traced() as trace, redirect_stdout(StringIO()) as said:
        code = main(asked)
    if code != 0:
        raise SystemExit(f"the report could not be made: {said.getvalue()}")
    return trace


def upload(client: "Client", *, is_look_wanted: bool) -> tuple[Trace, Trace]:
    """A file sent and looked at; and the same file submitted."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from muniment.installation.jobs import run_job
    from muniment.installation.models import Job
    from tests.interfaces.small_contract import JUNE, visits

    file = SimpleUploadedFile("visits.csv", visits(JUNE, late=7).encode())
    with traced(is_wanted=is_look_wanted) as looked:
        answer = client.post("/contracts/tiny/evidence/visits/2019-06/upload", {"file": file})
        for job in Job.objects.filter(state=Job.WAITING):
            run_job.func(str(job.id))
    if answer.status_code != 303:
        raise SystemExit(f"the file was not taken: {answer.status_code}")
    place = str(answer.headers["Location"])
    form = client.get(f"{place}/submit").content.decode()
    fields = {name: form.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("key", "seen")}
    with traced() as submitted:
        answer = client.post(f"{place}/submit", {"reason": "June is complete.", **fields})
    if answer.status_code != 303 or not submitted.stack:
        raise SystemExit(f"the file was not submitted: {answer.status_code}")
    return looked, submitted


def printed(title: str, trace: Trace) -> Iterator[str]:
    """The steps in order, each way from one module into another once."""
    yield f"{title}: {len(trace.touched)} modules, {len(trace.functions)} functions, {len(trace.steps)} steps"
    ways: dict[tuple[str, str, str], tuple[int, int]] = {}
    for step in trace.steps:
        depth, count = ways.get((step.caller, step.module, step.function), (step.depth, 0))
        ways[step.caller, step.module, step.function] = (depth, count + 1)
    for (caller, module, function), (depth, count) in ways.items():
        times = f" ({count} times)" if count > 1 else ""
        yield f"{'  ' * depth}{short(module)}.{function}{times}{f' from {short(caller)}' if caller else ''}"
    yield ""


def short(module: str) -> str:
    return module.removeprefix(PACKAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="print the two figures only; fail where one is too large")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="muniment-trace-") as name:
        client = set_up(Path(name))
        looked, submitted = upload(client, is_look_wanted=not asked.check)
        rows = None if asked.check else call_row(Path(name))
    if rows is not None:
        print(*printed("From a row of evidence to the board report", rows), sep="\n")
        print(*printed("An upload that is looked at", looked), sep="\n")
        print(*printed("An upload that is submitted", submitted), sep="\n")
        print("Modules touched when an upload is submitted:", *map(short, sorted(submitted.touched)), sep="\n  ")
        print("On the stack at append:", *map(short, submitted.stack), sep="\n  ")
    on_the_stack, touched = len(submitted.stack), len(submitted.touched)
    print(f"modules on the stack at append: {on_the_stack} (at most {MOST_ON_THE_STACK})")
    print(f"modules touched when an upload is submitted: {touched} (at most {MOST_TOUCHED})")
    return 1 if asked.check and (on_the_stack > MOST_ON_THE_STACK or touched > MOST_TOUCHED) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Run the tests of the domain against its mutants, each in a forked process of its own.

A survey with nothing changed finds what each test runs. What is changed in a function is swapped into the function as
it stands loaded; what runs on import is imported anew, with everything that rests on it.
"""

import inspect
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import TypeVar

# All libraries that the domain and its tests use are loaded here once, so that no child has to.
import hypothesis
import lark  # noqa: F401
import pydantic  # noqa: F401
import pytest
import yaml  # noqa: F401
from scripts.mutants import Key, Mutant, Source

DOMAIN = Path(__file__).resolve().parent.parent / "src" / "muniment" / "domain"
LONGEST_TEST = 4.0  # seconds of the processor, traced; longer ones are not asked: they cost more than they tell
MEMORY = 4 << 30
TESTS = ("tests/domain", "tests/commands")
OPTIONS = ("-qq", "-s", "--tb=no", "--assert=plain", "-p", "no:cacheprovider", "--confcutdir=tests/domain")

Trace = Callable[[FrameType, str, object], "Trace | None"]
_Task = TypeVar("_Task")


@dataclass(frozen=True)
class AskedTest:
    """A test as it ran with nothing changed: how many seconds it took, and which lines of which modules it ran."""

    id: str
    seconds: float
    lines: Mapping[str, frozenset[int]]

    def is_of(self, package: str) -> bool:
        return self.id.startswith(f"tests/domain/{package}/")

    @property
    def file(self) -> str:
        return self.id.partition("::")[0]


class TooLongError(BaseException):
    """A test takes longer than it may: no error of its own, so nothing in it catches this."""


class Survey:
    """A part of pytest: runs every test with nothing changed, and keeps what each ran in a file."""

    def __init__(self, files: Sequence[str], kept: Path) -> None:
        self._files, self._kept = {str(DOMAIN / file): file for file in files}, kept
        self._takes_too_long = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self._takes_too_long:
            pytest.exit(f"{report.nodeid} fails although nothing is changed", returncode=pytest.ExitCode.TESTS_FAILED)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        signal.signal(signal.SIGPROF, self._end_it)
        tests = []
        for item in session.items:
            self._takes_too_long = False
            lines: defaultdict[str, set[int]] = defaultdict(set)
            begin = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, LONGEST_TEST)
            sys.settrace(self._noting(lines))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            sys.settrace(None)
            signal.setitimer(signal.ITIMER_PROF, 0)
            ran = {file: frozenset(found) for file, found in lines.items()}
            tests.append(AskedTest(item.nodeid, time.process_time() - begin, ran))
        self._kept.write_bytes(pickle.dumps(tests))
        session.testsfailed = 0  # those that took too long
        return True

    def _end_it(self, _number: int, _frame: FrameType | None) -> None:
        self._takes_too_long = True
        raise TooLongError

    def _noting(self, lines: Mapping[str, set[int]]) -> Trace:
        def within(frame: FrameType, _event: str, _argument: object) -> Trace:
            lines[self._files[frame.f_code.co_filename]].add(frame.f_lineno)
            return within

        def entered(frame: FrameType, event: str, argument: object) -> Trace | None:
            is_ours = frame.f_code.co_filename in self._files and frame.f_code.co_name != "<module>"
            return within(frame, event, argument) if is_ours else None

        return entered


class Asking:
    """A part of pytest: collects the tests once, then asks those of each mutant in a child, the change swapped in."""

    def __init__(self, mutants: Sequence[Mutant], sources: Mapping[str, Source], tests: "Tests", kept: Path) -> None:
        self._mutants, self._sources, self._tests, self._kept = mutants, sources, tests, kept
        self._items: dict[str, pytest.Item] = {}
        self._failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        for mutant in self._mutants:
            _function_of(mutant)  # an error here is one of this program, in a child it would pass for a killed mutant
        survived = in_children(self._mutants, self._is_missed, self._tests.limit)
        # The last child is made like all before it: with nothing changed in it, nothing may fail.
        if not in_children([self._tests.quick], self._is_passed, lambda _: 3600):
            raise RuntimeError("a test fails in a child in which nothing is changed, so that no mutant was measured")
        self._kept.write_bytes(pickle.dumps([mutant.key for mutant in survived]))
        return True

    def _is_missed(self, mutant: Mutant) -> bool:
        swap(mutant, self._sources[mutant.file].compiled(mutant))
        return self._is_passed(self._tests.of(mutant))

    def _is_passed(self, tests: Sequence[AskedTest]) -> bool:
        items = [self._items[test.id] for test in tests]
        for item, following in zip(items, [*items[1:], None], strict=False):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return False
        return True


class Chosen:
    """A part of pytest: only these tests, in this order."""

    def __init__(self, tests: Sequence[AskedTest]) -> None:
        self._order = {test.id: n for n, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        known = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(known, key=lambda item: self._order[item.nodeid])


class Changed(Loader):
    """Stands before all finders of modules, and loads one of them with a change in it."""

    def __init__(self, file: str, code: CodeType) -> None:
        self._file, self._code = file, code

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return spec_from_file_location(name, DOMAIN / self._file, loader=self) if name == _module(self._file) else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, vars(module))  # noqa: S102 - the module itself, with one change


class Tests:
    """Which tests are asked for a mutant, and for how long."""

    def __init__(self, tests: Sequence[AskedTest]) -> None:
        self.quick = sorted((test for test in tests if test.seconds < LONGEST_TEST), key=lambda test: test.seconds)
        self.left_out = [test for test in tests if test.seconds >= LONGEST_TEST]

    def of(self, mutant: Mutant) -> list[AskedTest]:
        """Those that run its statement. What runs on import: those of its package, then others that run its module."""
        package = mutant.file.partition("/")[0]
        if not mutant.on_import:
            return [test for test in self.quick if not {*mutant.lines}.isdisjoint(test.lines.get(mutant.file, ()))]
        near = [test for test in self.quick if test.is_of(package)]
        return near + [test for test in self.quick if mutant.file in test.lines and not test.is_of(package)]

    def limit(self, mutant: Mutant) -> float:
        return 30 + 10 * sum(test.seconds for test in self.of(mutant))


def in_children(tasks: Sequence[_Task], run: Callable[[_Task], bool], limit: Callable[[_Task], float]) -> list[_Task]:
    """The tasks for which `run` says yes, each in a forked process, as many at once as there are processors. One that
    is not done within its limit of seconds is ended, and has not said so."""
    context = get_context("fork")
    waiting, yes = [*reversed(tasks)], []
    running: dict[int, tuple[ForkProcess, _Task, float]] = {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            task = waiting.pop()
            process = context.Process(target=_child, args=(run, task))
            process.start()
            running[process.sentinel] = process, task, time.monotonic() + limit(task)
        ready = wait([*running], timeout=max(0.0, min(until for _, _, until in running.values()) - time.monotonic()))
        for sentinel, (process, task, until) in [*running.items()]:
            if sentinel not in ready and time.monotonic() < until:
                continue
            if sentinel not in ready:
                process.kill()
            process.join()
            if process.exitcode == 0:
                yes.append(task)
            del running[sentinel]
    return yes


def _child(run: Callable[[_Task], bool], task: _Task) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        sys.exit(0 if run(task) else 1)


def swap(mutant: Mutant, code: CodeType) -> None:
    """Put the changed code into the function as it stands loaded, wherever it was imported to."""
    name, function = _function_of(mutant)
    function.__code__ = next(inner for inner in _codes(code) if inner.co_qualname == name)


def _function_of(mutant: Mutant) -> tuple[str, FunctionType]:
    """The outermost function around it, by its qualified name; what wraps it is taken off."""
    found: object = sys.modules[_module(mutant.file)]
    name = ""
    for part in mutant.function.split("."):
        name = f"{name}.{part}".lstrip(".")
        found = vars(found)[part]
        if not isinstance(found, type):
            break
    wrapped = next((inner for held in ("fget", "func", "__func__") if (inner := getattr(found, held, None))), found)
    function = inspect.unwrap(wrapped) if callable(wrapped) else None
    if not isinstance(function, FunctionType):
        raise TypeError(f"{mutant}: {name} is no function")
    return name, function


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _module(file: str) -> str:
    return f"muniment.domain.{file.removesuffix('.py').replace('/', '.')}"


def prepare() -> None:
    """Examples that Hypothesis finds are the same in each run, and not made smaller: one that fails is enough."""
    hypothesis.settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=[*hypothesis.HealthCheck],
    )
    hypothesis.settings.load_profile("mutation")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the plugins of libraries, which each child would load anew


def survivors_of(mutants: Sequence[Mutant], sources: Mapping[str, Source], folder: Path) -> tuple[set[Key], "Tests"]:
    """The mutants that no test notices, and the tests. Raises SystemExit where one fails with nothing changed."""
    seen, missed = folder / "seen", folder / "missed"
    if not in_children([Survey([*sources], seen)], _is_passed, lambda _: 3600):
        raise SystemExit("mutation: a test fails although nothing is changed - make the tests pass first")
    found: list[AskedTest] = pickle.loads(seen.read_bytes())  # noqa: S301 - of this program's own folder
    tests = Tests(found)
    in_children(
        [Asking([mutant for mutant in mutants if not mutant.on_import], sources, tests, missed)],
        _is_passed,
        lambda _: 360_000,
    )
    within: list[Key] = pickle.loads(missed.read_bytes())  # noqa: S301 - the same

    def is_missed(mutant: Mutant) -> bool:
        sys.meta_path.insert(0, Changed(mutant.file, sources[mutant.file].compiled(mutant)))
        asked, package = tests.of(mutant), mutant.file.partition("/")[0]
        near, far = [t for t in asked if t.is_of(package)], [t for t in asked if not t.is_of(package)]
        return all(_is_passed(Chosen(some), some) for some in (near, far) if some)

    on_import = in_children([mutant for mutant in mutants if mutant.on_import], is_missed, tests.limit)
    return {*within, *(mutant.key for mutant in on_import)}, tests


def _is_passed(plugin: object, tests: Sequence[AskedTest] = ()) -> bool:
    files = sorted({test.file for test in tests}) or TESTS
    return pytest.main([*OPTIONS, "-x", *files], [plugin]) == pytest.ExitCode.OK

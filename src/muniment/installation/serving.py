"""Serving the pages: gunicorn and the workers as children, looked after until somebody ends this process.

Django is started by the name of its settings; nothing of it is imported. Each child is bound to this process
(bound_process.py), so that
none outlives this process, however it ends.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType, TracebackType

from muniment.adapters.stores.database.setup import DATABASE_VARIABLE, FILES_VARIABLE, SETTINGS
from muniment.application.stores import DatabaseAddress, must_be_there
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError

PYTHON = (sys.executable, "-P")
"""-P: nothing in the present folder is taken for a module of ours."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)

APPLICATION = "muniment.settings.wsgi:application"
WORKER = ("django", "work")
FOR_PEOPLE = ("--queue-name", "default")
"""Of a worker that computes no figures."""
_THREADS = 4
LOOK = 0.25
"""Seconds between two looks at the children."""
READY_WITHIN = 60
STOPS_WITHIN = 25
"""Seconds that requests and jobs have to end; then jobs are broken off and said to have failed, then all is killed."""
RESTARTS = 5
RESTARTS_WITHIN = 600
"""A worker that ends more often in so many seconds is not started again: something is wrong that must be seen."""
_Say = Callable[[str], None]


class ShutdownSignals:
    """While it is entered, both signals only count. Enter it in the main thread."""

    def __init__(self) -> None:
        self.times = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> "ShutdownSignals":
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in SIGNALS:
            signal.signal(number, self._before[number])  # type: ignore[arg-type]  # what signal() itself gave

    def is_asked_for(self, *, within: float) -> bool:
        """Whether anybody asked, after waiting so many seconds for it."""
        if not self.times:
            time.sleep(within)
        return self.times > 0

    def _ask(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # the system's signature
        self.times += 1


@dataclass(frozen=True)
class ServeOptions:
    """What to serve. `workers`: processes that answer, each with four threads. `job_workers`: processes that do jobs.
    `more`: further variables of theirs."""

    where: DatabaseAddress
    workers: int = 2
    job_workers: int = 1
    more: Mapping[str, str] = field(default_factory=dict)
    log_level: str = "warning"


def listen(*, host: str, port: int) -> socket.socket:
    """Take the port before anything else is done. Port 0: any that is free. Raises ProblemsFoundError."""
    place = Place(f"{host}:{port}")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except socket.gaierror:
        remedy = "write 127.0.0.1, or an address of this machine"
        raise ProblemsFoundError([Problem(place, "G022", f"'{host}' is no address of this machine", remedy)]) from None
    except PermissionError:
        what = f"this account may not use port {port}"
        raise ProblemsFoundError([Problem(place, "G022", what, "choose one above 1023 with --port")]) from None
    except OSError as error:
        is_taken = "in use" in (error.strerror or "")
        what = f"port {port} is taken: something serves there" if is_taken else f"this cannot be used: {error.strerror}"
        remedy = "end that, or choose another with --port" if is_taken else "name another with --host and --port"
        raise ProblemsFoundError([Problem(place, "G022", what, remedy)]) from None


def shown_address(listener: socket.socket) -> str:
    """http://localhost:8000"""
    host, port = listener.getsockname()[:2]
    name = "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
    return f"http://{name}:{port}"


def serve(asked: ServeOptions, *, listener: socket.socket, say: _Say, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; all children have ended then. `ready`: told the address when pages are answered.

    Raises ProblemsFoundError where it cannot begin, where the pages end by themselves, and where the worker ends too
    often.
    """
    must_be_there(asked.where)
    # The key that sessions are signed with is kept there, and every process must find the same one.
    asked.where.files.mkdir(parents=True, exist_ok=True)
    with ShutdownSignals() as ending, listener:
        _bring_up_to_date(asked)
        children = _Children(asked, say)
        try:
            address = shown_address(listener)
            children.start_pages(listener)
            children.start_workers()
            host, port = listener.getsockname()[:2]
            listener.close()
            if _is_answered(host, port, children, ending):
                ready(address)
            while not ending.is_asked_for(within=LOOK):
                children.look_after()
        finally:
            children.stop(ending)


def _environment(asked: ServeOptions) -> dict[str, str]:
    """What the children find the settings, the database and its files by, and nothing of it by import."""
    of_database = {DATABASE_VARIABLE: asked.where.database, FILES_VARIABLE: str(asked.where.files.absolute())}
    return {**os.environ, **asked.more, **of_database, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}


def _bring_up_to_date(asked: ServeOptions) -> None:
    """In a process of its own, which has the variables of the children. Raises ProblemsFoundError with what it says is
    wrong: 'what - what to do' on its last line."""
    command = [*PYTHON, "-m", "django", "bring_up_to_date"]
    ran = subprocess.run(command, env=_environment(asked), capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return
    lines = [line for line in ran.stderr.splitlines() if line.strip()] or ["it said nothing"]
    what, dash, remedy = lines[-1].removeprefix("CommandError: ").partition(" - ")
    if dash and lines[-1].startswith("CommandError: "):
        place = Place("the database")
        raise ProblemsFoundError([Problem(place, "G020", f"the site refuses: {what}", remedy)])
    unforeseen = f"the site cannot do 'bring_up_to_date': {lines[-1].strip()}"
    remedy = "run 'python -m django bring_up_to_date' to see all that it says"
    raise ProblemsFoundError([Problem(Place("the site"), "G021", unforeseen, remedy)])


def _is_answered(host: str, port: int, children: "_Children", ending: ShutdownSignals) -> bool:
    until = time.monotonic() + READY_WITHIN
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    while time.monotonic() < until and not ending.is_asked_for(within=LOOK):
        children.look_after()
        connection = HTTPConnection(name, port, timeout=READY_WITHIN)
        try:
            connection.request("GET", "/static/muniment.svg")
            connection.getresponse()
        except (OSError, HTTPException):
            continue
        finally:
            connection.close()
        return True
    return False


class _Children:
    def __init__(self, asked: ServeOptions, say: _Say) -> None:
        self._asked, self._say = asked, say
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._restarts: dict[str, list[float]] = {}

    def start_pages(self, listener: socket.socket) -> None:
        gunicorn = (
            "gunicorn", "--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread",
            "--workers", str(self._asked.workers), "--threads", str(_THREADS),
            "--timeout", "60", "--graceful-timeout", str(STOPS_WITHIN), "--keep-alive", "5",
            "--max-requests", "5000", "--max-requests-jitter", "500",
            "--log-level", self._asked.log_level, "--no-control-socket", APPLICATION,
        )  # fmt: skip
        self._start("pages", gunicorn, descriptors=(listener.fileno(),))

    def start_workers(self) -> None:
        """Of several the first computes no figures, so that nobody waits for those of other contracts."""
        for number in range(1, self._asked.job_workers + 1):
            self._start_worker(f"worker {number}")

    def _start_worker(self, name: str) -> None:
        is_for_people = name == "worker 1" and self._asked.job_workers > 1
        self._start(name, (*WORKER, *FOR_PEOPLE) if is_for_people else WORKER)

    def _start(self, name: str, command: Sequence[str], *, descriptors: Sequence[int] = ()) -> None:
        """In a session of its own: Ctrl-C reaches this process alone, which then ends the children in good order."""
        self._running[name] = subprocess.Popen(
            [*PYTHON, "-m", "muniment.installation.bound_process", *command],
            stdin=subprocess.PIPE,
            env=_environment(self._asked),
            pass_fds=descriptors,
            start_new_session=True,
        )

    def look_after(self) -> None:
        """Start dead workers again. Raises ProblemsFoundError where that does not help, or where the pages ended."""
        if (code := self._running["pages"].poll()) is not None:
            what = f"the pages ended by themselves (exit code {code})"
            raise ProblemsFoundError([Problem(Place("muniment serve"), "G023", what, "see the messages above")])
        for name in self._running.keys() - {"pages"}:
            if (code := self._running[name].poll()) is not None:
                self._start_again(name, code)

    def _start_again(self, name: str, code: int) -> None:
        now = time.monotonic()
        restarts = [*(moment for moment in self._restarts.get(name, ()) if now - moment < RESTARTS_WITHIN), now]
        self._restarts[name] = restarts
        if len(restarts) > RESTARTS:
            what = f"the worker ended {len(restarts)} times in {RESTARTS_WITHIN // 60} minutes (exit code {code})"
            raise ProblemsFoundError([Problem(Place("muniment serve"), "G024", what, "see the messages above")])
        _let_go(self._running[name])
        self._say(f"The worker ended (exit code {code}); starting it again.")
        self._start_worker(name)

    def stop(self, ending: ShutdownSignals) -> None:
        """Ask all to end, in good order; whoever asks this process a second time is not kept waiting."""
        for patience in (STOPS_WITHIN, 5):
            for child in self._running.values():
                if child.poll() is None:
                    child.terminate()
            self._wait(patience, ending)
        for child in self._running.values():
            if child.poll() is None:
                child.kill()
            _let_go(child)

    def _wait(self, patience: float, ending: ShutdownSignals) -> None:
        until = time.monotonic() + patience
        asked_before = ending.times
        while any(child.poll() is None for child in self._running.values()):
            if time.monotonic() > until or ending.times > max(asked_before, 1):
                return
            time.sleep(0.05)


def _let_go(child: "subprocess.Popen[bytes]") -> None:
    child.wait()
    if child.stdin is not None:
        child.stdin.close()

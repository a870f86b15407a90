"""Serving: two children that are looked after, and none of them without its parent."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from muniment.application.stores import DatabaseAddress
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.installation import serving
from muniment.installation.serving import ServeOptions, listen, serve
from tests.interfaces.conftest import Muniment

PROGRAM = (sys.executable, "-m", "muniment.interfaces.cli.main")
SOON = 60
"""Seconds that a busy machine may need."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> DatabaseAddress:
    """A database with nothing in it, made in another process: this one's Django stays as it is."""
    file = tmp_path_factory.mktemp("served") / "database.sqlite3"
    where = DatabaseAddress(f"sqlite:///{file}", file.with_name("database.sqlite3-files"))
    subprocess.run([*PROGRAM, "database", "create", "--database", where.database], check=True, capture_output=True)
    return where


class Served:
    """`muniment serve` as a process. `port`: where it said that it serves."""

    def __init__(self, where: DatabaseAddress, *more: str) -> None:
        command = [*PROGRAM, "serve", "--port", "0", "--workers", "1", *more, "--database", where.database]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        self.port = int(self.until(r"http://localhost:(\d+)").group(1))

    def until(self, pattern: str) -> re.Match[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(pattern, line):
                return found
        pytest.fail("it ended without saying so: " + "".join(self.said))

    def status(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        connection.request("GET", path, headers={"Connection": "close"})
        status = connection.getresponse().status
        connection.close()
        return status

    def family(self) -> dict[int, str]:
        """Its children and theirs, with their command lines."""
        listed = subprocess.run(["ps", "-axwwo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        found = {self.process.pid: ""}
        for pid, parent, command in rows + rows:
            if int(parent) in found:
                found[int(pid)] = command
        return {pid: command for pid, command in found.items() if "installation.bound_process" in command}


@pytest.fixture
def served(database: DatabaseAddress) -> Iterator[Served]:
    found = Served(database)
    children = found.family()
    yield found
    found.process.kill()
    found.process.wait()
    assert found.process.stdout is not None
    found.process.stdout.close()
    assert _soon(lambda: not any(map(_runs, children)))


def _runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() != "" and not state.startswith("Z")


def _soon(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def test_pages_are_served_until_sigterm_which_ends_both_children(served: Served) -> None:
    assert (served.status("/account/login"), served.status("/no-such-page")) == (200, 404)
    children = served.family()
    assert sum("django work" in command for command in children.values()) == 1
    assert sum("gunicorn" in command for command in children.values()) == 2
    served.process.send_signal(signal.SIGTERM)
    served.until(r"^Ended\.$")
    assert served.process.wait(SOON) == 0
    assert not any(map(_runs, children))


def test_a_dead_worker_is_started_again_and_kill_9_of_the_parent_leaves_nobody(served: Served) -> None:
    (worker,) = [pid for pid, command in served.family().items() if "django work" in command]
    os.kill(worker, signal.SIGKILL)
    served.until(r"The worker ended \(exit code -9\); starting it again\.")
    assert _soon(lambda: any("django work" in command for command in served.family().values()))
    children = served.family()
    assert len(children) == 3
    served.process.kill()
    served.process.wait()
    assert _soon(lambda: not any(map(_runs, children)))


def test_several_job_workers_are_started_and_each_is_looked_after(database: DatabaseAddress) -> None:
    found = Served(database, "--job-workers", "2")
    try:
        workers = [pid for pid, command in found.family().items() if "django work" in command]
        assert len(workers) == 2
        assert sum("--queue-name default" in command for command in found.family().values()) == 1
        os.kill(workers[1], signal.SIGKILL)
        found.until(r"The worker ended \(exit code -9\); starting it again\.")
        assert _soon(lambda: sum("django work" in command for command in found.family().values()) == 2)
    finally:
        found.process.terminate()
        found.until(r"^Ended\.$")
        found.process.wait()
        assert found.process.stdout is not None
        found.process.stdout.close()


def test_a_worker_that_ends_again_and_again_ends_everything_with_a_message(
    database: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "WORKER", ("django", "there_is_no_such_command"))
    monkeypatch.setattr(serving, "RESTARTS", 1)
    said: list[str] = []
    with pytest.raises(
        ProblemsFoundError, match=r"the worker ended 2 times in 10 minutes \(exit code 1\) - see the mess"
    ):
        serve(
            ServeOptions(database, workers=1),
            listener=listen(host="127.0.0.1", port=0),
            say=said.append,
            ready=said.append,
        )
    assert [line for line in said if "worker" in line] == ["The worker ended (exit code 1); starting it again."]


def test_a_bound_process_ends_when_its_parent_lets_go() -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "muniment.installation.bound_process",
        "http.server",
        "0",
        "--bind",
        "127.0.0.1",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as held:
        assert held.stdin is not None
        assert held.poll() is None
        held.stdin.close()
        assert held.wait(SOON) == -signal.SIGTERM


def test_a_port_that_is_taken_is_said_before_anything_is_started(database: DatabaseAddress, muniment: Muniment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = muniment("serve", "--database", database.database, "--port", str(port))
    assert ran.exit == 1
    assert f"port {port} is taken: something serves there - end that, or choose another with --port" in ran.err


def test_a_demo_takes_its_port_before_it_makes_anything(muniment: Muniment, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = muniment("demo", "--out", tmp_path / "demo", "--port", str(other.getsockname()[1]))
    assert (ran.exit, "is taken" in ran.err, list(tmp_path.iterdir())) == (1, True, [])


@pytest.mark.parametrize(
    ("more", "exit_code", "says"),
    [
        (("--host", "no.such.host.invalid"), 1, "'no.such.host.invalid' is no address of this machine"),
        (("--port", "70000"), 2, "there is no port 70000 - write one from 1 to 65535"),
        (("--workers", "0"), 2, "no process would answer - write --workers 2"),
        (("--job-workers", "0"), 2, "no process would do jobs - write --job-workers 1"),
    ],
)
def test_what_cannot_be_served_is_said(
    more: tuple[str, ...], exit_code: int, says: str, database: DatabaseAddress, muniment: Muniment
) -> None:
    ran = muniment("serve", "--database", database.database, *more)
    assert (ran.exit, says in ran.err) == (exit_code, True), ran.err


@pytest.mark.parametrize("command", [("serve",), ("check-deployment",), ("account", "list")])
def test_a_database_that_is_not_there_is_said(command: tuple[str, ...], muniment: Muniment, tmp_path: Path) -> None:
    ran = muniment(*command, "--database", f"sqlite:///{tmp_path}/none.sqlite3")
    assert ran.exit == 1
    assert "there is no database here - make one with 'muniment database create'" in ran.err
    assert list(tmp_path.iterdir()) == []

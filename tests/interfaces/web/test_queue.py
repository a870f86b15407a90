"""The queue: who goes first, refreshes of one contract are one, and several workers do each job once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from muniment.application.read_models.jobs import RefreshFound
from muniment.installation import refresh_jobs
from muniment.installation.jobs import (
    StepReporter,
    ask_refresh,
    look_after_jobs,
    queue_job,
    run_job,
)
from muniment.installation.models import Job
from tests.interfaces.web.conftest import Site

REFRESHES = Job.objects.filter(kind="refresh", contract="tiny")


def _queued(kind: str) -> Job:
    return queue_job(account=None, contract="tiny", thing="tiny", kind=kind, title=kind, asked={})


def _next() -> list[str]:
    """The kinds of the jobs that wait, in the order in which workers take them."""
    return [Job.objects.get(id=task.args_kwargs["args"][0]).kind for task in DBTaskResult.objects.ready()]


@pytest.mark.usefixtures("site")
def test_acts_that_bind_go_first_then_what_a_person_waits_for_then_figures() -> None:
    ask_refresh("tiny")
    for kind in ("upload", "act", "report"):
        _queued(kind)
    ask_refresh("cssc")
    assert _next() == ["act", "upload", "report", "refresh", "refresh"]
    assert {task.queue_name for task in DBTaskResult.objects.filter(priority=0)} == {"figures"}


@pytest.mark.usefixtures("site")
def test_a_refresh_that_waits_is_not_asked_for_again() -> None:
    for _ in range(3):
        ask_refresh("tiny")
    assert REFRESHES.count() == 1
    assert len(_next()) == 1


def test_asking_while_one_runs_leaves_exactly_one_to_follow(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker takes it up meanwhile, and leaves it: of one contract one refresh runs at a time."""
    runs: list[int] = []

    def refresh(job: Job, step: StepReporter) -> RefreshFound:  # as it is called
        if not runs:
            runs.append(1)
            ask_refresh("tiny")
            ask_refresh("tiny")
            (follows,) = REFRESHES.filter(state=Job.WAITING)
            DBTaskResult.objects.ready().filter(args_kwargs__args__0=str(follows.id)).delete()
            run_job.func(str(follows.id))
            assert REFRESHES.filter(state=Job.RUNNING).count() == 1
        else:
            runs.append(2)
        return RefreshFound(1, "head")

    monkeypatch.setattr(refresh_jobs, "work_refresh", refresh)
    ask_refresh("tiny")
    first = REFRESHES.get()
    DBTaskResult.objects.all().delete()
    run_job.func(str(first.id))
    assert _next() == ["refresh"], "whoever did the first has the other one done"
    site.work()
    assert (runs, {job.state for job in REFRESHES.all()}) == ([1, 2], {Job.DONE})


@pytest.mark.usefixtures("site")
def test_a_refresh_whose_worker_died_goes_where_another_one_waits() -> None:
    ask_refresh("tiny")
    REFRESHES.update(state=Job.RUNNING, attempt="dead", tries=1, alive_at=None)
    ask_refresh("tiny")
    waits = REFRESHES.get(state=Job.WAITING)
    DBTaskResult.objects.all().delete()
    look_after_jobs()
    assert [job.id for job in REFRESHES.all()] == [waits.id]
    assert _next() == ["refresh"]


@pytest.mark.usefixtures("site")
def test_a_database_in_which_several_wait_for_one_contract_is_brought_up_to_date() -> None:
    call_command("migrate", "web", "0006", verbosity=0)
    for _ in range(2):
        Job.objects.create(contract="tiny", thing="tiny", kind="refresh", title="Computing the figures")
    call_command("migrate", verbosity=0)
    assert sorted(job.state for job in REFRESHES.all()) == [Job.DONE, Job.WAITING]


# ---- several workers

COUNTS = """
import os, sys, time
import django
django.setup()
from django.core.management import call_command
from muniment.installation import jobs, refresh_jobs, file_jobs
from muniment.installation.management.commands import work

def write(line):
    out = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(out, (line + "\\n").encode())
    os.close(out)

def report(job, step):
    write(f"did {job.id}")

def refresh(job, step):
    write(f"began {job.contract}")
    if job.thing == "first":
        jobs.ask_refresh(job.contract)
    time.sleep(0.1)
    write(f"ended {job.contract}")

file_jobs.work_report, refresh_jobs.work_refresh = report, refresh
work.ask_refreshes = work.renew_waits = lambda: None
call_command("work", batch=True, startup_delay=False, interval=0.05)
"""
FILLS = """
import django
django.setup()
from muniment.installation import jobs
for number in range(20):
    jobs.queue_job(account=None, contract="a", thing="a", kind="report", title="", asked={})
for contract in ("a", "b"):
    jobs.queue_job(account=None, contract=contract, thing="first", kind="refresh", title="", asked={})
"""
WORKERS = 3


@contextmanager
def _program(url: str, files: Path, *command: str) -> Iterator["subprocess.Popen[str]"]:
    where = {
        "MUNIMENT_DATABASE": url, "MUNIMENT_BLOBS": str(files), "DJANGO_SETTINGS_MODULE": "muniment.settings",
        "MUNIMENT_SECRET_KEY": "of this test",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-P", *command], env={**os.environ, **where}, stderr=subprocess.PIPE, text=True
    ) as running:
        yield running


def _run(url: str, files: Path, *command: str, times: int = 1) -> None:
    if times == 0:
        return
    with _program(url, files, *command) as running:
        _run(url, files, *command, times=times - 1)
        _, error = running.communicate()
        assert running.returncode == 0, error


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_several_workers_do_each_job_once_and_one_refresh_of_a_contract_at_a_time(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/d.sqlite3" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    _run(url, tmp_path, "-m", "django", "bring_up_to_date")
    _run(url, tmp_path, "-c", FILLS)
    said = tmp_path / "said"
    _run(url, tmp_path, "-c", COUNTS, str(said), times=WORKERS)
    # A batch ends when nothing is ready: what was left to follow is done by one that comes after.
    _run(url, tmp_path, "-c", COUNTS, str(said))
    lines = said.read_text().splitlines()
    did = [line for line in lines if line.startswith("did")]
    assert len(did) == len(set(did)) == 20
    for contract in ("a", "b"):
        of_it = [line.partition(" ")[0] for line in lines if line.endswith(f" {contract}")]
        assert of_it == ["began", "ended"] * 2

"""Signing, locking, restating and keeping compute a statement: asked for by a form, done by the worker, once."""

import html
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from muniment.domain.lifecycle.refusals import ActRefused
from muniment.installation.jobs import (
    STOPPED,
    TYPED_FOR,
    WORKER_PATIENCE,
    JobReassignedError,
    look_after_jobs,
    run_job,
    say_step,
)
from muniment.installation.models import Job
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    APPROVER,
    MANAGER,
    OFFICER,
    PARCELS,
    TINY,
    VISITS,
    act,
    bring_to,
    done,
    errors_in,
    record,
    settle,
    shown_to,
    typed,
    words_in,
)
from tests.interfaces.web.live_site import context_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

JUNE_STATEMENT = f"{TINY}/statements/2019-06"
SIGN, LOCK = f"{JUNE_STATEMENT}/sign", f"{JUNE_STATEMENT}/lock"
WHY = "It agrees with <our> own count."


def _asked(site: Site, address: str = SIGN, **fields: str) -> str:
    """The address of the job that the manager's form asked for."""
    shown = shown_to(site, MANAGER, address)
    answer = site.signed_in(MANAGER).post(address, typed(site, **{"reason": WHY, **shown, **fields}))
    assert answer.status_code == 303, errors_in(answer)
    return str(answer.headers["Location"])


def _job(address: str) -> Job:
    return Job.objects.get(id=address.rpartition("/")[2])


def _entry_of(address: str) -> object:
    """The number of the entry that it left."""
    found = _job(address).found
    return found["entry"] if isinstance(found, dict) else None


def _shown(site: Site, address: str) -> HttpResponse:
    answer = site.signed_in(MANAGER).get(address)
    assert answer.status_code == 200
    assert isinstance(answer, HttpResponse)
    return answer


def _linked(answer: HttpResponse, words: str) -> str:
    found = re.search(rf'<a [^>]*?href="([^"]+)"[^>]*>\s*{words}', answer.content.decode())
    assert found
    return html.unescape(found[1])


def _ready(site: Site) -> None:
    """June's evidence is accepted; what failed is explained and decided, so that it can be signed."""
    bring_to(site, "decided")


# ---- asked for, and done


def test_a_signature_is_asked_for_at_once_and_recorded_by_the_worker(site: Site) -> None:
    _ready(site)
    before = record(site)
    job = _asked(site)
    waiting = _shown(site, job)
    assert "Signing the statement of June 2019: waiting to begin" in words_in(waiting)
    assert waiting.headers["Refresh"] == "2"
    assert record(site) == before
    site.work()
    ended = _shown(site, job)
    assert "You have signed the statement of June 2019" in words_in(ended)
    assert "A second person locks it." in words_in(ended)
    assert "Refresh" not in ended.headers
    assert _linked(ended, "The statement of June 2019") == JUNE_STATEMENT
    assert [entry.kind for entry in record(site)[len(before) :]] == ["statement.signed"]
    assert (record(site)[-1].actor, record(site)[-1].text("reason")) == (MANAGER.id, WHY)
    assert f"entry {len(before) + 1}" in words_in(ended)


def test_the_same_form_is_the_same_job_before_and_after_it_is_done(site: Site) -> None:
    _ready(site)
    client, given = site.signed_in(MANAGER), typed(site, reason=WHY, **shown_to(site, MANAGER, SIGN))
    first, second = (client.post(SIGN, given).headers["Location"] for _ in range(2))
    site.work()
    length = len(record(site))
    third = client.post(SIGN, given).headers["Location"]
    assert first == second == third
    assert [job.kind for job in site.work() if job.kind == "act"] == []
    assert len(record(site)) == length
    assert Job.objects.filter(kind="act", contract="tiny", thing="tiny/2019-06", title__startswith="Sign").count() == 1


def test_the_same_key_with_other_words_is_refused(site: Site) -> None:
    _ready(site)
    _asked(site, key="one-act")
    answer = site.signed_in(MANAGER).post(SIGN, typed(site, key="one-act", reason="Something else."))
    assert answer.status_code == 422
    assert "used with another content" in " ".join(errors_in(answer))


def test_what_was_typed_is_not_kept_once_it_is_in_the_record(site: Site) -> None:
    _ready(site)
    job = _asked(site)
    assert WHY in _job(job).typed
    site.work()
    (kept,) = Job.objects.filter(id=_job(job).id).values()
    assert kept["typed"] == ""
    assert "own count" not in str(kept)


def test_whoever_waits_can_have_the_page_stop_looking(site: Site) -> None:
    """A page that loads again and again takes the place away from somebody who has it read out."""
    job = _asked(site)
    still = _shown(site, f"{job}?look=no")
    assert "Refresh" not in still.headers
    assert _linked(still, "Look again") == "?"
    Job.objects.filter(id=_job(job).id).update(asked_at=timezone.now() - timedelta(minutes=1))
    assert _shown(site, job).headers["Refresh"] == "10"


def test_nobody_else_sees_the_job(site: Site) -> None:
    _ready(site)
    assert site.signed_in(APPROVER).get(_asked(site)).status_code == 404


# ---- refused


def _refusals(site: Site) -> list[tuple[object, object]]:
    return [(entry.payload["act"], entry.payload["rule"]) for entry in record(site) if entry.kind == ActRefused.kind]


def test_what_needs_no_computing_is_refused_at_once_and_remembered(site: Site) -> None:
    """May is locked already; nobody waits for a worker to hear that."""
    answer = site.signed_in(MANAGER).post(f"{TINY}/statements/2019-05/sign", typed(site))
    assert answer.status_code == 422
    assert "is locked" in " ".join(errors_in(answer))
    assert not Job.objects.filter(kind="act").exists()
    assert [act for act, _ in _refusals(site)] == ["statement.signed"]


def test_a_stale_form_is_refused_at_once(site: Site) -> None:
    client, given = site.signed_in(MANAGER), typed(site, reason=WHY, key="stood-open")
    act(site, APPROVER, f"{VISITS}/s1/approve")
    answer = client.post(SIGN, given)
    assert answer.status_code == 409
    assert "submission approved on tiny/visits/2019-06/s1" in words_in(answer)
    assert not Job.objects.filter(kind="act").exists()


def test_what_the_worker_refuses_names_the_rule_and_gives_the_words_back(site: Site) -> None:
    """June's evidence is not accepted yet, which the computed statement tells."""
    before = done(site)
    job = _asked(site)
    site.work()
    page = _shown(site, job)
    assert "The statement of June 2019 was not signed" in words_in(page)
    assert "A rule stands against it" in words_in(page)
    found = _job(job).found
    assert isinstance(found, dict)
    assert f"{str(found['what'])[1:]}." in words_in(page).replace("&#39;", "'")
    assert "Accept each, or say why the month is settled without it." in words_in(page)
    assert done(site) == before
    assert _refusals(site) == [("statement.signed", found["rule"])]
    form = _shown(site, _linked(page, "Back to the form"))
    assert html.escape(WHY) in form.content.decode()
    assert 'value="' + str(len(record(site))) + '"' in form.content.decode(), "as it is now"


def test_sent_again_the_words_are_kept_with_the_new_job_alone(site: Site) -> None:
    first = _asked(site)
    site.work()
    form = _linked(_shown(site, first), "Back to the form")
    second = _asked(site, form, key="again")
    assert second != first
    assert (_job(first).typed, WHY in _job(second).typed) == ("", True)


def test_words_that_nobody_sends_again_go_after_a_day(site: Site) -> None:
    job = _asked(site)
    site.work()
    look_after_jobs(at=timezone.now() + TYPED_FOR - timedelta(minutes=1))
    assert _job(job).typed
    look_after_jobs(at=timezone.now() + TYPED_FOR + timedelta(minutes=1))
    assert _job(job).typed == ""
    assert "What you typed" not in words_in(_shown(site, job))


def test_what_came_between_asking_and_doing_is_shown_and_nothing_is_signed(site: Site) -> None:
    _ready(site)
    seen = len(record(site))
    job = _asked(site, key="asked")
    act(site, OFFICER, f"{PARCELS}/s1/withdraw-acceptance")
    site.work()
    page = _shown(site, job)
    assert f"as it stood at entry {seen}" in words_in(page)
    assert f"acceptance withdrawn on tiny/parcels/2019-06/s1, by {OFFICER.name}" in words_in(page)
    assert "The statement of June 2019 was not signed" in words_in(page)
    assert done(site)[-1].kind == "acceptance.withdrawn"
    form = _shown(site, _linked(page, "Look again, and send it again"))
    assert html.escape(WHY) in form.content.decode()


# ---- workers that die

DIES = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from muniment.installation import jobs, statement_jobs

def die():
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "recorded":
    done = statement_jobs.run_month_command
    statement_jobs.run_month_command = lambda acting, asked: (done(acting, asked), die())
else:
    said = jobs.say_step
    jobs.say_step = lambda job, step: (said(job, step), step.startswith(sys.argv[1]) and die())
call_command("work", batch=True, startup_delay=False)
"""
"""A worker that is killed at that step, or after the entry was recorded."""


def _killed(site: Site, step: str) -> None:
    ran = _run([sys.executable, "-P", "-c", DIES, step], site)
    assert ran.returncode == -signal.SIGKILL, ran.stderr


def _run(command: list[str], site: Site) -> "subprocess.CompletedProcess[str]":
    where = {"MUNIMENT_DATABASE": site.address.database, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    return subprocess.run(command, env={**os.environ, **where}, capture_output=True, text=True, check=False)


def _a_minute_later() -> None:
    """As if nobody had said since that they live."""
    late = timezone.now() - WORKER_PATIENCE - timedelta(seconds=1)
    Job.objects.filter(state=Job.RUNNING).update(alive_at=late)


@pytest.mark.parametrize("step", ["Computing", "Recording", "recorded"])
def test_a_worker_that_is_killed_leaves_an_act_that_the_next_one_does_once(site: Site, step: str) -> None:
    _ready(site)
    length = len(record(site))
    job = _asked(site)
    _killed(site, step)
    assert _job(job).state == Job.RUNNING
    look_after_jobs()
    assert _job(job).state == Job.RUNNING, "it may be alive for another minute"
    _a_minute_later()
    ran = _run([sys.executable, "-P", "-m", "django", "work", "--batch", "--no-startup-delay"], site)
    assert ran.returncode == 0, ran.stderr
    assert _job(job).state == Job.DONE, _job(job).error
    assert (_entry_of(job), _job(job).typed) == (length + 1, "")
    assert [entry.kind for entry in record(site)[length:]] == ["statement.signed"]
    assert not DBTaskResult.objects.running().exists()
    assert "You have signed the statement" in words_in(_shown(site, job))


def _dies(site: Site, job: str) -> None:
    """As a killed worker leaves it: taken, and never said to have ended."""
    Job.objects.filter(id=_job(job).id).update(state=Job.RUNNING, attempt="dead", tries=_job(job).tries + 1)
    _a_minute_later()


def test_whoever_looks_at_the_job_of_a_dead_worker_has_it_done_again(site: Site) -> None:
    _ready(site)
    job = _asked(site)
    _dies(site, job)
    assert "waiting to begin" in words_in(_shown(site, job))
    site.work()
    assert _job(job).state == Job.DONE


def test_an_act_whose_worker_dies_twice_has_failed_and_its_words_are_given_back(site: Site) -> None:
    before, job = record(site), _asked(site)
    for _ in range(2):
        _dies(site, job)
        look_after_jobs()
    assert (_job(job).state, _job(job).error) == (Job.FAILED, STOPPED)
    page = _shown(site, job)
    assert "The worker stopped twice while doing this; nothing was recorded by it." in words_in(page)
    assert html.escape(WHY) in _shown(site, _linked(page, "Back to the form")).content.decode()
    assert record(site) == before
    assert site.work() == []


def test_an_act_that_was_recorded_before_its_worker_died_twice_is_done(site: Site) -> None:
    _ready(site)
    job = _asked(site)
    site.work()
    recorded = len(record(site))
    Job.objects.filter(id=_job(job).id).update(tries=2, found=None)
    _dies(site, job)
    look_after_jobs()
    assert (_job(job).state, _entry_of(job)) == (Job.DONE, recorded)


def test_after_the_worker_stopped_twice_the_same_form_is_tried_again(site: Site) -> None:
    _ready(site)
    job = _asked(site, key="stopped")
    for _ in range(2):
        _dies(site, job)
        look_after_jobs()
    assert _asked(site, key="stopped") == job
    site.work()
    assert _job(job).state == Job.DONE, _job(job).error


def test_a_worker_leaves_the_jobs_of_the_living_alone(site: Site) -> None:
    job = _asked(site)
    Job.objects.filter(id=_job(job).id).update(state=Job.RUNNING, attempt="living", alive_at=timezone.now(), tries=1)
    look_after_jobs()
    run_job.func(str(_job(job).id))
    assert (_job(job).state, _job(job).attempt, _job(job).tries) == (Job.RUNNING, "living", 1)


def test_whoever_was_taken_for_dead_stops_and_spoils_nothing(site: Site) -> None:
    job = _asked(site)
    Job.objects.filter(id=_job(job).id).update(state=Job.RUNNING, attempt="slow", alive_at=timezone.now(), tries=1)
    slow = _job(job)
    _a_minute_later()
    look_after_jobs()
    with pytest.raises(JobReassignedError):
        say_step(slow, "Recording")
    assert (_job(job).state, _job(job).step) == (Job.WAITING, "")


def test_a_job_whose_place_in_the_queue_was_lost_gets_another(site: Site) -> None:
    """A worker that dies between taking it from the queue and beginning it."""
    job = _asked(site)
    DBTaskResult.objects.all().delete()
    look_after_jobs(at=timezone.now() + WORKER_PATIENCE + timedelta(seconds=1))
    (task,) = DBTaskResult.objects.ready()
    assert task.args_kwargs["args"] == [str(_job(job).id)]
    look_after_jobs(at=timezone.now() + WORKER_PATIENCE * 3)
    assert DBTaskResult.objects.ready().count() == 1


def test_a_job_that_is_broken_off_on_purpose_is_done_by_the_next_worker(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ends the site a second time is not kept waiting for a computation."""
    _ready(site)
    job = _asked(site)

    def ended(*_: object) -> None:
        raise SystemExit(1)

    with monkeypatch.context() as patch:
        patch.setattr("muniment.installation.statement_jobs.run_month_command", ended)
        with pytest.raises(SystemExit):
            run_job.func(str(_job(job).id))
    assert _job(job).state == Job.WAITING
    site.work()
    assert _job(job).state == Job.DONE


def test_the_second_signature_is_the_workers_too(site: Site) -> None:
    bring_to(site, "signed")
    settle(site, APPROVER, LOCK)
    assert done(site)[-1].kind == "month.locked"
    assert done(site)[-1].actor == APPROVER.id


@pytest.mark.browser
def test_the_page_of_an_act_shuts_nobody_out_however_it_goes(site: Site, browser: "Browser", axe_source: str) -> None:
    refused = _asked(site, key="refused")
    site.work()
    stale = _asked(site, key="stale", reason="Before the approval.")
    act(site, APPROVER, f"{VISITS}/s1/approve")
    site.work()
    assert (_job(refused).state, _job(stale).state) == (Job.FAILED, Job.FAILED)
    waiting = _asked(site, key="waiting", reason="After it.")
    with served() as base:
        # axe is put into the page from outside, which the pages' own policy would refuse.
        context = context_of(browser, base=base, site=site, person=MANAGER, bypass_csp=True)
        page = context.new_page()
        for address in (refused, stale, waiting, f"{waiting}?look=no"):
            page.goto(address)
            page.evaluate(axe_source)
            assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == [], address
            page.set_viewport_size({"width": 320, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        context.close()

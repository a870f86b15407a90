"""What takes longer than a request: asked for by a page, done by the worker, its progress kept where pages see it."""

from collections.abc import Callable, Mapping
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import ProblemsFound
from muniment.domain.record.ports import NotRecorded
from muniment.domain.record.refused import Refused
from muniment.faces.desk.stores import InRegister
from muniment.faces.web.models import Account, Job

Step = Callable[[str], None]
Work = Callable[[Job, Step], Json]
"""What a kind of job does: told what it was asked, it says its steps and answers with what it found."""

WORK: Mapping[str, str] = {
    "refresh": "muniment.faces.web.jobs",
    "upload": "muniment.faces.web.upload_jobs",
    "report": "muniment.faces.web.file_jobs",
    "bundle": "muniment.faces.web.file_jobs",
    "rows": "muniment.faces.web.file_jobs",
}
"""Kind of job -> the module that has it as a function `work_<kind>`."""


def ask(*, account: Account | None, contract: str, thing: str, kind: str, title: str, asked: Mapping[str, Json]) -> Job:
    """Queue a job; it begins when the worker is free."""
    job = Job.objects.create(account=account, contract=contract, thing=thing, kind=kind, title=title, asked=dict(asked))
    run_job.enqueue(str(job.id))
    return job


def ask_refresh(contract: str) -> None:
    """Have the contract's figures computed again, unless that waits to be done already."""
    if not Job.objects.filter(contract=contract, kind="refresh", state=Job.WAITING).exists():
        ask(account=None, contract=contract, thing=contract, kind="refresh", title="Computing the figures", asked={})


@task()
def run_job(job_id: str) -> None:
    """Do a job; whatever goes wrong is said on its page, in the words of the problem."""
    job = Job.objects.get(id=job_id)
    job.state = Job.RUNNING
    job.save(update_fields=["state"])
    work: Work = getattr(import_module(WORK[job.kind]), f"work_{job.kind}")
    try:
        job.found = work(job, lambda step: _say(job, step))
        job.state = Job.DONE
    except ProblemsFound as found:
        job.state, job.wrong = Job.FAILED, "\n".join(str(problem) for problem in found.problems)
    except (Refused, NotRecorded) as wrong:
        job.state, job.wrong = Job.FAILED, str(wrong)
    except Exception:
        job.state, job.wrong = Job.FAILED, "Something went wrong here; it has been noted in the server's log."
        raise
    finally:
        job.ended_at = timezone.now()
        job.save()


def work_refresh(job: Job, step: Step) -> Json:
    """Compute the contract's projections again from the record as it is now."""
    from muniment.faces.desk.projecting import rebuild

    step("Computing from the evidence")
    projected = rebuild(InRegister(job.contract, settings.REGISTER))
    return {"seq": projected.seq, "head": projected.head}


def _say(job: Job, step: str) -> None:
    job.step = step
    job.save(update_fields=["step"])

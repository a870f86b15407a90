"""What takes longer than a request: how far it is, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from muniment.application.read_models.jobs import ComparisonAsked, UploadAsked
from muniment.application.read_models.stored import load
from muniment.commands.statements import MonthCommand
from muniment.installation.file_jobs import files_of
from muniment.installation.jobs import look_after, refusal_of_job
from muniment.installation.models import Job
from muniment.installation.statement_jobs import command_of, entry_of_job, month_of_job
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_comparison
from muniment.interfaces.web.pages.statements import crumbs_of_month, place_of_month

SOON, LATER = 2, 10
"""Seconds after which the page looks again: at first, and of a job that takes long, so that somebody who goes by
keyboard or has it read out gets beyond its first line, and to the link by which it stops."""
_STATES = {Job.WAITING: "waiting to begin", Job.RUNNING: "being done", Job.DONE: "done", Job.FAILED: "failed"}


@dataclass(frozen=True)
class JobWording:
    """What the page says of a command that a worker did; {} is the month. `done`, and what comes `then`; `not_done`.
    `route`: the page of its form."""

    done: str
    then: str
    not_done: str
    route: str


JOB_WORDINGS: Mapping[MonthCommand, JobWording] = {
    "sign": JobWording(
        "You have signed the statement of {}",
        "A second person locks it.",
        "The statement of {} was not signed",
        "sign",
    ),
    "lock": JobWording(
        "{} is locked",
        "Its statement never changes again.",
        "{} was not locked",
        "lock",
    ),
    "propose_restatement": JobWording(
        "The restatement of {} is proposed",
        "A decision maker who did not propose it decides.",
        "No restatement of {} was proposed",
        "restate",
    ),
    "confirm_statement": JobWording(
        "The statement of {} is confirmed as it is",
        "It is locked again, as it was.",
        "The statement of {} was not confirmed",
        "confirm_statement",
    ),
}


@contract_page()
def job(request: HttpRequest, viewer: Viewer, job: UUID) -> HttpResponse:
    """How far a job is; it looks again by itself until the job is over."""
    found = Job.objects.filter(id=job, contract=viewer.contract).first()
    if found is None or (found.account_id is not None and found.account_id != viewer.account.pk):
        raise Http404
    found = look_after(found)
    looks = not found.is_over and request.GET.get("look") != "no"
    context = {
        "title": f"{found.title}: {_STATES[found.state]}",
        "viewer": viewer,
        "job": found,
        "refusal": refusal_of_job(found),
        "left": entry_of_job(found),
        # The file of a comparison is offered on the page of the comparison.
        "files": {} if found.kind == "compare" else files_of(found),
        "then_to": _place_of_finding(found) if found.state == Job.DONE else "",
        "looks": looks,
        **(_of_act(viewer, found) if found.kind == "act" else {}),
    }
    answer = render(request, "job.html", context)
    if looks:
        is_new = timezone.now() - found.asked_at < timedelta(seconds=LATER)
        answer["Refresh"] = str(SOON if is_new else LATER)
    return answer


def _place_of_finding(found: Job) -> str:
    """The page that shows what the job found; blank for none of its own."""
    match found.kind:
        case "upload":
            return reverse("upload_report", args=[found.contract, load(UploadAsked, found.asked).upload])
        case "compare":
            asked = load(ComparisonAsked, found.asked)
            return place_of_comparison(earlier=asked.earlier, later=asked.later)
        case _:
            return ""


def _of_act(viewer: Viewer, found: Job) -> Mapping[str, object]:
    """Of an act: how it ended in its own words, the statement, and the form with what was typed."""
    words, month = JOB_WORDINGS[command_of(found)], month_of_job(found)
    form = reverse(words.route, args=[viewer.contract, str(month)])
    said: dict[str, object] = {
        "section": "statements",
        "crumbs": crumbs_of_month(viewer, month),
        "month": month,
        "statement": place_of_month(viewer, str(month)),
        "form": f"{form}?job={found.id}" if found.typed else form,
    }
    if found.state == Job.DONE:
        said["then"] = words.then
    if found.is_over:
        said["title"] = (words.done if found.state == Job.DONE else words.not_done).format(month.name)
    return said


routes = [path("contracts/<slug:contract>/jobs/<uuid:job>", job, name="job")]

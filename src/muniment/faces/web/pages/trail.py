"""The audit trail: every entry that the person may see, newest first; and jobs."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from muniment.domain.record.versions import is_about
from muniment.faces.web.models import Job
from muniment.faces.web.places import place_of
from muniment.faces.web.viewing import Viewer, contract_page

PER_PAGE = 50


@contract_page()
def trail(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`?about=` only what is about a thing; `?kind=`, `?by=` likewise; `?page=`."""
    about, kind, by = (request.GET.get(name, "").strip() for name in ("about", "kind", "by"))
    found = [
        entry
        for entry in reversed(viewer.entries)
        if (not about or is_about(entry.subject, about))
        and (not kind or entry.kind == kind)
        and (not by or entry.actor == by)
    ]
    pages = Paginator(found, PER_PAGE)
    context = {
        "title": f"{len(found):,} {'entry' if len(found) == 1 else 'entries'} in the audit trail",
        "section": "trail",
        "crumbs": [{"text": "Audit trail"}],
        "viewer": viewer,
        "pages": pages.get_page(request.GET.get("page")),
        "kinds": sorted({entry.kind for entry in viewer.entries}),
        "about": about,
        "kind": kind,
        "by": by,
        "place_of": place_of,
    }
    return render(request, "trail.html", context)


@contract_page()
def job(request: HttpRequest, viewer: Viewer, job: UUID) -> HttpResponse:
    """How far a job is; it looks again by itself until the job is over."""
    found = Job.objects.filter(id=job, contract=viewer.contract).first()
    if found is None or (found.account_id is not None and found.account_id != viewer.account.pk):
        raise Http404
    words = {Job.WAITING: "waiting to begin", Job.RUNNING: "being done", Job.DONE: "done", Job.FAILED: "failed"}
    context = {
        "title": f"{found.title}: {words[found.state]}",
        "viewer": viewer,
        "job": found,
        "result": found.found if isinstance(found.found, dict) else {},
    }
    return render(request, "job.html", context)


routes = [
    path("contracts/<slug:contract>/trail", trail, name="trail"),
    path("contracts/<slug:contract>/jobs/<uuid:job>", job, name="job"),
]

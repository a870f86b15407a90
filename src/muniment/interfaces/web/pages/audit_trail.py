"""The audit trail: entries the person may see, newest first; and the heads: hashes to check against copies kept."""

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from muniment.application.heads import heads_of
from muniment.domain.record.versions import entries_about
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of

_PER_PAGE = 50


@contract_page()
def audit_trail_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`?about=` only what is about a thing; `?kind=`, `?by=` likewise; `?page=`."""
    about, kind, by = (request.GET.get(name, "").strip() for name in ("about", "kind", "by"))
    found = entries_about(reversed(viewer.entries), about=about, kind=kind, by=by)
    pages = Paginator(found, _PER_PAGE)
    context = {
        "title": f"{len(found):,} {'entry' if len(found) == 1 else 'entries'} in the audit trail",
        "section": "audit_trail",
        "crumbs": [{"text": "Audit trail"}],
        "viewer": viewer,
        "pages": pages.get_page(request.GET.get("page")),
        "kinds": sorted({entry.kind for entry in viewer.entries}),
        "about": about,
        "kind": kind,
        "by": by,
        "place_of": partial(place_of, viewer),
        "last": viewer.record[-1],
    }
    return render(request, "audit_trail.html", context)


@contract_page()
def heads_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The hash of the record's last entry, and of the entry that locked each statement."""
    _, found = heads_of(folder=viewer.where, known=viewer.today)
    context = {
        "title": f"The head of the record is {found[0].hash[:12]}, of entry {found[0].entry}",
        "section": "audit_trail",
        "crumbs": [{"text": "Audit trail", "href": reverse("audit_trail", args=[viewer.contract])}, {"text": "Heads"}],
        "viewer": viewer,
        "record": found[0],
        "statements": list(reversed(found[1:])),
        "place_of": partial(place_of, viewer),
    }
    return render(request, "heads.html", context)


routes = [
    path("contracts/<slug:contract>/heads", heads_page, name="heads"),
    path("contracts/<slug:contract>/audit-trail", audit_trail_page, name="audit_trail"),
]
